"""A person's care for a source: its name, tags, rhythm, trust, and what may be shown of its texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crawler.events import record
from crawler.lengths import must_fit
from crawler.models import Source
from crawler.sources import SourceError, must_be_kind


@transaction.atomic
def tend_source(
    source: Source, *, title: str, tags: Sequence[str], rhythm_minutes: int, trust: float, excerpts: str,
    by: str, now: datetime, kind: str = "",
) -> Source:  # fmt: skip
    """Set what an editor may set; nothing is written where nothing differs. A source of another `kind` is due at once.

    SourceError for a kind that there is not, or a title that is too long.
    """
    must_fit(Source, SourceError, title=title)
    if kind:
        must_be_kind(kind)
    wanted = {
        "kind": kind or source.kind,
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
    source.save(update_fields=[*changed, *_forgotten(source, changed)])
    kept = {name: before[name] for name in changed}
    record(
        "tend source", "source", source.pk, by=by, now=now, before=kept, after={name: wanted[name] for name in changed}
    )
    return source


def _forgotten(source: Source, changed: Sequence[str]) -> Sequence[str]:
    """What a source of another kind answered was read as the old one: it is asked for whole, and at once."""
    if "kind" not in changed:
        return ()
    source.etag, source.last_modified, source.next_at = "", "", None
    return "etag", "last_modified", "next_at"
