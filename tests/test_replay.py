"""300 real pages crawled, extracted, classified: no exception, each address counted once, no stranger placed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.folder import Replay
from benchmarks.politeness import judge
from benchmarks.replay import serve_replay
from classifier.labelling import label_due
from classifier.models import Labelling
from crawler.crawling import CrawlPlan, crawl
from crawler.models import Link, Story
from crawler.sources import add_source
from crawler.urls import host_of, link_key
from desk.ready import make_ready
from digest.candidates import safety_stories
from digest.drafting import draft
from tests.factory import make_publication

pytestmark = [pytest.mark.shared, pytest.mark.servers, pytest.mark.slow, pytest.mark.django_db]
PAGES = 300
# About a sixth of the pages list others, and are rightly refused.
LEAST_ARTICLES = 0.75
# Of pages of every kind from all over the web so few may be taken for ours, with every date and room in their favour.
MOST_PLACED = 0.02


def clock() -> datetime:
    return datetime.now(UTC)


def test_300_real_pages_become_articles_or_say_why_not_and_strangers_stay_out(shared: Path, home: Path):
    folder = shared / "data" / "wcxb" / "dev"
    if not folder.exists():
        pytest.skip("the pages are not beside the repository")
    make_ready(clock())
    plan = CrawlPlan(home / "archive", "Glabella/test", delay=0.1, allow_private=True)
    with serve_replay(Replay(folder, PAGES, clock(), 0), latency=0.02) as served:
        for site in served.replay.sites:
            add_source(site.source(served.replay.port), site.kind, by="test", now=clock())
        crawl(plan, clock=clock)
    _each_address_has_one_outcome(served.replay)
    seen = judge(served.asked)
    assert (seen.at_once, seen.repeated) == (1, 0)
    label_due("aesthetics", now=clock())
    _no_stranger_is_placed()


def _each_address_has_one_outcome(replay: Replay) -> None:
    fates: Counter[tuple[str, str]] = Counter()
    named = list(replay.urls())
    listed = {site.address for site in replay.sites if site.kind == "listing"}
    for url, one in named:
        link = Link.objects.filter(key=link_key(url)).first()
        if link is None:
            assert host_of(url) in listed, url  # a listing's reader leaves out what is no article by its address
        else:
            assert link.state != Link.State.FOUND, (url, link.reason)
            assert link.state != Link.State.QUARANTINED, (url, link.reason)
            assert bool(link.reason) == (link.state != Link.State.FETCHED), (url, link.state)
        fates[one.fate, link.state if link else "passed over"] += 1
    assert fates.total() == len(named)
    pages = sum(number for (fate, _), number in fates.items() if fate in ("page", "moved"))
    assert pages == PAGES
    assert {state for (fate, state) in fates if fate == "gone"} == {"gone"}
    assert {state for (fate, state) in fates if fate == "forbidden"} == {"refused"}
    assert fates["page", "fetched"] + fates["moved", "fetched"] >= LEAST_ARTICLES * PAGES


def _no_stranger_is_placed() -> None:
    """With every story dated today and room for all, so that nothing but the judgement keeps one out."""
    Story.objects.update(dated=clock(), undated=False)
    edition = draft(make_publication(items=PAGES), by="test", now=clock())
    placed = [placement.story for placement in edition.placements.all()]
    safety = safety_stories(placed)
    off_topic = set(Labelling.objects.filter(on_topic__lt=0.5).values_list("story", flat=True))
    assert len(placed) <= MOST_PLACED * Story.objects.count(), [story.lead.title for story in placed]
    assert [story.lead.title for story in placed if story.pk in off_topic and story.pk not in safety] == []
