"""The archive is the hand-over: what was written can be read, a torn end loses nothing before it."""

import os

import pytest

from crawler.archive import ArchiveWriter, Failure, read_page, read_records
from crawler.page import Page


@pytest.fixture
def written(tmp_path, now):
    path = tmp_path / "run.warc.gz"
    writer = ArchiveWriter(path)
    page = Page("https://a.example/x", "https://a.example/", 200, (("Content-Type", "text/html"),), b"<p>hi" * 90, now)
    places = [
        writer.page(page, "link:1"),
        writer.failure(Failure("https://b.example/", "no answer in time", now, 30), "source:2"),
        writer.page(Page("https://c.example/", "https://c.example/", 304, (), b"", now), "link:1"),
    ]
    writer.close()
    return path, page, places


def test_records_come_back_as_they_went_in(written):
    path, page, places = written
    records = list(read_records(path))
    assert records[0].answer == page
    assert records[1].answer.why == "no answer in time"
    assert [(record.offset, record.end) for record in records] == places
    assert [record.whom for record in records] == ["link:1", "source:2", "link:1"]


def test_reading_may_begin_at_any_record(written):
    path, _, places = written
    (last,) = read_records(path, places[2][0])
    assert (last.offset, last.end, last.answer.status) == (*places[2], 304)


def test_a_torn_last_record_ends_the_reading_wherever_the_cut_falls(written):
    path, page, places = written
    for cut in range(places[2][1] - 1, places[2][0], -7):
        os.truncate(path, cut)
        records = list(read_records(path))
        assert records[0].answer == page
        assert 2 <= len(records) <= 3


def test_a_page_is_found_by_its_offset_and_a_missing_archive_has_none(written, tmp_path):
    path, page, places = written
    assert read_page(path, 0) == page
    assert read_page(path, places[1][0]) is None
    assert read_page(tmp_path / "gone.warc.gz", 0) is None
