"""Why a topic was given: the words and phrases that spoke most for it, from the model's own weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from classifier.features import PER_GROUP, CueFeatures, pair_code
from classifier.judgement import Reason, Text
from classifier.reading import Floats, Ints, Reading
from classifier.tokens import readable, spans

if TYPE_CHECKING:
    from classifier.topicmodel import Weights

# Shorter words carry the language, not the topic: they may weigh, but they explain nothing.
LEAST_LETTERS = 3
# Single words looked at, the strongest first, before those that are the same are counted together.
LOOKED_AT = 40

# Position of the first word, number of words, weight.
Term = tuple[int, int, float]


@dataclass(frozen=True)
class Spoken:
    """Everything that was said of a batch, kept for as long as its judgements are written.

    What does not depend on a label is counted once for the batch, and only where a reason is asked for.
    """

    reading: Reading
    plains: Sequence[str]
    words: sparse.csr_matrix
    pairs: sparse.csr_matrix
    cues: Floats
    scores: Floats
    numbers: Ints
    features: CueFeatures
    weights: Weights

    def range_of(self, text: int) -> slice:
        """Where the words of one text stand among those of the batch, title first."""
        return slice(int(self.reading.starts[text]), int(self.reading.starts[text + 1]))

    def plains_of(self, text: int, most: int) -> list[str]:
        """The first plain words of one text, title first."""
        return [self.plains[slot] for slot in self.reading.slots[self.range_of(text)][:most]]

    @cached_property
    def word_parts(self) -> Floats:
        """Each word's part of its window's weight for that word, times the window's share; as long as the words."""
        return _parts(self.words, self.reading, self.reading.rows, self.reading.slots)

    @cached_property
    def pair_parts(self) -> tuple[Ints, Floats]:
        """The known pair that begins at each word (or 0), and its part of the weight (0 where there is none)."""
        reading, codes = self.reading, self.weights.codes
        if not len(codes) or len(reading.slots) < 2:
            return np.zeros(len(reading.slots), dtype=np.int64), np.zeros(len(reading.slots), dtype=np.float32)
        numbers = self.numbers[reading.slots]
        code = pair_code(numbers[:-1], numbers[1:])
        at = np.minimum(np.searchsorted(codes, code), len(codes) - 1)
        same = reading.rows[:-1] == reading.rows[1:]
        known = (codes[at] == code) & (numbers[:-1] >= 0) & (numbers[1:] >= 0) & same
        parts = np.zeros(len(reading.slots), dtype=np.float32)
        parts[:-1][known] = _parts(self.pairs, reading, reading.rows[:-1][known], at[known])
        return np.append(at, 0), parts

    @cached_property
    def hit_parts(self) -> tuple[Ints, Floats]:
        """The hits that count, and each one's part of its group in its window, times the window's share."""
        hits = self.reading.hits
        heard = np.flatnonzero(self.features.heard(self.reading))
        group = hits.row[heard] * self.features.groups + hits.group[heard]
        _, place, counts = np.unique(group, return_inverse=True, return_counts=True)
        return heard, (self.reading.share[hits.row[heard]] / counts[place]).astype(np.float32)


def reasons(
    spoken: Spoken, text: int, label: int, places: Sequence[tuple[int, int]], item: Text, most: int
) -> tuple[Reason, ...]:
    """The terms with the greatest positive weight in a label's score (in logits), greatest first, none inside another.

    A phrase of the cue lists has the weight of its words and its part of its group's columns; a term that stands
    several times is shown where it stands first. `places` are the words' characters in `item.whole`.
    """
    weights = _word_weights(spoken, text, label)
    plains = spoken.plains_of(text, len(weights))
    covered = np.zeros(len(weights), dtype=bool)
    terms: list[Term] = []
    for position, length, weight in _phrases(spoken, text, label):
        covered[position : position + length] = True
        terms.append((position, length, weight + float(weights[position : position + length].sum())))
    alone = np.flatnonzero((weights > 0) & ~covered)
    alone = alone[np.argsort(-weights[alone], kind="stable")[:LOOKED_AT]]
    terms += [(int(at), 1, float(weights[at])) for at in alone if len(plains[at]) >= LEAST_LETTERS]
    slope = float(spoken.weights.curve[0, label])
    return tuple(
        _reason(item, places[first][0], places[first + length - 1][1], weight * slope)
        for first, length, weight in _strongest(terms, plains, most)
        if first + length <= len(places)
    )


