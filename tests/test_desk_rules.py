"""Rules of a site at the desk: set from the page of a source that leads there, tried at once, taken back, applied."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from crawler.models import Event, Link, Site
from crawler.reprocessing import waiting
from desk.source_keys import key_of
from tests.desk_cast import make_people, signed_in
from tests.factory import make_source, make_story
from tests.test_ruling import HOST, keep_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(home):
    return signed_in(make_people()["editor"])


@pytest.fixture
def source(home):
    """A source whose feed lies on another host than its articles."""
    made = make_source("https://feeds.example/paper", host="feeds.example")
    story = make_story("Scar cream fails", source=made)
    Link.objects.filter(pk=story.lead.link_id).update(site=make_source().site, state="fetched")
    keep_page(Link.objects.get(pk=story.lead.link_id), home)
    return made


@pytest.fixture
def page(source):
    return f"/desk/sources/{key_of(source.url)}"


def section(answer):
    return BeautifulSoup(answer.content, "lxml").select_one("#rules")


def save(editor, page, text, **more):
    return editor.post(f"{page}/rules", {"site": HOST, "rules": text, "step": "save", **more})


def test_the_rules_are_those_of_the_site_that_the_links_lead_to(editor, page):
    shown = section(editor.get(page))
    assert shown.h2.get_text() == f"Rules for {HOST}"
    assert shown.select_one("table") is None
    answer = save(editor, page, "drop: .plug\n drop: .gone")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{page}?site={HOST}#rules"
    assert Site.objects.get(host=HOST).rules == {"drop": [".plug", ".gone"]}
    assert Event.objects.get(verb="set rules").by == "edith"


def test_what_the_rules_do_and_which_match_nothing_is_shown(editor, page):
    save(editor, page, "drop: .plug\ndrop: .gone\nauthor: .who")
    shown = section(editor.get(page))
    assert shown.textarea.get_text().strip() == "drop: .plug\ndrop: .gone\nauthor: .who"
    rows = {row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in shown.select("tbody tr")}
    assert int(rows["Words"][0]) > int(rows["Words"][1])
    assert rows["Author"][1] == "Ana Coelho"
    assert [one.get_text() for one in shown.select("li code")] == [".gone"]


@pytest.mark.parametrize(
    ("text", "said"), [("remove: .x", "no such rule: remove: .x"), ("drop: p[[", "this is no CSS selector: drop: p[[")]
)
def test_what_is_no_rule_is_said_at_its_field_and_the_words_stay(editor, page, text, said):
    answer = save(editor, page, text)
    shown = section(answer)
    assert answer.status_code == 422
    assert said in shown.select_one("#id_rules-error").get_text()
    assert text in shown.textarea.get_text()
    assert Site.objects.get(host=HOST).rules == {}


def test_rules_are_undone_from_the_note(editor, page):
    save(editor, page, "drop: .plug")
    note = BeautifulSoup(editor.get(page).content, "lxml").select_one(".note input[name=event]")
    assert note["value"] == str(Event.objects.get(verb="set rules").pk)
    editor.post("/desk/undo", {"event": note["value"]})
    assert Site.objects.get(host=HOST).rules == {}


def test_the_same_rules_once_more_offer_no_undo_of_what_another_did(editor, page):
    save(editor, page, "drop: .plug")
    editor.get(page)
    save(editor, page, "drop: .plug")
    assert BeautifulSoup(editor.get(page).content, "lxml").select_one(".note input[name=event]") is None


def test_the_slower_of_two_editors_is_told_what_stands_now(editor, page):
    seen = section(editor.get(page)).select_one("[name=seen]")["value"]
    save(editor, page, "drop: .plug", seen=seen)
    answer = save(editor, page, "drop: .other", seen=seen)
    assert answer.status_code == 422
    assert "drop: .plug" in section(answer).select_one("[role=alert]").get_text()
    assert Site.objects.get(host=HOST).rules == {"drop": [".plug"]}


def test_stored_pages_are_judged_again_at_a_wish(editor, page):
    assert "Judge the 1 stored page again" in section(editor.get(page)).get_text()
    answer = editor.post(f"{page}/rules", {"site": HOST, "step": "again"})
    assert answer.status_code == 303
    assert waiting(HOST) == 1
    shown = section(editor.get(page)).get_text()
    assert "1 page is still to be judged again." in shown
    assert "Judge the" not in shown


def test_without_a_kept_page_it_says_that_they_cannot_be_tried(editor, page):
    Link.objects.update(archive_file="")
    save(editor, page, "drop: .plug")
    shown = section(editor.get(page))
    assert "No page of this site is kept on which they could be tried." in shown.get_text()
    assert "again" not in shown.get_text().split("tried.")[1]


@pytest.mark.parametrize("host", ["", "other.example", "\x00", "../x", HOST.upper()])
def test_a_site_that_the_source_does_not_lead_to_has_no_rules_here(editor, page, host):
    answer = editor.post(f"{page}/rules", {"site": host, "rules": "drop: .plug"})
    assert answer.status_code in (400, 404)
    assert editor.get(page, {"site": host}).status_code in (200, 400)


def test_a_source_that_leads_to_several_sites_shows_each(editor, page, source):
    other = make_source("https://other.example/feed", host="other.example").site
    story = make_story("Another", source=source)
    Link.objects.filter(pk=story.lead.link_id).update(site=other)
    shown = section(editor.get(page, {"site": "other.example"}))
    assert shown.h2.get_text() == "Rules for other.example"
    assert [link["href"] for link in shown.select("p.hint a[href*='site=']")] == [f"{page}?site={HOST}#rules"]


def test_a_source_that_named_nothing_yet_shows_its_own_site(editor, home):
    made = make_source("https://new.example/feed", host="new.example")
    assert section(editor.get(f"/desk/sources/{key_of(made.url)}")).h2.get_text() == "Rules for new.example"
