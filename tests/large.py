"""Ten thousand stories, a year of issues and 5,000 readers, and every page that shows them.

The test that no page is slow and `make bench-desk` fill and ask alike: both import this, once Django is set up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from classifier.models import Labelling, Tag
from crawler.models import Article, Link, Sighting, Story
from desk.queue import Lane
from desk.source_keys import key_of
from digest.drafting import draft
from digest.links import sign
from digest.models import Choice, Delivery, Edition, Placement, Publication, SignUp, Subscriber, Subscription
from digest.preferences import preferences_link
from digest.signup import KIND as CONFIRM
from tests.factory import TEXT, make_publication, make_sent_edition, make_source, make_topic
from tests.test_permissions import TABLE as DESK
from tests.test_permissions import address as desk_address
from tests.test_permissions_public import TABLE as PUBLIC
from tests.test_permissions_public import address as public_address

STORIES, ISSUES = 10_000, 52
# A file of all readers is written once in a while and is no page.
FILES = {"people-export"}
DAYS = timedelta(days=3)
MOST_QUERIES, MOST_SECONDS = 20, 0.3
QUEUE = "/desk/brow/queue"


@dataclass(frozen=True)
class Asked:
    """A page asked several times: the last status and number of queries, and the seconds of each time."""

    name: str
    status: int
    queries: int
    seconds: list[float]

    @property
    def opened(self) -> bool:
        """The desk's home leads on to a newsletter."""
        return self.status == 200 or (self.name, self.status) == ("home", 302)


def fill(now: datetime) -> None:
    """Half a year of stories of 30 sources with texts of 450 words, labels, topics, choices and readers, seeded."""
    chance = random.Random(20261120)
    publication = make_publication()
    stories = fill_stories(now)
    fill_judgements(stories, chance, now)
    states = ["dismissed"] * 120 + ["snoozed"] * 10 + ["picked"]
    Choice.objects.bulk_create(
        Choice(story=story, publication=publication, state=chance.choice(states), by="t", at=now, until=now + DAYS)
        for story in stories[60:6000]
    )
    for number in range(ISSUES):
        edition = make_sent_edition(publication, stories[7000 + 15 * number : 7015 + 15 * number])
    make_sent_edition(publication, stories[7000:7015], cadence="monthly", number=30)
    fill_readers(publication, edition, now)
    draft(publication, by="t", now=now)
    # What a server does by itself within minutes: the planner must know how large the tables are.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def fill_stories(now: datetime) -> list[Story]:
    """One article each, half an hour apart."""
    sources = [make_source(f"https://s{n}.example/feed", host=f"s{n}.example", title=f"Source {n}") for n in range(30)]
    times = [now - timedelta(minutes=26 * n) for n in range(STORIES)]
    stories = Story.objects.bulk_create(Story(dated=time, filed_at=time) for time in times)
    links = Link.objects.bulk_create(
        Link(
            key=f"{n:064d}",
            url=f"https://s{n % 30}.example/{n}",
            site=sources[n % 30].site,
            found_at=now,
            state="fetched",
        )
        for n in range(STORIES)
    )
    articles = Article.objects.bulk_create(
        Article(
            link=link, story=story, url=link.url, title=f"Story {n} of the nose", text=f"{TEXT * 9} word{n}",
            taken_at=now, digest=str(n), published_day=story.dated.date(), published_at=story.dated, language="en",
            site_name="Paper",
        )
        for n, (link, story) in enumerate(zip(links, stories, strict=True))
    )  # fmt: skip
    for story, article in zip(stories, articles, strict=True):
        story.lead = article
    Story.objects.bulk_update(stories, ["lead"], batch_size=500)
    Sighting.objects.bulk_create(
        Sighting(source=sources[n % 30], link=link, seen_at=now) for n, link in enumerate(links)
    )
    return stories


def fill_judgements(stories: list[Story], chance: random.Random, now: datetime) -> None:
    """What a model thought of each story, and one topic each of sixteen."""
    topics = [make_topic(f"topic{n}") for n in range(16)]
    Labelling.objects.bulk_create(
        Labelling(
            story=story, taxonomy="aesthetics", model="m", digest=str(n), on_topic=chance.random(), at=now,
            doubtful=chance.random() < 0.01, language="en" if chance.random() < 0.98 else "de",
            probabilities={topic.key: chance.random() for topic in topics},
        )
        for n, story in enumerate(stories)
    )  # fmt: skip
    Tag.objects.bulk_create(Tag(story=story, topic=chance.choice(topics), by="model:m") for story in stories)


def fill_readers(publication: Publication, edition: Edition, now: datetime) -> None:
    """Five thousand who take the newsletter and were mailed the last issue."""
    people = Subscriber.objects.bulk_create(
        Subscriber(address=f"reader{n}@reader.example", address_hash=f"{n:064d}", added_at=now) for n in range(5_000)
    )
    Subscription.objects.bulk_create(
        Subscription(subscriber=person, publication=publication, state="active", since=now) for person in people
    )
    Delivery.objects.bulk_create(Delivery(edition=edition, subscriber=person, state="accepted") for person in people)


def addresses() -> dict[str, str]:
    """Each page that can be read, by its name in the two tables of addresses."""
    story, used = Story.objects.order_by("-pk")[40], Placement.objects.filter(edition__state="sent").first().story
    person, now = Subscriber.objects.first(), timezone.now()
    reader = person.subscriptions.get()
    asked = SignUp.objects.create(publication=reader.publication, address="ben@reader.example", at=now)
    desk = {"slug": "brow", "which": "weekly-53", "token": person.token, "key": story.key}
    source, confirming = key_of("https://s3.example/feed"), sign(CONFIRM, asked.token, now)
    public = {"slug": "brow", "number": 30, "key": "topic3", "token": reader.token, "story": used.key}
    signed = {"signed": preferences_link(reader, now).rpartition("/")[2], "confirming": confirming}
    return {
        **{name: desk_address(name, {**desk, "source": source}) for name, rule in DESK.items() if rule.post is None},
        **{f"public {name}": public_address(name, {**public, **signed}) for name in PUBLIC},
    }


def views() -> list[str]:
    """The queue's lanes, filters, search and depth, and lists turned far."""
    deep, source = Story.objects.order_by("dated")[200], key_of("https://s3.example/feed")
    return [
        *(f"{QUEUE}?lane={lane}" for lane in Lane),
        f"{QUEUE}?topic=topic3",
        f"{QUEUE}?source={source}",
        f"{QUEUE}?lane=all&before={deep.dated:%Y-%m-%dT%H:%M:%S}%2B00:00~{deep.key}",
        f"{QUEUE}?lane=all&q=word9321",
        f"{QUEUE}?lane=all&q=nowhere+to+be+found",
        f"{QUEUE}?lane=all&q=nose&topic=topic3&source={source}",
        "/desk/brow/editions/weekly-1",
        "/desk/brow/editions/weekly-53/preview?look=text",
        "/desk/subscribers?q=reader4999&publication=brow&state=active",
        "/brow/?page=3",
        "/brow/topics/topic3?page=2",
        "/brow/topics/topic3?page=400",
    ]


def pages() -> dict[str, str]:
    """Every address to ask, by name; a view's name is its address."""
    return {**addresses(), **{one: one for one in views()}}


def ask(client: Client, name: str, address: str, times: int) -> Asked:
    """In this process, with no server or network between."""
    seconds = []
    for _ in range(times):
        start = perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        seconds.append(perf_counter() - start)
    return Asked(name, answer.status_code, len(queries), seconds)
