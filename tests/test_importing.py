"""Files of every kind that a person may hand to `glabella import`: an outcome each, and nothing stops its neighbours."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from io import BytesIO
from pathlib import Path

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


def test_a_file_that_is_known_has_its_storys_key(tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    (first,), (again,) = (list(import_paths([tmp_path], by="ed", now=NOW)) for _ in range(2))
    assert again.why == "known already"
    assert again.story == first.story == Story.objects.get().key


def test_what_would_be_waited_for_for_ever_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "page.html").write_text(PAGE)
    assert outcomes(tmp_path) == {"page.html": "new", "pipe.txt": "not a file"}
    assert outcomes(tmp_path / "pipe.txt") == {"pipe.txt": "not a file"}
    assert outcomes(Path("/dev/zero")) == {"zero": "not a file"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("n" * 300 + ".html", "cannot be read: File name too long"),
        ("/".join(["folder"] * 1000) + "/page.html", "cannot be read: File name too long"),
        ("page.html/page.html", "cannot be read: Not a directory"),
        ("gone.html", "no such file"),
    ],
)
def test_a_path_that_leads_nowhere_stops_none_of_its_neighbours(tmp_path, name, why):
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "gone.html").symlink_to(tmp_path / "nowhere")
    done = import_paths([tmp_path / name, tmp_path / "page.html"], by="ed", now=NOW)
    assert [one.why for one in done] == [why, ""]


ACCENTS = DUMP.replace("A straight nose", "Ein gerades Näschen für jede, die es möchte – “so”")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_encoding_it_is_in(tmp_path, encoding):
    (tmp_path / "dump.txt").write_bytes(ACCENTS.encode(encoding))
    assert outcomes(tmp_path) == {"dump.txt": "new"}
    assert "Näschen für jede" in Article.objects.get().title


def test_a_text_in_latin_1_is_read(tmp_path):
    (tmp_path / "dump.txt").write_bytes(ACCENTS.replace("– “so”", "").encode("latin-1"))
    assert outcomes(tmp_path) == {"dump.txt": "new"}
    assert "Näschen für jede" in Article.objects.get().title


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"A straight nose\n\n" + SENTENCES.encode()])
@pytest.mark.parametrize("seed", range(3))
def test_bytes_that_are_no_text_are_none_under_the_name_of_one(tmp_path, mark, seed):
    (tmp_path / "random.txt").write_bytes(mark + random.Random(seed).randbytes(200_000))
    (tmp_path / "packed.txt").write_bytes(mark + zlib.compress(" ".join(map(str, range(50_000))).encode()))
    assert outcomes(tmp_path) == dict.fromkeys(("random.txt", "packed.txt"), "not an article: not text")
    assert not Article.objects.exists()


def test_a_few_broken_bytes_make_no_text_unreadable(tmp_path):
    (tmp_path / "dump.txt").write_bytes(DUMP.encode().replace(b"nose", b"n\xff\x01se", 3))
    assert outcomes(tmp_path) == {"dump.txt": "new"}


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
