"""The whole way, shown: a newsroom on the loopback is crawled, filed, labelled, drafted, approved and mailed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from django.conf import settings

from crawler.crawling import CrawlCount, crawl
from crawler.models import Article, Link, Source, Story
from crawler.sources import add_source
from desk.demo.server import ServedNewsroom
from desk.running import crawl_plan, label_all, send_all
from digest.approving import approve
from digest.drafting import current_draft, draft
from digest.models import Edition, Publication, Subscriber
from digest.publishing import add_publication
from digest.sending import SendCount
from digest.subscribing import subscribe

BY = "demo"
Clock = Callable[[], datetime]
Tell = Callable[[str], None]

PUBLICATIONS = (
    {
        "slug": "glabella-weekly",
        "name": "Glabella Weekly",
        "tagline": "Plastic surgery and Botox news without the noise",
        "from_address": "weekly@glabella.example",
        "postal_address": "Glabella, 1 Example Row, London EC1A 1AA",
    },
    {
        "slug": "injectors-letter",
        "name": "The Injector's Letter",
        "tagline": "Studies, safety and technique for those who treat",
        "from_address": "letter@glabella.example",
        "postal_address": "Glabella, 1 Example Row, London EC1A 1AA",
        "accent": "#1f5f6b",
        "audience": "professional",
        "source_tags": ("journal", "releases", "safety"),
        "items": 10,
    },
)
# Three readers: one of subjects, one of subjects and an angle (and of both letters), one of angles over all subjects.
# The names of topics are data of the demo.
READERS = (
    ("rosa@reader.example", "Rosa Lindt", {"glabella-weekly": ("toxin", "fillers", "eyes", "face")}),
    (
        "dr.hale@clinic.example",
        "Dr Amara Hale",
        {"glabella-weekly": ("reconstructive", "breast", "research"), "injectors-letter": ()},
    ),
    ("tom@trade.example", "Tom Okafor", {"glabella-weekly": ("industry", "practice")}),
)


@dataclass
class Stage:
    """One line of the table at the end."""

    name: str
    what: str
    seconds: float


@dataclass
class Shown:
    """What the demo did, stage by stage."""

    stages: list[Stage] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    mails: int = 0


def run_demo(clock: Clock, tell: Tell, newsroom: ServedNewsroom) -> Shown:
    """Every stage on the demo newsroom; a second run on the same home finds nothing new and mails nobody twice."""
    shown = Shown()
    _stage(shown, "newsroom", tell, lambda: _add_sources(newsroom, clock))
    _stage(shown, "crawl, extract, file", tell, lambda: _crawl(clock))
    _stage(shown, "stories", tell, _filed)
    _stage(shown, "label", tell, lambda: _label(clock))
    _stage(shown, "publications", tell, lambda: _set_up_readers(clock))
    _stage(shown, "draft and approve", tell, lambda: _edit(clock))
    _stage(shown, "send", tell, lambda: _send(clock, shown))
    shown.refused = Counter(
        Link.objects.exclude(state=Link.State.FETCHED).exclude(reason="").values_list("reason", flat=True)
    )
    return shown


def _stage(shown: Shown, name: str, tell: Tell, work: Callable[[], str]) -> None:
    tell(name)
    start = monotonic()
    what = work()
    shown.stages.append(Stage(name, what, monotonic() - start))


def _add_sources(newsroom: ServedNewsroom, clock: Clock) -> str:
    for site in newsroom:
        for source in site.sources:
            add_source(source.url, source.kind, by=BY, now=clock(), title=site.title, tags=site.tags)
    return f"{Source.objects.count()} sources on {len(newsroom)} sites, {len(newsroom.newsroom.pages)} pages"


def _crawl(clock: Clock) -> str:
    count: CrawlCount = crawl(crawl_plan(), clock=clock, sources=list(Source.objects.exclude(kind="import")))
    fetched = sum(number for word, number in count.outcomes.items() if word not in ("source", "robots", "found"))
    states = Counter(Link.objects.values_list("state", flat=True))
    found = sum(states.values())
    new = count.outcomes["article"]
    said = ", ".join(f"{states[state]} {state}" for state in ("fetched", "refused", "gone", "found") if states[state])
    return f"{found} links found, {fetched} answered now, {new} new articles ({said})"


def _filed() -> str:
    articles, stories = Article.objects.filter(current=True).count(), Story.objects.filter(merged_into=None).count()
    undated = Story.objects.filter(undated=True).count()
    return f"{articles} articles in {stories} stories ({articles - stories} copies joined, {undated} undated)"


def _label(clock: Clock) -> str:
    done = label_all(clock)
    on_topic = Story.objects.filter(labellings__on_topic__gte=0.5).count()
    doubtful = Story.objects.filter(labellings__doubtful=True).count()
    tagged = Counter(Story.objects.values_list("tags__topic__key", flat=True))
    tagged.pop(None, None)
    return f"{done} labelled; {on_topic} on topic, {doubtful} doubtful, {len(tagged)} topics in use"


def _set_up_readers(clock: Clock) -> str:
    for row in PUBLICATIONS:
        if not Publication.objects.filter(slug=row["slug"]).exists():
            add_publication(**row, by=BY, now=clock())  # type: ignore[arg-type]
    for address, name, wishes in READERS:
        for slug, topics in wishes.items():
            publication = Publication.objects.get(slug=slug)
            known = publication.subscriptions.filter(subscriber__address=address).exists()
            if not known:
                subscribe(address, publication, topics, by=BY, now=clock(), how="the demo's reader", name=name)
    return f"{Publication.objects.count()} publications, {Subscriber.objects.count()} subscribers"


def _edit(clock: Clock) -> str:
    said = []
    for publication in Publication.objects.order_by("slug"):
        if current_draft(publication) is None and _sent_this_week(publication, clock()):
            said.append(f"{publication.name}: this week's is out already")
            continue
        edition = draft(publication, by=BY, now=clock())
        places = edition.placements.count()
        if not places:
            said.append(f"{publication.name}: nothing new")
            continue
        approve(edition, by=BY, now=clock(), send_at=clock())
        said.append(f"{edition}: {places} items")
    return "; ".join(said)


def _sent_this_week(publication: Publication, now: datetime) -> bool:
    last = Edition.objects.filter(publication=publication, state=Edition.State.SENT).order_by("-number").first()
    return last is not None and last.sent_at is not None and (now - last.sent_at).days < 7


def _send(clock: Clock, shown: Shown) -> str:
    count: SendCount = send_all(clock)
    shown.mails = count.states["accepted"]
    if not count.states:
        return "nobody is mailed twice: nothing is due"
    states = ", ".join(f"{number} {state}" for state, number in sorted(count.states.items()))
    return f"{states} into {settings.OUTBOX.name}/"
