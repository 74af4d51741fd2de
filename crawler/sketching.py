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
from crawler.article import SiteTemplate
from crawler.intake import rejudge
from crawler.judging import Judged, judge_page
from crawler.noticing import item_of
from crawler.stopping import Stop, never
from crawler.stored import stored_page
from crawler.templates import LEAST_PAGES, Sketch, add_page, is_emptied, of_data, to_data, without_texts
from crawler.urls import link_key

LEASE = timedelta(minutes=10)
MOST_PAGES = 400
# Where a template would take all text of a page: so many others of the site are asked whether the text is theirs too.
MOST_SAMPLED = 40


@dataclass
class Sketches:
    """The sketches of pages just judged, by link: they need not be read from the archive again."""

    pages: dict[str, Sketch] = field(default_factory=dict)
    unmatched: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def note(self, record: Record, judged: Judged | None, host: str) -> None:
        """Remember what was judged."""
        if judged is not None:
            self.pages[link_key(record.answer.asked)] = judged.sketch
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
    sketches.pages.clear()
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
    pages = [_sketch(link, sketches, archive) for link in links]
    before = of_data(site.template)
    learnt = _learnt(before, pages)
    emptied = [link.pk for link, page in zip(links, pages, strict=True) if is_emptied(page, learnt)]
    if emptied:
        others = _stored(host).exclude(pk__in=[link.pk for link in links]).order_by("-fetched_at", "key")[:MOST_SAMPLED]
        learnt = without_texts(learnt, [*pages, *(_sketch(link, sketches, archive) for link in others)])
    _save(site, links, learnt, sketches.unmatched.get(host))
    if before.pages < LEAST_PAGES <= learnt.pages:
        return _look_again(_stored(host).order_by("key")[:MOST_PAGES], archive, now)
    # What the template took from these pages it may have given back.
    return _look_again(_stored(host).filter(pk__in=emptied), archive, now)


def _stored(host: str) -> QuerySet[models.Link]:
    return models.Link.objects.filter(site=host).exclude(archive_file="").select_related("site")


def _learnt(template: SiteTemplate, pages: list[Sketch]) -> SiteTemplate:
    for page in pages:
        if page.keys:
            template = add_page(template, page.keys)
    return template


@transaction.atomic
def _save(
    site: models.Site, links: list[models.Link], template: SiteTemplate, unmatched: tuple[str, ...] | None
) -> None:
    site.template = dict(to_data(template))
    if unmatched is not None:
        site.unmatched_rules = list(unmatched)
    site.save(update_fields=["template", "unmatched_rules"])
    models.Link.objects.filter(pk__in=[link.pk for link in links]).update(sketched=True)


def _sketch(link: models.Link, sketches: Sketches, archive: Path) -> Sketch:
    """The sketch of a page: as just judged, or from the archive where a killed crawl took it with it."""
    known = sketches.pages.get(link.key)
    if known is not None:
        return known
    page = stored_page(link, archive)
    return judge_page(page, item_of(link), link.site).sketch if page is not None else Sketch()


def _look_again(links: Iterable[models.Link], archive: Path, now: datetime) -> int:
    again = 0
    for link in links:
        page = stored_page(link, archive)
        if page is not None:
            rejudge(link, page, now)
            again += 1
    return again
