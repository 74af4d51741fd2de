"""The topics of the database, which is the truth: loaded by key from a pack, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from classifier import models
from classifier.errors import ClassifierError
from classifier.taxonomy import Taxonomy, Topic
from crawler.events import record
from crawler.lengths import must_fit


@dataclass(frozen=True)
class Difference:
    """One thing that a load found: new, changed, retired, or only in the database."""

    key: str
    what: str


@transaction.atomic
def load_topics(taxonomy: Taxonomy, *, by: str, now: datetime) -> list[Difference]:
    """Upsert by key and say what differs. A topic that the pack no longer has stays as it is.

    ClassifierError where a key or a name is longer than a row holds.
    """
    for topic in taxonomy.topics:
        _must_fit(topic, taxonomy)
    rows = {row.key: row for row in models.Topic.objects.filter(taxonomy=taxonomy.key)}
    found = []
    for position, topic in enumerate(taxonomy.topics):
        difference = _upsert(rows.pop(topic.key, None), topic, taxonomy, position, now)
        if difference:
            found.append(Difference(topic.key, difference))
    found += [Difference(key, "only in the database") for key in rows]
    if found:
        said = {one.key: one.what for one in found}
        record("load topics", "taxonomy", taxonomy.key, by=by, now=now, after=said)
    return found


def known_by(topic: Topic) -> dict[str, Any]:
    """The words by which a topic may be known, as JSON."""
    return {
        "cues": list(topic.cues),
        "hints": list(topic.hints),
        "brands": [list(pair) for pair in topic.brands],
        "mesh": list(topic.mesh),
        "needs": topic.needs,
    }


def wanted_taxonomy(base: Taxonomy) -> Taxonomy:
    """The taxonomy as the database has it now, around what a model knows of language and field."""
    rows = models.Topic.objects.filter(taxonomy=base.key).order_by("position")
    topics = tuple(_topic(row) for row in rows)
    return replace(base, topics=topics) if topics else base


@transaction.atomic
def rename(key: str, name: str, taxonomy: str, *, by: str, now: datetime) -> models.Topic:
    """Another name for readers; the key stays, and a later load does not take the name back.

    It holds in every language: what the pack calls the topic elsewhere translates the name that was given up.
    ClassifierError where the name is none, or longer than a row holds.
    """
    topic = topic_named(key, taxonomy)
    if not name.strip():
        raise ClassifierError("a topic needs a name", key)
    must_fit(models.Topic, ClassifierError, name=name)
    before, topic.name, topic.names = topic.name, name, {}
    topic.kept = sorted({*topic.kept, "name", "names"})
    topic.save(update_fields=["name", "names", "kept"])
    record("rename topic", "topic", key, by=by, now=now, before={"name": before}, after={"name": name})
    return topic


@transaction.atomic
def retire(key: str, successors: Sequence[str], taxonomy: str, *, by: str, now: datetime) -> models.Topic:
    """Give a topic up for others: one successor is a merge, several a split. Stories and readers' choices follow.

    After a split the stories are judged anew, but for those that an editor settled.
    """
    topic = topic_named(key, taxonomy)
    heirs = [topic_named(heir, taxonomy) for heir in successors]
    if not heirs or topic in heirs or any(heir.retired_at for heir in heirs):
        raise ClassifierError("a topic is retired for other, living topics", key, ", ".join(successors))
    topic.successors, topic.retired_at = [heir.key for heir in heirs], now
    topic.kept = sorted({*topic.kept, "successors"})
    topic.save(update_fields=["successors", "retired_at", "kept"])
    _hand_over(topic, heirs)
    record("retire topic", "topic", key, by=by, now=now, after={"successors": topic.successors})
    return topic


def topic_named(key: str, taxonomy: str) -> models.Topic:
    """The topic of this key. ClassifierError where there is none."""
    found = models.Topic.objects.filter(taxonomy=taxonomy, key=key).first()
    if found is None:
        raise ClassifierError("no such topic", key)
    return found


def _hand_over(topic: models.Topic, heirs: list[models.Topic]) -> None:
    if len(heirs) == 1:
        stories = topic.tags.values_list("story", "by")
        models.Tag.objects.bulk_create(
            [models.Tag(story_id=story, topic=heirs[0], by=by) for story, by in stories], ignore_conflicts=True
        )
    else:
        undecided = models.Labelling.objects.filter(taxonomy=topic.taxonomy, decided_by="")
        undecided.filter(story__tags__topic=topic).delete()
    topic.tags.all().delete()


def _topic(row: models.Topic) -> Topic:
    words = row.known_by
    return Topic(
        key=row.key,
        facet=row.facet,
        name=row.name,
        definition=row.definition,
        cues=tuple(words.get("cues", ())),
        hints=tuple(words.get("hints", ())),
        brands=tuple((brand, generic) for brand, generic in words.get("brands", ())),
        mesh=tuple(words.get("mesh", ())),
        needs=words.get("needs", ""),
        successors=tuple(row.successors),
    )


def _must_fit(topic: Topic, taxonomy: Taxonomy) -> None:
    facet = taxonomy.facet(topic.facet)
    must_fit(models.Topic, ClassifierError, key=topic.key, taxonomy=taxonomy.key, facet=topic.facet)
    for name in (topic.name, *topic.names.values(), facet.name, *facet.names.values()):
        must_fit(models.Topic, ClassifierError, name=name)


def _upsert(row: models.Topic | None, topic: Topic, taxonomy: Taxonomy, position: int, now: datetime) -> str:
    facet = taxonomy.facet(topic.facet)
    fields: dict[str, Any] = {
        "facet": topic.facet,
        "facet_name": facet.name,
        "facet_names": dict(facet.names),
        "name": topic.name,
        "names": dict(topic.names),
        "definition": topic.definition,
        "position": position,
        "known_by": known_by(topic),
    }
    if topic.successors:
        fields["successors"] = list(topic.successors)
    if row is None:
        retired = now if topic.successors else None
        models.Topic.objects.create(key=topic.key, taxonomy=taxonomy.key, retired_at=retired, **fields)
        return "new"
    # A name that people gave before there were names in other languages keeps those out, too.
    kept = {*row.kept, *(["names"] if "name" in row.kept else [])}
    changed = [name for name, value in fields.items() if getattr(row, name) != value and name not in kept]
    for name in changed:
        setattr(row, name, fields[name])
    if topic.successors and row.retired_at is None:
        row.retired_at = now
    row.save()
    return f"changed: {', '.join(changed)}" if changed else ""
