"""The archive: each answer appended to a WARC file (ISO 28500), and read back from any offset.

The archive is the hand-over between the crawling child and its parent. A record says for whom the answer is
(`Glabella-For`) and what was asked (`Glabella-Asked`), so that all after it can be replayed from the file alone.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import CrawlerError
from crawler.page import Page

FOR, ASKED = "Glabella-For", "Glabella-Asked"
# What the reading library raises on a record that a kill cut short, depending on where the cut fell.
TORN = (ArchiveLoadFailed, EOFError, OSError, AttributeError, TypeError, ValueError)


class NoArchive(CrawlerError):
    """A file that is not, or not to its end, an archive that can be read."""


@dataclass(frozen=True)
class Failure:
    """A request without an answer: what happened in words, and seconds the site asked us to wait."""

    asked: str
    why: str
    at: datetime
    wait: int = 0
    permanent: bool = False


@dataclass(frozen=True)
class Record:
    """One thing that came of a request. `whom` is `source:<id>`, `link:<source id>` or `robots:<host>`."""

    whom: str
    answer: Page | Failure
    offset: int
    end: int


class ArchiveWriter:
    """Appends records to one file, each a gzip member of its own, flushed to the system before it is announced."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("ab")
        self._writer = WARCWriter(self._file, gzip=True)

    def page(self, page: Page, whom: str) -> tuple[int, int]:
        """Append an answer; the offsets where its record begins and ends."""
        http = StatusAndHeaders(f"{page.status} -", list(page.headers), protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            page.url,
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),
            http_headers=http,
            warc_headers_dict={FOR: whom, ASKED: page.asked, "WARC-Date": _stamp(page.fetched)},
        )
        return self._append(record)

    def failure(self, failure: Failure, whom: str) -> tuple[int, int]:
        """Append word of a request that got no answer."""
        said = {"why": failure.why, "wait": failure.wait, "permanent": failure.permanent}
        body = json.dumps(said).encode()
        record = self._writer.create_warc_record(
            failure.asked,
            "metadata",
            payload=BytesIO(body),
            length=len(body),
            warc_content_type="application/json",
            warc_headers_dict={FOR: whom, ASKED: failure.asked, "WARC-Date": _stamp(failure.at)},
        )
        return self._append(record)

    def close(self) -> None:
        self._file.close()

    def _append(self, record: ArcWarcRecord) -> tuple[int, int]:
        start = self._file.tell()
        self._writer.write_record(record)
        self._file.flush()
        return start, self._file.tell()


def read_records(path: Path, start: int = 0) -> Iterator[Record]:
    """The records from this offset on. A torn last record, left by a kill, ends the iteration quietly."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        file.seek(start)
        records = ArchiveIterator(file, check_digests=True)
        try:
            for record in records:
                answer = _answer(record)
                if record.digest_checker.passed is False:
                    return
                offset = records.get_record_offset()
                end = offset + records.get_record_length()
                yield Record(record.rec_headers.get_header(FOR) or "", answer, offset, end)
        except TORN:
            return


def read_pages(path: Path) -> Iterator[Page]:
    """The answers in anybody's WARC file, ours or another crawler's. NoArchive where it cannot be read to its end."""
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                if record.rec_type == "response" and record.http_headers is not None:
                    yield _page(record)
            _must_be_whole(path)
        except TORN as error:
            raise NoArchive("not a whole WARC archive", path.name, type(error).__name__) from error


def _must_be_whole(path: Path) -> None:
    """EOFError or OSError where a gzip file is cut short; the library above then ends as if all were well."""
    if path.suffix == ".gz":
        with gzip.open(path) as file:
            while file.read(1 << 20):
                pass


def read_page(path: Path, offset: int) -> Page | None:
    """The page archived at this offset; None where the record is gone or was a failure."""
    record = next(read_records(path, offset), None)
    return record.answer if record and isinstance(record.answer, Page) else None


def _answer(record: ArcWarcRecord) -> Page | Failure:
    headers = record.rec_headers
    asked = headers.get_header(ASKED) or ""
    at = datetime.fromisoformat(headers.get_header("WARC-Date"))
    body = record.content_stream().read()
    if record.rec_type == "metadata":
        said = json.loads(body)
        return Failure(asked, said["why"], at, said["wait"], said["permanent"])
    return replace(_page(record, body), asked=asked)


def _page(record: ArcWarcRecord, body: bytes | None = None) -> Page:
    url, said = record.rec_headers.get_header("WARC-Target-URI") or "", record.http_headers
    at = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
    body = record.content_stream().read() if body is None else body
    return Page(url, url, int(said.get_statuscode() or 0), tuple(said.headers), body, at)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
