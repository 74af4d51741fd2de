"""What class names, ids and words say of a block, learnt as linear weights from many sites.

Three linear scores: of the names near a block (its element, two above, inline ones), of all names above it, and of
its words. A name or word counts only when it was seen on several sites, so that none speaks for one site alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from crawler.blocks import Cut
from crawler.wordweights import WordWeights

CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
WORD = re.compile(r"[^\W_]+|[©@|…»]")
FIRST_WORDS, LAST_WORDS = 20, 8
# Enough characters for so many words; the middle of a long block says no more than its ends.
FIRST_CHARACTERS, LAST_CHARACTERS = 200, 80
LONGEST_NAMES = 300
# Names whose weights are remembered: themes and page builders use the same thousands on all their sites.
NAMES_REMEMBERED = 20_000
# What parts a name into words. Bytes are translated five times as fast as text; those of other scripts stay.
NO_LETTERS = bytes(45 if chr(code) in "_0123456789:/.[]()#%!@,&=+'\"" else code for code in range(256))
# For texts of ASCII without "@" and "|", lower case and blanks for all that is no word: a fifth of what WORD costs.
PLAIN = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256))
# Typographic marks that part words and nothing else; without them most English texts are ASCII.
CURLY = ("’", "“", "”", "–", "\xa0")

Floats = npt.NDArray[np.float64]
NOTHING = (0.0, 0.0)


@dataclass(frozen=True)
class Lexicon:
    """Weights by name or word; what is not listed weighs nothing."""

    near: Mapping[str, float]
    far: Mapping[str, float]
    words: Mapping[str, float]

    def of_names(self, tag: str, marks: str) -> tuple[float, float]:
        """The weights near and far of a tag with its class names, ids and roles."""
        close, distant = self._both.get("<" + tag, NOTHING) if tag else NOTHING
        known = self._remembered
        for name in marks[:LONGEST_NAMES].split():
            pair = known.get(name)
            if pair is None:
                pair = self._weigh(name)
            close += pair[0]
            distant += pair[1]
        return close, distant

    def _weigh(self, name: str) -> tuple[float, float]:
        if len(self._remembered) >= NAMES_REMEMBERED:
            self._remembered.clear()
        close = distant = 0.0
        for token in tokens_of(name):
            pair = self._both.get(token)
            if pair is not None:
                close += pair[0]
                distant += pair[1]
        self._remembered[name] = close, distant
        return close, distant

    @cached_property
    def spoken(self) -> WordWeights:
        """The weights of words, to be summed for many texts at once."""
        return WordWeights(self.words)

    @cached_property
    def _both(self) -> dict[str, tuple[float, float]]:
        return {token: (self.near.get(token, 0.0), self.far.get(token, 0.0)) for token in {*self.near, *self.far}}

    @cached_property
    def _remembered(self) -> dict[str, tuple[float, float]]:
        return {}


@dataclass(frozen=True)
class LexiconScores:
    """Sums of weights: of names near and above, of words; and the worst and best element above each run."""

    near: Floats
    far: Floats
    worst: Floats
    best: Floats
    words: Floats


@lru_cache(maxsize=NAMES_REMEMBERED)
def name_tokens(tag: str, marks: str) -> tuple[str, ...]:
    """A tag, and the parts of the names beside it, for training: there each page is read twice."""
    names = [tokens_of(name) for name in marks[:LONGEST_NAMES].split()]
    return tuple(chain(["<" + tag] if tag else [], *names))


def tokens_of(name: str) -> Sequence[str]:
    """The parts of one class name, id or role, lower-case, and the pairs of neighbouring parts."""
    lower = name.lower()
    if lower == name and name.isalpha():
        return [name] if len(name) > 1 else []
    if lower != name:
        parts = [part.lower() for part in CAMEL.findall(name) if len(part) > 1]
    else:
        plain = name.encode("utf-8", "replace").translate(NO_LETTERS).decode()
        parts = [part for part in plain.split("-") if len(part) > 1]
    return (*parts, *map("-".join, pairwise(parts))) if len(parts) > 1 else parts


def words_of(text: str) -> list[str]:
    """The lower-case words of a block's start and end."""
    if len(text) > FIRST_CHARACTERS + LAST_CHARACTERS + 40:
        first, last = text[:FIRST_CHARACTERS], text[-LAST_CHARACTERS:]
        return _words(first)[:-1][:FIRST_WORDS] + _words(last)[1:][-LAST_WORDS:]
    words = _words(text)
    return words if len(words) <= FIRST_WORDS + LAST_WORDS else words[:FIRST_WORDS] + words[-LAST_WORDS:]


def _words(text: str) -> list[str]:
    """What WORD finds in a text, lower-case."""
    if not text.isascii():
        for mark in CURLY:
            text = text.replace(mark, " ")
    if text.isascii() and "@" not in text and "|" not in text:
        return text.encode().translate(PLAIN).decode().split()
    return WORD.findall(text.lower())


def score(cut: Cut, lexicon: Lexicon, words: list[list[str]]) -> LexiconScores:
    """The sums for each run of a page, whose `words` are given; each tag with its names is looked up once."""
    near, far, worst, best = _element_sums(cut, lexicon)
    runs = cut.runs
    at = np.array([run.element for run in runs], dtype=np.intp)
    parent = np.maximum(np.array(cut.elements.parent, dtype=np.intp), 0)
    up = parent[at]
    of_mark = {mark: lexicon.of_names("", mark)[0] for run in runs for mark in run.marks}
    inline = [sum([of_mark[mark] for mark in run.marks]) if run.marks else 0.0 for run in runs]
    return LexiconScores(
        near=near[at] + near[up] + near[parent[up]] + np.array(inline),
        far=far[at],
        worst=worst[at],
        best=best[at],
        words=lexicon.spoken.sums(words),
    )


def _element_sums(cut: Cut, lexicon: Lexicon) -> tuple[Floats, Floats, Floats, Floats]:
    """For each element the weight of its names near; of its and its ancestors' names far the sum, least and most."""
    elements = cut.elements
    # Strings and not pairs: the collector need not look at them.
    keys = list(map("{} {}".format, elements.tag, elements.marks))
    known = {key: lexicon.of_names(*key.split(" ", 1)) for key in set(keys)}
    own = [known[key] for key in keys]
    far: list[float] = []
    worst: list[float] = []
    best: list[float] = []
    for (_, distant), parent in zip(own, elements.parent, strict=True):
        if parent < 0:
            far.append(distant)
            worst.append(distant)
            best.append(distant)
            continue
        far.append(distant + far[parent])
        least, most = worst[parent], best[parent]
        worst.append(distant if distant < least else least)
        best.append(distant if distant > most else most)
    near = np.array([close for close, _ in own])
    return near, np.array(far), np.array(worst), np.array(best)
