"""The page of a link, out of the archive."""

from __future__ import annotations

from pathlib import Path

from crawler.archive import read_page
from crawler.models import Link
from crawler.page import Page


def stored_page(link: Link, archive: Path) -> Page | None:
    """The last page that this link gave; None where it is no longer kept, or never was."""
    page = _read(link, archive)
    if page is None and link.archive_file:
        # The archive may have been pruned since the row was read: its file has another name then.
        link.refresh_from_db(fields=["archive_file", "archive_offset"])
        page = _read(link, archive)
    return page


def _read(link: Link, archive: Path) -> Page | None:
    if not link.archive_file:
        return None
    return read_page(archive / link.archive_file, link.archive_offset or 0)
