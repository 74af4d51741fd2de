"""Verbs over an edition's places and words. What an editor touches is the editor's, so a new suggestion keeps it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from crawler.events import record
from crawler.lengths import must_fit
from crawler.stories import living
from digest.blurb import MOST_OWN
from digest.candidates import safety_stories
from digest.drafting import append
from digest.errors import DigestError
from digest.models import Edition, Placement
from digest.ordering import last_position, swap


class Step(StrEnum):
    """Where a place can be moved to."""

    UP, DOWN, TOP = "up", "down", "top"


class Part(StrEnum):
    """The parts of a mail, in its order. A place is moved within its own: in the mail it could not leave it."""

    SAFETY, LEADS, REST = "safety", "leads", "rest"


# Words may be mended until the last mail has gone; places stand once the edition is approved.
MENDABLE = (Edition.State.DRAFT, Edition.State.APPROVED, Edition.State.SENDING, Edition.State.PAUSED)
WORDS = ("headline", "blurb", "url", "event_day", "lead")


def place_of(edition: Edition, number: int) -> Placement:
    """A place of this edition. DigestError where it has been taken out meanwhile."""
    found = edition.placements.filter(pk=number).select_related("story__lead").first()
    if found is None:
        raise DigestError("this place is not in the edition any more", str(edition))
    return found


def part_of(place: Placement, safety: Collection[int]) -> Part:
    """Where the mail prints a place; `safety` holds the ids of stories that are safety notices."""
    if place.story_id in safety:
        return Part.SAFETY
    return Part.LEADS if place.lead and place.kind != Placement.Kind.HEADING else Part.REST


@transaction.atomic
def move(edition: Edition, number: int, step: Step, *, by: str, now: datetime) -> None:
    """A place up, down or to the top of its part; at the end of that nothing happens."""
    must_be(edition, (Edition.State.DRAFT,))
    place = place_of(edition, number)
    order = "position" if step is Step.DOWN else "-position"
    beyond = {"position__gt": place.position} if step is Step.DOWN else {"position__lt": place.position}
    places = list(edition.placements.select_related("story"))
    safety = safety_stories([one.story for one in places if one.story])
    own = [one.pk for one in places if part_of(one, safety) == part_of(place, safety)]
    passed = list(edition.placements.filter(pk__in=own, **beyond).order_by(order))
    if not passed:
        return
    before = place.position
    for neighbour in passed if step is Step.TOP else passed[:1]:
        swap(place, neighbour)
    Placement.objects.filter(pk=place.pk).update(by=by)
    record(
        "move", "edition", edition.pk, by=by, now=now, before={"position": before}, after={"position": place.position}
    )


@transaction.atomic
def reword(edition: Edition, number: int, *, by: str, now: datetime, **words: Any) -> Placement:
    """Set headline, blurb, address, event day or lead of a place. Empty words of a story mean the story's own.

    DigestError where a text is too long.
    """
    must_be(edition, MENDABLE)
    place = place_of(edition, number)
    _must_fit(words.get("headline", ""), words.get("blurb", ""), words.get("url", ""))
    before = {name: _plain(getattr(place, name)) for name in words}
    for name in WORDS:
        if name in words:
            setattr(place, name, words[name])
    place.by = by
    place.save(update_fields=[*words, "by"])
    after = {name: _plain(value) for name, value in words.items()}
    record("reword", "edition", edition.pk, by=by, now=now, before=before, after=after)
    return place


@transaction.atomic
def add_item(
    edition: Edition, kind: str, headline: str, *, by: str, now: datetime, blurb: str = "", url: str = "",
    event_day: date | None = None,
) -> Placement:  # fmt: skip
    """An own item, a sponsor's line or a heading, at the end. DigestError where a text is too long."""
    must_be(edition, (Edition.State.DRAFT,))
    if kind not in (Placement.Kind.OWN, Placement.Kind.SPONSOR, Placement.Kind.HEADING):
        raise DigestError("no such kind of item", kind[:20])
    _must_fit(headline, blurb, url)
    place = Placement.objects.create(
        edition=edition, position=last_position(edition), kind=kind, headline=headline, blurb=blurb, url=url,
        event_day=event_day, by=by, why="added by hand",
    )  # fmt: skip
    record("add item", "edition", edition.pk, by=by, now=now, after={"kind": kind, "headline": headline[:80]})
    return place


@transaction.atomic
def add_story(edition: Edition, key: str, *, by: str, now: datetime) -> Placement:
    """A story, at the end. For this edition alone: other than a pick it says nothing of the story's next ones."""
    must_be(edition, (Edition.State.DRAFT,))
    story = living(key)
    if story.lead is None:
        raise DigestError("the story has no article any more", story.key)
    if edition.placements.filter(story=story).exists():
        raise DigestError("the story stands in this edition already", str(story)[:80])
    place = append(edition, story, why="added by hand", by=by)
    record("add story", "edition", edition.pk, by=by, now=now, after={"story": story.key})
    return place


@transaction.atomic
def remove(edition: Edition, number: int, *, by: str, now: datetime) -> None:
    """Take a place out; its Event keeps all of it for an undo."""
    must_be(edition, (Edition.State.DRAFT,))
    place = place_of(edition, number)
    names = ("position", "kind", "lead", "headline", "blurb", "url", "why", "by")
    kept = {name: getattr(place, name) for name in names}
    kept["event_day"] = _plain(place.event_day)
    kept["story"] = place.story.key if place.story else None
    place.delete()
    record("remove", "edition", edition.pk, by=by, now=now, before=kept)


@transaction.atomic
def set_words(edition: Edition, subject: str, intro: str, *, by: str, now: datetime) -> None:
    """The edition's subject line (empty: made from its first headline) and introduction."""
    must_be(edition, MENDABLE)
    before = {"subject": edition.subject, "intro": edition.intro}
    edition.subject, edition.intro = subject, intro
    edition.save(update_fields=["subject", "intro"])
    record("words", "edition", edition.pk, by=by, now=now, before=before, after={"subject": subject, "intro": intro})


def must_be(edition: Edition, states: tuple[str, ...]) -> None:
    """DigestError where the edition has gone on since the page was drawn."""
    if edition.state not in states:
        raise DigestError("this edition cannot be changed any more", str(edition), f"it is {edition.state}")


def _must_fit(headline: str, blurb: str, url: str) -> None:
    must_fit(Placement, DigestError, headline=headline, url=url)
    if len(blurb) > MOST_OWN:
        raise DigestError("the blurb is too long", f"{blurb[:40]}…", f"{len(blurb)} letters, at most {MOST_OWN}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
