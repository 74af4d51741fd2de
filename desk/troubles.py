"""Words for what goes wrong outside of us: a disk that is full, a database that is locked or away."""

from __future__ import annotations

import errno

FULL = "the disk is full; make room, the next run continues"


def disk(error: OSError) -> str:
    """A file that cannot be read or written, and why."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    if error.errno == errno.EFBIG:
        return "a file may not grow further; make room, the next run continues"
    return f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")


def database(error: Exception) -> str | None:
    """Words for a database that is locked, full, away or damaged; None for anything else, which is a fault of ours."""
    if damaged(error):
        return "the database is damaged: put a copy of it back (docs/operating.md, Backup)"
    if type(error).__name__ not in ("OperationalError", "InterfaceError"):
        return None
    said = str(error).strip().splitlines()[0]
    if "locked" in said:
        return "the database is locked by another process; try again in a moment"
    if "full" in said:
        return FULL
    if "disk I/O" in said or "readonly" in said:
        return f"the database cannot be written ({said}): is there room on the disk, and may we write there?"
    return f"the database does not answer: {said}"


def damaged(error: Exception) -> bool:
    """Whether no later try can help: SQLite finds its own file broken (SQLITE_CORRUPT, SQLITE_NOTADB)."""
    said = str(error)
    return type(error).__name__ in ("DatabaseError", "OperationalError") and (
        "malformed" in said or "not a database" in said
    )
