"""Take back a choice over a story, or the removal of a place, from what the Event keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from crawler.events import record
from crawler.models import Event, Story
from crawler.stories import living
from digest.drafting import publication_of
from digest.errors import DigestError
from digest.models import Cadence, Choice, Edition, Placement
from digest.ordering import insert


@transaction.atomic
def undo_choice(event: Event, *, by: str, now: datetime) -> Story:
    """The choice and the place in the draft as they were. DigestError where somebody has decided anew since."""
    story, publication = living(event.key), publication_of(event.before["publication"])
    choice = Choice.objects.filter(story=story, publication=publication).first()
    if choice is None or choice.state != event.after["state"]:
        raise DigestError("it has been decided anew since", str(story)[:80])
    if event.before["state"]:
        until = event.before.get("until")
        choice.state, choice.until = event.before["state"], datetime.fromisoformat(until) if until else None
        choice.save(update_fields=["state", "until"])
    else:
        choice.delete()
    kept = {place["edition_id"]: place for place in event.before.get("places", ())}
    for edition in Edition.objects.filter(publication=publication, state=Edition.State.DRAFT):
        _place_as_before(story, edition, kept.get(edition.pk), event.after["state"])
    after = {"publication": publication.slug, "state": event.before["state"]}
    record(f"undo {event.verb}", "story", story.key, by=by, now=now, after=after, undoes=event)
    return story


@transaction.atomic
def undo_removal(event: Event, *, by: str, now: datetime) -> Placement:
    """Put a removed place back where it stood."""
    edition = Edition.objects.filter(pk=int(event.key), state=Edition.State.DRAFT).first()
    if edition is None:
        raise DigestError("the edition is no draft any more", event.key)
    kept: dict[str, Any] = dict(event.before)
    story = living(kept.pop("story")) if kept.get("story") else None
    if story is not None and edition.placements.filter(story=story).exists():
        raise DigestError("the story has been placed again since", str(story)[:80])
    kept.pop("story", None)
    place = insert(edition, kept.pop("position"), story=story, **kept)
    record("undo remove", "edition", edition.pk, by=by, now=now, undoes=event)
    return place


def _place_as_before(story: Story, edition: Edition, place: dict[str, Any] | None, state: str) -> None:
    here = edition.placements.filter(story=story).first()
    if place is None:
        # A pick places in the weekly; what stands in a monthly was put there by another step.
        if here is not None and state == Choice.State.PICKED and edition.cadence == Cadence.WEEKLY:
            here.delete()
    elif here is None:
        kept = {name: value for name, value in place.items() if name != "edition_id"}
        insert(edition, kept.pop("position"), story=story, **kept)
    else:
        edition.placements.filter(pk=here.pk).update(why=place["why"], by=place["by"])
