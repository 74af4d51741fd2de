"""The Celery app: the same steps as `glabella run`, in many processes, where BROKER_URL names a Redis.

    celery -A desk.celery worker -Q crawl     (or process, or mail; any number of each)
    celery -A desk.celery beat                (exactly one)

Rows are the truth and every task finds by itself what is due: no broker, nothing lost; a task too many does nothing.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init
from django.conf import settings
from kombu import Queue  # type: ignore[attr-defined]

from desk.errors import DeskError
from desk.variables import check

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
try:
    check()
    HOME = settings.HOME
except DeskError as error:
    raise SystemExit(f"glabella: {error}") from None

# A task is bounded by itself to 25 minutes, by Celery to 50; only then would the broker hand it to another worker.
LIMIT_SECONDS = 3000
VISIBILITY_SECONDS = 3600
# What a busy queue has not begun by then was overtaken by later beats.
STALE_SECONDS = 600
EVERY = timedelta(seconds=30)
QUEUES = ("crawl", "process", "mail")
QUEUE_OF = {
    "crawler.tasks.crawl_due": "crawl",
    "crawler.tasks.judge_again": "process",
    "crawler.tasks.prune_archive": "process",
    "classifier.tasks.label_stories": "process",
    "digest.tasks.draft_editions": "process",
    "digest.tasks.send_mails": "mail",
    "digest.tasks.forget_sign_ups": "process",
}
NO_BROKER = (
    "BROKER_URL is not set: name a Redis (redis://host:6379/0), or let `glabella run` do the work without a broker"
)

app = Celery("glabella", set_as_current=True)
app.conf.update(
    broker_url=settings.BROKER_URL or None,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_SECONDS,
        # Looks every 10 seconds, not every 100, for what a killed worker held.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 5,
        "health_check_interval": 30,
    },
    task_queues=[Queue(name) for name in QUEUES],  # type: ignore[no-untyped-call]
    task_create_missing_queues=False,
    task_default_queue="process",
    task_routes={task: {"queue": queue} for task, queue in QUEUE_OF.items()},
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=LIMIT_SECONDS,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    beat_schedule={task: {"task": task, "schedule": EVERY, "options": {"expires": STALE_SECONDS}} for task in QUEUE_OF},
    beat_schedule_filename=str(HOME / "beat-schedule"),
    timezone="UTC",
)
app.autodiscover_tasks(["crawler", "classifier", "digest"])


@celeryd_init.connect  # type: ignore[untyped-decorator]
@beat_init.connect  # type: ignore[untyped-decorator]
def _ask_for_a_broker(**told: Any) -> None:
    """Without this Celery would look for a RabbitMQ on this machine, for ever."""
    if not settings.BROKER_URL:
        raise SystemExit(f"glabella: {NO_BROKER}")
