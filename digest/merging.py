"""Merge two stories with all that publications have decided about them, so that no decision is lost and none printed twice.

The crawler's merge moves the articles. Here follow the choices and the places in drafts; what an edition has used stays
used, since `candidates.py` looks at all that was merged into a story.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from crawler.events import record
from crawler.models import Event, Story
from crawler.stories import living, merge
from crawler.undoing import undo_merge
from digest.drafting import KEPT_OF_A_PLACE
from digest.models import Choice, Edition, Placement
from digest.ordering import insert

CARRIED = "carry over"


@transaction.atomic
def merge_stories(key: str, into: str, *, by: str, now: datetime, why: str = "merged by hand") -> Story:
    """The story that remains. StoryError where there is no such story, or they are one already."""
    gone = living(key)
    kept = merge(key, into, by=by, now=now, why=why)
    choices = [_carry_choice(choice, kept) for choice in Choice.objects.filter(story=gone)]
    drafted = Placement.objects.filter(story=gone, edition__state=Edition.State.DRAFT)
    places = [_carry_place(place, kept) for place in drafted]
    before = {"choices": [one for one in choices if one], "places": places}
    record(CARRIED, "story", gone.key, by=by, now=now, before=before, after={"into": kept.key})
    return kept


@transaction.atomic
def undo_merging(event: Event, *, by: str, now: datetime) -> Story:
    """The emptied story with its articles, choices and places again. StoryError where things have moved on."""
    gone = undo_merge(event, by=by, now=now)
    kept = living(event.after["into"])
    carried = Event.objects.filter(verb=CARRIED, kind="story", key=gone.key, pk__gt=event.pk).order_by("pk").first()
    for choice in carried.before["choices"] if carried else ():
        _choice_back(choice, kept)
    for place in carried.before["places"] if carried else ():
        _place_back(place, gone, kept)
    return gone


def _carry_choice(choice: Choice, kept: Story) -> dict[str, Any] | None:
    """What the remaining story had before; None where its own choice stands. Nothing that was picked is lost."""
    own = Choice.objects.filter(story=kept, publication=choice.publication_id).first()
    picked = Choice.State.PICKED
    if own is not None and (own.state == picked or choice.state != picked):
        return None
    before = {"state": own.state, "until": own.until.isoformat() if own.until else None} if own else None
    Choice.objects.update_or_create(
        story=kept,
        publication_id=choice.publication_id,
        defaults={"state": choice.state, "until": choice.until, "by": choice.by, "at": choice.at},
    )
    return {"publication": choice.publication_id, "state": str(choice.state), "before": before}


def _carry_place(place: Placement, kept: Story) -> dict[str, Any]:
    """A draft prints the remaining story where the other stood, and once."""
    twice = place.edition.placements.filter(story=kept).exists()
    said = {"removed": twice, **{name: getattr(place, name) for name in KEPT_OF_A_PLACE}}
    if twice:
        place.delete()
    else:
        Placement.objects.filter(pk=place.pk).update(story=kept)
    return said


def _choice_back(carried: dict[str, Any], kept: Story) -> None:
    now_there = Choice.objects.filter(story=kept, publication=carried["publication"], state=carried["state"])
    before = carried["before"]
    if before is None:
        now_there.delete()
    else:
        until = datetime.fromisoformat(before["until"]) if before["until"] else None
        now_there.update(state=before["state"], until=until)


def _place_back(carried: dict[str, Any], gone: Story, kept: Story) -> None:
    edition = Edition.objects.filter(pk=carried["edition_id"], state=Edition.State.DRAFT).first()
    if edition is None:
        return
    if carried["removed"]:
        fields = {name: carried[name] for name in KEPT_OF_A_PLACE if name != "edition_id"}
        insert(edition, fields.pop("position"), story=gone, **fields)
    else:
        edition.placements.filter(story=kept).update(story=gone)
