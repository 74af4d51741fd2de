"""Wake a worker when a person has just made work: with a broker it begins at once, without one `run` finds it."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import transaction

# A person waits for the page; the beat does not.
AT_ONCE_OR_NEVER = {"max_retries": 1, "connect_retries_timeout": 2, "socket_connect_timeout": 2}


class Work(StrEnum):
    """What there is to do, by the name of the task that does it."""

    CRAWL = "crawler.tasks.crawl_due"
    JUDGE = "crawler.tasks.judge_again"
    LABEL = "classifier.tasks.label_stories"
    DRAFT = "digest.tasks.draft_editions"
    SEND = "digest.tasks.send_mails"
    FORGET = "digest.tasks.forget_sign_ups"
    PRUNE = "crawler.tasks.prune_archive"


def nudge(work: Work) -> None:
    """Send the task after the commit. A broker that is away is logged: the next beat finds the work."""
    if settings.BROKER_URL:
        transaction.on_commit(lambda: _send(work), robust=True)


def _send(work: Work) -> None:
    from desk.celery import app

    with app.connection_for_write(settings.BROKER_URL, transport_options=AT_ONCE_OR_NEVER) as connection:
        app.send_task(work.value, connection=connection, retry=False)
