"""Two editors at the same thing: the slower one is told and loses no word, and nobody's work is replaced unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from classifier.models import Tag
from digest.models import Edition, Publication
from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import make_edition, make_publication, make_story, make_topic

pytestmark = pytest.mark.django_db
EDITION = "/desk/brow/editions/weekly-1"
CHECK = f"{EDITION}/check"
PUBLICATION = "/desk/brow/publication"


@pytest.fixture
def edition() -> Edition:
    story = make_story("One", topics=["nose"])
    make_label(story)
    return make_edition(make_publication(), [story, make_story("Two")], send_at=timezone.now() + timedelta(days=2))


@pytest.fixture
def pair(edition) -> tuple[Client, Client]:
    """Edith and Otto, each at a browser of their own."""
    people = make_people()
    return signed_in(people["editor"]), signed_in(people["operator"])


def opened(client: Client, page: str, step: str) -> QueryDict:
    """What a browser would send of the form on this page that goes to `step`, filled in as it stands."""
    soup = BeautifulSoup(client.get(page).content, "lxml")
    form = next(one for one in soup.select("form[method=post]") if one.get("action", page).endswith(step))
    said = QueryDict(mutable=True)
    for field in form.select("[name]:not(button)"):
        if field.name == "select":
            for option in field.select("option[selected]"):
                said.appendlist(field["name"], option["value"])
        elif field.get("type") not in ("checkbox", "radio") or field.has_attr("checked"):
            said.appendlist(field["name"], field.get("value", "") if field.name == "input" else field.text.lstrip("\n"))
    return said


def send(client: Client, address: str, form: QueryDict, **changes: str):
    for name, value in changes.items():
        form[name] = value
    return client.post(address, form.urlencode(), content_type="application/x-www-form-urlencoded")


def test_the_slower_of_two_who_write_the_subject_is_told_and_keeps_their_words(pair, edition):
    edith, otto = pair
    hers, his = (opened(one, EDITION, "/words") for one in pair)
    assert send(edith, f"{EDITION}/words", hers, subject="Edith's subject").status_code == 303
    answer = send(otto, f"{EDITION}/words", his, subject="Otto's subject")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Somebody changed this after you had opened it" in text
    assert "It says now: Edith&#39;s subject" in text
    assert 'value="Otto&#x27;s subject"' in text
    edition.refresh_from_db()
    assert edition.subject == "Edith's subject"


def test_saving_again_puts_the_slower_ones_words_in_place(pair, edition):
    edith, otto = pair
    send(edith, f"{EDITION}/words", opened(edith, EDITION, "/words"), subject="Edith's subject")
    again = opened(otto, EDITION, "/words")
    assert send(otto, f"{EDITION}/words", again, subject="Otto's subject").status_code == 303
    edition.refresh_from_db()
    assert edition.subject == "Otto's subject"


def test_the_words_of_a_place_are_not_replaced_unseen(pair, edition):
    edith, otto = pair
    form = BeautifulSoup(otto.get(f"{EDITION}?change=1").content, "lxml").select_one("form.words")
    body = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")} | {"step": "words"}
    assert edith.post(f"{EDITION}/place", {**body, "headline": "Edith's"}).status_code == 303
    answer = otto.post(f"{EDITION}/place", {**body, "headline": "Otto's"})
    assert answer.status_code == 422
    assert "It says now: Edith&#39;s" in answer.content.decode()
    assert edition.placements.first().headline == "Edith's"


def test_an_edition_is_approved_as_it_was_seen_or_not_at_all(pair, edition):
    edith, otto = pair
    his = opened(otto, CHECK, "/approve")
    edith.post(f"{EDITION}/place", {"place": edition.placements.first().pk, "step": "remove"})
    answer = send(otto, f"{EDITION}/approve", his)
    assert answer.status_code == 422
    assert "changed after you had opened it" in answer.content.decode()
    edition.refresh_from_db()
    assert edition.state == Edition.State.DRAFT
    assert send(otto, f"{EDITION}/approve", opened(otto, CHECK, "/approve")).status_code == 303


def test_topics_that_another_settled_are_looked_at_once_more(pair, edition):
    edith, otto = pair
    make_topic("chin")
    story = edition.placements.first().story
    page = f"/desk/brow/stories/{story.key}"
    hers, his = (opened(one, page, "/topics") for one in pair)
    assert hers.getlist("topic") == ["nose"]
    assert send(edith, f"{page}/topics", hers, topic="chin").status_code == 303
    answer = send(otto, f"{page}/topics", his)
    assert answer.status_code == 400
    assert "Somebody settled these topics" in answer.content.decode()
    assert [tag.topic.key for tag in Tag.objects.filter(story=story)] == ["chin"]


def test_a_publication_is_not_changed_over_anothers_change(pair):
    edith, otto = pair
    hers, his = (opened(one, PUBLICATION, PUBLICATION) for one in pair)
    assert send(edith, PUBLICATION, hers, tagline="Calm news").status_code == 303
    answer = send(otto, PUBLICATION, his, hour="9")
    assert answer.status_code == 422
    assert "Somebody changed this after you had opened it" in answer.content.decode()
    row = Publication.objects.get()
    assert (row.tagline, row.hour) == ("Calm news", 7)


def test_the_second_to_decide_a_story_that_is_decided_may(pair, edition):
    edith, otto = pair
    story = make_story("Three")
    for client, verb in ((edith, "pick"), (otto, "dismiss")):
        body = {"verb": verb, "key": story.key}
        assert client.post("/desk/brow/queue/decide", body).status_code == 303
    assert "dismissed by otto" in edith.get("/desk/brow/queue?lane=dismissed").content.decode()


def test_an_approved_edition_takes_no_step_of_an_old_page(pair, edition):
    edith, otto = pair
    place = edition.placements.first().pk
    assert send(edith, f"{EDITION}/approve", opened(edith, CHECK, "/approve")).status_code == 303
    for step in ("up", "down", "remove"):
        assert otto.post(f"{EDITION}/place", {"place": place, "step": step}).status_code == 400
    assert otto.post(f"{EDITION}/add", {"kind": "own", "headline": "Late"}).status_code == 400
    assert otto.post(f"{EDITION}/approve", {"when": "usual"}).status_code == 400
