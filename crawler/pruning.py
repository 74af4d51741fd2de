"""Prune the archive: files past keeping go whole, pages that ask for no archive go from files of a month.

A kill at any moment leaves every link at a record that is there: rows point to a new file only after it is whole on the
disk, and an old file is deleted only after the rows have left it. What a kill left lying the next round clears away.
"""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.db import transaction

from crawler.events import record
from crawler.keeping import Due, Kept, due, must_go
from crawler.models import Event, Link, Run
from crawler.stopping import Stop, never
from crawler.thinning import UNFINISHED, Thinned, thin
from crawler.turns import take_turn

VERB, KIND, ALL = "prune", "archive", "all"
BY_ITSELF = "rule:archive"
EVERY = timedelta(days=1)
# A round that is one step among others ends after so long; the next goes on.
SECONDS = 300
FILES_AT_ONCE = 200


@dataclass
class PruneCount:
    """What a round did: files deleted, files thinned out, links whose page is no longer kept, bytes freed.

    `whole` is False where it was stopped before its end, `busy` where another one is at work on this archive.
    """

    files: int = 0
    thinned: int = 0
    links: int = 0
    freed: int = 0
    whole: bool = True
    busy: bool = False


def prune_due(archive: Path, days: int, *, by: str, now: datetime, stop: Stop = never) -> PruneCount:
    """`prune` once a day, and at once again where the last round did not come to its end."""
    last = _last_round()
    if last is not None and last.after["whole"] and last.at > now - EVERY:
        return PruneCount()
    end = monotonic() + SECONDS
    return prune(archive, days, by=by, now=now, stop=lambda: stop() or monotonic() > end)


def prune(archive: Path, days: int, *, by: str, now: datetime, stop: Stop = never) -> PruneCount:
    """Delete what is past keeping and note it, once a file and once the round. WrongKeeping where `days` is none.

    A file that is thinned takes another name, so no reader finds at an offset what another file had there.
    """
    count = PruneCount()
    with _alone(archive) as alone:
        if not alone:
            count.busy = archive.exists()
            return count
        for rest in archive.glob(f"*{UNFINISHED}"):
            rest.unlink(missing_ok=True)
        work = _due(archive, days, now)
        _delete(work.past, archive, count, by, now, stop)
        looked_to = _thin(work, archive, count, by, now, stop)
        record(VERB, KIND, ALL, by=by, now=now, after={**asdict(count), "thinned_to": looked_to.isoformat()})
    return count


def last_pruned() -> datetime | None:
    """When the archive was last pruned."""
    last = _last_round()
    return last.at if last else None


def _last_round() -> Event | None:
    return Event.objects.filter(verb=VERB, kind=KIND, key=ALL).order_by("-at", "-pk").first()


def _due(archive: Path, days: int, now: datetime) -> Due:
    last = _last_round()
    thinned_to = datetime.fromisoformat(last.after["thinned_to"]) if last else None
    unended = set(Run.objects.filter(closed_at=None).values_list("name", flat=True))
    return due((path.name for path in archive.iterdir()), unended, thinned_to, days, now)


def _delete(files: Sequence[Kept], archive: Path, count: PruneCount, by: str, now: datetime, stop: Stop) -> None:
    for first in range(0, len(files), FILES_AT_ONCE):
        some = files[first : first + FILES_AT_ONCE]
        if stop():
            count.whole = False
            return
        with transaction.atomic():
            take_turn()
            links = Link.objects.filter(archive_file__in=[file.name for file in some])
            held = Counter(links.values_list("archive_file", flat=True))
            count.links += links.update(archive_file="", archive_offset=None)
            for file in some:
                record(VERB, KIND, file.name, by=by, now=now, after={"links": held[file.name]})
        for file in some:
            _unlink(archive / file.name, count)
            count.files += 1


def _thin(work: Due, archive: Path, count: PruneCount, by: str, now: datetime, stop: Stop) -> datetime:
    """Thin out each file; up to when all have been looked at."""
    for file in work.to_thin:
        if not count.whole or stop():
            count.whole = False
            return file.began
        _thin_one(file, archive, count, by, now)
    return work.thinned_to


def _thin_one(file: Kept, archive: Path, count: PruneCount, by: str, now: datetime) -> None:
    path, fresh = archive / file.name, archive / file.next_name()
    if fresh.exists() and Link.objects.filter(archive_file=fresh.name).exists():
        # A kill came between the last two steps.
        _unlink(path, count)
        return
    thinned = thin(path, fresh, must_go)
    if thinned is None:
        return
    _move_links(path, fresh, thinned, count, by, now)
    kept = fresh.stat().st_size if fresh.exists() else 0
    _unlink(path, count)
    count.freed -= kept
    count.thinned += 1


@transaction.atomic
def _move_links(path: Path, fresh: Path, thinned: Thinned, count: PruneCount, by: str, now: datetime) -> None:
    take_turn()
    links = list(Link.objects.filter(archive_file=path.name).only("archive_file", "archive_offset"))
    for link in links:
        link.archive_offset = thinned.now_at(link.archive_offset or 0)
        link.archive_file = "" if link.archive_offset is None else fresh.name
    Link.objects.bulk_update(links, ["archive_file", "archive_offset"], batch_size=FILES_AT_ONCE)
    gone = sum(not link.archive_file for link in links)
    count.links += gone
    record(VERB, KIND, path.name, by=by, now=now, after={"kept_as": fresh.name, "links": gone})


def _unlink(path: Path, count: PruneCount) -> None:
    count.freed += path.stat().st_size
    path.unlink()


@contextmanager
def _alone(archive: Path) -> Iterator[bool]:
    """Whether no other round is at work on this archive; False too where there is no archive yet."""
    if not archive.is_dir():
        yield False
        return
    with (archive / "prune.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
