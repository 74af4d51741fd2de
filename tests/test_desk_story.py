"""The story page: reasons in the text, what was dropped, copies, topics, facts confirmed, history."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from classifier.models import Labelling, Tag
from crawler.archive import ArchiveWriter
from crawler.models import Apart, Event, Link, Story
from crawler.page import Page
from desk.highlighting import highlight
from tests.desk_cast import make_label, make_people, signed_in
from tests.factory import NOW, make_publication, make_story, make_topic

DB = pytest.mark.django_db
STORIES = "/desk/brow/stories"


@pytest.fixture
def editor():
    make_publication()
    return signed_in(make_people()["editor"])


def soup_of(client, story: Story) -> BeautifulSoup:
    answer = client.get(f"{STORIES}/{story.key}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "lxml")


def test_reasons_are_marked_where_they_stand_in_title_and_text():
    marked = highlight("A nose", "The nose.\n\nIt heals.", {"nose": [["nose", 2, 6, 1.0], ["heals", 21, 26, 0.4]]})
    assert [(span.text, span.topics) for span in marked.title] == [("A ", ()), ("nose", ("nose",))]
    assert [[(span.text, span.topics) for span in one] for one in marked.paragraphs] == [
        [("The nose.", ())],
        [("It ", ()), ("heals", ("nose",)), (".", ())],
    ]


def test_overlapping_reasons_name_all_their_topics():
    marked = highlight("", "toxin injection", {"a": [["toxin injection", 1, 16, 1.0]], "b": [["toxin", 1, 6, 1.0]]})
    assert [(span.text, span.topics) for span in marked.paragraphs[0]] == [
        ("toxin", ("b", "a")) if marked.paragraphs[0][0].topics[0] == "b" else ("toxin", ("a", "b")),
        (" injection", ("a",)),
    ]


def test_words_that_spoke_against_a_topic_are_not_marked():
    assert not highlight("A nose", "", {"nose": [["nose", 2, 6, -1.0]]}).title[0].topics


@given(
    title=st.text(max_size=40),
    text=st.text(max_size=200),
    ranges=st.lists(st.tuples(st.integers(-5, 300), st.integers(-5, 300)), max_size=12),
)
def test_marking_never_loses_or_adds_a_character(title, text, ranges):
    why = {"a": [["x", start, end, 1.0] for start, end in ranges[::2]], "b": [["y", *one, 1.0] for one in ranges[1::2]]}
    marked = highlight(title, text, why)
    assert "".join(span.text for span in marked.title) == title
    paragraphs = ["".join(span.text for span in one) for one in marked.paragraphs]
    assert paragraphs == [line for line in text.split("\n") if line.strip()]


@DB
def test_words_that_spoke_for_a_topic_are_marked_on_the_page(editor):
    story = make_story("A nose")
    make_label(story, probabilities={"nose": 0.9}, why={"nose": [["nose", 2, 6, 1.0]]})
    mark = soup_of(editor, story).select_one("h1 mark")
    assert (mark.get_text(), mark["title"]) == ("nose", "Nose")


@DB
def test_reasons_of_another_version_of_the_text_are_not_marked(editor):
    story = make_story("A nose")
    make_label(story, digest="another", probabilities={"nose": 0.9}, why={"nose": [["nose", 2, 6, 1.0]]})
    assert not soup_of(editor, story).select("mark")


@DB
def test_an_editor_settles_topics_and_can_take_it_back(editor):
    make_topic("chin")
    story = make_story("A nose")
    make_label(story, probabilities={"nose": 0.9})
    editor.post(f"{STORIES}/{story.key}/topics", {"topic": ["chin"]})
    assert [(tag.topic.key, tag.by) for tag in Tag.objects.all()] == [("chin", "edith")]
    assert "Settled by edith" in soup_of(editor, story).get_text()
    editor.post("/desk/undo", {"event": Event.objects.get(verb="retag").pk})
    assert [tag.topic.key for tag in Tag.objects.all()] == ["nose"]
    assert Labelling.objects.get().decided_by == ""


@DB
def test_a_topic_that_is_not_there_is_refused_with_its_name(editor):
    story = make_story("A nose")
    answer = editor.post(f"{STORIES}/{story.key}/topics", {"topic": ["elbow"]})
    assert answer.status_code == 400
    assert "elbow" in answer.content.decode()


@DB
def test_copies_split_off_and_the_split_can_be_undone(editor):
    one, two = make_story("One"), make_story("Two")
    editor.post(f"{STORIES}/{two.key}/merge", {"into": f"http://127.0.0.1:8000{STORIES}/{one.key}"})
    page = soup_of(editor, one)
    assert "Copies (2)" in page.get_text()
    copy = one.articles.exclude(pk=Story.objects.get(pk=one.pk).lead_id).get()
    editor.post(f"{STORIES}/{one.key}/split", {"copy": copy.pk})
    assert one.articles.count() == 1
    assert Apart.objects.count() == 1
    editor.post("/desk/undo", {"event": Event.objects.get(verb="split").pk})
    assert one.articles.count() == 2
    assert not Apart.objects.exists()


@DB
def test_a_merged_story_leads_to_the_one_it_went_into_and_the_merge_can_be_undone(editor):
    one, two = make_story("One"), make_story("Two")
    editor.post(f"{STORIES}/{two.key}/merge", {"into": one.key})
    assert editor.get(f"{STORIES}/{two.key}").headers["Location"] == f"{STORIES}/{one.key}"
    editor.post("/desk/undo", {"event": Event.objects.get(verb="merge").pk})
    assert soup_of(editor, two).h1.get_text() == "Two"


@DB
@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("merge", {"into": "aaaaaaaaaa"}),
        ("merge", {}),
        ("split", {"copy": "1"}),
        ("split", {"copy": "x"}),
        ("split", {}),
        ("split", {"copy": "²"}),
        ("confirm", {"fact": "colour"}),
        ("confirm", {}),
    ],
)
def test_a_step_that_cannot_be_is_refused_with_words(editor, step, body):
    story = make_story("One")
    answer = editor.post(f"{STORIES}/{story.key}/{step}", body)
    assert answer.status_code == 400
    assert "lede" in answer.content.decode()


@DB
@pytest.mark.parametrize("key", ["aaaaaaaaaa", "x", "%00", "%F0%9F%92%89", "a" * 500])
def test_an_unknown_story_is_not_found(editor, key):
    assert editor.get(f"{STORIES}/{key}").status_code == 404


@DB
def test_an_unsure_date_is_confirmed_by_a_person(editor):
    story = make_story("One", evidence={"sure": ["title"], "date": [["URL", "2026/11/12"]]})
    assert "not sure" in soup_of(editor, story).get_text()
    editor.post(f"{STORIES}/{story.key}/confirm", {"fact": "date"})
    story.lead.refresh_from_db()
    assert story.lead.evidence["sure"] == ["date", "title"]
    assert Event.objects.get(verb="confirm").by == "edith"


@DB
def test_what_was_dropped_is_shown_from_the_archive(editor, home):
    body = "<p>" + "The surgeon told of a long operation on the nose and how it healed. " * 8 + "</p>"
    html = f"<html><body><nav><a href=/>Home</a><a href=/x>Sport</a></nav><article>{body * 3}</article></body></html>"
    story = make_story("One")
    writer = ArchiveWriter(home / "archive" / "run.warc.gz")
    page = Page(story.lead.url, story.lead.url, 200, (("Content-Type", "text/html"),), html.encode(), NOW)
    start, _ = writer.page(page, "link:1")
    writer.close()
    Link.objects.filter(pk=story.lead.link_id).update(archive_file="run.warc.gz", archive_offset=start)
    answer = editor.get(f"{STORIES}/{story.key}/dropped")
    soup = BeautifulSoup(answer.content, "lxml")
    assert "Sport" in soup.select_one(".blocks .dropped").get_text() + soup.select(".blocks .dropped")[-1].get_text()
    assert "surgeon" in soup.select_one(".blocks .kept").get_text()


@DB
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"content_hash": "x"}, "The page is no longer kept"),
        ({"content_hash": "x", "archive_file": "gone.warc.gz", "archive_offset": 7}, "The page is no longer kept"),
        ({}, "The archive never held this page"),
    ],
)
def test_where_the_archive_has_no_page_it_says_why(editor, home, row, said):
    story = make_story("One")
    Link.objects.filter(pk=story.lead.link_id).update(**row)
    assert said in editor.get(f"{STORIES}/{story.key}/dropped").content.decode()


@DB
def test_a_story_leads_back_to_the_view_of_the_queue_it_was_opened_from(editor):
    story = make_story("One")
    editor.get("/desk/brow/queue?lane=all&q=one")
    link = soup_of(editor, story).select_one(".crumb a")["href"]
    assert link == "/desk/brow/queue?lane=all&q=one"
