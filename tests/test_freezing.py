"""What an issue takes with it of a story: the address a reader is sent to, the facts that are sure, the words allowed."""

from __future__ import annotations

import pytest

from crawler.models import Link, Source
from crawler.urls import link_key
from digest.composing import add_item
from digest.freezing import content_of
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


@pytest.mark.parametrize(("language", "said"), [("en", "Advertisement"), ("de", "Anzeige"), ("fr", "Advertisement")])
def test_a_paid_line_says_so_in_the_language_of_the_letter(language, said):
    edition = make_edition(make_publication(language=language))
    add_item(edition, "sponsor", "Chairs for clinics", by="test", now=NOW)
    (item,) = content_of(edition, SITE).items
    assert item.badges == (said,)
