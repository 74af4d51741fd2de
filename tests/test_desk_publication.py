"""A publication's page: name, sender, schedule, look."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from classifier.models import Topic
from crawler.models import Event
from tests.desk_cast import make_people, signed_in
from tests.factory import make_publication, make_topic

pytestmark = pytest.mark.django_db
PAGE = "/desk/brow/publication"
RIGHT = {
    "name": "The Brow",
    "tagline": "Once a week",
    "from_name": "The Brow",
    "from_address": "News@Brow.example",
    "reply_to": "",
    "postal_address": "1 Paper Lane, Leeds",
    "weekday": "4",
    "hour": "6",
    "timezone": "Europe/Berlin",
    "language": "de",
    "items": "9",
    "topics": ["nose"],
    "source_tags": "Journal, wire",
    "accent": "#336699",
    "audience": "public",
    "archive": "none",
}


@pytest.fixture
def publication():
    make_topic("nose")
    return make_publication()


@pytest.fixture
def editor(publication):
    return signed_in(make_people()["editor"])


def test_what_is_changed_is_kept_and_told(editor, publication):
    assert editor.post(PAGE, RIGHT).status_code == 303
    publication.refresh_from_db()
    assert (publication.weekday, publication.hour, publication.timezone) == (4, 6, "Europe/Berlin")
    assert (publication.topics, publication.source_tags) == (["nose"], ["journal", "wire"])
    assert publication.from_address == "news@brow.example"
    event = Event.objects.get(verb="change publication")
    assert (event.before["items"], event.after["items"]) == (15, 9)
    assert "from_address" not in event.after


def test_nothing_is_told_where_nothing_differs(editor):
    for _ in range(2):
        editor.post(PAGE, RIGHT)
    assert Event.objects.filter(verb="change publication").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("from_address", "nobody"),
        ("from_address", "a@b.example\nBcc: c@d.example"),
        ("reply_to", "x"),
        ("weekday", "7"),
        ("hour", "24"),
        ("hour", "dawn"),
        ("timezone", "Mars/Base"),
        ("language", "xx"),
        ("items", "0"),
        ("items", "999"),
        ("topics", "elbow"),
        ("accent", "red;}"),
        ("audience", "pets"),
        ("archive", "attic"),
        ("postal_address", ""),
    ],
)
def test_a_wrong_field_is_said_at_the_field_and_nothing_is_kept(editor, publication, field, value):
    answer = editor.post(PAGE, {**RIGHT, field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()
    publication.refresh_from_db()
    assert publication.tagline == ""


NEW = {"name": "The Chin", "slug": "chin", "from_address": "news@chin.example", "postal_address": "2 Paper Lane, Leeds"}


def test_an_operator_makes_a_publication_and_sets_the_rest_on_its_page():
    operator = signed_in(make_people()["operator"])
    assert operator.post("/desk/publications/new", NEW).headers["Location"] == "/desk/chin/publication"
    assert operator.get("/desk/").headers["Location"] == "/desk/chin/queue"


@pytest.mark.parametrize(
    ("field", "value"),
    [("slug", "brow"), ("slug", "desk"), ("slug", "no good"), ("slug", ""), ("from_address", "x"), ("name", "")],
)
def test_a_publication_that_cannot_be_is_refused_at_the_field(publication, field, value):
    operator = signed_in(make_people()["operator"])
    answer = operator.post("/desk/publications/new", {**NEW, field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()


def test_topics_are_ticks_under_what_their_facet_is_called(editor, publication):
    Topic.objects.filter(key="nose").update(facet_name="Treatments")
    make_topic("research", "Studies", "angle")
    publication.topics = ["nose"]
    publication.save()
    page = BeautifulSoup(editor.get(PAGE).content, "lxml")
    assert [one.get_text() for one in page.select("fieldset.facet legend")] == ["Treatments", "Angle"]
    assert [(one["value"], one.has_attr("checked")) for one in page.select("input[name=topics]")] == [
        ("nose", True),
        ("research", False),
    ]
    assert not page.select("select[multiple]")


def test_save_stands_after_all_fields(editor):
    controls = (
        BeautifulSoup(editor.get(PAGE).content, "lxml").select_one("form.composer").select("input, select, button")
    )
    assert controls[-1].get_text() == "Save"
