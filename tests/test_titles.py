"""Titles: a headline without the name of its site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.titles import shortenings, without_site, words


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("A longer face | Example Times", "A longer face"),
        ("A longer face - Example Times", "A longer face"),
        ("A longer face – The Example Times", "A longer face"),
        ("Example Times: A longer face", "A longer face"),
        ("Example Times | A longer face", "A longer face"),
        ("A longer face | exampletimes.com", "A longer face"),
        ("A longer face | What surgeons say", "A longer face | What surgeons say"),
        ("A longer face: what surgeons say", "A longer face: what surgeons say"),
        ("Well-known faces", "Well-known faces"),
        ("Example Times", "Example Times"),
        ("", ""),
    ],
)
def test_only_the_name_of_the_site_is_cut(title, wanted):
    assert without_site(title, ["Example Times"], "www.exampletimes.com") == wanted


def test_a_site_without_a_name_is_known_by_its_host():
    assert without_site("A longer face | Example Times", [], "exampletimes.com") == "A longer face"
    assert without_site("A longer face | Other Times", [], "exampletimes.com") == "A longer face | Other Times"


def test_a_slogan_that_is_called_site_name_cuts_nothing():
    slogan = "How to design a face: the complete guide for everybody"
    assert without_site("How to design a face: the guide", [slogan], "example.com") == "How to design a face: the guide"


def test_titles_agree_by_their_words():
    assert words("A  Longer Face!") == words("a longer face")


def test_each_cut_at_a_separator_is_offered_once():
    assert shortenings("A | B one | C") == (
        "A | B one",
        "B one | C",
    )
    assert shortenings("A longer face") == ()


@given(st.text(), st.lists(st.text(max_size=9), max_size=3), st.text(max_size=9))
def test_no_title_raises_and_none_grows(title, names, host):
    assert len(without_site(title, names, host)) <= len(title)
    shortenings(title)
