"""Atom, RSS 2.0 and JSON Feed 1.1 against what their specifications ask for, and against a feed reader."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.feeds_out import ATOM, Entry, Feed, atom, json_feed, rss, write
from digest.approving import approve
from digest.models import Placement
from tests.factory import NOW, make_edition, make_publication, make_sent_edition, make_story

A = f"{{{ATOM}}}"
STORY = Entry(
    ident="https://news.example/s/abcdefghij",
    url="https://paper.example/nose?a=1&b=2",
    title="Noses & <b>more</b>",
    at=datetime(2026, 11, 16, 8, 0, tzinfo=UTC),
    summary="“A short excerpt.”",
    author="Mara Ellwood",
    source="The Paper",
    language="de",
    topics=("Nose", "Skin & scars"),
)
FEED = Feed(
    url="https://news.example/brow/atom.xml",
    home="https://news.example/brow/",
    title="The Brow",
    author="The Brow",
    subtitle="What surgeons read",
    entries=(STORY,),
)


def test_an_atom_feed_has_what_rfc_4287_requires():
    root = ET.fromstring(atom(FEED))
    assert root.tag == f"{A}feed"
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"{A}{name}")) == 1
    assert root.find(f"{A}author/{A}name").text
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}
    assert links == {"self": FEED.url, "alternate": FEED.home}
    entry = root.find(f"{A}entry")
    for name in ("id", "title", "updated"):
        assert len(entry.findall(f"{A}{name}")) == 1
    assert entry.find(f"{A}updated").text == "2026-11-16T08:00:00Z"
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"


def test_an_rss_feed_has_what_rss_2_requires():
    root = ET.fromstring(rss(FEED))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    for name in ("title", "link", "description"):
        assert channel.find(name).text
    item = channel.find("item")
    assert item.find("title").text == STORY.title
    assert item.find("guid").get("isPermaLink") == "true"
    assert parsedate_to_datetime(item.find("pubDate").text) == STORY.at
    assert channel.find(f"{A}link").get("rel") == "self"


def test_a_json_feed_has_what_version_1_1_requires():
    data = json.loads(json_feed(FEED))
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert data["title"] == "The Brow"
    item = data["items"][0]
    assert isinstance(item["id"], str)
    assert item["content_text"]
    assert datetime.fromisoformat(item["date_published"]) == STORY.at
    assert item["authors"] == [{"name": "Mara Ellwood"}]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_feed_reader_reads_it(kind):
    read = feedparser.parse(write(FEED, kind))
    assert not read.bozo
    assert read.feed.title == "The Brow"
    entry = read.entries[0]
    assert (entry.id, entry.link) == (STORY.ident, STORY.url)
    # feedparser takes the RSS title for HTML and cleans it; Atom says that it is text.
    assert entry.title.startswith("Noses &")
    assert entry.summary == STORY.summary
    assert [tag.term for tag in entry.tags] == list(STORY.topics)
    assert entry.published_parsed[:5] == (2026, 11, 16, 8, 0)


def test_an_empty_feed_is_a_feed():
    empty = Feed(url="https://n.example/f", home="https://n.example/", title="None yet", author="N")
    assert ET.fromstring(atom(empty)).find(f"{A}updated").text == "1970-01-01T00:00:00Z"
    assert not feedparser.parse(rss(empty)).bozo
    assert json.loads(json_feed(empty))["items"] == []


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
ENTRIES = st.builds(
    Entry,
    ident=TEXT.map(lambda text: f"https://n.example/s/{text}"),
    url=TEXT.map(lambda text: f"https://p.example/{text}"),
    title=TEXT,
    at=st.integers(0, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    summary=TEXT,
    author=TEXT,
    source=TEXT,
    language=TEXT,
    topics=st.tuples(TEXT),
)


@given(entry=ENTRIES, title=TEXT, language=TEXT)
def test_nothing_that_the_web_writes_breaks_a_feed(entry, title, language):
    feed = Feed("https://n.example/f", "https://n.example/", title, title, title, language, (entry,))
    for content in (atom(feed), rss(feed)):
        root = ET.fromstring(content)
        hrefs = [link.get("href") for link in root.iter(f"{A}link")] + [link.text for link in root.iter("link")]
        assert all(re.fullmatch(r"[!-~]+", href) for href in hrefs)
    assert json.loads(json_feed(feed))["items"][0]["content_text"]


@given(ENTRIES)
def test_every_atom_entry_has_id_title_updated_and_link(entry):
    found = ET.fromstring(atom(Feed("https://n.example/f", "https://n.example/", "T", "T", entries=(entry,))))[-1]
    assert {f"{A}id", f"{A}title", f"{A}updated", f"{A}link"} <= {element.tag for element in found}
    assert found.find(f"{A}title").text


KINDS = {
    "atom.xml": "application/atom+xml",
    "rss.xml": "application/rss+xml",
    "feed.json": "application/feed+json",
}


@pytest.mark.django_db
@pytest.mark.urls("desk.urls_public")
class TestFeedPages:
    """The same feeds over the pages."""

    @pytest.mark.parametrize("file", KINDS)
    def test_publication_and_topic_have_their_feeds(self, client, file):
        brow = make_publication()
        nose = make_story("Noses again", ["nose"])
        make_sent_edition(brow, [nose, make_story("Skin again", ["skin"])])
        make_edition(brow, [make_story("Not out yet", ["nose"])])
        whole = client.get(f"/brow/{file}")
        assert whole.headers["Content-Type"].startswith(KINDS[file])
        assert f"http://127.0.0.1:8000/s/{nose.key}" in whole.content.decode()
        assert "Skin again" in whole.content.decode()
        of_topic = client.get(f"/brow/topics/nose/{file}").content.decode()
        assert "Noses again" in of_topic
        assert "Skin again" not in of_topic
        assert "Not out yet" not in of_topic + whole.content.decode()

    def test_the_pages_name_their_feeds(self, client):
        make_sent_edition(make_publication(), [make_story(topics=["nose"])])
        for path, feed in (("/brow/", "/brow/atom.xml"), ("/brow/topics/nose", "/brow/topics/nose/rss.xml")):
            html = client.get(path).content.decode()
            assert re.search(rf'<link rel="alternate" type="application/[a-z]+\+(xml|json)"[^>]* href="{feed}"', html)

    def test_a_feed_that_has_not_changed_costs_a_304(self, client):
        make_sent_edition(make_publication(), [make_story()])
        first = client.get("/brow/atom.xml")
        again = client.get("/brow/atom.xml", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_excerpts_keep_the_limits_of_the_mail_and_no_text_of_another_goes_out_whole(self, client):
        story = make_story(text="A sentence of seven words stands here. " * 60)
        make_sent_edition(make_publication(), [story])
        for entry in feedparser.parse(client.get("/brow/rss.xml").content).entries:
            assert len(entry.summary) <= 200
            assert len(entry.summary.split()) <= 30

    def test_strange_addresses_and_own_items_get_an_address_of_ours(self, client):
        edition = make_edition(make_publication(), [make_story("Trap", url="javascript:alert(1)")])
        Placement.objects.create(edition=edition, position=9, kind="own", headline="A meeting", by="test")
        Placement.objects.create(edition=edition, position=10, kind="heading", headline="Dates", by="test")
        approve(edition, by="test", now=NOW)
        edition.state = "sent"
        edition.save()
        read = feedparser.parse(client.get("/brow/atom.xml").content)
        assert [entry.title for entry in read.entries] == ["Trap", "A meeting"]
        assert all(entry.link.startswith("http://127.0.0.1:8000/") for entry in read.entries)

    def test_no_archive_no_feed(self, client):
        make_sent_edition(make_publication(archive="none"), [make_story(topics=["nose"])])
        for file in KINDS:
            assert client.get(f"/brow/{file}").status_code == 404
            assert client.get(f"/brow/topics/nose/{file}").status_code == 404

    def test_only_the_newest_issues_are_in_a_feed(self, client):
        brow = make_publication()
        for number in range(1, 10):
            make_sent_edition(
                brow,
                [make_story(f"Story of week {number}")],
                number=number,
                send_at=NOW + timedelta(days=7 * number),
            )
        entries = feedparser.parse(client.get("/brow/atom.xml").content).entries
        assert entries[0].title == "Story of week 9"
        assert len(entries) == 6
