"""What a hostile feed and a hostile page say goes the whole way, into every page, feed and mail, and runs nowhere."""

from __future__ import annotations

from datetime import timedelta

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from classifier.models import Tag
from crawler.archive import ArchiveWriter, Record
from crawler.intake import take
from crawler.models import Article, Link, Run, Source, Story
from crawler.page import Page
from crawler.ruletext import read_rules
from crawler.ruling import set_rules
from crawler.sources import add_source
from desk.source_keys import key_of
from digest.approving import approve
from digest.drafting import draft, pick
from digest.models import Edition
from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import make_publication, make_topic

pytestmark = pytest.mark.django_db
FEED, PAGE = "https://paper.example/feed", "https://paper.example/nose?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"{SCRIPT}<img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>{{{{7*7}}}}"
# As much of it as the name of a topic holds, and whole.
HOSTILE_TOPIC = HOSTILE[: HOSTILE.index("{{")]
# A selector that matches nothing is shown as such; the title of the tried page is the hostile one.
RULES = f"drop: [title='{SCRIPT}']\ntitle: h1"
WORDS = (
    "Surgeons in Leeds followed ninety patients for a year after a new kind of nose operation. "
    "Most of them could breathe better, and few came back for a second one. "
    "The team says that the method needs a longer look before anyone calls it better than the old one. "
)
RSS = f"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{escape(HOSTILE)}</title>
<link>javascript:alert(1)</link>
<item><title>{escape(HOSTILE)}</title><link>{escape(PAGE)}</link><dc:creator>{escape(HOSTILE)}</dc:creator>
<description>{escape(HOSTILE)} {WORDS}</description></item>
<item><title>A link that is none</title><link>javascript:alert(1)</link></item>
<item><title>Another</title><link>data:text/html,{escape(SCRIPT)}</link></item></channel></rss>"""
HTML = f"""<!doctype html><html lang='"><script>'><head><title>{escape(HOSTILE)}</title>
<meta name="author" content="{escape(HOSTILE)}"><meta name="description" content="{escape(HOSTILE)}">
<meta property="og:site_name" content="{escape(HOSTILE)}"><link rel="canonical" href="javascript:alert(1)">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "\\u003cscript>alert(1)\\u003c/script>",
"author": "\\u003csvg/onload=alert(1)>", "datePublished": "\\u003cscript>"}}</script></head>
<body><article><h1>{escape(HOSTILE)}</h1><p class="byline" onclick="alert(1)">By {escape(HOSTILE)}</p>
<p onmouseover="alert(1)" style="background:url(javascript:alert(1))">{WORDS}{SCRIPT}</p>
<p><a href="javascript:alert(1)">A link</a> <a href=" java&#10;script:alert(1)">and another</a> {WORDS}</p>
<p>{escape(HOSTILE)} {WORDS}</p><iframe src="javascript:alert(1)"></iframe><svg onload="alert(1)"></svg>
<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form></article></body></html>"""


@pytest.fixture
def story(home) -> Story:
    """Taken in as the crawler does it: the feed first, then the page behind its first link."""
    now = timezone.now()
    run = Run.objects.create(name="r1", started_at=now, lease_by="me", lease_until=now + timedelta(hours=1))
    source, _made = add_source(FEED, "feed", by="test", now=now, title=HOSTILE, tags=[SCRIPT])
    take(Record(f"source:{source.pk}", Page(FEED, FEED, 200, (), RSS.encode(), now), 0, 10), run)
    link = Link.objects.get()
    page = Page(link.url, link.url, 200, (("Content-Type", "text/html"),), HTML.encode(), now)
    writer = ArchiveWriter(home / "archive" / "r1.warc.gz")
    start, end = writer.page(page, f"link:{link.pk}")
    writer.close()
    take(Record("link:1", page, start, end), run)
    set_rules("paper.example", read_rules(RULES), by=SCRIPT, now=now)
    article = Article.objects.select_related("story").get()
    make_label(article.story, why={"nose": [[SCRIPT, 0, 20, 1.0]]})
    Tag.objects.create(story=article.story, topic=make_topic("nose", name=HOSTILE_TOPIC), by="test")
    return article.story


@pytest.fixture
def edition(story) -> Edition:
    now = timezone.now()
    brow = make_publication()
    pick([story.key], brow, by="test", now=now)
    return draft(brow, by="test", now=now)


def dangers(html: str, *, styles: bool = False) -> list[str]:
    """What of a page could run, or leads to what could."""
    soup = BeautifulSoup(html, "lxml")
    found = [str(one) for one in soup.select("script, svg, iframe:not(.mail), object, embed, base:not([target])")]
    found = [one for one in found if '<script defer="" src="/static/' not in one]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            said = "".join(str(value).split()).lower()
            if name.startswith("on") or (name == "style" and not styles) or "expression(" in said:
                found.append(f"{tag.name} {name}={value}")
            if name in ("href", "src", "action", "formaction") and said.startswith(
                ("javascript:", "data:text", "vbscript:")
            ):
                found.append(f"{tag.name} {name}={value}")
    return found


def desk_pages(story: Story) -> list[str]:
    stories, edition = f"/desk/brow/stories/{story.key}", "/desk/brow/editions/weekly-1"
    return [
        "/desk/brow/queue?lane=all", stories, f"{stories}/dropped", "/desk/sources", f"/desk/sources/{key_of(FEED)}",
        edition, f"{edition}?change=1", f"{edition}/preview?look=text", "/desk/brow/publication",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "bad", [SCRIPT, "<b onclick=x>", '<a href=" java\nscript:x">', '<p style="x">', "<svg>", '<iframe src="x">']
)
def test_the_net_would_hold_a_fault(bad):
    assert dangers(f"<html><body>{bad}") != []


def test_the_words_went_in_as_words(story):
    assert Source.objects.get().title == HOSTILE
    assert "alert(1)" in story.lead.title
    assert Link.objects.count() == 1, "no address of another scheme became a link"
    assert dangers(story.lead.html or "<p></p>") == []


def test_the_desk_shows_them_and_runs_none(story, edition):
    editor = signed_in(make_people()["operator"])
    for address in desk_pages(story):
        answer = editor.get(address)
        assert answer.status_code == 200, address
        html = answer.content.decode()
        assert "alert(1)" in html or address.endswith("publication"), address
        assert dangers(html) == [], address


def test_the_mail_its_archive_and_its_feeds_show_them_and_run_none(story, edition):
    now = timezone.now()
    mail = signed_in(make_people()["operator"]).get("/desk/brow/editions/weekly-1/mail").content.decode()
    approve(edition, by="test", now=now, send_at=now)
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.SENT, sent_at=now)
    assert dangers(mail, styles=True) == []
    assert "alert(1)" in mail
    for address in ("/", "/brow/", "/brow/issues/1", f"/s/{story.key}", "/brow/topics/", "/brow/topics/nose"):
        answer = Client().get(address)
        assert answer.status_code == 200, address
        assert dangers(answer.content.decode()) == [], address
    for address in ("/brow/atom.xml", "/brow/rss.xml", "/brow/topics/nose/atom.xml"):
        feed = feedparser.parse(Client().get(address).content)
        assert not feed.bozo, address
        (entry,) = feed.entries
        assert dangers(entry.get("summary", "")) == []
        assert entry.link.startswith(("https://paper.example/", "http://127.0.0.1:8000/"))
    (item,) = Client().get("/brow/feed.json").json()["items"]
    assert "content_html" not in item, "a reader would take it for markup"
