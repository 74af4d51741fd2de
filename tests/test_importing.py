"""Files of every kind that a person may hand to `glabella import`: an outcome each, and nothing stops its neighbours."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.importing import import_paths
from crawler.models import Article, Event, Link, Story
from tests.bad_web import PAGE, SENTENCES
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
DUMP = "A straight nose\n\nBy Ann Lee\n\n" + "\n\n".join([SENTENCES, SENTENCES.replace("ninety", "forty")])


def outcomes(path):
    return {one.where.rpartition("/")[2]: one.why or "new" for one in import_paths([path], by="ed", now=NOW)}


def other_crawlers_archive(path, *pages, headers=()):
    """As wget writes it: a head, then for each page what was asked and what came."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another crawler"}))
        for url, status, body in pages:
            asked = StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", payload=BytesIO(), http_headers=asked))
            head = StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
            payload = BytesIO(body.encode())
            writer.write_record(writer.create_warc_record(url, "response", payload=payload, http_headers=head))


def test_each_file_of_a_folder_has_an_outcome(tmp_path):
    for name, content in {
        "page.html": PAGE.encode(),
        "dump.txt": DUMP.replace("straight", "crooked").replace("Leeds", "Hull").encode(),
        "empty.txt": b"",
        "picture.html": b"\x89PNG\r\n\x1a\n" + bytes(400),
        "paper.pdf": b"%PDF",
        "garbage.gz": b"no archive at all",
        "gzipped.gz": gzip.compress(b"neither is this"),
    }.items():
        (tmp_path / name).write_bytes(content)
    assert outcomes(tmp_path) == {
        "page.html": "new",
        "dump.txt": "new",
        "empty.txt": "not an article: empty",
        "picture.html": "not an article: not text",
        "paper.pdf": "files of kind .pdf are not read",
        "garbage.gz": "not a whole WARC archive: garbage.gz (ArchiveLoadFailed)",
        "gzipped.gz": "not a whole WARC archive: gzipped.gz (ArchiveLoadFailed)",
    }
    assert outcomes(tmp_path / "page.html") == {"page.html": "known already"}
    assert outcomes(tmp_path / "nothing.html") == {"nothing.html": "no such file"}


def test_another_crawlers_archive_is_read_for_its_pages(tmp_path):
    file = tmp_path / "week.warc.gz"
    other_crawlers_archive(
        file,
        ("https://paper.example/nose", "200 OK", PAGE),
        ("https://paper.example/gone", "404 Not Found", ""),
    )
    assert outcomes(file) == {"nose": "new"}
    assert Article.objects.get().link.url == "https://paper.example/nose"


def test_what_headers_forbid_holds_for_pages_of_another_crawlers_archive(tmp_path):
    file, limits = tmp_path / "week.warc.gz", [("X-Robots-Tag", "nosnippet")]
    other_crawlers_archive(file, ("https://paper.example/nose", "200 OK", PAGE), headers=limits)
    assert outcomes(file) == {"nose": "new"}
    assert Article.objects.get().reuse["nosnippet"] is True


def test_a_canonical_address_under_which_another_text_stands_takes_in_no_second_page(tmp_path):
    file, head = tmp_path / "week.warc.gz", '<link rel="canonical" href="/latest.html">'
    page = PAGE.replace("<article>", f"{head}<article>")
    other = page.replace(
        SENTENCES, "Eyelid surgeons met in York to compare how they close a wound and what it costs. " * 3
    )
    other_crawlers_archive(
        file, ("https://paper.example/nose", "200 OK", page), ("https://paper.example/lid", "200 OK", other)
    )
    outcomes(file)
    links = set(Article.objects.values_list("link__url", "version"))
    assert links == {("https://paper.example/latest.html", 1), ("https://paper.example/lid", 1)}


def test_an_archive_without_a_page_and_one_that_was_cut_short_say_so(tmp_path):
    other_crawlers_archive(tmp_path / "none.warc.gz")
    whole = tmp_path / "whole.warc.gz"
    other_crawlers_archive(
        whole, ("https://paper.example/nose", "200 OK", PAGE), ("https://b.example/", "200 OK", PAGE)
    )
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole.read_bytes()[:-200])
    whole.unlink()
    said = outcomes(tmp_path)
    assert said["none.warc.gz"] == "no page in it"
    assert said["nose"] == "new"
    assert said["cut.warc.gz"].startswith("not a whole WARC archive")


def test_what_a_person_took_in_is_an_event_and_a_file_that_is_known_is_none(tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    outcomes(tmp_path)
    outcomes(tmp_path)
    event = Event.objects.get(verb="import")
    assert (event.by, event.kind, event.key) == ("ed", "story", Story.objects.get().key)
    assert event.after["title"] == "A straight nose"
    assert Link.objects.count() == 1
