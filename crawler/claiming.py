"""Whose a host is: sites are claimed before anything on them is asked for, and what is told of them to the child."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from crawler import models
from crawler.orders import Answer, LinkKnown, Question, SiteOrder, SourceOrder
from crawler.robots import Robots
from crawler.sites import site_of

LEASE = timedelta(minutes=40)
ROBOTS_FRESH = timedelta(hours=24)
# When to come back to a host that another worker holds: most are done within minutes.
BUSY_SECONDS = 300
KEYS_AT_ONCE = 500


def claim(
    me: str, now: datetime, sources: Sequence[models.Source] | None, done: dict[str, int], most: int
) -> list[models.Site]:
    """At most so many sites with due work, leased by conditional update: another worker's sites stay its own.

    Due are sources (or those given) and links, whether or not a source lies on their host. `done` is kept here: the
    sites claimed before, with the newest sighting of that moment. They come again only for a link that was named
    since: while we held its host, others had to leave it to us.
    """
    mark = _newest_sighting()
    reading, waiting = _due_sources(sources, now), due_links(now)
    if sources is not None:
        waiting = waiting.none()
    newest = dict(waiting.values_list("site").annotate(Max("sightings"))) if done else {}
    has_source = Exists(reading.filter(site=OuterRef("pk")))
    sites = models.Site.objects.filter(_free(now), has_source | Q(pk__in=waiting.values("site")))
    claimed: list[models.Site] = []
    for site in sites.order_by(has_source.desc(), "pk"):
        if len(claimed) == most:
            break
        if site.host in done and newest.get(site.host, 0) <= done[site.host]:
            continue
        if models.Site.objects.filter(_free(now), pk=site.pk).update(lease_by=me, lease_until=now + LEASE):
            claimed.append(site)
    done.update((site.host, mark) for site in claimed)
    return claimed


def _newest_sighting() -> int:
    """Records are taken in one at a time, so what is named later has a higher number."""
    newest: int | None = models.Sighting.objects.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def release(me: str) -> None:
    """All sites that were claimed are free."""
    models.Site.objects.filter(lease_by=me).update(lease_by="", lease_until=None)


def answer(question: Question, me: str, now: datetime) -> Answer:
    """Claim the hosts asked for; those that another holds or that rest are refused, with seconds to wait."""
    held, waits = [], {}
    for host in question.hosts:
        site = site_of(host)
        free = _free(now) | (_rested(now) & Q(lease_by=me))
        if models.Site.objects.filter(free, pk=site.pk).update(lease_by=me, lease_until=now + LEASE):
            held.append(_held(site, now))
        else:
            rest = (site.next_at - now).total_seconds() if site.next_at else 0
            waits[host] = max(int(rest), BUSY_SECONDS)
    return Answer(tuple(held), waits, dict(_known(question.keys)))


def site_order(site: models.Site, sources: Sequence[models.Source] | None, now: datetime, most: int) -> SiteOrder:
    """A claimed site's share of the order: its due sources, and its due links, longest due first, at most so many."""
    due = due_links(now).filter(site=site).order_by("next_at", "key")[:most]
    order = _held(site, now)
    return SiteOrder(
        order.host,
        order.robots,
        order.robots_status,
        tuple(
            SourceOrder(source.pk, source.url, source.kind, source.etag, source.last_modified)
            for source in _due_sources(sources, now).filter(site=site)
        ),
        {link.key: _knowledge(link, link.url) for link in due},
    )


def due_links(now: datetime) -> QuerySet[models.Link]:
    """Links whose turn has come, for the first time or again, and that a source names which is not paused."""
    named = models.Sighting.objects.filter(link=OuterRef("pk"), source__paused=False)
    return models.Link.objects.filter(Exists(named), next_at__lte=now)


def _due_sources(sources: Sequence[models.Source] | None, now: datetime) -> QuerySet[models.Source]:
    crawled = models.Source.objects.filter(paused=False).exclude(kind=models.Source.Kind.IMPORT)
    if sources is not None:
        return crawled.filter(pk__in=[source.pk for source in sources])
    return crawled.filter(Q(next_at=None) | Q(next_at__lte=now))


def _rested(now: datetime) -> Q:
    return Q(next_at=None) | Q(next_at__lte=now)


def _free(now: datetime) -> Q:
    return _rested(now) & (Q(lease_until=None) | Q(lease_until__lt=now))


def _held(site: models.Site, now: datetime) -> SiteOrder:
    """The host with its robots.txt, where that is fresh."""
    read = site.robots_status is not None and not Robots("", site.robots_status).unreachable
    fresh = read and site.robots_at is not None and site.robots_at > now - ROBOTS_FRESH
    return SiteOrder(site.host, site.robots if fresh else None, site.robots_status)


def _known(keys: Sequence[str]) -> Iterator[tuple[str, LinkKnown]]:
    """Of links that were asked for before; one that was only named is as good as new."""
    for start in range(0, len(keys), KEYS_AT_ONCE):
        links = models.Link.objects.filter(key__in=keys[start : start + KEYS_AT_ONCE]).exclude(
            state=models.Link.State.FOUND, reason=""
        )
        yield from ((link.key, _knowledge(link)) for link in links)


def _knowledge(link: models.Link, url: str = "") -> LinkKnown:
    return LinkKnown(link.state, link.next_at, link.fetched_at, link.etag, link.last_modified, url)
