"""Verbs over a draft: draft it, pick and dismiss stories, place them. The editor's own placements are never moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from crawler.events import record
from crawler.models import Story
from crawler.stories import living
from digest.candidates import candidates, open_stories
from digest.errors import DigestError
from digest.models import Cadence, Choice, Edition, Placement, Publication
from digest.month import best_of
from digest.ordering import last_position
from digest.printed import printed
from digest.suggest import Suggestion, suggest
from digest.weeks import Rhythm, is_over, window

BY_RULE = "rule:suggestion"
SNOOZE = timedelta(days=7)
KEPT_OF_A_PLACE = ("edition_id", "position", "lead", "headline", "blurb", "why", "by")


def publication_of(slug: str) -> Publication:
    """The publication of this slug. DigestError names those there are."""
    found = Publication.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Publication.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise DigestError("no such publication", slug, f"there are: {known}")
    return found


@transaction.atomic
def draft(publication: Publication, *, by: str, now: datetime, cadence: str = Cadence.WEEKLY) -> Edition:
    """The publication's draft with a fresh suggestion around what editors placed; made where there is none."""
    edition = _at_work(publication, cadence, now)
    kept = list(edition.placements.exclude(by=BY_RULE).select_related("story"))
    suggested = _suggested(edition, kept, now)
    _place(edition, suggested, led=any(place.lead for place in kept))
    record("draft", "edition", edition.pk, by=by, now=now, after={"suggested": len(suggested), "kept": len(kept)})
    return edition


@transaction.atomic
def pick(keys: Sequence[str], publication: Publication, *, by: str, now: datetime) -> list[Story]:
    """Take stories by hand: they are placed in the draft now if there is one, else when it is made."""
    stories = [_choose(key, publication, Choice.State.PICKED, None, by, now) for key in keys]
    edition = current_draft(publication)
    if edition is not None:
        placed = set(edition.placements.values_list("story", flat=True))
        for story in stories:
            if story.pk not in placed:
                append(edition, story, why="picked by hand", by=by)
            else:
                edition.placements.filter(story=story).update(by=by, why="picked by hand")
    return stories


@transaction.atomic
def dismiss(keys: Sequence[str], publication: Publication, *, by: str, now: datetime) -> list[Story]:
    """Not for this publication; the story stays for others and in the search."""
    stories = [_choose(key, publication, Choice.State.DISMISSED, None, by, now) for key in keys]
    _unplace(stories, publication)
    return stories


@transaction.atomic
def snooze(keys: Sequence[str], publication: Publication, *, by: str, now: datetime) -> list[Story]:
    """Out of the way for a week."""
    stories = [_choose(key, publication, Choice.State.SNOOZED, now + SNOOZE, by, now) for key in keys]
    _unplace(stories, publication)
    return stories


def current_draft(publication: Publication, cadence: str = Cadence.WEEKLY) -> Edition | None:
    return Edition.objects.filter(publication=publication, cadence=cadence, state=Edition.State.DRAFT).first()


def append(edition: Edition, story: Story, *, why: str, by: str) -> Placement:
    """Place a story last."""
    return Placement.objects.create(edition=edition, position=last_position(edition), story=story, why=why, by=by)


def rhythm_of(publication: Publication) -> Rhythm:
    return Rhythm(publication.weekday, publication.hour, publication.timezone)


def _at_work(publication: Publication, cadence: str, now: datetime) -> Edition:
    """The draft, held against a second one who drafts; moved on to the next time where its own has passed unused."""
    drafts = Edition.objects.select_for_update().filter(publication=publication, cadence=cadence)
    edition = drafts.filter(state=Edition.State.DRAFT).first()
    if edition is None:
        return _new_edition(publication, cadence, now)
    edition.publication = publication
    if is_over(rhythm_of(publication), cadence, now, edition.send_at):
        times = window(rhythm_of(publication), cadence, now, edition.opens_at)
        edition.closes_at, edition.send_at, edition.made_at = times.closes, times.send_at, now
        edition.save(update_fields=["closes_at", "send_at", "made_at"])
    return edition


