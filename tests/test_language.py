"""The language of a text."""

import pytest

from crawler.language import language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Botox injections improved the symmetry of the face in most patients.", "en"),
        ("Die Patientinnen waren mit dem Ergebnis der Behandlung sehr zufrieden.", "de"),
        ("La toxine botulique est souvent injectée pour lisser les rides du front.", "fr"),
        ("Las pacientes dijeron que estaban muy contentas con el resultado.", "es"),
    ],
)
def test_a_sentence_shows_its_language(text, code):
    found, probability = language_of(text)
    assert found == code
    assert 0.9 < probability <= 1.0


@pytest.mark.parametrize("text", ["", "   ", "12.5 % (n = 38)", "Facelift"])
def test_too_little_text_has_no_language(text):
    assert language_of(text) == ("", 0.0)


def test_a_lone_surrogate_is_no_obstacle():
    assert language_of("\ud800 The surgeon wrote that the swelling went down within a week.")[0] == "en"
