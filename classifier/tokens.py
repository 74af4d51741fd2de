"""Words of a text, in a form in which case and accents do not count, and where they stand."""

from __future__ import annotations

import re
import unicodedata

# A story says what it is about long before this; what lies beyond only costs time (a 2 MB page is one text).
MOST_CHARACTERS = 20_000

_WORD = re.compile(r"[^\W_]+|[$£€₹%?]")
_MARKUP = re.compile(r"<(?:script|style)\b.{0,20000}?</(?:script|style)>|<[^<>]{1,2000}>|&#?\w{1,10};", re.S | re.I)

# A menu left in: four short names or more between bars. What a site offers is not what its story is about.
_BARS = 3
_MENU = re.compile(rf"(?:[^|\n.!?]{{1,40}}\| ?){{{_BARS},}}[^|\n.!?]{{0,40}}")


def readable(text: str) -> str:
    """The part that is judged: markup and menus left in are blanked out, and every character keeps its place."""
    text = text[:MOST_CHARACTERS]
    if "<" in text or "&" in text:
        text = _MARKUP.sub(_blank, text)
    if text.count("|") >= _BARS:
        text = _MENU.sub(_blank, text)
    return text


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def words(text: str) -> list[str]:
    """The words as written, and the signs that tell money, shares and questions."""
    return _WORD.findall(text)


def spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each of `words(text)`."""
    return [found.span() for found in _WORD.finditer(text)]


def plain(word: str) -> str:
    """One spelling of a word: lower case, no accents; every number is "0"."""
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(character for character in decomposed if not unicodedata.combining(character))
    return "0" if word.isdigit() else word.lower()
