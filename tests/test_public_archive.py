"""The public archive: home, publications, issues, stories, topics; and what a hostile web puts into them."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.models import Source
from crawler.stories import merge
from digest.approving import approve, revise
from digest.candidates import SAFETY_TAG
from digest.contrast import ENOUGH, NIGHT, PAPER, contrast, readable
from digest.message import lighter
from digest.models import Edition, Placement, Publication
from tests.factory import (
    NOW,
    make_edition,
    make_publication,
    make_reader,
    make_sent_edition,
    make_source,
    make_story,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("desk.urls_public")]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"


def page(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def addresses(html: str) -> list[str]:
    return re.findall(r'(?:href|src|action)="([^"]*)"', html)


def test_the_front_door_shows_letters_and_their_latest_issues(client):
    brow = make_publication(tagline="What surgeons read")
    make_sent_edition(brow, [make_story("Scars heal better with silk")], subject="Silk and scars")
    make_publication("smile", name="The Smile")
    html = page(client, "/")
    for words in (
        "The Brow",
        "What surgeons read",
        "Silk and scars",
        "Scars heal better with silk",
        "The Smile",
    ):
        assert words in html
    assert "/brow/issues/1" in html


def test_an_empty_house_says_so(client):
    assert "There is no letter here yet" in page(client, "/")


def test_health_is_told_in_json(client):
    answer = client.get("/healthz")
    assert answer.json() == {"ok": True, "database": "answers"}


def test_an_issue_is_read_whole_with_all_its_topics(client):
    brow = make_publication()
    nose, skin = make_story("Noses again", ["nose"]), make_story("Skin again", ["skin"])
    make_reader(brow, topics=["nose"])
    make_sent_edition(brow, [nose, skin], intro="A quiet week.")
    html = page(client, "/brow/issues/1")
    for words in (
        "Noses again",
        "Skin again",
        "A quiet week.",
        "No. 1",
        "9 to 16 November 2026",
        "12 November 2026",
    ):
        assert words in html
    assert nose.lead.url in html
    assert "alice" not in html


@pytest.mark.parametrize("state", [state for state in Edition.State.values if state not in ("sending", "sent")])
def test_what_has_not_gone_out_is_not_there(client, state):
    story = make_story("Not yet", ["nose"])
    edition = make_sent_edition(make_publication(), [story])
    Edition.objects.filter(pk=edition.pk).update(state=state)
    assert page(client, "/brow/issues/1", 404)
    assert page(client, f"/s/{story.key}", 404)
    for path in ("/", "/brow/", "/brow/topics/nose"):
        assert "Not yet" not in page(client, path)


def test_a_publication_without_archive_shows_none_of_its_issues(client):
    story = make_story("For members", ["nose"])
    make_sent_edition(make_publication(archive="none"), [story], subject="Members only")
    for path in ("/brow/issues/1", f"/s/{story.key}", "/brow/topics/nose", "/brow/topics/"):
        assert page(client, path, 404)
    assert "Members only" not in page(client, "/") + page(client, "/brow/")


def test_the_newest_revision_is_shown_and_says_that_it_was_corrected(client):
    brow = make_publication()
    edition = make_sent_edition(brow, [make_story("First telling")])
    Edition.objects.filter(pk=edition.pk).update(state="sending")
    edition.refresh_from_db()
    edition.placements.update(headline="Second telling")
    revise(edition, "a wrong figure", by="test", now=NOW)
    html = page(client, "/brow/issues/1")
    assert "Second telling" in html
    assert "First telling" not in html
    assert "was corrected" in html


def test_what_changes_after_freezing_does_not_change_an_issue(client):
    story = make_story("As it was")
    make_sent_edition(make_publication(), [story])
    story.lead.title = "As it became"
    story.lead.save()
    assert "As it was" in page(client, "/brow/issues/1")


def test_issues_lead_to_their_neighbours_and_a_monthly_counts_for_itself(client):
    brow = make_publication()
    for week in range(3):
        make_sent_edition(brow, [make_story()], send_at=NOW + timedelta(days=7 * week))
    make_sent_edition(brow, [make_story("The month")], cadence="monthly", number=1, send_at=NOW + timedelta(days=30))
    html = page(client, "/brow/issues/2")
    assert "/brow/issues/1" in html
    assert "/brow/issues/3" in html
    assert "The month" in page(client, "/brow/issues/monthly-1")
    assert "The month" not in page(client, "/brow/issues/1")
    assert "/brow/issues/monthly-1" in page(client, "/brow/")


def test_safety_notices_stand_apart(client):
    board = make_source("https://board.example/feed", host="board.example", title="The Board", tags=[SAFETY_TAG])
    notice = make_story("Vials recalled", source=board, url="https://board.example/1")
    make_sent_edition(make_publication(), [make_story(), notice])
    html = page(client, "/brow/issues/1")
    assert html.index('class="safety"') < html.index("Vials recalled") < html.index("</section>")


def test_a_story_page_points_to_the_source_and_does_not_replace_it(client):
    story = make_story("Scars heal better", ["nose"], author="J. Writer")
    make_sent_edition(make_publication(), [story])
    html = page(client, f"/s/{story.key}")
    for words in (
        "Scars heal better",
        "The Paper",
        "J. Writer",
        story.lead.url,
        "/brow/issues/1",
        "/brow/topics/nose",
    ):
        assert words in html
    shown = re.search(r'class="blurb"[^>]*>([^<]*)<', html)[1]
    assert 0 < len(shown) <= 200
    assert "The surgeons say that the method" not in html or "Swelling" not in html


def test_an_imported_text_is_read_at_its_story_page_even_of_a_closed_archive(client):
    source = make_source("import:", host="import", kind=Source.Kind.IMPORT, title="")
    story = make_story("A text without address", source=source, url="urn:sha256:abc", published_day=None)
    make_sent_edition(make_publication(archive="none"), [story])
    html = page(client, f"/s/{story.key}")
    assert "A text without address" in html
    assert "no page of its own" in html
    assert "undated" in html
    assert "urn:" not in html


def test_a_merged_story_sends_on_to_the_one_that_lives(client):
    old, middle, new = make_story("Old"), make_story("Middle"), make_story("New")
    make_sent_edition(make_publication(), [old])
    merge(old.key, middle.key, by="test", now=NOW)
    merge(middle.key, new.key, by="test", now=NOW)
    for key in (old.key, middle.key):
        answer = client.get(f"/s/{key}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/s/{new.key}")
    assert "Old" in page(client, f"/s/{new.key}")
    secret, kept = make_story("Secret"), make_story("Kept secret")
    merge(secret.key, kept.key, by="test", now=NOW)
    assert page(client, f"/s/{secret.key}", 404)


def test_a_topic_lists_its_stories_from_sent_issues_once_each(client):
    brow = make_publication()
    nose = make_story("Noses again", ["nose"])
    make_sent_edition(brow, [nose, make_story("Skin again", ["skin"])])
    make_sent_edition(brow, [nose], cadence="monthly", number=1, send_at=NOW + timedelta(days=14))
    make_edition(brow, [make_story("Noses to come", ["nose"])])
    html = page(client, "/brow/topics/nose")
    assert html.count(">Noses again<") == 1
    assert "Skin again" not in html
    assert "Noses to come" not in html
    index = page(client, "/brow/topics/")
    assert "/brow/topics/nose" in index
    assert "1 story" in index


def test_a_monthly_tells_no_story_a_second_time_in_feeds_and_topics(client):
    brow, later = make_publication(), NOW + timedelta(days=14)
    told, fresh = make_story("Told weekly", ["nose"]), make_story("Only in the monthly", ["nose"])
    make_sent_edition(brow, [told])
    monthly = make_sent_edition(brow, [fresh, told], cadence="monthly", number=1)
    Edition.objects.filter(pk=monthly.pk).update(send_at=later, sent_at=later)
    for address in ("/brow/feed.json", "/brow/topics/nose/feed.json"):
        entries = client.get(address).json()["items"]
        assert [entry["title"] for entry in entries] == ["Only in the monthly", "Told weekly"]
        assert entries[1]["date_published"] < entries[0]["date_published"]


def test_a_topic_that_became_another_sends_on_to_it(client):
    make_publication()
    topic = make_topic("beak")
    make_topic("nose")
    topic.retired_at, topic.successors = NOW, ["nose"]
    topic.save()
    assert client.get("/brow/topics/beak").headers["Location"] == "/brow/topics/nose"
    assert page(client, "/brow/topics/nothing", 404)


def test_long_lists_are_turned_page_by_page(client):
    brow = make_publication()
    for number in range(1, 24):
        make_sent_edition(
            brow,
            [make_story(f"Story {number}", ["nose"]), make_story(topics=["nose"])],
            number=number,
            subject=f"Week {number}",
            send_at=NOW + timedelta(days=7 * number),
        )
    first, second = page(client, "/brow/"), page(client, "/brow/?page=2")
    assert "Week 23" in first
    assert "Week 3" in second
    assert "Week 23" not in second
    assert "?page=2" in page(client, "/brow/topics/nose")
    assert "?page=1" in page(client, "/brow/topics/nose?page=2")


def test_a_foreign_headline_says_its_language(client):
    make_sent_edition(make_publication(), [make_story("Neue Wege am Lid", language="de")])
    assert re.search(r'class="headline" lang="de"', page(client, "/brow/issues/1"))


def test_what_the_web_puts_into_a_story_is_only_text(client):
    brow = make_publication(name="The <b>Brow</b>", tagline=HOSTILE)
    source = make_source(title=HOSTILE[:200])
    story = make_story(
        HOSTILE,
        ["nose"],
        source,
        author=HOSTILE,
        site_name=HOSTILE,
        description=f"{HOSTILE} and five words more",
        language='"><b>',
    )
    edition = make_edition(brow, [story], subject=HOSTILE[:150], intro=HOSTILE)
    for place, (kind, url) in enumerate(
        [("own", "javascript:alert(1)"), ("sponsor", " data:text/html,x"), ("heading", "vbscript:x")]
    ):
        Placement.objects.create(
            edition=edition,
            position=10 + place,
            kind=kind,
            headline=HOSTILE,
            blurb=HOSTILE,
            url=url,
            by="test",
        )
    approve(edition, by="test", now=NOW)
    Edition.objects.filter(pk=edition.pk).update(state="sent")
    for path in ("/", "/brow/", "/brow/issues/1", f"/s/{story.key}", "/brow/topics/nose", "/brow/topics/"):
        html = page(client, path)
        tree = BeautifulSoup(html, "lxml")
        assert not tree.find_all(["script", "img", "svg", "iframe", "b"])
        assert not [name for tag in tree.find_all(True) for name in tag.attrs if name.startswith("on")]
        for address in addresses(html):
            assert re.match(r"(https?://|/|#|\?|data:,$)", address), address


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "urn:x",
        "file:///etc",
    ],
)
def test_no_strange_address_becomes_a_link(client, url):
    story = make_story("A trap", url=url)
    edition = make_sent_edition(make_publication(), [story])
    issue = edition.issues.get()
    issue.content["items"][0]["url"] = url
    issue.save()
    for path in ("/brow/issues/1", f"/s/{story.key}"):
        assert url not in addresses(page(client, path))


def test_an_accent_is_a_colour_or_nothing_and_can_be_read(client):
    brow = make_publication(accent="#ffee00")
    css = page(client, "/brow/accent.css")
    light, dark = re.findall(r"--accent:(#\w{6})", css)
    assert contrast(light, PAPER) >= 4.5
    assert contrast(dark, NIGHT) >= 4.5
    brow.accent = "red;}a{"
    brow.save()
    assert re.fullmatch(
        r":root\{--accent:#\w{6}\}@media\(prefers-color-scheme:dark\)\{:root\{--accent:#\w{6}\}\}\n",
        page(client, "/brow/accent.css"),
    )


@given(st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True))
def test_every_accent_can_be_read_on_both_grounds(colour):
    assert contrast(readable(colour, PAPER), PAPER) >= ENOUGH
    assert contrast(readable(lighter(colour), NIGHT), NIGHT) >= ENOUGH


def test_pages_keep_a_strict_policy_and_hold_no_script(client):
    make_sent_edition(make_publication(), [make_story()])
    for path in ("/", "/brow/", "/brow/issues/1"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        html = answer.content.decode()
        assert "<script" not in html
        assert "style=" not in html
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
        assert sheets
        assert all(sheet.startswith("/") and not sheet.startswith("//") for sheet in sheets)
        assert "<style" not in html
        assert '<html lang="en">' in html


def test_a_page_costs_few_queries(client):
    brow = make_publication()
    for number in range(1, 12):
        make_sent_edition(brow, [make_story(topics=["nose"]) for _ in range(3)], number=number)
    for path in ("/", "/brow/", "/brow/issues/3", "/brow/topics/nose", "/brow/topics/"):
        with CaptureQueriesContext(connection) as queries:
            page(client, path)
        assert len(queries) <= 10, path


def test_writing_to_a_page_that_is_only_read_is_refused(client):
    make_sent_edition(make_publication(), [make_story()])
    for path in ("/", "/healthz", "/brow/issues/1", "/brow/topics/"):
        assert client.post(path).status_code == 405


PATHS = (
    "/{}",
    "/{}/",
    "/brow/{}",
    "/brow/issues/{}",
    "/brow/issues/monthly-{}",
    "/s/{}",
    "/brow/topics/{}",
    "/{}/accent.css",
    "/brow/?page={}",
    "/brow/topics/nose?page={}",
)
ODD = st.one_of(
    st.text(max_size=40),
    st.integers(min_value=-(10**30), max_value=10**30).map(str),
    st.sampled_from(["\x00", "0", "9" * 5000, "..", "%2e%2e", "brow", "1", "٣", "-", "1.0", "'; --"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pattern=st.sampled_from(PATHS), odd=ODD)
def test_no_address_breaks_the_house(client, pattern, odd):
    if not Publication.objects.exists():
        make_sent_edition(make_publication(), [make_story(topics=["nose"])])
    answer = client.get(pattern.format(quote(odd, safe="", errors="replace")))
    assert answer.status_code in (200, 301, 302, 400, 404)
    assert not answer.headers.get("Location", "/").startswith("//")
