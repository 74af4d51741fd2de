"""What a source named -> Link and Sighting rows, and back to the FeedItem that extraction takes as a clue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from crawler import models
from crawler.article import FeedItem
from crawler.frontier import too_old
from crawler.rows import storable
from crawler.sites import site_of
from crawler.urls import host_of, link_key, normalise


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
        update_fields=["guid", "title", "author", "published_at", "summary"],
    )
    return len(young) - len(known)


def item_of(link: models.Link) -> FeedItem | None:
    """The fullest sighting of a link as the clue for extraction."""
    sightings = link.sightings.all()
    best = max(sightings, key=lambda one: (bool(one.published_at), len(one.summary)), default=None)
    if best is None:
        return None
    return FeedItem(
        url=link.url,
        guid=best.guid,
        title=best.title,
        author=best.author,
        published=best.published_at,
        summary=best.summary,
    )


def share_sightings(link: models.Link, target: models.Link) -> None:
    """Who named an alias named the article: its canonical link keeps the same sightings."""
    copies = [models.Sighting(**_fields(one), link=target) for one in link.sightings.all()]
    models.Sighting.objects.bulk_create(copies, ignore_conflicts=True)


def _fields(sighting: models.Sighting) -> dict[str, Any]:
    names = ("source_id", "guid", "title", "author", "published_at", "summary", "seen_at")
    return {name: getattr(sighting, name) for name in names}


def _sighting(source: models.Source, key: str, item: FeedItem, now: datetime) -> models.Sighting:
    return models.Sighting(
        source=source,
        link_id=key,
        guid=storable(item.guid[:500]),
        title=storable(item.title[:500]),
        author=storable(item.author[:300]),
        published_at=_instant(item.published),
        summary=storable(item.summary[:20_000]),
        seen_at=now,
    )


def _instant(published: datetime | None) -> datetime | None:
    """In UTC; the last hours of the year 9999 have none there."""
    if published is None:
        return None
    try:
        return published.astimezone(UTC) if published.tzinfo else published.replace(tzinfo=UTC)
    except OverflowError:
        return None
