"""The archive is kept so long and no longer: whole files by age, pages that ask for no archive after a month."""

from __future__ import annotations

import gzip
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from crawler.archive import ArchiveWriter, Failure, Record, read_page, read_records
from crawler.keeping import NOARCHIVE_DAYS, WrongKeeping, due, kept_file, must_go
from crawler.models import Event, Link, Run, Site
from crawler.page import Page
from crawler.pruning import prune, prune_due
from crawler.reprocessing import reprocess
from crawler.stored import stored_page
from crawler.thinning import UNFINISHED, Thinned, thin
from crawler.urls import link_key
from desk.cli.operating import prune as prune_verb
from desk.doctor import examine
from tests.conftest import NOW

DB = pytest.mark.django_db
DAYS = 180
PLAIN = b"<html><head><title>A</title></head><body><p>A page.</p></body></html>"
MARKED = b'<html><head><META content="index, NoArchive" NAME="Robots"></head><body><p>A page.</p></body></html>'
NUMBERS = itertools.count(0x10000000)


def run_name(days_ago: float) -> str:
    """The name of a run that began so long ago."""
    return f"{NOW - timedelta(days=days_ago):%Y%m%d-%H%M%S}-{next(NUMBERS):08x}"


def page_of(url: str, body: bytes = PLAIN, headers=(), at: datetime = NOW) -> Page:
    return Page(url, url, 200, headers, body, at)


def filed(home, days_ago: float, bodies, ended: bool = True, known: bool = True) -> list[Link]:
    """An archive file of a run that long ago with these pages, and a link to each."""
    name, at = run_name(days_ago), NOW - timedelta(days=days_ago)
    if known:
        Run.objects.create(name=name, started_at=at, lease_until=at, closed_at=at if ended else None)
    site = Site.objects.get_or_create(host="paper.example")[0]
    writer, links = ArchiveWriter(home / "archive" / f"{name}.warc.gz"), []
    for number, body in enumerate(bodies):
        url = f"https://paper.example/{name}/{number}"
        offset, _ = writer.page(page_of(url, body), "link:1")
        links.append(
            Link.objects.create(
                key=link_key(url), url=url, site=site, found_at=at, state="fetched", content_hash="x",
                archive_file=f"{name}.warc.gz", archive_offset=offset,
            )
        )  # fmt: skip
    writer.close()
    return links


def files(home) -> set[str]:
    return {path.name for path in (home / "archive").glob("*.gz*")}


def pages_behind(home, links) -> list[str | None]:
    """The address of the page that each link leads to now."""
    found = [stored_page(Link.objects.get(pk=link.pk), home / "archive") for link in links]
    return [page.url if page else None for page in found]


# Which files, which records: decided by names and bytes alone.


@pytest.mark.parametrize(
    "name", ["r1.warc.gz", "20261399-000000-1a2b3c4d.warc.gz", "notes.txt", "prune.lock", "x.part"]
)
def test_a_file_that_is_not_one_of_ours_is_nobody_s_to_delete(name):
    assert kept_file(name) is None
    assert due([name], (), None, 1, NOW).past == ()


def test_a_file_is_past_keeping_by_the_moment_its_run_began():
    old, young = f"{run_name(180.01)}.warc.gz", f"{run_name(179.99)}.warc.gz"
    found = due([young, old], (), None, DAYS, NOW)
    assert [file.name for file in found.past] == [old]
    assert [file.name for file in found.to_thin] == [young]


def test_a_run_that_has_not_ended_is_left_alone_and_looked_at_later():
    name = run_name(200)
    younger = run_name(40)
    found = due([f"{name}.warc.gz", f"{younger}.warc.gz"], {name}, None, DAYS, NOW)
    assert found.past == ()
    assert found.thinned_to == kept_file(f"{name}.warc.gz").began
    again = due([f"{name}.warc.gz", f"{younger}.warc.gz"], (), found.thinned_to, DAYS, NOW)
    assert [file.run for file in again.past] == [name]


def test_a_file_is_looked_through_once():
    names = [f"{run_name(days)}.warc.gz" for days in (31, 40, 29)]
    first = due(names, (), None, DAYS, NOW)
    assert [file.name for file in first.to_thin] == [names[1], names[0]]
    assert due(names, (), first.thinned_to, DAYS, NOW).to_thin == ()
    later = due(names, (), first.thinned_to, DAYS, NOW + timedelta(days=2))
    assert [file.name for file in later.to_thin] == [names[2]]


def test_no_page_is_kept_longer_than_the_archive():
    assert due([f"{run_name(8)}.warc.gz"], (), None, 7, NOW).to_thin == ()
    assert len(due([f"{run_name(8)}.warc.gz"], (), None, 7, NOW).past) == 1


@pytest.mark.parametrize("days", [0, -1])
def test_an_archive_that_is_kept_no_day_is_refused_in_words(days):
    with pytest.raises(WrongKeeping, match="at least one day"):
        due([], (), None, days, NOW)


