"""A text-only dump: the text of its bytes, and title and author, read from the lines before its body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from crawler import authors, refusal
from crawler.article import NotAnArticle, Reason
from crawler.charset import SAMPLE_BYTES, decode
from crawler.lines import Line

# So many lines before the body are looked at, nearest first.
REACH_BACK = 14
LONGEST_TITLE_WORDS = 32
LONGEST_BYLINE_WORDS = 10
GLUED_BYLINE = re.compile(r"^(?P<name>\S.{2,60}?)\s?[Bb]y:?\s+(?P=name)(?:\W|$)")
BYLINE = re.compile(r"^(?:by|written by|posted by|authors?|von|par|por|di)\s*:?\s+(?P<rest>\S.*)$", re.IGNORECASE)
# Of bytes that are no text a tenth and more become what no text has, whatever encoding is guessed; of a text with a few
# broken places it is less than a hundredth.
MOST_UNREADABLE = 0.03
WHITE = "\t\n\v\f\r\x1b\x85"
UNREADABLE = frozenset({"Cc", "Cn", "Co", "Cs"})
STOPS = (".", ":", ",", ";", "…", "...")


def dump_text(content: bytes, url: str = "") -> str:
    """The text of a file that is said to be one. NotAnArticle where its bytes are none, in any encoding.

    A byte-order mark wins, then valid UTF-8, then a guess: see crawler/charset.py.
    """
    refusal.guard_text(content, url)
    text = decode(content)
    sample = text[:SAMPLE_BYTES]
    if sum(map(_unreadable, sample)) > MOST_UNREADABLE * len(sample):
        raise NotAnArticle(Reason.NOT_TEXT, url)
    return text


def _unreadable(letter: str) -> bool:
    return letter == "\ufffd" or (letter not in WHITE and unicodedata.category(letter) in UNREADABLE)


def dump_title(lines: Sequence[Line], first: int) -> str:
    """The line before body line number `first` (an index) that is most like a headline; blank if none is."""
    best, best_points = "", 1.0
    for place in range(max(first - REACH_BACK, 0), first):
        line = lines[place]
        points = _headline_points(line, lines) - 0.12 * (first - place - 1)
        if points > best_points:
            best, best_points = line.text, points
    return best


def dump_author(lines: Sequence[Line], first: int) -> str:
    """The names of the byline nearest before the body, joined by "; "; blank if there is none.

    Bylines after the body belong to teasers.
    """
    for line in reversed(lines[max(first - REACH_BACK, 0) : first]):
        glued = GLUED_BYLINE.match(line.text)
        stated = BYLINE.match(line.text)
        if glued is not None:
            return "; ".join(authors.names(glued["name"]))
        if stated is not None and len(line.text.split()) <= 14:
            return "; ".join(authors.names(line.text))
    return ""


def is_byline(text: str) -> bool:
    """A line that names an author and says no more: it stands beside the body, not in it."""
    stated = BYLINE.match(text)
    if stated is None or len(text.split()) > LONGEST_BYLINE_WORDS:
        return False
    words = [word for word in stated["rest"].split() if word[0].isalpha() and word not in ("and", "und", "et", "y")]
    return bool(words) and all(word[0].isupper() for word in words) and bool(authors.names(text))


def _headline_points(line: Line, lines: Sequence[Line]) -> float:
    """Above 1 for what may be a headline: some words, no full stop, no bullet, named again on the page."""
    words = line.text.split()
    if line.bullet or not 2 <= len(words) <= LONGEST_TITLE_WORDS or BYLINE.match(line.text):
        return 0.0
    points = 1.0 + min(len(words), 8) / 8
    points -= 0.8 * line.text.endswith(STOPS)
    points += 0.5 * (line.gap_before > 0) + 0.3 * (line.gap_after > 0)
    named_again = sum(line.text in other.text for other in lines) > 1
    return points + (1.2 if named_again and len(words) > 3 else 0.0)
