"""Rules of a site: set them, take that back, and see what they do to its newest stored page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from crawler.article import SiteRules
from crawler.events import record
from crawler.judging import clues_of, rules_of
from crawler.models import Event, Link, Site
from crawler.noticing import item_of
from crawler.ruletext import RuleError, checked, rules_data
from crawler.stored import stored_page
from crawler.try_rules import RuleTrial, try_rules

VERB, KIND = "set rules", "site"
# So many of the newest links are tried for a page that is still kept.
LOOKED_AT = 5


def site_named(host: str) -> Site:
    """The site of a host. RuleError where none of our links or sources leads there."""
    site = Site.objects.filter(host=host.strip().lower()).first()
    if site is None:
        raise RuleError("no such site", host[:80], "no source and no link leads there")
    return site


def rules_at(site: Site) -> SiteRules:
    """The rules that a site has."""
    return rules_of(site.rules)


@transaction.atomic
def set_rules(host: str, rules: SiteRules, *, by: str, now: datetime) -> Site:
    """Give a site these rules and no others; nothing is written where nothing differs.

    They hold for pages fetched from now on, and for stored ones when these are judged again. RuleError where there is
    no such site, or the rules cannot be.
    """
    site, wanted = _locked(host), rules_data(checked(rules))
    if site.rules == wanted:
        return site
    before = _put(site, wanted)
    record(VERB, KIND, site.host, by=by, now=now, before=before, after=wanted)
    return site


@transaction.atomic
def undo_rules(event: Event, *, by: str, now: datetime) -> Site:
    """The rules as they were before; RuleError where somebody has set others since."""
    site = _locked(event.key)
    if site.rules != event.after:
        raise RuleError("the rules have been changed since", site.host)
    before = _put(site, event.before)
    record(f"undo {VERB}", KIND, site.host, by=by, now=now, before=before, after=event.before, undoes=event)
    return site


def trial_of(site: Site, archive: Path) -> RuleTrial | None:
    """What the site's rules do to the newest of its pages that the archive holds; None where it holds none."""
    links = Link.objects.filter(site=site).exclude(archive_file="").order_by("-fetched_at", "pk")
    articles = links.filter(state=Link.State.FETCHED)
    for link in [*articles[:LOOKED_AT], *links.exclude(state=Link.State.FETCHED)[:LOOKED_AT]]:
        page = stored_page(link, archive)
        if page is not None:
            return try_rules(page, clues_of(page, item_of(link), site))
    return None


def _locked(host: str) -> Site:
    return Site.objects.select_for_update().get(pk=site_named(host).pk)


def _put(site: Site, rules: dict[str, object]) -> dict[str, object]:
    """Set them; those before."""
    before: dict[str, object] = site.rules
    site.rules, site.unmatched_rules = rules, []
    site.save(update_fields=["rules", "unmatched_rules"])
    return before
