"""What the source page tells of a site's rules: which sites a source leads to, the rules of one, and what they do."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count

from crawler.models import Link, Site, Source
from crawler.reprocessing import stored, waiting
from crawler.ruletext import written
from crawler.ruling import rules_at, trial_of
from crawler.try_rules import RuleTrial

MOST_SITES = 12


@dataclass(frozen=True)
class SiteRulesLine:
    """One site: its rules as text, what they do to its newest page, its stored pages and those to be judged again.

    `unmatched` matched nothing: on that page, or where none is kept, on the last that was crawled.
    """

    host: str
    others: tuple[str, ...]
    text: str
    trial: RuleTrial | None
    unmatched: tuple[str, ...]
    stored: int
    waiting: int


def sites_of(source: Source) -> list[str]:
    """The hosts that a source's links lie on, those of most links first; its own where it has named none."""
    rows = Link.objects.filter(sightings__source=source).values("site").annotate(n=Count("pk")).order_by("-n", "site")
    return [row["site"] for row in rows] or [source.site_id]


def site_rules(host: str, hosts: list[str]) -> SiteRulesLine:
    """What the page tells of the rules of one of these hosts."""
    site = Site.objects.get(pk=host)
    trial = trial_of(site, settings.ARCHIVE) if site.rules else None
    unmatched = trial.unmatched if trial else tuple(map(str, site.unmatched_rules))
    others = tuple(one for one in hosts if one != host)[:MOST_SITES]
    return SiteRulesLine(
        host, others, written(rules_at(site)), trial, unmatched, stored(host).count(), waiting(host)
    )  # fmt: skip
