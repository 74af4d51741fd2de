"""A mark in a text -> the sentence that it stands in, so that whoever is shown a sign can judge it."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Longer sentences are cut around the mark; a page is not told again.
LONGEST = 300
LOOK = 600
_END = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9À-Þ])|\n+")
_NO_END = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|vs|al|Inc|Ltd|Co|Corp|approx|Fig|[A-Z])\.|\be\.g\.|\bi\.e\.)\s*$"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Fact:
    """What was found and the words it was found in; both empty where nothing was."""

    value: str = ""
    said: str = ""

    def __bool__(self) -> bool:
        return bool(self.value)


NOTHING = Fact()


@dataclass(frozen=True)
class Sought:
    """A pattern, and marks in lower case of which one must stand in a text that it can match.

    Looking for a few letters takes a hundredth of the time, and most texts have none of them.
    """

    marks: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, text: str, lower: str) -> re.Match[str] | None:
        """The first match in a text; `lower` is the text, or one around it, in lower case."""
        return self.pattern.search(text) if any(mark in lower for mark in self.marks) else None


def sought(marks: str, pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> Sought:
    """A pattern with its marks, which are parted by strokes."""
    return Sought(tuple(marks.split("|")), re.compile(pattern, flags))


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence around text[start:end], at most LONGEST characters of it."""
    begin, last = max(0, start - LOOK), min(len(text), end + LOOK)
    for match in _END.finditer(text, begin, min(len(text), start + 1)):
        if match[0].isspace() or not _NO_END.search(text, max(0, match.start() - 12), match.end()):
            begin = match.end()
    for match in _END.finditer(text, end, last):
        if match[0].isspace() or not _NO_END.search(text, max(0, match.start() - 12), match.end()):
            last = match.end()
            break
    if last - begin > LONGEST:
        spare = max(0, LONGEST - (end - start)) // 2
        begin, last = max(begin, start - spare), min(last, start + max(end - start, 0) + spare)
        last = min(last, begin + LONGEST)
    return _SPACE.sub(" ", text[begin:last]).strip()


def any_of(phrases: tuple[str, ...]) -> str:
    """A pattern for any of these phrases, longest first; one that matches nothing where there are none."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in ordered) or r"(?!)"
