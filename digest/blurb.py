"""What may be shown of another's work: the editor's words, the publisher's description, or whole sentences in quotes.

One limit everywhere (mail, text part, archive, feeds): 200 characters, 30 words, a tenth of the text (20 words are
always allowed), and never more than the page's own max-snippet. It protects others' words; an editor's own are the
editor's, and have a limit of their own because a digest is read line by line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from crawler.article import Reuse

MOST_CHARACTERS, MOST_WORDS, ALWAYS_WORDS = 200, 30, 20
# Of an editor's own words, held by verbs and forms alike: half as much again as the longest quote.
MOST_OWN = 300
LEAST_WORDS = 5
# Of a long description a first sentence shorter than this says nothing ("I look tired."): then it is cut at a word.
LEAST_WHOLE = 8
LONGEST_SHORTENED = 12
# A dot after these ends no sentence.
_SHORTENED = (
    r"(?:Dr|Drs|Mr|Mrs|Ms|Prof|St|No|vs|etc|e\.g|i\.e|cf|Inc|Ltd|Co|Corp|rev|approx|Fig"
    r"|Jan|Feb|Aug|Sept|Oct|Nov|Dec|U\.S|U\.K|[A-Z])"
)
_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[\"“‘'(]?[A-Z0-9ÄÖÜÀ-Þ])")
_NO_END = re.compile(rf"\b{_SHORTENED}\.[\"”’')]*$")
_STRAIGHT = re.compile(r'"([^"]*)"')
_SPACE = re.compile(r"\s+")
# A path of links or a row of cells is no sentence, whatever stands at its end.
_PATH = re.compile(r"[>|»›→]")


class BlurbKind(StrEnum):
    """Whose words a blurb is."""

    EDITOR = "editor"
    PUBLISHER = "publisher"
    QUOTE = "quote"
    NONE = ""


@dataclass(frozen=True)
class Blurb:
    """The words to print; a quote carries its quotation marks."""

    text: str
    kind: BlurbKind


@dataclass(frozen=True)
class Quotable:
    """What a blurb may be taken from. `excerpts` is the source's policy: normal, link-only or licensed."""

    title: str
    text: str
    description: str
    reuse: Reuse
    excerpts: str = "normal"


def blurb(editor: str, piece: Quotable) -> Blurb:
    """The first of the three that is there and allowed; none where the publisher forbids snippets."""
    if editor.strip():
        return Blurb(editor.strip(), BlurbKind.EDITOR)
    words, characters = allowance(piece)
    if words < 1 or characters < 1:
        return Blurb("", BlurbKind.NONE)
    description = _description(piece, words, characters)
    if description:
        return Blurb(description, BlurbKind.PUBLISHER)
    quote = _quote(piece, words, characters - 2)
    return Blurb(f"“{quote}”", BlurbKind.QUOTE) if quote else Blurb("", BlurbKind.NONE)


def allowance(piece: Quotable) -> tuple[int, int]:
    """How many words and characters may be shown of this piece."""
    if piece.excerpts == "licensed":
        return MOST_WORDS, MOST_CHARACTERS
    if piece.excerpts == "link-only" or piece.reuse.nosnippet:
        return 0, 0
    tenth = max(ALWAYS_WORDS, len(piece.text.split()) // 10)
    stated = piece.reuse.max_snippet
    # Search engines read a negative max-snippet as "no limit".
    characters = MOST_CHARACTERS if stated is None or stated < 0 else min(MOST_CHARACTERS, stated)
    return min(MOST_WORDS, tenth), characters


def sentences(text: str) -> list[str]:
    """Whole sentences; a paragraph's end ends a sentence too."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        start = 0
        for match in _END.finditer(paragraph):
            at = match.start()
            # A shortened word is short: looking back over the whole paragraph each time took a second per edition.
            if _NO_END.search(paragraph, max(0, at - LONGEST_SHORTENED), at + (not paragraph[at].isspace())):
                continue
            found.append(paragraph[start : match.end()])
            start = match.end()
        found.append(paragraph[start:])
    return [clean for one in found if (clean := _SPACE.sub(" ", one).strip())]


def shortened(text: str, words: int, characters: int) -> str:
    """The text within the limits: whole sentences where they say enough, else cut at a word with an ellipsis."""
    text = _SPACE.sub(" ", text).strip()
    if _fits(text, words, characters):
        return text
    whole = ""
    for sentence in sentences(text):
        longer = f"{whole} {sentence}".strip()
        if not _fits(longer, words, characters):
            break
        whole = longer
    return whole if len(whole.split()) >= LEAST_WHOLE else _cut(text, words, characters) or whole


def _description(piece: Quotable, words: int, characters: int) -> str:
    """The publisher's description, unless it only repeats the title or is the site's own slogan of a few words."""
    text = _SPACE.sub(" ", piece.description).strip()
    if len(text.split()) < LEAST_WORDS or _bare(text) == _bare(piece.title):
        return ""
    return shortened(text, words, characters)


def _quote(piece: Quotable, words: int, characters: int) -> str:
    fitting = [
        (index, sentence)
        for index, sentence in enumerate(sentences(piece.text)[:25])
        if _fits(sentence, words, characters) and _quotable(sentence)
    ]
    if not fitting:
        return ""
    return _inside(max(fitting, key=lambda one: _worth(one[1], one[0], piece.title))[1])


def _inside(sentence: str) -> str:
    """The sentence as it stands inside quotation marks: without its own around it, those within made single."""
    if sentence[0] in '“"' and sentence[-1] in '”"' and not set(sentence[1:-1]) & set('“”"'):
        return sentence[1:-1]
    single = sentence.replace("“", "‘").replace("”", "’")
    return _STRAIGHT.sub(r"‘\1’", single)


def _quotable(sentence: str) -> bool:
    # A greeting or a cheer ("Thank you for your question!") tells nothing.
    ends = sentence.rstrip("\"”’')")[-1:] == "." and not _NO_END.search(sentence)
    opens = sentence.count("“") == sentence.count("”") and sentence.count('"') % 2 == 0
    return ends and opens and len(sentence.split()) >= LEAST_WORDS and not _PATH.search(sentence)


def _worth(sentence: str, index: int, title: str) -> float:
    """Early sentences that speak of what the title speaks of; a figure is worth a word of the title."""
    shared = len({word for word in _bare(sentence).split() if len(word) > 3} & set(_bare(title).split()))
    return shared + bool(re.search(r"\d", sentence)) - 0.35 * index


def _fits(text: str, words: int, characters: int) -> bool:
    return len(text.split()) <= words and len(text) <= characters


def _cut(text: str, words: int, characters: int) -> str:
    parts = text.split()[:words]
    while parts and len(" ".join(parts)) + 1 > characters:
        parts.pop()
    return f"{' '.join(parts).rstrip(',;:.-–')}…" if parts else ""


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
