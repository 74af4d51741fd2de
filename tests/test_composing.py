"""Words of an edition's places: one limit in the verbs, whoever calls them."""

from __future__ import annotations

import pytest

from digest.blurb import MOST_OWN
from digest.composing import add_item, reword
from digest.errors import DigestError
from digest.models import Placement
from tests.factory import NOW, make_edition, make_publication, make_story

pytestmark = pytest.mark.django_db
LONG = {"blurb": "x" * (MOST_OWN + 1), "headline": "x" * 301, "url": "https://paper.example/" + "x" * 2000}


@pytest.fixture
def edition():
    return make_edition(make_publication(), [make_story()])


@pytest.mark.parametrize("what", LONG)
def test_words_that_are_too_long_are_refused_and_the_place_stays_as_it_was(edition, what):
    place = edition.placements.get()
    with pytest.raises(DigestError, match=f"the {what} is too long.*letters, at most"):
        reword(edition, place.pk, by="test", now=NOW, **{what: LONG[what]})
    place.refresh_from_db()
    assert getattr(place, what) == ""


@pytest.mark.parametrize("what", LONG)
def test_an_item_that_is_too_long_is_not_added(edition, what):
    with pytest.raises(DigestError, match=f"the {what} is too long"):
        add_item(edition, Placement.Kind.OWN, **{"headline": "A course", what: LONG[what]}, by="test", now=NOW)
    assert edition.placements.count() == 1


def test_words_of_just_that_length_are_taken(edition):
    words = "x" * MOST_OWN
    reword(edition, edition.placements.get().pk, by="test", now=NOW, blurb=words)
    add_item(edition, Placement.Kind.OWN, "A course", by="test", now=NOW, blurb=words)
    assert [place.blurb for place in edition.placements.all()] == [words, words]
