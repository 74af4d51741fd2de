"""Take records out of an archive file: a new file beside it, whole or not there at all."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from crawler.archive import Record, read_records

UNFINISHED = ".part"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Thinned:
    """The spans of bytes that were left out, in order and apart: by them each offset of the old file is told anew."""

    gone: tuple[tuple[int, int], ...]

    def now_at(self, offset: int) -> int | None:
        """Where the record that began there begins now; None where it is gone."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return offset
        return None if offset < self.gone[place][1] else offset - self._sums[place]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.gone]

    @cached_property
    def _sums(self) -> list[int]:
        """Bytes left out up to the end of each span."""
        return list(accumulate(end - start for start, end in self.gone))


def thin(path: Path, to: Path, goes: Callable[[Record], bool]) -> Thinned | None:
    """Write the file without the records that go, and force it to the disk before it has its name. None: none goes.

    The bytes of all others are copied as they are, those behind a record that cannot be read too. A file of which
    nothing is left is not written.
    """
    gone = tuple((record.offset, record.end) for record in read_records(path) if goes(record))
    if not gone:
        return None
    unfinished = to.with_name(to.name + UNFINISHED)
    try:
        with path.open("rb") as old, unfinished.open("wb") as new:
            for start, end in _between(gone, path.stat().st_size):
                _copy(old, new, start, end)
            new.flush()
            os.fsync(new.fileno())
        if unfinished.stat().st_size:
            unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)
    _settle(to.parent)
    return Thinned(gone)


def _between(gone: tuple[tuple[int, int], ...], size: int) -> Iterator[tuple[int, int]]:
    """The spans that stay."""
    at = 0
    for start, end in (*gone, (size, size)):
        if at < start:
            yield at, start
        at = end


def _copy(old: BinaryIO, new: BinaryIO, start: int, end: int) -> None:
    old.seek(start)
    while start < end:
        part = old.read(min(CHUNK, end - start))
        new.write(part)
        start += len(part)


def _settle(folder: Path) -> None:
    """Force a name to the disk: fsync of a file does not (fsync(2))."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
