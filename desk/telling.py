"""All that the story page tells of one story: its text with reasons, topics to choose from, copies, history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifier.models import Labelling, Tag, Topic
from crawler.models import Article, Event, Filing, Story
from desk.forms.seen import mark_of
from desk.highlighting import Marked, highlight
from desk.naming import called, language
from digest.models import Publication

MOST_TERMS = 8
WORTH_A_LOOK = 0.15


@dataclass(frozen=True)
class TopicChoice:
    """A topic that the story may have: the model's confidence, whether it is given, and the words that spoke for it."""

    key: str
    name: str
    definition: str
    given: bool
    confidence: float | None
    terms: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        return self.given or (self.confidence or 0.0) >= WORTH_A_LOOK


@dataclass(frozen=True)
class Facet:
    """Topics of one facet: those given or worth a look first, the rest folded away."""

    name: str
    topics: tuple[TopicChoice, ...]

    @property
    def likely(self) -> list[TopicChoice]:
        return [topic for topic in self.topics if topic.is_likely]

    @property
    def rest(self) -> list[TopicChoice]:
        return [topic for topic in self.topics if not topic.is_likely]


@dataclass(frozen=True)
class Copy:
    """One article of the story and why it stands here."""

    article: Article
    host: str
    leads: bool
    relation: str
    why: str
    by: str


def marked_text(lead: Article, label: Labelling | None) -> Marked:
    """The lead with the words that spoke for its topics, where the label was made of this very text."""
    why = label.why if label is not None and label.digest == lead.digest else {}
    return highlight(lead.title, lead.text, why)


def facets(story: Story, publication: Publication, label: Labelling | None) -> list[Facet]:
    """All topics of the taxonomy by facet, in its order."""
    given = set(Tag.objects.filter(story=story, topic__taxonomy=publication.taxonomy).values_list("topic", flat=True))
    found: dict[str, list[TopicChoice]] = {}
    for topic in Topic.objects.filter(taxonomy=publication.taxonomy, retired_at=None):
        found.setdefault(topic.facet_called(language()), []).append(_choice(topic, topic.pk in given, label))
    return [Facet(name, tuple(topics)) for name, topics in found.items()]


def topics_mark(given: Iterable[tuple[str, str]]) -> str:
    """A mark of a story's topics and who gave each; another one means that somebody has settled them anew."""
    return mark_of(sorted(given))


def topics_given(story: Story, taxonomy: str) -> Iterable[tuple[str, str]]:
    """Each topic of a story with who gave it."""
    return Tag.objects.filter(story=story, topic__taxonomy=taxonomy).values_list("topic__key", "by")


def _choice(topic: Topic, given: bool, label: Labelling | None) -> TopicChoice:
    reasons = label.why.get(topic.key, ()) if label else ()
    by_weight = sorted((reason for reason in reasons if reason[3] > 0), key=lambda one: -one[3])
    terms = tuple(dict.fromkeys(str(reason[0]) for reason in by_weight))[:MOST_TERMS]
    sure = label.probabilities.get(topic.key) if label else None
    return TopicChoice(topic.key, called(topic), topic.definition, given, sure, terms)


def copies(story: Story) -> list[Copy]:
    """The current articles of a story, its lead first, each with its newest filing."""
    articles = list(story.articles.filter(current=True).select_related("link").order_by("taken_at", "pk"))
    filings: dict[int, Filing] = {}
    for filing in Filing.objects.filter(article__in=articles).order_by("at", "pk"):
        filings[filing.article_id] = filing
    rows = [_copy(article, story, filings.get(article.pk)) for article in articles]
    return sorted(rows, key=lambda one: not one.leads)


def _copy(article: Article, story: Story, filing: Filing | None) -> Copy:
    host = article.link.site_id
    leads = article.pk == story.lead_id
    if filing is None:
        return Copy(article, host, leads, "", "", "")
    return Copy(article, host, leads, filing.relation, filing.why, filing.by)


def history(story: Story) -> Sequence[Event]:
    """What was done to a story, newest first."""
    return list(
        Event.objects.filter(kind="story", key=story.key).prefetch_related("undone_by").order_by("-at", "-pk")[:20]
    )
