"""`celery -A tests.quick_beat beat`: the real beat in test time, a second where it waits half a minute."""

from datetime import timedelta

from desk.celery import app

for entry in app.conf.beat_schedule.values():
    entry["schedule"] = timedelta(seconds=1)
