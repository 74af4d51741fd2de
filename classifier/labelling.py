"""Stories -> Labels: label what is due, read its signals, and take an editor's word over the model's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from classifier import models
from classifier.errors import ClassifierError
from classifier.judgement import Judgement, Text
from classifier.pack import words_of
from classifier.promotion import Piece
from classifier.registry import working_champion
from classifier.signals import read_signals
from classifier.topicmodel import TopicModel
from crawler.events import record
from crawler.models import Event, Sighting, Story
from crawler.stopping import Stop, never
from crawler.stories import living

BATCH = 200


def label_due(taxonomy: str, *, now: datetime, most: int = 100_000, stop: Stop = never) -> int:
    """Judge every story whose lead, or whose model, is another than at its last labelling, until `stop`; how many."""
    model, words, done = working_champion(taxonomy, now=now), words_of(taxonomy), 0
    while done < most and not stop():
        stories = list(due(taxonomy, model.id)[: min(BATCH, most - done)])
        if not stories:
            break
        leads = [story.lead for story in stories if story.lead]
        texts = [Text(story.key, lead.title, lead.text) for story, lead in zip(stories, leads, strict=True)]
        signals = [read_signals(piece, words).to_data() for piece in pieces_of(stories)]
        for story, judgement, signs in zip(stories, model.judge(texts), signals, strict=True):
            _keep(story, judgement, signs, model, now)
        done += len(stories)
    return done


def due(taxonomy: str, model: str) -> QuerySet[Story]:
    """Stories without a labelling by this model of their lead as it is now, or one from before signals were read."""
    fresh = models.Labelling.objects.filter(taxonomy=taxonomy, model=model, digest=F("story__lead__digest"))
    fresh = fresh.exclude(signals={})
    living_ = Story.objects.filter(merged_into=None, lead__isnull=False)
    return living_.exclude(pk__in=fresh.values("story")).select_related("lead").order_by("pk")


def pieces_of(stories: Sequence[Story]) -> list[Piece]:
    """What signals are read from: each story's lead, with the tags of every source that named it or a copy of it."""
    rows = Sighting.objects.filter(link__articles__story__in=stories).order_by("seen_at", "pk")
    tags: dict[int, set[str]] = {}
    titles: dict[str, str] = {}
    for story, link, said, title in rows.values_list("link__articles__story", "link", "source__tags", "source__title"):
        tags.setdefault(story, set()).update(said)
        titles.setdefault(link, title)
    return [
        Piece(
            title=lead.title,
            text=lead.text,
            url=lead.url,
            site=lead.site_name or titles.get(lead.link_id, ""),
            author=lead.author,
            tags=frozenset(tags.get(story.pk, ())),
        )
        for story in stories
        if (lead := story.lead)
    ]


@transaction.atomic
def retag(key: str, topics: Sequence[str], taxonomy: str, *, by: str, now: datetime) -> Story:
    """An editor settles a story's topics; its Event is a training example, and no model overwrites it."""
    story = living(key)
    rows = list(models.Topic.objects.filter(taxonomy=taxonomy, key__in=topics, retired_at=None))
    unknown = set(topics) - {row.key for row in rows}
    if unknown:
        raise ClassifierError("no such topic", ", ".join(sorted(unknown)))
    before = sorted(
        models.Tag.objects.filter(story=story, topic__taxonomy=taxonomy).values_list("topic__key", flat=True)
    )
    # First of all: a labelling that is under way waits here, sees the editor's word and leaves the tags alone.
    labelling, _ = models.Labelling.objects.get_or_create(
        story=story, taxonomy=taxonomy, defaults=_unjudged(bool(rows), now)
    )
    models.Labelling.objects.filter(pk=labelling.pk).update(decided_by=by, doubtful=False)
    _set_tags(story, rows, taxonomy, by)
    said = {"topics": before, "model": labelling.model, "taxonomy": taxonomy, "decided_by": labelling.decided_by}
    record("retag", "story", story.key, by=by, now=now, before=said, after={"topics": sorted(topics)})
    return story


@transaction.atomic
def undo_retag(event: Event, *, by: str, now: datetime) -> Story:
    """The topics as before; where no editor had settled them before, the story is the model's again."""
    taxonomy, model = event.before["taxonomy"], event.before["model"]
    story = retag(event.key, event.before["topics"], taxonomy, by=by, now=now)
    if _was_settled(event):
        return story
    labelling = models.Labelling.objects.filter(story=story, taxonomy=taxonomy)
    if model and labelling.filter(model=model).update(decided_by=""):
        models.Tag.objects.filter(story=story, topic__taxonomy=taxonomy).update(by=f"model:{model}")
    else:  # no model had judged then, or another has since: the story is due again
        labelling.delete()
    return story


def _was_settled(event: Event) -> bool:
    """Whether an editor had settled the topics before this correction; older events do not say, so history does."""
    if "decided_by" in event.before:
        return bool(event.before["decided_by"])
    return Event.objects.filter(verb="retag", kind="story", key=event.key, pk__lt=event.pk).exists()


def _unjudged(on_topic: bool, now: datetime) -> dict[str, Any]:
    """A labelling that only keeps an editor's word until a model judges: it names none, so the story stays due."""
    return {"model": "", "digest": "", "on_topic": 1.0 if on_topic else 0.5, "doubtful": False, "at": now}


@transaction.atomic
def _keep(story: Story, judgement: Judgement, signals: dict[str, Any], model: TopicModel, now: datetime) -> None:
    assert story.lead is not None
    taxonomy = model.taxonomy.key
    labelling, _ = models.Labelling.objects.update_or_create(
        story=story,
        taxonomy=taxonomy,
        defaults={
            "model": model.id,
            "digest": story.lead.digest,
            "on_topic": judgement.on_topic,
            "doubtful": judgement.doubtful,
            "language": judgement.language,
            "probabilities": judgement.probabilities,
            "why": _why(judgement),
            "signals": signals,
            "at": now,
        },
    )
    if labelling.decided_by:
        models.Labelling.objects.filter(pk=labelling.pk).update(doubtful=False)
        return
    rows = models.Topic.objects.filter(taxonomy=taxonomy, key__in=judgement.topics)
    _set_tags(story, list(rows), taxonomy, f"model:{model.id}")


def _set_tags(story: Story, topics: list[models.Topic], taxonomy: str, by: str) -> None:
    old = Q(story=story, topic__taxonomy=taxonomy)
    models.Tag.objects.filter(old).exclude(topic__in=topics).delete()
    models.Tag.objects.bulk_create(
        [models.Tag(story=story, topic=topic, by=by) for topic in topics], ignore_conflicts=True
    )


def _why(judgement: Judgement) -> dict[str, list[list[Any]]]:
    """Reasons by topic as (term, start, end, weight)."""
    return {
        key: [[reason.term, reason.start, reason.end, round(reason.weight, 3)] for reason in reasons]
        for key, reasons in judgement.why.items()
    }
