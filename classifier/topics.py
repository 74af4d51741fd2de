"""The topics of the database, which is the truth: loaded by key from a pack, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from classifier import models
from classifier.taxonomy import Taxonomy, Topic
from crawler.events import record


@dataclass(frozen=True)
class Difference:
    """One thing that a load found: new, changed, retired, or only in the database."""

    key: str
    what: str


@transaction.atomic
def load_topics(taxonomy: Taxonomy, *, by: str, now: datetime) -> list[Difference]:
    """Upsert by key and say what differs. A topic that the pack no longer has stays as it is."""
    rows = {row.key: row for row in models.Topic.objects.filter(taxonomy=taxonomy.key)}
    found = []
    for position, topic in enumerate(taxonomy.topics):
        difference = _upsert(rows.pop(topic.key, None), topic, taxonomy.key, position, now)
        if difference:
            found.append(Difference(topic.key, difference))
    found += [Difference(key, "only in the database") for key in rows]
    if found:
        said = {one.key: one.what for one in found}
        record("load topics", "taxonomy", taxonomy.key, by=by, now=now, after=said)
    return found


def _upsert(row: models.Topic | None, topic: Topic, taxonomy: str, position: int, now: datetime) -> str:
    fields = {
        "facet": topic.facet,
        "name": topic.name,
        "definition": topic.definition,
        "position": position,
        "successors": list(topic.successors),
    }
    if row is None:
        retired = now if topic.successors else None
        models.Topic.objects.create(key=topic.key, taxonomy=taxonomy, retired_at=retired, **fields)
        return "new"
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if topic.successors and row.retired_at is None:
        row.retired_at = now
    row.save()
    return f"changed: {', '.join(changed)}" if changed else ""
