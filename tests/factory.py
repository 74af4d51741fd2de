"""Plain make_* functions for rows: the newsletter `brow`, its reader alice, stories of our own writing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from classifier.models import Tag, Topic
from crawler.models import Article, Link, Sighting, Site, Source, Story
from crawler.rows import digest_of
from crawler.urls import link_key
from digest.approving import approve
from digest.drafting import append
from digest.models import Edition, Publication, Subscription
from digest.publishing import add_publication
from digest.subscribing import subscribe

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
_COUNT = count(1)
TEXT = (
    "The clinic followed 212 people for a year. Most were content with the result of the small operation. "
    "Swelling went down within three weeks, and two people needed a second visit. "
    "The surgeons say that the method needs a longer look before anyone calls it better."
)


def make_publication(slug: str = "brow", **fields: Any) -> Publication:
    name = fields.pop("name", "The Brow")
    return add_publication(slug, name, "news@brow.example", "1 Paper Lane, Leeds", by="test", now=NOW, **fields)


def make_topic(key: str = "nose", name: str = "", facet: str = "subject", taxonomy: str = "aesthetics") -> Topic:
    found = Topic.objects.filter(key=key, taxonomy=taxonomy).first()
    return found or Topic.objects.create(
        key=key, taxonomy=taxonomy, facet=facet, name=name or key.capitalize(), position=Topic.objects.count()
    )


def make_source(url: str = "https://paper.example/feed", **fields: Any) -> Source:
    site = Site.objects.get_or_create(host=fields.pop("host", "paper.example"))[0]
    defaults = {"site": site, "kind": Source.Kind.FEED, "title": "The Paper", **fields}
    return Source.objects.get_or_create(url=url, defaults=defaults)[0]


def make_story(title: str = "", topics: Sequence[str] = (), source: Source | None = None, **fields: Any) -> Story:
    """A story with one article; `fields` are the article's. Its topics are decided and sure."""
    number = next(_COUNT)
    title = title or f"A small operation, told for the {number}th time"
    source = source or make_source()
    url = fields.pop("url", f"https://paper.example/{number}")
    text = fields.pop("text", TEXT)
    day = fields.pop("published_day", date(2026, 11, 12))
    link = Link.objects.create(
        key=link_key(f"{url}#{number}"), url=url, site=source.site, found_at=NOW, state=Link.State.FETCHED
    )
    Sighting.objects.create(source=source, link=link, title=title[:500], seen_at=NOW)
    story = Story.objects.create(dated=NOW - timedelta(days=4), undated=day is None, filed_at=NOW - timedelta(days=3))
    values = {
        "language": "en",
        "site_name": "The Paper",
        "evidence": {"sure": ["title", "date", "author"]},
        "published_at": NOW - timedelta(days=4) if day else None,
        "word_count": len(text.split()),
        **fields,
    }
    story.lead = Article.objects.create(
        link=link,
        story=story,
        url=url,
        title=title,
        text=text,
        published_day=day,
        digest=digest_of(title, text),
        taken_at=NOW,
        **values,
    )
    story.save()
    for key in topics:
        Tag.objects.create(story=story, topic=make_topic(key), by="test")
    return story


def make_edition(publication: Publication, stories: Sequence[Story] = (), **fields: Any) -> Edition:
    """A draft with these stories, in order."""
    taken = Edition.objects.filter(publication=publication).count()
    values = {
        "number": taken + 1,
        "opens_at": NOW - timedelta(days=7),
        "closes_at": NOW,
        "send_at": NOW,
        "made_at": NOW - timedelta(days=4),
        **fields,
    }
    edition = Edition.objects.create(publication=publication, **values)
    for story in stories:
        append(edition, story, why="test", by="test")
    return edition


def make_sent_edition(publication: Publication, stories: Sequence[Story] = (), **fields: Any) -> Edition:
    """An edition that was approved and sent to whoever was subscribed."""
    edition = make_edition(publication, stories, **fields)
    approve(edition, by="test", now=NOW)
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.SENT, sent_at=edition.send_at)
    edition.refresh_from_db()
    return edition


def make_reader(
    publication: Publication, address: str = "alice@reader.example", topics: Sequence[str] = (), **more: Any
) -> Subscription:
    for key in topics:
        make_topic(key)
    return subscribe(address, publication, topics, by="test", now=NOW, how="a test", **more)
