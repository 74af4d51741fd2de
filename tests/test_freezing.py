"""What an issue takes with it of a story: the address a reader is sent to, the facts that are sure, the words allowed."""

from __future__ import annotations

import pytest

from crawler.models import Link, Source
from crawler.urls import link_key
from digest.approving import approve
from digest.composing import add_item
from digest.errors import DigestError
from digest.freezing import content_of
from tests.desk_cast import make_label
from tests.factory import NOW, make_edition, make_publication, make_source, make_story

pytestmark = pytest.mark.django_db
SITE = "https://letters.example"


def frozen(story):
    (item,) = content_of(make_edition(make_publication(), [story]), SITE).items
    return item


def test_a_reader_is_sent_to_the_page_by_the_name_it_gives_itself():
    """The feed named it with `?from=rss`; the page says what it is called, and its link was folded into that."""
    story = make_story("A straight nose", url="https://paper.example/nose")
    asked = "https://paper.example/nose?from=rss"
    Link.objects.create(
        key=link_key(asked), url=asked, site=story.lead.link.site, found_at=NOW, folded_into=story.lead.link
    )
    story.lead.url = asked
    story.lead.save()
    assert frozen(story).url == "https://paper.example/nose"


def test_without_such_a_name_it_is_the_page_that_was_read():
    assert frozen(make_story(url="https://paper.example/lip")).url == "https://paper.example/lip"


def test_a_text_without_address_is_read_on_the_storys_own_page():
    story = make_story(url="urn:sha256:abc")
    assert frozen(story).url == f"{SITE}/s/{story.key}"


def test_author_and_date_stand_only_where_they_are_sure_and_no_date_is_said_in_words():
    unsure = frozen(make_story(author="Ann Lee", evidence={"sure": ["title"]}))
    assert (unsure.author, unsure.day, unsure.undated) == ("", "", False)


def test_a_source_may_be_for_links_only():
    source = make_source(excerpts=Source.Excerpts.LINK_ONLY)
    item = frozen(make_story(source=source, description="The clinic followed two hundred people for a whole year."))
    assert (item.blurb, item.blurb_kind) == ("", "")


def test_a_story_whose_articles_are_gone_is_refused_in_words_and_the_edition_stays_a_draft():
    whole, emptied = make_story("A straight nose"), make_story("A lip")
    edition = make_edition(make_publication(), [whole, emptied])
    emptied.lead = None
    emptied.save()
    with pytest.raises(
        DigestError, match=r"a story of this edition has no article any more: 2. .{10} .take its place out"
    ):
        approve(edition, by="test", now=NOW)
    edition.refresh_from_db()
    assert (edition.state, edition.issues.count()) == ("draft", 0)
    edition.placements.last().delete()
    assert len(approve(edition, by="test", now=NOW).content["items"]) == 1


@pytest.mark.parametrize(
    ("signals", "badges"),
    [
        ({"promotion": True, "labelled": True}, ("source labels this sponsored",)),
        ({"promotion": True, "labelled": False}, ()),
        ({}, ()),
    ],
    ids=["a label of the publisher", "a guess of ours", "nothing"],
)
def test_only_a_label_of_the_publisher_is_said_to_readers(signals, badges):
    story = make_story()
    make_label(story, signals=signals)
    assert frozen(story).badges == badges


def test_a_label_that_stood_in_another_text_is_not_said():
    story = make_story()
    make_label(story, signals={"promotion": True, "labelled": True}, digest="another")
    assert frozen(story).badges == ()


@pytest.mark.parametrize(("language", "said"), [("en", "Advertisement"), ("de", "Anzeige"), ("fr", "Advertisement")])
def test_a_paid_line_says_so_in_the_language_of_the_letter(language, said):
    edition = make_edition(make_publication(language=language))
    add_item(edition, "sponsor", "Chairs for clinics", by="test", now=NOW)
    (item,) = content_of(edition, SITE).items
    assert item.badges == (said,)


def test_a_story_without_a_title_waits_for_an_editor_who_names_it():
    story = make_story("A lip")
    story.lead.title = ""
    story.lead.save()
    edition = make_edition(make_publication(), [story])
    with pytest.raises(DigestError, match="has no title"):
        approve(edition, by="test", now=NOW)
    edition.refresh_from_db()
    edition.placements.update(headline="A lip, after all")
    (item,) = approve(edition, by="test", now=NOW).content["items"]
    assert item["headline"] == "A lip, after all"


def test_a_text_that_was_brought_in_has_no_source_to_name():
    board = make_source("import:", kind=Source.Kind.IMPORT, title="", host="import")
    assert frozen(make_story(source=board, site_name="")).source == ""


@pytest.mark.parametrize(
    ("sure", "badge"),
    [
        (["author"], "release by Lindqvist Clinics, via The Wire"),
        ([], "press release, via The Wire"),
    ],
)
def test_a_release_is_its_issuers_and_the_wire_only_carries_it(sure, badge):
    wire = make_source("https://wire.example/feed", tags=["releases"], title="The Wire", host="wire.example")
    evidence = {"sure": ["title", *sure]}
    story = make_story(source=wire, site_name="The Wire", author="Lindqvist Clinics", evidence=evidence)
    assert frozen(story).badges == (badge,)
