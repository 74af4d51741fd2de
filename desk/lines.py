"""The lines of the queue: what an editor must know of each story to decide, read for a page at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from classifier.models import Labelling, Tag
from classifier.signals import Signals, of_data
from crawler.models import Article, Sighting, Story
from desk.naming import called
from digest.candidates import SAFETY_TAG, USED
from digest.models import Choice, Edition, Placement, Publication
from digest.suggest import Candidate, reason

SNIPPET = 240


@dataclass(frozen=True)
class TopicSaid:
    """A topic of a story, how sure the model was of it (None: it did not say), and who decided."""

    key: str
    name: str
    confidence: float | None
    by: str

    @property
    def by_hand(self) -> bool:
        return not self.by.startswith("model:")


@dataclass(frozen=True)
class Line:
    """One story as the queue shows it."""

    story: Story
    lead: Article
    snippet: str
    source: str
    copies: int
    topics: tuple[TopicSaid, ...]
    label: Labelling | None
    safety: bool
    why: str
    choice: Choice | None
    draft: Placement | None
    used: Edition | None

    @property
    def signals(self) -> Signals:
        """What its text says beside its topics."""
        return of_data(self.label.signals if self.label else {})

    @property
    def title_sure(self) -> bool:
        """Whether two places of the page agree on the title, or a person has confirmed it."""
        return "title" in self.lead.evidence.get("sure", ())

    @property
    def state(self) -> str:
        """Picked, dismissed, snoozed, or nothing decided."""
        return str(self.choice.state) if self.choice else ""


def lines_of(stories: Sequence[Story], publication: Publication, now: datetime) -> list[Line]:
    """The stories with all that belongs to them, in six queries whatever their number."""
    facts = _Facts(stories, publication)
    return [_line(story, story.lead, facts, now) for story in stories if story.lead is not None]


class _Facts:
    """What is known of these stories, by story."""

    def __init__(self, stories: Sequence[Story], publication: Publication) -> None:
        keys = [story.pk for story in stories]
        labels = Labelling.objects.filter(story__in=keys, taxonomy=publication.taxonomy).defer("why")
        self.labels = {one.story_id: one for one in labels}
        self.tags: dict[int, list[Tag]] = {}
        tags = Tag.objects.filter(story__in=keys, topic__taxonomy=publication.taxonomy)
        for tag in tags.select_related("topic").order_by("topic__position"):
            self.tags.setdefault(tag.story_id, []).append(tag)
        choices = Choice.objects.filter(story__in=keys, publication=publication)
        self.choices = {one.story_id: one for one in choices}
        self.drafted: dict[int, Placement] = {}
        self.used: dict[int, Edition] = {}
        for place in Placement.objects.filter(story__in=keys, edition__publication=publication).select_related(
            "edition"
        ):
            if place.edition.state == Edition.State.DRAFT:
                self.drafted[place.story_id or 0] = place
            elif place.edition.state in USED:
                self.used[place.story_id or 0] = place.edition
        self._sources(keys)

    def _sources(self, keys: list[int]) -> None:
        self.copies: dict[int, set[int]] = {}
        self.titles: dict[str, str] = {}
        self.trust: dict[int, float] = {}
        self.safety: set[int] = set()
        links: dict[str, int] = {}
        for pk, story, link in Article.objects.filter(story__in=keys, current=True).values_list("pk", "story", "link"):
            self.copies.setdefault(story, set()).add(pk)
            links[link] = story
        seen = Sighting.objects.filter(link__articles__story__in=keys, link__articles__current=True)
        rows = seen.values_list("link", "source__title", "source__trust", "source__tags").distinct()
        for link, title, trust, tags in rows:
            story = links[link]
            self.titles.setdefault(link, title)
            self.trust[story] = max(trust, self.trust.get(story, 0.0))
            if SAFETY_TAG in tags:
                self.safety.add(story)


def _line(story: Story, lead: Article, facts: _Facts, now: datetime) -> Line:
    label, choice = facts.labels.get(story.pk), facts.choices.get(story.pk)
    topics = topics_said(facts.tags.get(story.pk, []), label)
    draft = facts.drafted.get(story.pk)
    return Line(
        story=story,
        lead=lead,
        snippet=_snippet(lead),
        source=lead.site_name or facts.titles.get(lead.link_id, "") or _host(lead.url),
        copies=len(facts.copies.get(story.pk, ())),
        topics=topics,
        label=label,
        safety=story.pk in facts.safety,
        why=draft.why if draft and draft.why else _why(story, topics, label, choice, facts, now),
        choice=choice if choice and not _over(choice, now) else None,
        draft=draft,
        used=facts.used.get(story.pk),
    )


def topics_said(tags: Sequence[Tag], label: Labelling | None) -> tuple[TopicSaid, ...]:
    """Decided topics with the model's confidence in each."""
    sure = label.probabilities if label else {}
    return tuple(TopicSaid(tag.topic.key, called(tag.topic), sure.get(tag.topic.key), tag.by) for tag in tags)


def _why(
    story: Story,
    topics: tuple[TopicSaid, ...],
    label: Labelling | None,
    choice: Choice | None,
    facts: _Facts,
    now: datetime,
) -> str:
    safety = story.pk in facts.safety
    if not (label and label.model) and not safety:
        return translation.gettext("not judged yet")
    candidate = Candidate(
        key=story.key,
        topics=tuple(topic.key for topic in topics),
        on_topic=label.on_topic if label else 0.0,
        doubtful=label.doubtful if label else False,
        dated=None if story.undated else story.dated,
        copies=len(facts.copies.get(story.pk, ())),
        trust=facts.trust.get(story.pk, 0.5),
        safety=safety,
        picked=bool(choice and choice.state == Choice.State.PICKED),
    )
    return reason(candidate, now, translation)


def _over(choice: Choice, now: datetime) -> bool:
    return choice.state == Choice.State.SNOOZED and bool(choice.until and choice.until <= now)


def _snippet(lead: Article) -> str:
    """The publisher's description, else how the text begins."""
    said = " ".join((lead.description or lead.text[: SNIPPET * 2]).split())
    return said if len(said) <= SNIPPET else said[:SNIPPET].rsplit(" ", 1)[0] + " …"


def _host(url: str) -> str:
    return url.split("/")[2] if url.count("/") >= 2 else url[:60]