def _new_edition(publication: Publication, cadence: str, now: datetime) -> Edition:
    before = Edition.objects.filter(publication=publication, cadence=cadence).order_by("-number")
    went = before.exclude(state__in=(Edition.State.SKIPPED, Edition.State.CANCELLED)).first()
    times = window(rhythm_of(publication), cadence, now, went.closes_at if went else None)
    return Edition.objects.create(
        publication=publication,
        cadence=cadence,
        number=(before.aggregate(last=Max("number"))["last"] or 0) + 1,
        opens_at=times.opens,
        closes_at=times.closes,
        send_at=times.send_at,
        made_at=now,
    )


def _suggested(edition: Edition, kept: Sequence[Placement], now: datetime) -> Sequence[Suggestion]:
    """What may stand beside the places that are kept: of the queue, or for a monthly of what its weeklies printed."""
    publication, placed = edition.publication, {place.story.key for place in kept if place.story}
    room = max(0, publication.items - len(placed))
    if edition.cadence == Cadence.MONTHLY:
        month = printed(publication, edition.opens_at, edition.closes_at, now)
        return best_of([one for one in month if one.key not in placed], room)
    stories = open_stories(publication, edition.cadence, edition.closes_at, now).exclude(key__in=placed)
    return suggest(candidates(publication, stories), now, room)


def _place(edition: Edition, suggested: Sequence[Suggestion], *, led: bool) -> None:
    """Put the suggestions after what editors placed. A place that stays keeps its row: a page that shows it stays good."""
    stories = {story.key: story for story in Story.objects.filter(key__in=[one.key for one in suggested])}
    edition.placements.filter(by=BY_RULE).exclude(story__key__in=stories).delete()
    stand = {place.story_id: place for place in edition.placements.filter(by=BY_RULE)}
    # Two may never share a position, so those that stay step aside first.
    beyond = last_position(edition) + len(suggested)
    for number, place in enumerate(stand.values()):
        Placement.objects.filter(pk=place.pk, by=BY_RULE).update(position=beyond + number)
    last = edition.placements.exclude(by=BY_RULE).aggregate(last=Max("position"))["last"]
    for position, one in enumerate(suggested, 0 if last is None else last + 1):
        story, fields = stories[one.key], {"position": position, "why": one.why, "lead": one.lead and not led}
        fields |= {"headline": one.headline, "blurb": one.blurb}
        if place := stand.get(story.pk):
            Placement.objects.filter(pk=place.pk, by=BY_RULE).update(**fields)
        else:
            Placement.objects.create(edition=edition, story=story, by=BY_RULE, **fields)


def _choose(key: str, publication: Publication, state: str, until: datetime | None, by: str, now: datetime) -> Story:
    story = living(key)
    before = as_it_stands(story, publication)
    Choice.objects.update_or_create(
        story=story, publication=publication, defaults={"state": state, "until": until, "by": by, "at": now}
    )
    record(
        str(state),
        "story",
        story.key,
        by=by,
        now=now,
        before=before,
        after={"publication": publication.slug, "state": str(state)},
    )
    return story


def as_it_stands(story: Story, publication: Publication) -> dict[str, Any]:
    """What a choice changes, as its Event keeps it for an undo: the choice before and the places in drafts."""
    choice = Choice.objects.filter(story=story, publication=publication).first()
    places = Placement.objects.filter(story=story, edition__publication=publication, edition__state=Edition.State.DRAFT)
    return {
        "publication": publication.slug,
        "state": choice.state if choice else "",
        "until": choice.until.isoformat() if choice and choice.until else None,
        "places": [{name: getattr(place, name) for name in KEPT_OF_A_PLACE} for place in places],
    }


def _unplace(stories: Sequence[Story], publication: Publication) -> None:
    Placement.objects.filter(
        story__in=stories, edition__publication=publication, edition__state=Edition.State.DRAFT
    ).delete()
