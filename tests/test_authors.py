"""Names of authors: what a byline says without what stands around the names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.authors import is_credential, last_words, looks_personal, names


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Jane Roe", ("Jane Roe",)),
        ("Written by: Jane Roe and John Doe", ("Jane Roe", "John Doe")),
        ("By JANE ROE & JOHN DOE | March 3, 2024", ("Jane Roe", "John Doe")),
        ("Jane Roe, Ida Poe, and John Doe", ("Jane Roe", "Ida Poe", "John Doe")),
        ("Posted by Jane Roe on March 3, 2024", ("Jane Roe",)),
        ("March 3, 2024 · Jane Roe", ("Jane Roe",)),
        ("Von Jana Rehm und Otto Dohm", ("Jana Rehm", "Otto Dohm")),
        ("Par Jeanne Roux", ("Jeanne Roux",)),
        ("View all posts by Jane Roe", ("Jane Roe",)),
        ("About the author: Jane Roe", ("Jane Roe",)),
        ("Jane Roe Jane Roe", ("Jane Roe",)),
        ("JR Jane Roe", ("Jane Roe",)),
        ("Roe, Jane; Doe, John", ("Jane Roe", "John Doe")),
        ("The Example Team", ("The Example Team",)),
    ],
)
def test_a_byline_gives_its_names(byline, people):
    assert names(byline) == people


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("Jane Roe, MD, FACS", ("Jane Roe, MD, FACS",)),
        ("Jane Roe, M.D. and John Doe, PhD", ("Jane Roe, M.D.", "John Doe, PhD")),
        ("Dr. Jane Roe", ("Dr. Jane Roe",)),
        ("Jane Roe, E-XYZ 200", ("Jane Roe, E-XYZ 200",)),
    ],
)
def test_credentials_stay_with_their_name(byline, people):
    assert names(byline) == people


@pytest.mark.parametrize(
    "byline",
    [
        "Jane Roe, Senior Editor",
        "Jane Roe, Chief Surgeon, Example Hospital",
        "Jane Roe (Health Reporter)",
        "Jane Roe Senior Health Reporter",
        "Jane Roe | Example Times",
        "Jane Roe. She lives in the north",
        "By Jane Roe, reviewed by John Doe",
    ],
)
def test_duties_and_houses_are_dropped(byline):
    assert names(byline) == ("Jane Roe",)


@pytest.mark.parametrize(
    "byline",
    [
        "",
        "By",
        "Written by",
        "admin",
        "https://example.com/people/jane",
        "press@example.com",
        "Sat, 20 Dec, 2025 - 06:36",
        "12",
    ],
)
def test_what_is_no_name_gives_none(byline):
    assert names(byline) == ()


def test_two_places_agree_by_last_names():
    assert last_words(("Jane Roe, MD",)) == last_words(("J. Roe",)) == {"roe"}
    assert last_words(("Jane Roe", "John Doe")) != last_words(("Jane Roe",))


def test_a_person_is_told_from_a_house():
    assert looks_personal("Ludwig van der Berg")
    assert looks_personal("Jane Roe, MD")
    assert not looks_personal("jane_roe7")
    assert not looks_personal("Roe")
    assert is_credential("F.A.C.S.")
    assert not is_credential("Jane")


@given(
    st.lists(
        st.sampled_from(["By", "Jane", "ROE", ",", ";", " and ", "MD", "(", "|", "March 3", "\n", "\ud800", "©"])
        | st.text(max_size=6)
    ).map(" ".join)
)
def test_no_text_raises_and_names_are_stable(text):
    people = names(text)
    assert all(name == name.strip() and name for name in people)
    last_words(people)
