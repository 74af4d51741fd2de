"""A filled desk without a crawl: the demo newsroom's pages as archived answers, articles, stories and labels.

Labels are made from the pages' own truth, so that no model is needed and no page ever looks different.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from classifier.models import Labelling, Tag, Topic
from classifier.pack import load_pack
from classifier.taxonomy import Taxonomy
from classifier.topics import load_topics
from crawler.archive import ArchiveWriter
from crawler.article import Article, Evidence, FeedItem, Place, Precision, Said
from crawler.filing import file_article
from crawler.health import after
from crawler.models import Link, Source, Story
from crawler.noticing import notice
from crawler.page import Page
from crawler.reading import Outcome, Reading
from crawler.ruletext import read_rules
from crawler.ruling import set_rules
from crawler.sites import site_of
from crawler.sources import add_source
from crawler.urls import link_key
from desk.accounts import add_user
from desk.demo.dates import fill
from desk.demo.truth import Truth, load_sites, page_text, truths_of
from digest.drafting import draft
from digest.models import Publication, Subscription
from digest.publishing import add_publication
from digest.subscribing import subscribe, suppress
from tests.browser.cast import PASSWORD

BY = "rule:newsroom"


def fill_newsroom(now: datetime, archive: Path) -> Publication:
    """Sources, stories, labels, two letters, readers, an editor `edith` and an operator `otto`; the first letter."""
    pack = load_pack()
    load_topics(pack.taxonomy, by=BY, now=now)
    for number, site in enumerate(load_sites()):
        _fill_site(site, number, archive, now)
    _label(pack.taxonomy, now)
    add_user("edith", PASSWORD, "editor", by=BY, now=now)
    add_user("otto", PASSWORD, "operator", by=BY, now=now)
    publication = add_publication(
        "glabella-weekly", "Glabella Weekly", "digest@glabella.example", "Glabella, 1 Paper Lane, Leeds",
        by=BY, now=now, tagline="Plastic surgery and Botox, once a week", items=12,
    )  # fmt: skip
    add_publication(
        "injectors-letter", "The Injector's Letter", "letter@glabella.example", "Glabella, 1 Paper Lane, Leeds",
        by=BY, now=now, topics=["neurotoxins", "fillers"],
    )  # fmt: skip
    _readers(publication, now)
    set_rules("magazine.newsroom.example", read_rules("drop: .no-such-box\ntitle: h1"), by=BY, now=now)
    draft(publication, by="rule:schedule", now=now)
    return publication


def _fill_site(site: dict, number: int, archive: Path, now: datetime) -> None:
    host = f"{site['key']}.newsroom.example"
    sources = [
        add_source(f"https://{host}{one['path']}", one["kind"], by=BY, now=now, title=site["title"], tags=site["tags"])[
            0
        ]
        for one in site["sources"]
    ]
    writer = ArchiveWriter(archive / f"{site['key']}.warc.gz")
    truths = truths_of(site["key"], now.date())
    for truth in truths:
        _fill_page(truth, host, sources[0], writer, now)
    writer.close()
    for at, source in enumerate(sources):
        failed = number == 3 and at == 0
        reading = Reading(Outcome.FAILED, why="the server answered 503") if failed else Reading(
            Outcome.OK, tuple(FeedItem(f"https://{host}/{n}") for n in range(len(truths)))
        )  # fmt: skip
        _fare(source, reading, now - timedelta(minutes=20 * (number + 1)))


def _fare(source: Source, reading: Reading, at: datetime) -> None:
    health = after(source.health, source.failures, timedelta(minutes=source.rhythm_minutes), reading, at)
    source.health, source.outcome, source.failures = health.state, health.outcome, health.failures
    source.checked_at, source.next_at = at, health.next_at
    source.save()


def _fill_page(truth: Truth, host: str, source: Source, writer: ArchiveWriter, now: datetime) -> None:
    url = f"https://{host}{truth.path}"
    link = Link.objects.create(key=link_key(url), url=url, site=site_of(url), found_at=now)
    notice(source, [FeedItem(url, title=truth.title)], now)
    if not truth.is_article:
        state, why = (Link.State.GONE, f"the server answered {truth.status}") if truth.status >= 400 else (
            Link.State.REFUSED, truth.expect if truth.expect != "article" else f"not fetched: {truth.fetch}"
        )  # fmt: skip
        Link.objects.filter(pk=link.pk).update(state=state, reason=why, fetched_at=now)
        return
    html = fill(page_text(truth), now.date(), lambda what, which: f"https://{host}/{which}")
    page = Page(url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), html.encode(), now)
    start, _ = writer.page(page, f"link:{source.pk}")
    Link.objects.filter(pk=link.pk).update(
        state=Link.State.FETCHED, fetched_at=now, archive_file=f"{truth.site}.warc.gz", archive_offset=start
    )
    published = datetime.fromisoformat(truth.published) if truth.published else None
    filed = now - timedelta(hours=5)
    row = file_article(_article(truth, url, source.title, published), Link.objects.get(pk=link.pk), now=filed)
    if row is not None and published is None:
        Story.objects.filter(pk=row.story_id).update(dated=filed)


def _article(truth: Truth, url: str, site_name: str, published: datetime | None) -> Article:
    said = (Said(Place.JSON_LD, truth.published), Said(Place.TIME_ELEMENT, truth.published)) if truth.published else ()
    author = (Said(Place.BYLINE, truth.author),) if truth.author else ()
    sure = {"title"} | ({"date"} if published else set()) | ({"author"} if len(truth.author) % 2 else set())
    exact = Precision.TIME if truth.published and "T" in truth.published else Precision.DAY
    return Article(
        url=url, canonical_url=url, title=truth.title, text=truth.body, author=truth.author, published=published,
        precision=exact if published else None, published_from=Place.JSON_LD if published else None,
        description=truth.description, language=truth.language, site_name=site_name, paywalled=truth.paywalled,
        evidence=Evidence((Said(Place.HEADING, truth.title),), author, said, frozenset(sure)),
        word_count=len(truth.body.split()),
    )  # fmt: skip


def _label(taxonomy: Taxonomy, now: datetime) -> None:
    truths = {truth.title: truth for site in load_sites() for truth in truths_of(site["key"], now.date())}
    cues = {
        topic.key: (*topic.cues, *topic.hints, *(name for brand in topic.brands for name in brand))
        for topic in taxonomy.topics
    }
    rows = {topic.key: topic for topic in Topic.objects.all()}
    for number, story in enumerate(Story.objects.filter(lead__isnull=False).select_related("lead").order_by("pk")):
        truth, lead = truths[story.lead.title], story.lead
        topics = [key for key in truth.topics if key in rows]
        sure = {key: 0.97 - 0.07 * ((number + at) % 6) for at, key in enumerate(topics)}
        others = {key: 0.16 + 0.04 * (number % 4) for key in list(rows)[number % 7 :: 9] if key not in sure}
        why = {key: _reasons(f"{lead.title}\n{lead.text}", cues.get(key, ())) for key in topics}
        on_topic = 0.93 - 0.05 * (number % 5) if topics else 0.08
        Labelling.objects.create(
            story=story, taxonomy=taxonomy.key, model="newsroom", digest=lead.digest, on_topic=on_topic,
            doubtful=number % 9 == 4, language=lead.language, probabilities=sure | others, why=why, at=now,
        )  # fmt: skip
        if lead.language == "en":
            Tag.objects.bulk_create(Tag(story=story, topic=rows[key], by="model:newsroom") for key in topics)


def _reasons(whole: str, cues: Iterable[str]) -> list[list[object]]:
    found = []
    for cue in cues:
        for match in re.finditer(rf"\b{re.escape(cue.strip('*~'))}\w*", whole, re.IGNORECASE):
            found.append([match[0], match.start(), match.end(), 1.5])
    return found[:40]


def _readers(publication: Publication, now: datetime) -> None:
    people = (
        ("alice@reader.example", ["neurotoxins"]),
        ("ben@reader.example", []),
        ("carol@clinic.example", ["nose", "face"]),
    )
    known = set(Topic.objects.values_list("key", flat=True))
    for address, topics in people:
        wanted = [key for key in topics if key in known]
        subscribe(
            address, publication, wanted, by=BY, now=now - timedelta(days=40), how="signed up on the web, link opened"
        )
    left = subscribe(
        "dora@reader.example", publication, by=BY, now=now - timedelta(days=90), how="signed up on the web"
    )
    Subscription.objects.filter(pk=left.pk).update(state=Subscription.State.LEFT, left_at=now - timedelta(days=3))
    subscribe("erin@gone.example", publication, by=BY, now=now - timedelta(days=60), how="signed up on the web")
    suppress("erin@gone.example", "refused: 550 5.1.1 no such mailbox", by="rule:bounce", now=now - timedelta(days=7))
