"""What rows and errors say in English is said in an editor's language: the list of sentences lags behind no code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Reason
from crawler.folding import OTHER_TEXT, SECTION
from desk.saying import KNOWN, say, sentence_of
from digest.errors import DigestError
from digest.suggest import Candidate, reason
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parent.parent
# Modules whose errors or words reach a page of the desk.
HEARD = (
    *sorted((ROOT / "digest").glob("*.py")),
    *(ROOT / "crawler" / f"{name}.py" for name in ("stories", "sources", "tending", "undoing", "confirming")),
    *(ROOT / "crawler" / f"{name}.py" for name in ("feeds", "sitemaps", "listing", "read_source", "trying", "filing")),
    *(ROOT / "crawler" / f"{name}.py" for name in ("grouping", "ruletext", "ruling", "reprocessing")),
    ROOT / "classifier/labelling.py",
    ROOT / "desk/opml.py",
)
# What stands in the gap makes them known: each way to fill it is in the list.
GAP_AT_THE_END = {"cannot 1", "undo 1", "this is a web page, not a feed1"}
THINGS_WITH_HISTORY = {"story", "source", "subscription", "suppression", "subscriber", "site"}


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def text(node: ast.expr | None) -> str:
    """A literal, with 1 or 1% in each gap of a formatted one; empty for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else _gap(one) for one in node.values)
    return ""


def _gap(one: ast.FormattedValue) -> str:
    return "1%" if one.format_spec is not None and "%" in ast.unparse(one.format_spec) else "1"


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def said_by(path: Path) -> Iterator[str]:
    for call in calls(path):
        name, first = name_of(call), text(call.args[0]) if call.args else ""
        if name.endswith("Error") and name != "ValueError":
            yield first
        if name == "record" and len(call.args) > 1 and text(call.args[1]) in THINGS_WITH_HISTORY:
            yield first
        if name in ("Decision", "Fault"):
            yield text(call.args[-1] if name == "Fault" else call.args[2])
        yield from (text(word.value) for word in call.keywords if word.arg == "why" and name != "Imported")


def test_why_a_canonical_address_was_not_believed_is_known():
    assert {SECTION, OTHER_TEXT} <= KNOWN


def german(sentence: str) -> str:
    with translation.override("de"):
        return say(sentence)


@pytest.mark.parametrize("path", HEARD, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sentence_that_an_editor_may_read_is_known(path):
    unknown = {words for words in said_by(path) if words and german(words) == words}
    assert unknown <= GAP_AT_THE_END


def test_every_reason_of_a_page_that_is_no_article_is_known():
    assert {str(one) for one in Reason} - {"listing"} <= KNOWN


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("1 entry read", "1 Eintrag gelesen"),
        ("25 entries read, 2 without a usable address", "25 Einträge gelesen, 2 ohne brauchbare Adresse"),
        ("an index of 1 sitemap read", "ein Verzeichnis von 1 Sitemap gelesen"),
        ("an index of 2 sitemaps read", "ein Verzeichnis von 2 Sitemaps gelesen"),
        ("the server answered 503", "der Server antwortete 503"),
        ("given up: the server answered 503", "aufgegeben: der Server antwortete 503"),
        ("shares 66% of the shorter text", "teilt 66 % des kürzeren Textes"),
        ("read again, no copy is known", "noch einmal gelesen, keine Kopie bekannt"),
        ("undo picked", "Wählen zurückgenommen"),
        ("Whatever a server says", "Whatever a server says"),
    ],
)
def test_a_sentence_is_said_in_german(english, said):
    assert german(english) == said


def test_a_reason_that_rests_in_a_row_is_said_as_one_made_anew():
    for safety in (False, True):
        candidate = Candidate("a", ("nose",), 0.98, True, NOW, 3, 0.5, safety=safety, promotion=0.9)
        with translation.override("de"):
            assert say(reason(candidate, NOW)) == reason(candidate, NOW, translation)


def test_an_error_is_said_with_what_which_and_why():
    error = DigestError("only a draft can be approved", "The Brow 1", "it is sent")
    assert sentence_of(error) == "only a draft can be approved: The Brow 1 (it is sent)"
    with translation.override("de"):
        assert sentence_of(error) == "nur ein Entwurf kann freigegeben werden: The Brow 1 (er ist versendet)"
    assert sentence_of(ValueError("x")) == "x"


@given(st.text(max_size=80))
def test_a_stranger_s_words_stay_as_they_are_in_english(words):
    with translation.override("en"):
        assert say(words) == words