@pytest.mark.parametrize(
    ("body", "headers", "goes"),
    [
        (PLAIN, (), False),
        (MARKED, (), True),
        (MARKED.replace(b"NoArchive", b"nocache"), (), True),
        (PLAIN, (("X-Robots-Tag", "noindex, noarchive"),), True),
        (PLAIN, (("X-Robots-Tag", "otherbot: noarchive"),), False),
        (PLAIN.replace(b"A page", b"The noarchive tag, explained"), (), False),
        (MARKED.decode().encode("utf-16"), (), True),
        (b"\x00\xff" * 50, (), False),
    ],
)
def test_a_page_goes_where_it_says_so_itself(body, headers, goes):
    assert must_go(Record("link:1", page_of("https://a.example/", body, headers), 0, 1)) is goes


def test_a_failure_asks_for_nothing():
    assert not must_go(Record("link:1", Failure("https://a.example/", "noarchive", NOW), 0, 1))


def test_an_offset_is_told_anew_by_what_was_left_out_before_it():
    thinned = Thinned(((10, 20), (50, 55)))
    assert [thinned.now_at(at) for at in (0, 10, 19, 20, 49, 50, 55, 90)] == [0, None, None, 10, 39, None, 40, 75]


# A file is rewritten whole or not at all.


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "old.warc.gz"
    writer = ArchiveWriter(path)
    bodies = [PLAIN, MARKED, PLAIN * 40, MARKED * 3, MARKED, PLAIN]
    for number, body in enumerate(bodies):
        writer.page(page_of(f"https://a.example/{number}", body), "link:1")
    writer.close()
    return path


def test_what_stays_is_copied_byte_for_byte(written):
    to, before = written.with_name("new.warc.gz"), list(read_records(written))
    thinned = thin(written, to, must_go)
    stays = [record for record in before if not must_go(record)]
    assert [record.answer for record in read_records(to)] == [record.answer for record in stays]
    assert [record.offset for record in read_records(to)] == [thinned.now_at(record.offset) for record in stays]
    assert not list(written.parent.glob(f"*{UNFINISHED}"))


def test_where_nothing_goes_nothing_is_written(written):
    assert thin(written, written.with_name("new.warc.gz"), lambda record: False) is None
    assert [path.name for path in written.parent.iterdir()] == [written.name]


def test_what_stands_behind_a_spoilt_record_is_not_lost(written):
    records = list(read_records(written))
    data = bytearray(written.read_bytes())
    data[records[2].offset + 20 : records[2].end - 8] = b"\x00" * (records[2].end - 8 - records[2].offset - 20)
    written.write_bytes(data)
    to = written.with_name("new.warc.gz")
    thinned = thin(written, to, must_go)
    assert read_page(to, thinned.now_at(records[5].offset)) == records[5].answer


def test_a_full_disk_leaves_the_old_file_and_nothing_half_written(written, monkeypatch):
    before = written.read_bytes()

    def full(*told):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.thinning.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        thin(written, written.with_name("new.warc.gz"), must_go)
    assert [path.name for path in written.parent.iterdir()] == [written.name]
    assert written.read_bytes() == before


# The verb: rows and files together.


@DB
def test_files_past_keeping_are_deleted_and_their_links_point_to_nothing(home):
    old, young = filed(home, 181, [PLAIN] * 3), filed(home, 10, [PLAIN])
    count = prune(home / "archive", DAYS, by="test", now=NOW)
    assert (count.files, count.thinned, count.links, count.whole) == (1, 0, 3, True)
    assert files(home) == {young[0].archive_file}
    assert pages_behind(home, old) == [None] * 3
    assert set(Link.objects.filter(pk__in=[one.pk for one in old]).values_list("archive_file", "archive_offset")) == {
        ("", None)
    }
    assert pages_behind(home, young) == [young[0].url]
    event = Event.objects.get(verb="prune", key=old[0].archive_file)
    assert (event.by, event.after) == ("test", {"links": 3})


@DB
def test_pages_that_ask_for_no_archive_go_after_a_month_and_their_neighbours_stay(home):
    links = filed(home, NOARCHIVE_DAYS + 1, [PLAIN, MARKED, PLAIN * 9, MARKED, PLAIN])
    young = filed(home, NOARCHIVE_DAYS - 1, [MARKED])
    count = prune(home / "archive", DAYS, by="test", now=NOW)
    assert (count.files, count.thinned, count.links) == (0, 1, 2)
    assert count.freed > 0
    assert pages_behind(home, links) == [links[0].url, None, links[2].url, None, links[4].url]
    assert pages_behind(home, young) == [young[0].url]
    assert len(files(home)) == 2
    assert b"NoArchive" not in gzip.decompress(
        (home / "archive" / kept_file(links[0].archive_file).next_name()).read_bytes()
    )
    again = prune(home / "archive", DAYS, by="test", now=NOW + timedelta(hours=1))
    assert (again.files, again.thinned, again.links) == (0, 0, 0)


