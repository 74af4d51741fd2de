"""Celery over the same steps: what the app promises, and what waking a worker does with and without a broker."""

import os
import subprocess
import sys
import time

import pytest
import redis
from django.db import transaction

from crawler.claiming import LEASE
from crawler.tasks import SECONDS as CRAWL_SECONDS
from desk import running
from desk.celery import LIMIT_SECONDS, QUEUE_OF, QUEUES, VISIBILITY_SECONDS, app
from desk.doctor import examine
from desk.nudge import Work, nudge
from digest.tasks import SECONDS as SEND_SECONDS
from tests.servers import free_port

app.loader.import_default_modules()


def test_every_task_has_a_queue_a_beat_and_a_name_to_wake_it_by():
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == set(QUEUE_OF) == set(Work) == {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert set(QUEUE_OF.values()) == set(QUEUES) == {queue.name for queue in app.conf.task_queues}


def test_a_task_is_given_to_another_worker_only_when_it_cannot_be_running_any_more():
    assert app.conf.broker_transport_options["visibility_timeout"] == VISIBILITY_SECONDS
    bounds = [max(CRAWL_SECONDS, SEND_SECONDS), LEASE.total_seconds(), app.conf.task_time_limit, VISIBILITY_SECONDS]
    assert bounds == sorted(set(bounds))
    assert app.conf.task_time_limit == LIMIT_SECONDS


def test_a_killed_worker_loses_nothing():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert not app.conf.task_always_eager


def test_the_beat_keeps_the_rhythm_of_run():
    seconds = {entry["schedule"].total_seconds() for entry in app.conf.beat_schedule.values()}
    assert seconds == {running.PAUSE_SECONDS}


def test_the_beat_leaves_out_no_step_of_run():
    assert {step.upper() for step in running.STEPS} == set(Work.__members__)


@pytest.mark.django_db
@pytest.mark.parametrize("task", sorted(Work))
def test_a_task_with_nothing_due_does_nothing(task, home):
    assert not app.tasks[task]()


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_nobody_is_woken(settings):
    settings.BROKER_URL = ""
    nudge(Work.SEND)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_stops_no_one(settings, caplog):
    settings.BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    began = time.monotonic()
    with transaction.atomic():
        nudge(Work.CRAWL)
    assert time.monotonic() - began < 3
    assert "on_commit" in caplog.text


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_nudge_is_a_message_after_the_commit_and_none_after_a_rollback(settings, redis_url):
    settings.BROKER_URL = redis_url
    broker = redis.Redis.from_url(redis_url)
    with transaction.atomic():
        nudge(Work.SEND)
        assert broker.llen("mail") == 0
    assert broker.llen("mail") == 1
    with transaction.atomic():
        nudge(Work.SEND)
        transaction.set_rollback(True)
    assert broker.llen("mail") == 1
    broker.flushdb()


@pytest.mark.slow
@pytest.mark.parametrize("command", [["worker", "-Q", "crawl"], ["beat"]])
def test_without_a_broker_celery_says_in_one_line_what_to_set(command, tmp_path):
    env = {**os.environ, "BROKER_URL": "", "GLABELLA_HOME": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "desk.celery", *command],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode != 0
    assert "BROKER_URL is not set" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.django_db
def test_doctor_asks_whether_the_broker_answers(settings, now, home):
    settings.BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    (found,) = [one for one in examine(now) if one.what == "broker"]
    assert (found.state, "does not answer" in found.said) == ("bad", True)
