"""The sources page: state in words, a try-out before adding, care, pause, and lists in and out."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crawler.models import Event, Link, Source
from desk.opml import MOST_OUTLINES, OpmlError, Outline, read_opml, write_opml
from desk.source_keys import key_of
from tests.desk_cast import make_people, signed_in
from tests.factory import NOW, make_publication, make_source, make_story

DB = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'><svg/onload=alert(1)>"
ENTITY = b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>'
BOMB = (
    b'<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)
    ) + b']><opml><body><outline text="&j;" xmlUrl="https://a.example/"/></body></opml>'
)  # fmt: skip


@pytest.fixture
def editor():
    make_publication()
    return signed_in(make_people()["editor"])


def upload(client, data: bytes, name: str = "list.opml"):
    return client.post("/desk/sources/import", {"file": SimpleUploadedFile(name, data)})


def test_a_list_is_read_with_folders_as_tags_and_each_address_once():
    data = b"""<?xml version="1.0"?><opml version="2.0"><body>
      <outline text="Journals">
        <outline type="rss" title="Annals" xmlUrl="https://a.example/feed" category="/Peer"/></outline>
      <outline text="Again" xmlUrl="https://a.example/feed"/>
      <outline type="sitemap" text="B" xmlUrl="https://b.example/map.xml"/>
      <outline text="an empty folder"/></body></opml>"""
    assert read_opml(data) == (
        Outline("https://a.example/feed", "Annals", "feed", ("peer", "journals")),
        Outline("https://b.example/map.xml", "B", "sitemap"),
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<html><body/></html>",
        b"<opml/>",
        b"<opml><body/></opml>",
        b"\xff\xfe\x00",
        b"\x00",
        BOMB,
        b"<opml><body>" + b"<outline>" * 3000,
        b"x" * 2_000_001,
        b"<opml><body>"
        + b"".join(b'<outline xmlUrl="http://a/%d"/>' % n for n in range(MOST_OUTLINES + 1))
        + b"</body></opml>",
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(data):
    with pytest.raises(OpmlError):
        read_opml(data)


def test_an_entity_never_reads_a_file_of_this_machine():
    try:
        said = read_opml(ENTITY)[0].title
    except OpmlError:
        said = ""
    assert "root" not in said


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(data):
    with contextlib.suppress(OpmlError):
        read_opml(data)


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_a_list_written_is_read_again(title, tags):
    written = write_opml("Sources", [Outline("https://a.example/?a=1&b=<2>", title, "feed", tuple(tags))], NOW)
    (outline,) = read_opml(written)
    assert (outline.url, outline.kind) == ("https://a.example/?a=1&b=<2>", "feed")


@DB
def test_sources_in_need_stand_first_with_their_state_in_words(editor):
    make_source("https://good.example/feed", title="Good", health="ok", checked_at=timezone.now())
    make_source(
        "https://bad.example/feed", title="Bad", health="failing", failures=3, outcome="the server answered 503"
    )
    make_source("https://barren.example/feed", title="Zbarren", health="ok", checked_at=timezone.now())
    barren = Source.objects.get(title="Zbarren")
    for number in range(6):
        story = make_story(source=barren)
        Link.objects.filter(pk=story.lead.link_id).update(state="refused", reason=f"listing {number % 2}")
    cards = [
        card.get_text(" ", strip=True)
        for card in BeautifulSoup(editor.get("/desk/sources").content, "lxml").select(".card")
    ]
    assert [card.split()[0] for card in cards] == ["Bad", "Zbarren", "Good"]
    assert "Failing, 3 times in a row. the server answered 503" in cards[0]
    assert "none of them gives an article" in cards[1]


@DB
def test_a_source_tells_why_its_links_gave_no_article(editor):
    source = make_source()
    story = make_story("A page", source=source)
    Link.objects.filter(pk=story.lead.link_id).update(state="refused", reason="consent wall")
    page = editor.get(f"/desk/sources/{key_of(source.url)}").content.decode()
    assert "refused: consent wall" in page
    assert "A page" in page


@DB
@pytest.mark.parametrize("key", ["0000000000", "x", "%00", "a" * 300])
def test_an_unknown_source_is_not_found(editor, key):
    assert editor.get(f"/desk/sources/{key}").status_code == 404


@DB
def test_care_is_kept_and_told(editor):
    source = make_source()
    body = {
        "title": "Renamed",
        "tags": "Journal, peer , journal",
        "rhythm_minutes": "60",
        "trust": "0.9",
        "excerpts": "link-only",
    }
    editor.post(f"/desk/sources/{key_of(source.url)}/tend", body)
    source.refresh_from_db()
    assert (source.title, source.tags, source.rhythm_minutes, source.trust) == ("Renamed", ["journal", "peer"], 60, 0.9)
    assert Event.objects.get(verb="tend source").by == "edith"


@DB
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("trust", "2"),
        ("trust", "nan"),
        ("trust", "much"),
        ("rhythm_minutes", "1"),
        ("rhythm_minutes", "9" * 40),
        ("excerpts", "all"),
        ("title", "x" * 201),
    ],
)
def test_wrong_care_is_said_at_its_field(editor, field, value):
    source = make_source()
    body = {"title": "A", "rhythm_minutes": "60", "trust": "0.5", "excerpts": "normal", field: value}
    answer = editor.post(f"/desk/sources/{key_of(source.url)}/tend", body)
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()


@DB
def test_a_source_is_paused_and_resumed(editor):
    source = make_source()
    address = f"/desk/sources/{key_of(source.url)}"
    editor.post(f"{address}/pause", {"step": "pause"})
    assert "Paused" in editor.get(address).content.decode()
    editor.post("/desk/undo", {"event": Event.objects.get(verb="pause source").pk})
    source.refresh_from_db()
    assert not source.paused


@DB
@pytest.mark.parametrize(
    "url", ["", "x", "javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/", "https://", "https://user:word@a.example/",
            "http://[::1", "https://a.example:99999/", "https://" + "a" * 3000 + ".example/"],
)  # fmt: skip
@pytest.mark.parametrize("step", ["add", "try"])
def test_an_address_that_is_none_is_said_at_the_field(editor, url, step):
    answer = editor.post("/desk/sources/add", {"url": url, "kind": "feed", "step": step})
    assert answer.status_code == 422
    assert 'id="id_url-error"' in answer.content.decode()
    assert not Source.objects.exists()


@DB
def test_a_source_is_added_once(editor):
    body = {"url": "https://new.example/feed", "kind": "feed", "title": "New", "tags": "a", "step": "add"}
    for _ in range(2):
        answer = editor.post("/desk/sources/add", body)
        assert answer.headers["Location"] == f"/desk/sources/{key_of('https://new.example/feed')}"
    assert Source.objects.count() == 1


@DB
def test_lists_go_in_and_out(editor):
    data = write_opml(
        "x",
        [Outline("https://a.example/feed", "A"), Outline("javascript:alert(1)", HOSTILE), Outline("http://[::1", "C")],
        NOW,
    )
    page = upload(editor, data)
    assert page.status_code == 200
    assert "1 added, 0 known already, 2 refused." in page.content.decode()
    assert not BeautifulSoup(page.content, "lxml").find_all("svg")
    answer = editor.get("/desk/sources.opml")
    assert answer.headers["Content-Type"].startswith("text/x-opml")
    assert [outline.url for outline in read_opml(answer.content)] == ["https://a.example/feed"]


@DB
@pytest.mark.parametrize("data", [b"", b"<html/>", BOMB, b"\x00\xff" * 50])
def test_a_file_that_is_no_list_is_said_at_the_field(editor, data):
    answer = upload(editor, data)
    assert answer.status_code == 422
    assert 'id="id_file-error"' in answer.content.decode()


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[str]:
    """A small site on the loopback: a feed and one article."""
    body = "<p>" + "The surgeon followed two hundred people for a year and told what became of them. " * 8 + "</p>"
    (tmp_path / "one.html").write_text(
        f"<html><head><title>One</title></head><body><article><h1>One</h1>{body}</article></body></html>"
    )
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    base = f"http://127.0.0.1:{server.server_port}"
    (tmp_path / "feed.xml").write_text(
        f'<rss version="2.0"><channel><title>The small feed</title>'
        f"<item><title>One</title><link>{base}/one.html</link></item></channel></rss>"
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield base
    server.shutdown()


@pytest.mark.servers
@DB
def test_a_try_out_shows_what_the_source_gives_and_keeps_nothing(editor, newsroom):
    answer = editor.post("/desk/sources/add", {"url": f"{newsroom}/feed.xml", "kind": "feed", "step": "try"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The small feed" in page
    assert "The surgeon followed" in page
    assert not Source.objects.exists()
    assert not Link.objects.exists()


@pytest.mark.servers
@DB
def test_a_try_out_of_what_is_no_feed_says_why(editor, newsroom):
    page = editor.post("/desk/sources/add", {"url": f"{newsroom}/nothing.xml", "kind": "feed", "step": "try"})
    assert "404" in page.content.decode()
