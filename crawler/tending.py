"""A person's care for a source: its name, tags, rhythm, trust, and what may be shown of its texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crawler.events import record
from crawler.models import Source


@transaction.atomic
def tend_source(
    source: Source, *, title: str, tags: Sequence[str], rhythm_minutes: int, trust: float, excerpts: str,
    by: str, now: datetime,
) -> Source:  # fmt: skip
    """Set what an editor may set; nothing is written where nothing differs."""
    wanted = {
        "title": title,
        "tags": sorted(set(tags)),
        "rhythm_minutes": rhythm_minutes,
        "trust": trust,
        "excerpts": excerpts,
    }
    before = {name: getattr(source, name) for name in wanted}
    changed = [name for name in wanted if before[name] != wanted[name]]
    if not changed:
        return source
    for name in changed:
        setattr(source, name, wanted[name])
    source.save(update_fields=changed)
    kept = {name: before[name] for name in changed}
    record(
        "tend source", "source", source.pk, by=by, now=now, before=kept, after={name: wanted[name] for name in changed}
    )
    return source