def places_of(item: Text) -> list[tuple[int, int]]:
    """Start and end in `item.whole` of each word, title first."""
    shift = len(item.title) + 1
    body = [(start + shift, end + shift) for start, end in spans(readable(item.text))]
    return spans(readable(item.title)) + body


def _word_weights(spoken: Spoken, text: int, label: int) -> Floats:
    """What each word of a text adds to a label's score: its own row, and half of each pair that it stands in."""
    here = spoken.range_of(text)
    slots = spoken.reading.slots[here]
    weights: Floats = spoken.word_parts[here] * spoken.scores[slots, label]
    pairs, parts = spoken.pair_parts
    halves = (
        parts[here] * spoken.weights.pair_scores[pairs[here], label] / 2 if len(spoken.weights.codes) else weights * 0
    )
    weights = weights + halves
    weights[1:] += halves[:-1]
    return weights


def _phrases(spoken: Spoken, text: int, label: int) -> list[Term]:
    """Cues of a text with what they add; those that begin at one word or lie inside another become the longer one."""
    reading, (heard, parts) = spoken.reading, spoken.hit_parts
    hits, here = reading.hits, spoken.range_of(text)
    first, last = np.searchsorted(hits.index[heard], [here.start, here.stop])
    mine = heard[first:last]
    rows, at = np.unique(hits.row[mine], return_inverse=True)
    columns = spoken.cues[rows] * spoken.weights.cue_scores[:, label]
    said = columns.reshape(len(rows), spoken.features.groups, PER_GROUP).sum(axis=2)
    weights = parts[first:last] * said[at, hits.group[mine]]
    lengths = spoken.features.cues.lengths
    found = [
        (int(hits.index[hit]) - here.start, lengths[hits.phrase[hit]], float(weight))
        for hit, weight in zip(mine, weights, strict=True)
        if weight > 0
    ]
    kept: list[Term] = []
    for position, length, weight in sorted(found, key=lambda term: (term[0], -term[1])):
        if kept and position + length <= kept[-1][0] + kept[-1][1]:
            kept[-1] = (kept[-1][0], kept[-1][1], kept[-1][2] + weight)
        else:
            kept.append((position, length, weight))
    return kept


def _strongest(terms: Sequence[Term], plains: Sequence[str], most: int) -> list[Term]:
    """The same words in several places count together, where they stand first."""
    together: dict[tuple[str, ...], Term] = {}
    for position, length, weight in terms:
        words = tuple(plains[position : position + length])
        before = together.get(words, (position, length, 0.0))
        together[words] = (min(position, before[0]), length, before[2] + weight)
    ranked = sorted(together.values(), key=lambda term: (-term[2], term[0]))
    return [term for term in ranked[:most] if term[2] > 0]


def _reason(item: Text, start: int, end: int, weight: float) -> Reason:
    return Reason(item.whole[start:end], start, end, round(weight, 3))


def _parts(matrix: sparse.csr_matrix, reading: Reading, rows: Ints, columns: Ints) -> Floats:
    """The matrix entry of each (row, column), times its window's share, divided among those that are the same."""
    matrix.sort_indices()
    width = matrix.shape[1]
    keys = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * width + matrix.indices
    place = np.searchsorted(keys, rows * width + columns)
    counts = np.bincount(place, minlength=len(keys))
    return np.asarray(matrix.data[place] * reading.share[rows] / counts[place], dtype=np.float32)
