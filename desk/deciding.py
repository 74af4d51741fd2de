"""A queue button's word -> the verb behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crawler.models import Event
from desk.errors import DeskError
from digest.drafting import dismiss, pick, snooze
from digest.merging import merge_stories
from digest.models import Publication

CHOICES = {"pick": (pick, "picked"), "dismiss": (dismiss, "dismissed"), "snooze": (snooze, "snoozed")}
MOST = 200


def decide(verb: str, keys: Sequence[str], publication: Publication, *, by: str, now: datetime) -> list[Event]:
    """Do it to all of them; the Events, newest first, as they are to be undone."""
    if not keys:
        raise DeskError(_("Mark a story first."))
    if len(keys) > MOST:
        raise DeskError(_("That is too many stories at once."))
    if verb == "merge":
        return _merge(keys, by, now)
    if verb not in CHOICES:
        raise DeskError(_("There is no such step."))
    step, said = CHOICES[verb]
    stories = step(keys, publication, by=by, now=now)
    return _events(said, [story.key for story in stories], now)


def said(verb: str, count: int) -> str:
    """What was done, in words."""
    words = {
        "pick": ngettext("Picked.", "%(count)d stories picked.", count),
        "dismiss": ngettext("Dismissed.", "%(count)d stories dismissed.", count),
        "snooze": ngettext("Snoozed for a week.", "%(count)d stories snoozed for a week.", count),
        "merge": ngettext("Merged.", "%(count)d stories merged into one.", count),
    }
    return words[verb] % {"count": count} if count > 1 else words[verb]


def next_line(shown: Sequence[str], treated: Sequence[str]) -> str:
    """Where triage goes on among the lines of a page: the first after the first treated one that still waits, else the
    last before it; empty where none is left, or none of them was treated."""
    places = [place for place, key in enumerate(shown) if key in treated]
    if not places:
        return ""
    waiting = [key for key in shown[places[0] :] if key not in treated]
    return (waiting[:1] or list(shown[: places[0]][-1:]) or [""])[0]


def _merge(keys: Sequence[str], by: str, now: datetime) -> list[Event]:
    if len(keys) < 2:
        raise DeskError(_("Mark at least two stories to merge them."))
    first, *others = keys
    with transaction.atomic():
        for other in others:
            merge_stories(other, first, by=by, now=now)
    return _events("merge", others, now)


def _events(verb: str, keys: Sequence[str], now: datetime) -> list[Event]:
    return list(Event.objects.filter(verb=verb, kind="story", key__in=keys, at=now).order_by("-pk"))
