"""A list of people as CSV (RFC 4180), in and out: address, name, topics, never, consent.

rows, faults = read_roster(data)         # RosterError where the whole file cannot be read
text = write_roster(rows)
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from digest.errors import DigestError

LARGEST_BYTES = 10_000_000
MOST_ROWS = 100_000
MOST_CHARACTERS = 2_000
COLUMNS = ("address", "name", "topics", "never", "consent")
OTHER_NAMES = {"email": "address", "e-mail": "address", "mail": "address", "proof": "consent"}
# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RosterError(DigestError):
    """The file is no list of people that can be read."""


@dataclass(frozen=True)
class Row:
    """One person as the file says it, with the line it began on."""

    line: int
    address: str
    name: str = ""
    topics: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    consent: str = ""


@dataclass(frozen=True)
class Fault:
    """A line that was not taken, and why."""

    line: int
    why: str


def read_roster(data: bytes) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """People in the file's order and the lines that cannot be; commas, semicolons and tabs part the columns."""
    if len(data) > LARGEST_BYTES:
        raise RosterError("the file is too large", "", f"at most {LARGEST_BYTES // 1_000_000} MB")
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return _read(reader)
    except csv.Error as error:
        raise RosterError("the file is no CSV", f"line {reader.line_num}", str(error)) from error


def write_roster(rows: Iterable[Row]) -> str:
    """The same columns as CSV; a cell that a spreadsheet would run is quoted with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (row.address, row.name, " ".join(row.topics), " ".join(row.never), row.consent)
        writer.writerow(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)
    return out.getvalue()


def _read(reader: Iterable[list[str]]) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    lines = iter(reader)
    head = [_column(name) for name in next(lines, [])]
    if "address" not in head:
        raise RosterError("the first line names no column “address”", "", f"columns: {', '.join(COLUMNS)}")
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) + len(faults) >= MOST_ROWS:
            raise RosterError("the file has too many lines", "", f"at most {MOST_ROWS}")
        said = {name: cell.strip() for name, cell in zip(head, cells, strict=False) if name}
        if len(cells) > len(head) or any(len(cell) > MOST_CHARACTERS for cell in cells):
            faults.append(Fault(number, "more cells than columns, or a cell that is too long"))
        elif not said.get("address"):
            faults.append(Fault(number, "no address"))
        else:
            rows.append(_row(number, said))
    return tuple(rows), tuple(faults)


def _row(line: int, said: dict[str, str]) -> Row:
    topics, never = (tuple(said.get(name, "").replace(",", " ").split()) for name in ("topics", "never"))
    return Row(line, said["address"], said.get("name", "")[:120], topics, never, said.get("consent", "")[:200])


def _column(name: str) -> str:
    clean = name.strip().lower()
    return OTHER_NAMES.get(clean, clean)


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _decoded(data: bytes) -> str:
    """UTF-8, or what old spreadsheets write. NULs are in no text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text:
        raise RosterError("the file is no text")
    return text
