"""Every verb writes its Event in the same transaction: audit, history and undo read one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crawler.models import Event


def record(
    verb: str,
    kind: str,
    key: object,
    *,
    by: str,
    now: datetime,
    before: Any = None,
    after: Any = None,
    undoes: Event | None = None,
) -> Event:
    """Append an Event; call it inside the verb's own transaction."""
    return Event.objects.create(
        at=now, by=by, verb=verb, kind=kind, key=str(key), before=before, after=after, undoes=undoes
    )
