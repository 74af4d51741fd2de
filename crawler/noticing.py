"""What a source named -> Link and Sighting rows, and back to the FeedItem that extraction takes as a clue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta, timezone
from typing import Any

from crawler import models
from crawler.article import FeedItem, Place, Precision
from crawler.frontier import too_old
from crawler.rows import instant_of, storable
from crawler.sites import site_of
from crawler.urls import host_of, link_key, normalise

# The fields of a sighting that hold its date.
DATE = ("published_at", "published_day", "published_precision", "published_offset")


def notice(source: models.Source, items: Iterable[FeedItem], now: datetime) -> int:
    """Remember each item once per source; entries that share a GUID but not an address are different articles.

    Returns how many links were new. Items too old for any edition are passed over.
    """
    young = {link_key(item.url): item for item in items if not too_old(item, now)}
    known = set(models.Link.objects.filter(key__in=young).values_list("key", flat=True))
    new = {key: normalise(item.url) for key, item in young.items() if key not in known}
    sites = {host: site_of(host) for host in {host_of(url) for url in new.values()}}
    models.Link.objects.bulk_create(
        (
            models.Link(key=key, url=url, site=sites[host_of(url)], found_at=now, next_at=now)
            for key, url in new.items()
        ),
        ignore_conflicts=True,
    )
    models.Sighting.objects.bulk_create(
        [_sighting(source, key, item, now) for key, item in young.items()],
        update_conflicts=True,
        unique_fields=["source", "link"],
        update_fields=["guid", "title", "author", *DATE, "summary"],
    )
    return len(young) - len(known)


def item_of(link: models.Link) -> FeedItem | None:
    """The fullest sighting of a link as the clue for extraction; a listing gives it a date where nothing else does."""
    sightings = link.sightings.select_related("source")
    best = max(sightings, key=_fullness, default=None)
    if best is None:
        return None
    dated = best if best.published_at else next((one for one in sightings if one.published_at), best)
    return FeedItem(
        url=link.url,
        guid=best.guid,
        title=best.title,
        author=best.author,
        published=_published(dated),
        precision=Precision(dated.published_precision or Precision.TIME),
        dated_by=Place.LISTING if _by_listing(dated) else Place.FEED,
        summary=best.summary,
    )


def _fullness(sighting: models.Sighting) -> tuple[bool, int, bool]:
    dated = bool(sighting.published_at)
    return dated and not _by_listing(sighting), len(sighting.summary), dated


def _by_listing(sighting: models.Sighting) -> bool:
    return sighting.source.kind == models.Source.Kind.LISTING


def share_sightings(link: models.Link, target: models.Link) -> None:
    """Who named an alias named the article: its canonical link keeps the same sightings."""
    copies = [models.Sighting(**_fields(one), link=target) for one in link.sightings.all()]
    models.Sighting.objects.bulk_create(copies, ignore_conflicts=True)


def _fields(sighting: models.Sighting) -> dict[str, Any]:
    names = ("source_id", "guid", "title", "author", *DATE, "summary", "seen_at")
    return {name: getattr(sighting, name) for name in names}


def _sighting(source: models.Source, key: str, item: FeedItem, now: datetime) -> models.Sighting:
    return models.Sighting(
        source=source,
        link_id=key,
        guid=storable(item.guid[:500]),
        title=storable(item.title[:500]),
        author=storable(item.author[:300]),
        **_dated(item),
        summary=storable(item.summary[:20_000]),
        seen_at=now,
    )


def _dated(item: FeedItem) -> dict[str, Any]:
    """The date of an item as the fields of its row; none where no row can hold it."""
    if item.published is None:
        return {}
    offset = item.published.utcoffset()
    try:
        instant = instant_of(item.published, item.precision)
    except OverflowError:
        return {}
    minutes = None if offset is None else offset // timedelta(minutes=1)
    return dict(zip(DATE, (instant, item.published.date(), item.precision.value, minutes), strict=True))


def _published(sighting: models.Sighting) -> datetime | None:
    """The date of a row as its source wrote it: in that one's own zone, and naive where it stated none."""
    instant, day, offset = sighting.published_at, sighting.published_day, sighting.published_offset
    if instant is None or day is None:  # a row of before there were days
        return instant
    zone = None if offset is None else timezone(timedelta(minutes=offset))
    if sighting.published_precision != Precision.TIME:
        return datetime.combine(day, time(), zone)
    return instant.astimezone(zone) if zone else instant.replace(tzinfo=None)
