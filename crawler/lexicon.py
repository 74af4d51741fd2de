"""What class names, ids and words say of a block, learnt as linear weights from many sites.

Three linear scores: of the names near a block (its element, two above, inline ones), of all names above it, and of
its words. A name or word counts only when it was seen on several sites, so that none speaks for one site alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crawler.blocks import Cut

CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
WORD = re.compile(r"[^\W_]+|[©@|…»]")
FIRST_WORDS, LAST_WORDS = 20, 8
# Enough characters for so many words; the middle of a long block says no more than its ends.
FIRST_CHARACTERS, LAST_CHARACTERS = 200, 80
LONGEST_NAMES = 300
NAMES_REMEMBERED = 20_000
NO_LETTERS = {ord(character): "-" for character in "_0123456789:/.[]()#%!@,&=+'\""}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lexicon:
    """Weights by name or word; what is not listed weighs nothing."""

    near: Mapping[str, float]
    far: Mapping[str, float]
    words: Mapping[str, float]


@dataclass(frozen=True)
class LexiconScores:
    """Sums of weights: of names near and above, of words; and the worst and best element above each run."""

    near: Floats
    far: Floats
    worst: Floats
    best: Floats
    words: Floats


@functools.lru_cache(maxsize=NAMES_REMEMBERED)
def name_tokens(tag: str, marks: str) -> tuple[str, ...]:
    """The parts of class names, ids and roles, lower-case, and the pairs that stand in one name.

    Remembered, because pages of one site share their names.
    """
    tokens = ["<" + tag] if tag else []
    for name in marks[:LONGEST_NAMES].split():
        lower = name.lower()
        if lower != name:
            parts = [part.lower() for part in CAMEL.findall(name) if len(part) > 1]
        else:
            parts = [part for part in lower.translate(NO_LETTERS).split("-") if len(part) > 1]
        tokens += parts
        if len(parts) > 1:
            tokens += map("-".join, pairwise(parts))
    return tuple(tokens)


def words_of(text: str) -> list[str]:
    """The lower-case words of a block's start and end."""
    if len(text) > FIRST_CHARACTERS + LAST_CHARACTERS + 40:
        first, last = text[:FIRST_CHARACTERS], text[-LAST_CHARACTERS:]
        words = WORD.findall(first.lower())[:-1]
        return words[:FIRST_WORDS] + WORD.findall(last.lower())[1:][-LAST_WORDS:]
    words = WORD.findall(text.lower())
    return words if len(words) <= FIRST_WORDS + LAST_WORDS else words[:FIRST_WORDS] + words[-LAST_WORDS:]


def word_tokens(words: list[str]) -> list[str]:
    """Words and pairs of words, and which are first and last; digits are folded, so that years and counts are alike."""
    if not words:
        return []
    words = ["0" * len(word) if word.isdigit() else word for word in words]
    return [*words, *map(" ".join, pairwise(words)), "^" + words[0], words[-1] + "$"]


def score(cut: Cut, lexicon: Lexicon, words: list[list[str]]) -> LexiconScores:
    """The sums for each run of a page, whose `words` are given; each tag with its names is looked up once."""
    known: dict[tuple[str, str], tuple[float, float]] = {}
    near, far, worst, best = _element_sums(cut, lexicon, known)
    runs = cut.runs
    at = np.array([run.element for run in runs], dtype=np.intp)
    parent = np.maximum(np.array(cut.elements.parent, dtype=np.intp), 0)
    up = parent[at]
    inline = [sum([_own("", mark, lexicon, known)[0] for mark in run.marks]) if run.marks else 0.0 for run in runs]
    return LexiconScores(
        near=near[at] + near[up] + near[parent[up]] + np.array(inline),
        far=far[at],
        worst=worst[at],
        best=best[at],
        words=word_sums(words, lexicon.words),
    )


def word_sums(rows: list[list[str]], weights: Mapping[str, float]) -> Floats:
    """The summed weights of each row of words. Rows that repeat, as menus do, are summed once."""
    known: dict[str, float] = {}
    sums = []
    for row in rows:
        key = " ".join(row)
        value = known.get(key)
        if value is None:
            value = known[key] = _sum(word_tokens(row), weights)
        sums.append(value)
    return np.array(sums)


def _own(
    tag: str, marks: str, lexicon: Lexicon, known: dict[tuple[str, str], tuple[float, float]]
) -> tuple[float, float]:
    """The weights near and far of one tag with its names."""
    own = known.get((tag, marks))
    if own is None:
        tokens = name_tokens(tag, marks)
        own = known[tag, marks] = _sum(tokens, lexicon.near), _sum(tokens, lexicon.far)
    return own


def _sum(tokens: Iterable[str], weights: Mapping[str, float]) -> float:
    get = weights.get
    return sum([get(token, 0.0) for token in tokens])


def _element_sums(
    cut: Cut, lexicon: Lexicon, known: dict[tuple[str, str], tuple[float, float]]
) -> tuple[Floats, Floats, Floats, Floats]:
    """For each element the weight of its names near; of its and its ancestors' names far the sum, least and most."""
    near: list[float] = []
    far: list[float] = []
    worst: list[float] = []
    best: list[float] = []
    elements = cut.elements
    for tag, marks, parent in zip(elements.tag, elements.marks, elements.parent, strict=True):
        close, distant = _own(tag, marks, lexicon, known)
        near.append(close)
        if parent < 0:
            far.append(distant)
            worst.append(distant)
            best.append(distant)
            continue
        far.append(distant + far[parent])
        worst.append(distant if distant < worst[parent] else worst[parent])
        best.append(distant if distant > best[parent] else best[parent])
    return np.array(near), np.array(far), np.array(worst), np.array(best)
