"""What stands beside a text or between its paragraphs and is no part of it, told by plain signs.

The trees learn most of this; these rules hold on pages so short that there is little else to judge by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from crawler import dates, dumps
from crawler.blocks import Cut, Run

Floats = npt.NDArray[np.float64]

WORD = re.compile(r"\w+")
# So many elements are looked at, from a block's own outwards, and a box holds no more words than this.
REACH = 4
LONGEST_BOX = 120
NO_BOX = "larger than a box"
MOST_BOXED = 0.5
PROSE_WORDS = 12
BOX = re.compile(
    r"(?P<letter>newsletter|subscri(?:be|ption)|sign-?up|opt-?in|mailing-?list|mailchimp)"
    r"|(?P<author>author[-_]{0,2}(?:bio|box|info|card|desc|about|profile|details)|(?:about|meet)[-_]{0,2}(?:the[-_])?author"
    r"|bio[-_]{0,2}box|(?<![a-z])bio(?![a-z]))"
)
KIND_OF_BOX = {"letter": "newsletter", "author": "about the author"}
LEAD_ON = re.compile(
    r"(?i)\W*(?:(?:read|see|watch|learn)\s+(?:more|also|next)|also\s+(?:read|see)|related(?:\s\w+)?|more\s+(?:on|from|like)\b"
    r"|recommended|continue\s+reading|you\s+(?:may|might)\s+also\s+like|don.t\s+miss|further\s+reading)\b\W*"
)
LINKED = 0.6
LONGEST = 320  # characters; what is longer says something itself
# A line of a date holds it and at most so many characters beside ("Last updated on").
BESIDE_A_DATE = 24
DATED = re.compile(
    r"(?i)\W*(?:(?:first|last)\s+)?(?:published|updated|posted|modified|date|today\s+is)?\W*(?:on|at)?\W*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?\W*"
)
CLOCK = re.compile(r"(?i)\W*\d{1,2}[:.]\d\d(?:\s*[ap]\.?m\.?)?(?:\s*[A-Z]{2,4})?\W*")
# Where the page lies in its site: short parts, none a sentence, with one sign between them; the last may be the headline.
# A lone stroke parts other things too ("owner / project").
STEPS = (re.compile(r"\s*[>›»→]\s*"), re.compile(r"\s+/\s+"))
LEAST_STEPS = (2, 3)
LONGEST_STEP, LONGEST_LAST = 6, 16  # words
ENDS = (".", "!", "?", ":", ";")
# The ways back are links, but for the blanks between their words.
WAYS_LINKED = 0.9
# An <h1> of which so many words in a hundred stand in the title element is the headline.
HEADLINE_LIKENESS = 0.75


def besides(page: Cut, words: Floats, kept: Sequence[int]) -> dict[int, str]:
    """Of the kept blocks those that are no body, and what each is. `words` are those of each block."""
    title = WORD.findall(page.title.lower())
    boxes = _Boxes(page, words)
    # Further on a line of a date stands over a post or in a table.
    opening = next((at for at in kept if words[at] >= PROSE_WORDS and not _is_trail(page.runs[at])), 0)
    found: dict[int, str] = {}
    boxed: dict[int, str] = {}
    for at in kept:
        run = page.runs[at]
        kind = _by_text(page, run, title, opens=at < opening)
        if kind:
            found[at] = kind
        elif box := boxes.around(run.element):
            boxed[at] = box
    # A page that is itself such a box has its text there.
    whole = sum(words[at] for at in kept)
    return found | boxed if sum(words[at] for at in boxed) < MOST_BOXED * whole else found


class _Boxes:
    """Which elements are boxes of a kind, each looked at once."""

    def __init__(self, page: Cut, words: Floats) -> None:
        self.elements = page.elements
        self.sums = np.concatenate(([0.0], np.cumsum(words)))
        self.known: dict[int, str] = {}

    def around(self, element: int) -> str:
        """The kind of the nearest box around an element."""
        for _ in range(REACH):
            kind = self.known.get(element)
            if kind is None:
                kind = self.known[element] = self._kind(element)
            if kind or element <= 0:
                return "" if kind == NO_BOX else kind
            element = self.elements.parent[element]
        return ""

    def _kind(self, element: int) -> str:
        held = self.sums[self.elements.last[element]] - self.sums[self.elements.first[element]]
        if held > LONGEST_BOX:
            return NO_BOX
        match = BOX.search(self.elements.marks[element].lower())
        return KIND_OF_BOX[match.lastgroup or ""] if match is not None else ""


def _by_text(page: Cut, run: Run, title: list[str], *, opens: bool) -> str:
    text = run.text
    if page.elements.tag[run.element] == "h1" and _is_title(WORD.findall(text.lower()), title):
        return "headline"
    if len(text) > LONGEST:
        return ""
    if dumps.is_byline(text):
        return "byline"
    if opens and _is_date(text):
        return "date line"
    if opens and _is_trail(run):
        return "breadcrumb"
    lead = LEAD_ON.match(text)
    if lead is not None and run.linked >= LINKED * (len(text) - lead.end()) and run.linked:
        return "leads elsewhere"
    return ""


def _is_trail(run: Run) -> bool:
    """A breadcrumb: "Home > News > The headline", all but the last of it links."""
    if len(run.text) > LONGEST or "\n" in run.text:
        return False
    for sign, least in zip(STEPS, LEAST_STEPS, strict=True):
        *ways, last = sign.split(run.text)
        if len(ways) + 1 < least or run.linked < WAYS_LINKED * sum(map(len, ways)):
            continue
        short = all(0 < len(way.split()) <= LONGEST_STEP for way in ways) and len(last.split()) <= LONGEST_LAST
        if short and not any(step.endswith(ENDS) for step in (*ways, last)):
            return True
    return False


def _is_title(said: list[str], title: list[str]) -> bool:
    """Nearly the words of the title element, or all of its beginning."""
    if not said or not title:
        return False
    one, other = set(said), set(title)
    begins = len(said) > 2 and title[: len(said)] == said
    return begins or len(one & other) / len(one | other) >= HEADLINE_LIKENESS


def _is_date(text: str) -> bool:
    """A day or a time of day and hardly a word more."""
    if len(text) > BESIDE_A_DATE * 3 or not any(character.isdigit() for character in text):
        return False
    if CLOCK.fullmatch(text):
        return True
    first = next(dates.found_in(text), None)
    if first is None:
        return False
    begin = first[1]
    rest = re.sub(r"[\d\W_]+|[^\W\d_]{3,10}(?=\W*\d)", "", text[begin:])
    return DATED.fullmatch(text[:begin]) is not None and len(rest) <= 9
