"""What the sources page tells: each source's state in words, what became of its links, what was done to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crawler.models import Event, Link, Sighting, Source
from crawler.sources import SourceError, add_source
from desk.clock import clock
from desk.opml import Outline
from desk.saying import sentence_of
from desk.source_keys import key_of

BARREN = 5
MOST_REASONS = 15
MOST_LINKS = 30


@dataclass(frozen=True)
class SourceLine:
    """A source, its key in addresses, its state in words with a tone (good, amber, bad), and its links by state."""

    source: Source
    key: str
    state: str
    tone: str
    links: dict[str, int]


@dataclass(frozen=True)
class Taken:
    """What became of an imported list: added, known already, refused with the reason."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def source_lines() -> list[SourceLine]:
    """Every crawled source: those that need a person first, then by name."""
    counts: dict[int, dict[str, int]] = {}
    for row in Sighting.objects.values("source", "link__state").annotate(n=Count("pk")):
        counts.setdefault(row["source"], {})[row["link__state"]] = row["n"]
    rows = Source.objects.exclude(kind=Source.Kind.IMPORT).select_related("site")
    lines = [line_of(source, counts.get(source.pk, {})) for source in rows]
    order = {"bad": 0, "amber": 1, "": 2, "good": 3}
    return sorted(lines, key=lambda one: (order[one.tone], str(one.source).lower()))


def line_of(source: Source, links: dict[str, int]) -> SourceLine:
    state, tone = state_of(source, links)
    return SourceLine(source, key_of(source.url), state, tone, links)


def state_of(source: Source, links: dict[str, int]) -> tuple[str, str]:
    """How it fares, in a sentence, and the tone of it."""
    if source.paused:
        return _("Paused: it is not asked."), ""
    if source.health == Source.Health.FAILING:
        words = ngettext("Failing, once.", "Failing, %(n)d times in a row.", source.failures) % {"n": source.failures}
        return words, "bad"
    if source.health == Source.Health.EMPTY:
        return _("Answers, but lists nothing."), "amber"
    if not links.get("fetched") and links.get("refused", 0) >= BARREN:
        return _("Lists pages, but none of them gives an article."), "amber"
    if source.checked_at is None:
        return _("New: not asked yet."), ""
    return _("Working."), "good"


def links_of(source: Source) -> dict[str, int]:
    rows = Link.objects.filter(sightings__source=source).values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def reasons_of(source: Source) -> list[dict[str, object]]:
    """Why links gave no article, most frequent first."""
    rows = Link.objects.filter(sightings__source=source).exclude(reason="").values("state", "reason")
    return list(rows.annotate(n=Count("pk")).order_by("-n", "reason")[:MOST_REASONS])


def latest_links(source: Source) -> list[Sighting]:
    """The last links it named, with what became of each."""
    return list(source.sightings.select_related("link").order_by("-seen_at", "-pk")[:MOST_LINKS])


def events_of(source: Source, host: str) -> list[Event]:
    """What was done to a source and to the rules of one of its sites, newest first."""
    done = Q(kind="source", key=str(source.pk)) | Q(kind="site", key=host)
    return list(Event.objects.filter(done).order_by("-at", "-pk")[:20])


def outlines() -> list[Outline]:
    """All crawled sources as a list for other readers."""
    rows = Source.objects.exclude(kind=Source.Kind.IMPORT).order_by("title", "url")
    return [Outline(source.url, source.title, source.kind, tuple(source.tags)) for source in rows]


def take_outlines(found: Iterable[Outline], *, by: str) -> Taken:
    """Add what a list names; one bad address does not stop the others."""
    added: list[str] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    for one in found:
        try:
            _source, made = add_source(one.url, one.kind, by=by, now=clock(), title=one.title, tags=one.tags)
        except SourceError as error:
            refused.append((one.url[:200], sentence_of(error)))
            continue
        (added if made else known).append(one.title or one.url)
    return Taken(tuple(added), tuple(known), tuple(refused))
