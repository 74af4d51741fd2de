"""Why a topic was given: the words and phrases that spoke most for it, from the model's own weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from classifier.features import MEASURES, CueFeatures, pair_code
from classifier.judgement import Reason, Text
from classifier.reading import Floats, Ints, Reading
from classifier.tokens import readable, spans

if TYPE_CHECKING:
    from classifier.topicmodel import Weights

# The commonest words carry the language, not the topic: they may weigh, but they explain nothing.
LEAST_LETTERS = 3


@dataclass(frozen=True)
class Spoken:
    """Everything that was said of a batch, kept for as long as its judgements are written."""

    reading: Reading
    plains: Sequence[str]
    words: sparse.csr_matrix
    pairs: sparse.csr_matrix
    cues: Floats
    scores: Floats
    numbers: Ints
    features: CueFeatures
    weights: Weights

    def slots_of(self, text: int) -> Ints:
        """The words of one text, title first."""
        return self.reading.slots[self.reading.starts[text] : self.reading.starts[text + 1]]

    def plains_of(self, text: int) -> list[str]:
        """The plain words of one text, title first."""
        return [self.plains[slot] for slot in self.slots_of(text)[:120]]


def reasons(spoken: Spoken, text: int, label: int, item: Text, most: int) -> tuple[Reason, ...]:
    """The terms with the greatest positive weight in a label's score, greatest first, none inside another.

    A phrase of the cue lists has the weight of its words and its share of its group's columns; each term is shown
    where it first stands.
    """
    weights = _position_weights(spoken, text, label)
    phrases = _phrases(spoken, text, label)
    found: dict[tuple[str, ...], tuple[float, int, int]] = {}
    plains = [spoken.plains[slot] for slot in spoken.slots_of(text)]
    covered = np.zeros(len(plains), dtype=bool)
    for position, length, weight in phrases:
        covered[position : position + length] = True
        _add(found, plains, position, length, weight + float(weights[position : position + length].sum()))
    for position in np.flatnonzero((weights > 0) & ~covered):
        if len(plains[position]) >= LEAST_LETTERS:
            _add(found, plains, int(position), 1, float(weights[position]))
    best = sorted(found.values(), key=lambda term: (-term[0], term[1]))[:most]
    return _located(item, [term for term in best if term[0] > 0])


def _add(
    found: dict[tuple[str, ...], tuple[float, int, int]], plains: list[str], at: int, length: int, weight: float
) -> None:
    term = tuple(plains[at : at + length])
    total, first, _ = found.get(term, (0.0, at, length))
    found[term] = (total + weight, first, length)


def _position_weights(spoken: Spoken, text: int, label: int) -> Floats:
    """What each word of a text adds to a label's score: its own row, and half of each pair it stands in."""
    reading = spoken.reading
    start, stop = int(reading.starts[text]), int(reading.starts[text + 1])
    slots, rows = reading.slots[start:stop], reading.rows[start:stop]
    weights = np.zeros(stop - start, dtype=np.float32)
    for row in np.unique(rows):
        here = np.flatnonzero(rows == row)
        line = spoken.words[int(row)]
        value = dict(zip(line.indices.tolist(), line.data.tolist(), strict=True))
        counts = np.bincount(np.unique(slots[here], return_inverse=True)[1])
        each = counts[np.unique(slots[here], return_inverse=True)[1]]
        own = np.array([value.get(int(slot), 0.0) for slot in slots[here]], dtype=np.float32)
        weights[here] = reading.share[row] * own * spoken.scores[slots[here], label] / each
        _add_pairs(spoken, int(row), label, slots, here, weights)
    return weights


def _add_pairs(spoken: Spoken, row: int, label: int, slots: Ints, here: Ints, weights: Floats) -> None:
    line = spoken.pairs[row]
    if not line.nnz:
        return
    said = dict(zip(line.indices.tolist(), line.data.tolist(), strict=True))
    numbers = spoken.numbers[slots[here]]
    codes = pair_code(numbers[:-1], numbers[1:])
    at = np.searchsorted(spoken.weights.codes, codes)
    at[at == len(spoken.weights.codes)] = 0
    known = (spoken.weights.codes[at] == codes) & (numbers[:-1] >= 0) & (numbers[1:] >= 0)
    done: set[int] = set()
    for position in np.flatnonzero(known):
        pair = int(at[position])
        if pair in said and pair not in done:
            done.add(pair)
            half = spoken.reading.share[row] * said[pair] * spoken.weights.pair_scores[pair, label] / 2
            weights[here[position]] += half
            weights[here[position + 1]] += half


def _phrases(spoken: Spoken, text: int, label: int) -> list[tuple[int, int, float]]:
    """Cues of a text: position, words, and their part of what their group's columns add to the score."""
    reading, features = spoken.reading, spoken.features
    mine = np.flatnonzero(reading.owner[reading.hits.row] == text) if len(reading.hits) else []
    if not len(mine):
        return []
    heard = features.heard(reading)
    width = len(MEASURES)
    found = []
    for row in np.unique(reading.hits.row[mine]):
        here = [hit for hit in mine if reading.hits.row[hit] == row and heard[hit]]
        said = (spoken.cues[row] * spoken.weights.cue_scores[:, label]).reshape(-1, width).sum(axis=1)
        per_group = np.bincount(reading.hits.group[here], minlength=len(said))
        for hit in here:
            group = reading.hits.group[hit]
            weight = float(reading.share[row] * said[group] / per_group[group])
            position = int(reading.hits.index[hit] - reading.starts[text])
            length = features.cues.lengths[reading.hits.phrase[hit]]
            if weight > 0:
                found.append((position, length, weight))
    return _longest(found)


def _longest(phrases: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Phrases that begin at one word or lie inside another become the longer one, with the weights of both."""
    kept: list[tuple[int, int, float]] = []
    for position, length, weight in sorted(phrases, key=lambda phrase: (phrase[0], -phrase[1])):
        if kept and position + length <= kept[-1][0] + kept[-1][1]:
            kept[-1] = (kept[-1][0], kept[-1][1], kept[-1][2] + weight)
        else:
            kept.append((position, length, weight))
    return kept


def _located(item: Text, terms: Sequence[tuple[float, int, int]]) -> tuple[Reason, ...]:
    title = spans(readable(item.title))
    shift = len(item.title) + 1
    places = title + [(start + shift, end + shift) for start, end in spans(readable(item.text))]
    found = []
    for weight, first, length in terms:
        start, end = places[first][0], places[first + length - 1][1]
        found.append(Reason(item.whole[start:end], start, end, round(weight, 3)))
    return tuple(found)
