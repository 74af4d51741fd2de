"""A publication's own addresses: one spelling, whichever verb brings them in."""

from __future__ import annotations

import pytest

from crawler.models import Event
from digest.errors import DigestError
from digest.publishing import change_publication
from tests.factory import NOW, make_publication

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["from_address", "reply_to"])
@pytest.mark.parametrize(
    ("given", "kept"),
    [("news@bücher.example", "news@xn--bcher-kva.example"), (" Desk@Brow.Example ", "desk@brow.example")],
)
def test_an_address_is_brought_into_its_one_spelling(name, given, kept):
    made = make_publication("made", reply_to=given)
    changed = change_publication(make_publication("changed"), by="test", now=NOW, **{name: given})
    changed.refresh_from_db()
    assert (made.reply_to, getattr(changed, name)) == (kept, kept)
    assert Event.objects.get(verb="change publication").after == {name: kept}


@pytest.mark.parametrize("name", ["from_address", "reply_to"])
def test_what_is_no_address_is_refused_and_nothing_changes(name):
    brow = make_publication()
    with pytest.raises(DigestError, match="not a mail address: the editor"):
        change_publication(brow, by="test", now=NOW, tagline="New", **{name: "the editor"})
    brow.refresh_from_db()
    assert brow.tagline == ""


def test_the_same_address_in_another_spelling_is_no_change():
    brow = make_publication()
    change_publication(brow, by="test", now=NOW, from_address="News@Brow.example")
    assert not Event.objects.filter(verb="change publication").exists()


def test_replies_may_go_to_nobody():
    assert change_publication(make_publication(reply_to="a@b.example"), by="test", now=NOW, reply_to="").reply_to == ""


@pytest.mark.parametrize("language", ["xx", "tlh", "", "english", "de_DE", "../de"])
def test_a_language_in_which_no_date_can_be_written_is_refused(language):
    brow = make_publication()
    with pytest.raises(DigestError, match="no such language"):
        change_publication(brow, by="test", now=NOW, language=language)


@pytest.mark.parametrize("language", ["en", "de", "fr", "pt-BR"])
def test_a_language_without_words_of_ours_is_taken(language):
    assert make_publication(language=language).language == language
