"""Undo: an Event -> the verb that takes it back. Taken back once, by anybody who may do the thing itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from classifier.labelling import undo_retag
from crawler.events import record
from crawler.models import Event, Source
from crawler.ruling import undo_rules
from crawler.sources import pause_source, resume_source
from crawler.undoing import undo_split
from desk.errors import DeskError
from digest.merging import undo_merging
from digest.undoing import undo_choice, undo_removal

Inverse = Callable[[Event, str, datetime], object]


MOST = 200


@transaction.atomic
def undo_all(numbers: str, *, by: str, now: datetime) -> list[Event]:
    """Take back the steps of a list of numbers parted by commas, all or none."""
    wanted = numbers.split(",")
    if len(wanted) > MOST:
        raise DeskError(_("That is too many stories at once."))
    return [undo(number, by=by, now=now) for number in wanted]


@transaction.atomic
def undo(number: str, *, by: str, now: datetime) -> Event:
    """Take back one step. DeskError where it cannot be; the verbs' own errors where things have moved on."""
    event = Event.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if event is None or event.verb not in INVERSES:
        raise DeskError(_("There is no such step to undo."))
    if event.undone_by.exists():
        raise DeskError(_("This step was undone already."))
    INVERSES[event.verb](event, by, now)
    if not event.undone_by.exists():
        record(f"undo {event.verb}", event.kind, event.key, by=by, now=now, undoes=event)
    return event


def _undo_pause(event: Event, by: str, now: datetime) -> object:
    source = Source.objects.get(pk=int(event.key))
    return (resume_source if event.after["paused"] else pause_source)(source, by=by, now=now)


INVERSES: dict[str, Inverse] = {
    "picked": lambda event, by, now: undo_choice(event, by=by, now=now),
    "dismissed": lambda event, by, now: undo_choice(event, by=by, now=now),
    "snoozed": lambda event, by, now: undo_choice(event, by=by, now=now),
    "merge": lambda event, by, now: undo_merging(event, by=by, now=now),
    "split": lambda event, by, now: undo_split(event, by=by, now=now),
    "remove": lambda event, by, now: undo_removal(event, by=by, now=now),
    "retag": lambda event, by, now: undo_retag(event, by=by, now=now),
    "set rules": lambda event, by, now: undo_rules(event, by=by, now=now),
    "pause source": _undo_pause,
    "resume source": _undo_pause,
}
