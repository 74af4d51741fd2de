"""Who wrote a thing, as a mail and a page have room for it."""

import pytest

from digest.bylines import short_author


@pytest.mark.parametrize(
    "author", ["", "Inga Solberg", "Inga Solberg; Owen Fairley", "Jane Roe, MD, FACS; John Doe, PhD"]
)
def test_one_name_and_two_stand_as_they_are(author):
    assert short_author(author) == author


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("Inga Solberg", "Solberg et al."),
        ("Dr Inga Solberg", "Solberg et al."),
        ("Solberg I", "Solberg et al."),
        ("Solberg", "Solberg et al."),
        ("Inga Solberg, MD, FACS", "Solberg et al."),
        ("Inga Solberg MD PhD", "Solberg et al."),
        ("Owen Fairley Jr.", "Fairley et al."),
        ("Jan van der Berg", "van der Berg et al."),
        ("Joaquín Abellán-Ruiz", "Abellán-Ruiz et al."),
        ("MD", "MD et al."),
        ("de", "de et al."),
        (", MD", ", MD et al."),
    ],
)
def test_more_than_two_become_the_family_name_of_the_first(first, said):
    assert short_author(f"{first}; Owen Fairley; Ida Poe") == said
