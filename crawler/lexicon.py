"""What class names, ids and words say of a block, learnt as linear weights from many sites.

Three linear scores: of the names near a block (its element, two above, inline ones), of all names above it, and of
its words. A name or word counts only when it was seen on several sites, so that none speaks for one site alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crawler.blocks import Cut

NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
WORD = re.compile(r"[^\W_]+|[©@|…»]")
FIRST_WORDS, LAST_WORDS = 20, 8
LONGEST_NAMES = 300

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lexicon:
    """Weights by name or word; what is not listed weighs nothing."""

    near: Mapping[str, float]
    far: Mapping[str, float]
    words: Mapping[str, float]


@dataclass(frozen=True)
class LexiconScores:
    """Sums of weights: of names near and above, of words; one number for each run."""

    near: Floats
    far: Floats
    words: Floats


def name_tokens(tag: str, marks: str) -> list[str]:
    """The parts of class names, ids and roles, lower-case, and the pairs that stand in one name."""
    tokens = ["<" + tag] if tag else []
    for name in marks[:LONGEST_NAMES].split():
        parts = [part.lower() for part in NAME_PART.findall(name) if len(part) > 1]
        tokens += parts
        tokens += [first + "-" + second for first, second in pairwise(parts)]
    return tokens


def word_tokens(text: str) -> list[str]:
    """Words and pairs of the start and the end; digits are folded, so that years and counts are alike."""
    words = WORD.findall(text.lower())
    if len(words) > FIRST_WORDS + LAST_WORDS:
        words = words[:FIRST_WORDS] + words[-LAST_WORDS:]
    words = [word if not word.isdigit() else "0" * len(word) for word in words]
    if not words:
        return []
    return [*words, *map(" ".join, pairwise(words)), "^" + words[0], words[-1] + "$"]


def score(cut: Cut, lexicon: Lexicon) -> LexiconScores:
    """The three sums for each run of a page; each tag with its names is looked up once."""
    near, far = _element_sums(cut, lexicon)
    runs = cut.runs
    at = np.array([run.element for run in runs], dtype=np.intp)
    parent = np.maximum(np.array(cut.elements.parent, dtype=np.intp), 0)
    up = parent[at]
    inline = [sum(_sum(name_tokens("", mark), lexicon.near) for mark in run.marks) for run in runs]
    return LexiconScores(
        near=near[at] + near[up] + near[parent[up]] + np.array(inline),
        far=far[at],
        words=np.array([_sum(word_tokens(run.text), lexicon.words) for run in runs]),
    )


def _sum(tokens: Iterable[str], weights: Mapping[str, float]) -> float:
    get = weights.get
    return sum([get(token, 0.0) for token in tokens])


def _element_sums(cut: Cut, lexicon: Lexicon) -> tuple[Floats, Floats]:
    """For each element the weight of its own names near, and of its own and all its ancestors' names far."""
    known: dict[tuple[str, str], tuple[float, float]] = {}
    near: list[float] = []
    far: list[float] = []
    elements = cut.elements
    for tag, marks, parent in zip(elements.tag, elements.marks, elements.parent, strict=True):
        own = known.get((tag, marks))
        if own is None:
            tokens = name_tokens(tag, marks)
            own = known[tag, marks] = _sum(tokens, lexicon.near), _sum(tokens, lexicon.far)
        near.append(own[0])
        far.append(own[1] + far[parent] if parent >= 0 else own[1])
    return np.array(near), np.array(far)
