"""Work that can be done again from the archive need not wait for the disk at each step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def replayable() -> Iterator[None]:
    """On SQLite, commit without waiting for the disk while the block runs; elsewhere nothing changes.

    A power cut may then undo the last commits, in order and whole: the run's mark goes back with them and the next
    crawl takes the same records in again. (WAL with synchronous=NORMAL, sqlite.org/pragma.html#pragma_synchronous.)
    The ledger of mails is never written in such a block.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _set("NORMAL")
    try:
        yield
    finally:
        _set("FULL")


def _set(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")
