"""The story page: reasons in the text, what was dropped, copies, topics, facts confirmed, history."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from classifier.designs import DESIGNS
from classifier.models import Labelling, Tag
from classifier.promotion import WEIGHTS, Piece
from classifier.signals import read_signals
from classifier.study import Study
from crawler.archive import ArchiveWriter
from crawler.article import SiteTemplate
from crawler.models import Apart, Event, Link, Site, Story
from crawler.page import Page
from crawler.templates import block_key, to_data
from desk.highlighting import highlight
from desk.lines import lines_of
from desk.signs import FACTS, SIGNS, VALUES
from digest.models import Publication
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
def test_a_story_that_no_model_has_judged_says_so_after_an_editor_settled_it(editor):
    story = make_story("A nose")
    make_topic("nose")
    editor.post(f"{STORIES}/{story.key}/topics", {"topic": ["nose"]})
    said = soup_of(editor, story).select_one("section[aria-labelledby=h-topics] .hint").get_text(" ", strip=True)
    assert said == "Not judged yet. Settled by edith."
    (line,) = lines_of([story], Publication.objects.get(), NOW)
    assert (line.why, [topic.key for topic in line.topics]) == ("not judged yet", ["nose"])


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
def test_an_unsure_title_is_marked_in_the_queue_until_a_person_confirms_it(editor):
    story = make_story("A nose", evidence={"title": [["heading", "A nose"]], "sure": ["author", "date"]})
    make_label(story)
    assert "title not sure" in editor.get("/desk/brow/queue").content.decode()
    assert soup_of(editor, story).select_one("form[action$=confirm] input[value=title]")
    editor.post(f"{STORIES}/{story.key}/confirm", {"fact": "title"})
    story.lead.refresh_from_db()
    assert story.lead.evidence["sure"] == ["author", "date", "title"]
    assert "title not sure" not in editor.get("/desk/brow/queue").content.decode()


SOLD = read_signals(
    Piece("A nose", "Sponsored by Quill & Sons\n\nIn a randomised trial of 180 people, half had no funding.")
).to_data()


def _told(soup: BeautifulSoup, section: str) -> list[tuple[str, str]]:
    rows = zip(
        soup.select(f"section[aria-labelledby={section}] dt"),
        soup.select(f"[aria-labelledby={section}] dd"),
        strict=True,
    )
    return [(name.get_text(" ", strip=True), said.get_text(" ", strip=True)) for name, said in rows]


@DB
def test_signals_stand_on_the_page_with_the_words_they_were_found_in(editor):
    story = make_story("A nose")
    make_label(story, signals=SOLD)
    soup = soup_of(editor, story)
    assert _told(soup, "h-promotion") == [("the publisher's label 1.0", "Sponsored by Quill & Sons")]
    sentence = "In a randomised trial of 180 people, half had no funding."
    assert _told(soup, "h-study")[:2] == [("Design: randomised trial", sentence), ("Participants: 180", sentence)]
    tags = BeautifulSoup(editor.get("/desk/brow/queue").content, "lxml").select("article .why .tag")
    assert [tag.get_text() for tag in tags] == ["labelled as sponsored", "Study"]


@DB
@pytest.mark.parametrize("said", [{}, {"signals": SOLD, "digest": "another"}], ids=["none", "of another text"])
def test_without_signals_of_this_text_no_block_stands_there(editor, said):
    story = make_story("A nose")
    make_label(story, **said)
    assert not soup_of(editor, story).select("[aria-labelledby=h-promotion], [aria-labelledby=h-study]")


def test_each_sign_and_each_fact_has_words():
    assert set(SIGNS) == set(WEIGHTS)
    assert set(FACTS) == {field.name for field in fields(Study)}
    assert {value for value, _sought in DESIGNS} <= set(VALUES)


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


SENTENCE = "The surgeon told of a long operation on the nose and how it healed. "
DISCLAIMER = (
    "Our newsroom rates every surgeon by what patients tell of the operation and how well it has healed after a year."
)


def _archived(story: Story, home: Path, body: bytes, content_type: str = "text/html") -> None:
    """The page of the story's lead as an answer in the archive."""
    writer = ArchiveWriter(home / "archive" / "run.warc.gz")
    page = Page(story.lead.url, story.lead.url, 200, (("Content-Type", content_type),), body, NOW)
    start, _ = writer.page(page, "link:1")
    writer.close()
    Link.objects.filter(pk=story.lead.link_id).update(archive_file="run.warc.gz", archive_offset=start)


def _shown(editor, story: Story) -> list[tuple[str, str]]:
    """Each block as the page of what was dropped shows it: kept or dropped, and its words."""
    soup = BeautifulSoup(editor.get(f"{STORIES}/{story.key}/dropped").content, "lxml")
    return [(one["class"][0], one.get_text(" ", strip=True)) for one in soup.select(".blocks li")]


@DB
def test_what_the_site_s_template_dropped_is_shown_as_dropped_and_why(editor, home):
    story = make_story("One")
    html = f"<html><body><article><p>{SENTENCE * 8}</p><p>{DISCLAIMER}</p><p>{SENTENCE * 7}</p></article></body></html>"
    _archived(story, home, html.encode())
    assert ("kept", DISCLAIMER) in [(state, words.partition(" ")[2][5:]) for state, words in _shown(editor, story)]
    sketch = to_data(SiteTemplate(8, ((block_key(DISCLAIMER), 8),)))
    Site.objects.filter(pk=story.lead.link.site_id).update(template=sketch)
    (said,) = [words for state, words in _shown(editor, story) if DISCLAIMER in words and state == "dropped"]
    assert "it stands on many pages of the site" in said


@DB
def test_the_page_is_read_again_by_the_site_s_rules_and_in_the_charset_of_its_answer(editor, home):
    story = make_story("One")
    html = f"<html><body><article><p class=ad>{DISCLAIMER}</p><p>Kovářův {SENTENCE * 8}</p></article></body></html>"
    _archived(story, home, html.encode("cp1250"), "text/html; charset=windows-1250")
    Site.objects.filter(pk=story.lead.link.site_id).update(rules={"drop": [".ad"]})
    shown = " ".join(words for _state, words in _shown(editor, story))
    assert "Kovářův" in shown
    assert DISCLAIMER not in shown


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
