"""Where an editor goes on: what a decision says and leads to, and from one publication to another."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from crawler.models import Story
from desk.deciding import next_line
from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import make_edition, make_publication, make_story

pytestmark = pytest.mark.django_db
QUEUE = "/desk/brow/queue"


@pytest.fixture
def publication():
    return make_publication()


@pytest.fixture
def editor(publication):
    return signed_in(make_people()["editor"])


def judged(title: str) -> Story:
    story = make_story(title)
    make_label(story)
    return story


def decide(client, verb: str, *stories: Story):
    return client.post(f"{QUEUE}/decide", {"verb": verb, "key": [one.key for one in stories]}, follow=True)


def test_a_pick_says_in_which_number_it_stands(editor, publication):
    edition, story = make_edition(publication), judged("Nose work")
    answer = editor.post(f"{QUEUE}/decide", {"verb": "pick", "key": story.key}, headers={"HX-Request": "true"})
    link = BeautifulSoup(answer.content, "lxml").select_one(".done a")
    assert (link.get_text(), link["href"]) == ("In no. 1", f"/desk/brow/editions/weekly-{edition.number}")
    note = BeautifulSoup(decide(editor, "pick", judged("Chins")).content, "lxml").select_one(".note p")
    assert note.get_text() == "Picked. In no. 1"
    assert note.a["href"] == "/desk/brow/editions/weekly-1"


@pytest.mark.parametrize("verb", ["pick", "dismiss", "snooze"])
def test_no_number_is_named_where_there_is_none(editor, publication, verb):
    if verb != "pick":
        make_edition(publication)
    story = judged("Nose work")
    answer = editor.post(f"{QUEUE}/decide", {"verb": verb, "key": story.key}, headers={"HX-Request": "true"})
    assert "In no." not in answer.content.decode()
    assert "In no." not in decide(editor, verb, judged("Chins")).content.decode()


@pytest.mark.parametrize(
    ("shown", "treated", "on"),
    [
        ("abcd", "ab", "c"),
        ("abcd", "ac", "b"),
        ("abcd", "bc", "d"),
        ("abcd", "cd", "b"),
        ("abcd", "abcd", ""),
        ("abcd", "x", ""),
        ("", "a", ""),
    ],
)
def test_triage_goes_on_at_the_next_line_that_waits(shown, treated, on):
    assert next_line(list(shown), list(treated)) == on


def test_after_several_at_once_the_page_opens_where_triage_goes_on(editor):
    stories = [judged(f"Story {number}") for number in range(4)]
    page = BeautifulSoup(editor.get(QUEUE).content, "lxml")
    shown = page.select_one("#bulk input[name=shown]")["value"]
    keys = shown.split()
    assert sorted(keys) == sorted(story.key for story in stories)
    said = {"shown": shown, "next": f"{QUEUE}?q=clinic"}
    answer = editor.post(f"{QUEUE}/decide", {"verb": "dismiss", "key": keys[:2], **said})
    assert answer.headers["Location"] == f"{QUEUE}?q=clinic#line-{keys[2]}"
    answer = editor.post(f"{QUEUE}/decide", {"verb": "merge", "key": keys[2:], **said})
    assert answer.headers["Location"] == f"{QUEUE}?q=clinic#line-{keys[2]}"


@pytest.mark.parametrize(
    "shown", ['KEY "><script>', "KEY //evil.example", "KEY " + "x" * 60, "KEY a%0d%0aSet-Cookie:b"]
)
def test_an_anchor_is_a_key_or_none(editor, shown):
    story = judged("Nose work")
    answer = editor.post(
        f"{QUEUE}/decide", {"verb": "dismiss", "key": story.key, "shown": shown.replace("KEY", story.key)}
    )
    assert answer.headers["Location"] == QUEUE


@pytest.mark.parametrize(
    ("page", "place"),
    [("queue", "queue"), ("editions", "editions"), ("publication", "publication"), ("editions/weekly-1", "editions")],
)
def test_another_publication_opens_at_the_same_place(editor, publication, page, place):
    make_edition(publication)
    make_publication("chin", name="The Chin")
    links = BeautifulSoup(editor.get(f"/desk/brow/{page}").content, "lxml").select("details.switch a")
    assert [one["href"] for one in links] == [f"/desk/brow/{place}", f"/desk/chin/{place}"]


def test_where_no_place_is_a_publication_s_another_opens_at_its_queue(editor):
    make_publication("chin", name="The Chin")
    links = BeautifulSoup(editor.get("/desk/sources").content, "lxml").select("details.switch a")
    assert [one["href"] for one in links] == ["/desk/brow/queue", "/desk/chin/queue"]
