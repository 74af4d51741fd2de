"""Wake a worker when a person has just made work: with a broker it begins at once, without one `run` finds it."""

from __future__ import annotations

import functools
import logging
from enum import StrEnum

from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)


class Work(StrEnum):
    """What there is to do, by the name of the task that does it."""

    CRAWL = "crawler.tasks.crawl_due"
    LABEL = "classifier.tasks.label_stories"
    DRAFT = "digest.tasks.draft_editions"
    SEND = "digest.tasks.send_mails"


def nudge(work: Work) -> None:
    """Send the task once the transaction is committed. A broker that is away is logged: the next beat finds the work."""
    if settings.BROKER_URL:
        transaction.on_commit(functools.partial(_send, work), robust=True)


def _send(work: Work) -> None:
    from desk.celery import app

    try:
        app.tasks[work].apply_async(retry=False)
    except app.connection_for_write().connection_errors as error:
        log.warning("the broker does not answer, the next beat does it: %s", error)
