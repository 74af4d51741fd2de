"""Learn the templates of sites from their stored pages, and look again at those that came before the template was known.

Which pages a template holds is said by their rows (`Link.sketched`), so what a killed crawl did not learn the next one does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet

from crawler import models
from crawler.archive import Record
from crawler.intake import rejudge
from crawler.judging import Judged, judge_page
from crawler.noticing import item_of
from crawler.stopping import Stop, never
from crawler.stored import stored_page
from crawler.templates import LEAST_PAGES, add_page, of_data, to_data
from crawler.urls import link_key

LEASE = timedelta(minutes=10)
MOST_PAGES = 400


@dataclass
class Sketches:
    """The keys of the blocks of pages just judged, by link: they need not be read from the archive again."""

    keys: dict[str, frozenset[int]] = field(default_factory=dict)
    unmatched: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def note(self, record: Record, judged: Judged | None, host: str) -> None:
        """Remember what was judged."""
        if judged is not None:
            self.keys[link_key(record.answer.asked)] = judged.keys
            self.unmatched[host] = judged.unmatched


def settle(sketches: Sketches, archive: Path, me: str, now: datetime, stop: Stop = never) -> int:
    """Add all pages not yet in their site's template; how many were judged again because it has only now become one.

    What is left at a stop the next crawl does.
    """
    again = 0
    for host in list(_unsketched().values_list("site", flat=True).distinct()):
        if stop():
            break
        if not _claim(host, me, now):
            continue
        try:
            again += _settle_site(host, sketches, archive, now)
        finally:
            models.Site.objects.filter(host=host, lease_by=me).update(lease_by="", lease_until=None)
    sketches.keys.clear()
    return again


def _unsketched() -> QuerySet[models.Link]:
    return models.Link.objects.filter(sketched=False).exclude(archive_file="")


def _claim(host: str, me: str, now: datetime) -> bool:
    """A site that another process crawls is left to it."""
    free = Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_by=me)
    return bool(models.Site.objects.filter(free, host=host).update(lease_by=me, lease_until=now + LEASE))


def _settle_site(host: str, sketches: Sketches, archive: Path, now: datetime) -> int:
    site = models.Site.objects.get(host=host)
    links = list(_unsketched().filter(site=host).select_related("site").order_by("key")[:MOST_PAGES])
    before = of_data(site.template).pages
    _learn(site, links, [_keys(link, sketches, archive) for link in links], sketches.unmatched.get(host))
    if not before < LEAST_PAGES <= of_data(site.template).pages:
        return 0
    stored = models.Link.objects.filter(site=host).exclude(archive_file="").select_related("site").order_by("key")
    return _look_again(stored[:MOST_PAGES], archive, now)


@transaction.atomic
def _learn(
    site: models.Site, links: list[models.Link], pages: list[frozenset[int]], unmatched: tuple[str, ...] | None
) -> None:
    template = of_data(site.template)
    for keys in pages:
        if keys:
            template = add_page(template, keys)
    site.template = dict(to_data(template))
    if unmatched is not None:
        site.unmatched_rules = list(unmatched)
    site.save(update_fields=["template", "unmatched_rules"])
    models.Link.objects.filter(pk__in=[link.pk for link in links]).update(sketched=True)


def _keys(link: models.Link, sketches: Sketches, archive: Path) -> frozenset[int]:
    """The keys of a page's blocks: as just judged, or from the archive where a killed crawl took them with it."""
    known = sketches.keys.get(link.key)
    if known is not None:
        return known
    page = stored_page(link, archive)
    return judge_page(page, item_of(link), link.site).keys if page is not None else frozenset()


def _look_again(links: Iterable[models.Link], archive: Path, now: datetime) -> int:
    again = 0
    for link in links:
        page = stored_page(link, archive)
        if page is not None:
            rejudge(link, page, now)
            again += 1
    return again
