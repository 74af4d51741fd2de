"""The editor's queue: which stories a lane holds, in what order, page by page by key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from classifier.models import Tag
from crawler.models import Sighting, Source, Story
from crawler.search import matching
from digest.candidates import SAFETY_TAG, sources_of, unused, used
from digest.models import Choice, Publication

PAGE = 40


class Lane(StrEnum):
    """The ways to look at the queue, in the order of their tabs."""

    OPEN = "open"
    DOUBTFUL = "doubtful"
    LANGUAGE = "other-languages"
    OFF_TOPIC = "off-topic"
    PICKED = "picked"
    SNOOZED = "snoozed"
    DISMISSED = "dismissed"
    USED = "used"
    ALL = "all"


COUNTED = (Lane.OPEN, Lane.DOUBTFUL, Lane.PICKED)
DECIDED = {Lane.PICKED: Choice.State.PICKED, Lane.DISMISSED: Choice.State.DISMISSED, Lane.SNOOZED: Choice.State.SNOOZED}


@dataclass(frozen=True)
class Wanted:
    """What an editor asked for. `source` is an id, `source_key` its key in addresses, `before` the page's mark."""

    lane: Lane = Lane.OPEN
    topic: str = ""
    source: int | None = None
    search: str = ""
    before: str = ""
    source_key: str = ""

    def query(self, **changes: object) -> str:
        """The query string of this view with some of it changed; empty where all is as usual."""
        now = replace(self, **{"before": "", **changes})  # type: ignore[arg-type]
        said = {"lane": now.lane, "topic": now.topic, "source": now.source_key, "q": now.search, "before": now.before}
        kept = {name: str(value) for name, value in said.items() if value and value != Lane.OPEN}
        return f"?{urlencode(kept)}" if kept else ""


@dataclass(frozen=True)
class Page:
    """Stories of one page, newest first, and the mark of the page after it (empty: this is the last)."""

    stories: list[Story]
    following: str


def page_of(publication: Publication, wanted: Wanted, now: datetime) -> Page:
    """One page of the queue by key, so that a page costs the same however deep it lies."""
    rows = queue(publication, wanted, now)
    day, _, key = wanted.before.partition("~")
    mark = _instant(day)
    if mark is not None:
        last = Story.objects.filter(key=key).values_list("pk", flat=True).first() or 0
        rows = rows.filter(Q(dated__lt=mark) | Q(dated=mark, pk__lt=last))
    found = list(rows.defer("lead__html")[: PAGE + 1])
    more = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], f"{more.dated.isoformat()}~{more.key}" if more else "")


def queue(publication: Publication, wanted: Wanted, now: datetime) -> QuerySet[Story]:
    """The stories of a lane, filtered and searched, newest first by their own date."""
    label = FilteredRelation("labellings", condition=Q(labellings__taxonomy=publication.taxonomy))
    stories = Story.objects.filter(merged_into=None, lead__isnull=False).annotate(label=label)
    stories = _in_lane(stories, publication, wanted.lane, now)
    sources = sources_of(publication)
    if wanted.source is not None:
        sources = [wanted.source]
    if sources is not None:
        stories = stories.filter(Exists(_sightings(sources)))
    if wanted.topic:
        tags = Tag.objects.filter(story=OuterRef("pk"), topic__key=wanted.topic, topic__taxonomy=publication.taxonomy)
        stories = stories.filter(Exists(tags))
    return matching(stories, wanted.search).select_related("lead").order_by("-dated", "-pk")


def waiting(publication: Publication, now: datetime) -> dict[Lane, int]:
    """How many stories stand in the lanes that an editor works through."""
    return {lane: queue(publication, Wanted(lane), now).count() for lane in COUNTED}


def _in_lane(stories: QuerySet[Story], publication: Publication, lane: Lane, now: datetime) -> QuerySet[Story]:
    if lane is Lane.ALL:
        return stories
    if lane is Lane.USED:
        return used(stories, publication)
    chosen = Choice.objects.filter(story=OuterRef("pk"), publication=publication)
    if lane in DECIDED:
        return stories.filter(Exists(chosen.filter(_holds(DECIDED[lane], now))))
    settled = chosen.filter(_holds(Choice.State.SNOOZED, now) | ~Q(state=Choice.State.SNOOZED))
    return unused(stories.filter(~Exists(settled)), publication).filter(_judged(publication, lane))


def _judged(publication: Publication, lane: Lane) -> Q:
    """A regulator's notice and a story not judged yet stand in the open lane too: no model may hide them."""
    foreign = ~Q(label__language__in=("", publication.language[:2])) & Q(label__isnull=False)
    if lane is Lane.LANGUAGE:
        return foreign
    if lane is Lane.DOUBTFUL:
        return Q(label__doubtful=True) & ~foreign
    if lane is Lane.OFF_TOPIC:
        return Q(label__on_topic__lt=0.5) & ~foreign
    boards = [pk for pk, tags in Source.objects.values_list("pk", "tags") if SAFETY_TAG in tags]
    on_topic = (Q(label__on_topic__gte=0.5) & ~foreign) | Q(label__isnull=True)
    return on_topic | Q(Exists(_sightings(boards))) if boards else on_topic


def _holds(state: str, now: datetime) -> Q:
    return Q(state=state, until__gt=now) if state == Choice.State.SNOOZED else Q(state=state)


def _sightings(sources: list[int]) -> QuerySet[Sighting]:
    return Sighting.objects.filter(source__in=sources, link__articles__story=OuterRef("pk"))


def _instant(text: str) -> datetime | None:
    """A page's mark as an instant; nonsense in the address means the first page."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and 1900 < found.year < 2200 else None