@DB
def test_a_file_of_which_nothing_is_left_is_gone(home):
    links = filed(home, 40, [MARKED, MARKED])
    assert prune(home / "archive", DAYS, by="test", now=NOW).thinned == 1
    assert files(home) == set()
    assert pages_behind(home, links) == [None, None]


@DB
def test_a_run_that_has_not_ended_loses_no_record(home):
    links = filed(home, 400, [PLAIN, MARKED], ended=False)
    assert prune(home / "archive", DAYS, by="test", now=NOW).files == 0
    assert pages_behind(home, links) == [link.url for link in links]
    Run.objects.update(closed_at=NOW)
    assert prune(home / "archive", DAYS, by="test", now=NOW).files == 1


@DB
def test_a_file_that_no_run_knows_is_pruned_too(home):
    filed(home, 400, [PLAIN], known=False)
    assert prune(home / "archive", DAYS, by="test", now=NOW).files == 1


@DB
def test_without_an_archive_there_is_nothing_to_do(home):
    assert prune(home / "archive", DAYS, by="test", now=NOW).files == 0
    assert not (home / "archive").exists()


@DB
def test_a_round_is_once_a_day_and_goes_on_where_it_was_stopped(home):
    filed(home, 50, [MARKED])
    filed(home, 40, [MARKED])
    asked = iter([False, True])
    first = prune_due(home / "archive", DAYS, by="test", now=NOW, stop=lambda: next(asked))
    assert (first.thinned, first.whole) == (1, False)
    second = prune_due(home / "archive", DAYS, by="test", now=NOW + timedelta(minutes=1))
    assert (second.thinned, second.whole) == (1, True)
    filed(home, 300, [PLAIN])
    assert prune_due(home / "archive", DAYS, by="test", now=NOW + timedelta(hours=23)).files == 0
    assert prune_due(home / "archive", DAYS, by="test", now=NOW + timedelta(hours=25)).files == 1


@DB
def test_two_rounds_are_not_at_work_on_one_archive(home, monkeypatch):
    filed(home, 300, [PLAIN])
    inner = []

    def meanwhile(*told):
        inner.append(prune(home / "archive", DAYS, by="another", now=NOW))
        return False

    assert prune(home / "archive", DAYS, by="test", now=NOW, stop=meanwhile).files == 1
    assert inner[0].busy


@DB
@pytest.mark.parametrize("moment", ["crawler.pruning.thin", "crawler.pruning._move_links", "crawler.pruning._unlink"])
def test_where_it_breaks_off_between_two_steps_every_page_can_be_read_and_the_next_round_ends_it(
    home, monkeypatch, moment
):
    links = filed(home, 40, [PLAIN, MARKED, PLAIN])

    def broken(*told):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(moment, broken)
        with pytest.raises(OSError, match="Input"):
            prune(home / "archive", DAYS, by="test", now=NOW)
    assert pages_behind(home, links)[::2] == [links[0].url, links[2].url]
    prune(home / "archive", DAYS, by="test", now=NOW)
    assert pages_behind(home, links) == [links[0].url, None, links[2].url]
    assert files(home) == {kept_file(links[0].archive_file).next_name()}


@DB
def test_a_row_read_before_the_pruning_leads_to_its_page_all_the_same(home):
    links = filed(home, 40, [MARKED, PLAIN])
    held = Link.objects.get(pk=links[1].pk)
    prune(home / "archive", DAYS, by="test", now=NOW)
    assert stored_page(held, home / "archive").url == links[1].url


@DB
def test_judging_again_says_which_pages_are_no_longer_kept(home):
    filed(home, 181, [PLAIN] * 2)
    prune(home / "archive", DAYS, by="test", now=NOW)
    assert reprocess(home / "archive", now=NOW) == {"no longer kept": 2}
    assert reprocess(home / "archive", now=NOW, host="other.example") == {}


@DB
def test_the_doctor_tells_how_long_pages_are_kept_and_what_is_gone(home):
    filed(home, 181, [PLAIN] * 2)
    filed(home, 1, [PLAIN])
    prune(home / "archive", DAYS, by="test", now=NOW)
    (found,) = [one for one in examine(NOW) if one.what == "archive"]
    assert found.state == "ok"
    assert found.said.endswith("pages are kept 180 days; 2 pages are no longer kept")
    (late,) = [one for one in examine(NOW + timedelta(days=3)) if one.what == "archive"]
    assert late.state == "note"


@DB
def test_the_command_line_prunes_and_says_what_went(home):
    now = datetime.now(UTC)
    days = (now - NOW).total_seconds() / 86_400
    filed(home, 20 - days, [PLAIN])
    filed(home, 5 - days, [PLAIN])
    said = CliRunner().invoke(prune_verb, ["--days", "10", "--json"], catch_exceptions=False)
    assert '"files": 1' in said.output
    assert '"links": 1' in said.output
    assert len(files(home)) == 1
