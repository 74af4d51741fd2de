"""Learn the templates of sites from the pages of a crawl, and look again at those that came before the template was known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from crawler import models
from crawler.archive import Record, read_page
from crawler.intake import rejudge
from crawler.judging import Judged
from crawler.templates import LEAST_PAGES, add_page, of_data, to_data
from crawler.urls import link_key


@dataclass
class Sketches:
    """What a crawl saw of each page's blocks, by site. Lost when the crawl is killed, which costs nothing but time."""

    pages: defaultdict[str, list[tuple[str, frozenset[int]]]] = field(default_factory=lambda: defaultdict(list))
    unmatched: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def note(self, record: Record, judged: Judged | None, outcome: str, host: str) -> None:
        """Remember a page whose content was new."""
        if judged is None or outcome not in ("article", "refused"):
            return
        self.pages[host].append((link_key(record.answer.asked), judged.keys))
        self.unmatched[host] = judged.unmatched


def settle(sketches: Sketches, archive: Path, now: datetime) -> int:
    """Keep what was learnt; pages of sites that were new are judged again by the template. How many were."""
    again = 0
    for host, pages in sketches.pages.items():
        was_new = _learn(host, pages, sketches.unmatched.get(host, ()))
        if was_new:
            again += _second_look([key for key, _ in pages], archive, now)
    sketches.pages.clear()
    return again


@transaction.atomic
def _learn(host: str, pages: list[tuple[str, frozenset[int]]], unmatched: tuple[str, ...]) -> bool:
    """Add the pages to the site's template; whether it has only now become one that says something."""
    site = models.Site.objects.get(host=host)
    template = of_data(site.template)
    before = template.pages
    for _, keys in pages:
        template = add_page(template, keys)
    site.template, site.unmatched_rules = dict(to_data(template)), list(unmatched)
    site.save(update_fields=["template", "unmatched_rules"])
    return before < LEAST_PAGES <= template.pages


def _second_look(keys: list[str], archive: Path, now: datetime) -> int:
    links = models.Link.objects.filter(key__in=keys).exclude(archive_file="").select_related("site")
    for link in links:
        page = read_page(archive / link.archive_file, link.archive_offset or 0)
        if page is not None:
            rejudge(link, page, now)
    return len(links)
