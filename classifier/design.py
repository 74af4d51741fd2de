"""The columns that a model learns from: words, parts of words, company of words, pairs, cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from classifier.background import Background
from classifier.features import CueFeatures, pair_code, pair_weights, word_weights
from classifier.reading import Floats, Ints, Reader, Reading
from classifier.spelling import parts_matrix

Blocks = dict[str, sparse.csr_matrix]


@dataclass(frozen=True)
class Scales:
    """How much each block of columns may say before the penalty on weights holds it back.

    The values in use were chosen by grouped folds over the examples and on the real texts (docs/topics.md).
    """

    words: float = 2.0
    parts: float = 2.0
    company: float = 2.0
    pairs: float = 0.2
    cues: float = 1.0


@dataclass(frozen=True)
class Design:
    """What was fixed before fitting: the vocabulary with its numbers, and the known pairs."""

    words: tuple[str, ...]
    idf: Floats
    unseen: float
    places: Floats
    codes: Ints
    pair_idf: Floats

    def numbers(self, plains: Sequence[str]) -> Ints:
        """Each plain word's place in the vocabulary, -1 for one that is not in it."""
        place = {word: number for number, word in enumerate(self.words)}
        return np.asarray([place.get(word, -1) for word in plains], dtype=np.int64)

    def slot_idf(self, numbers: Ints) -> Floats:
        """The idf of each word by its number."""
        return np.where(numbers >= 0, self.idf[numbers], np.float32(self.unseen)).astype(np.float32)

    def blocks(self, reading: Reading, reader: Reader, cues: CueFeatures) -> Blocks:
        """The columns of a reading by the names of Scales, each block one row per text."""
        numbers = self.numbers(reader.plains)
        weights = word_weights(reading, self.slot_idf(numbers))
        known = np.flatnonzero(numbers >= 0)
        of_slot = sparse.csr_matrix(
            (np.ones(len(known), dtype=np.float32), (known, numbers[known])),
            shape=(len(numbers), len(self.words)),
        )
        vocabulary = weights @ of_slot
        pooled = reading.pooled()
        rows = {
            "words": vocabulary,
            "parts": weights @ parts_matrix(reader.plains),
            "company": sparse.csr_matrix(vocabulary @ self.places),
            "pairs": pair_weights(reading, numbers, self.codes, self.pair_idf),
            "cues": sparse.csr_matrix(cues.matrix(reading)),
        }
        return {name: (pooled @ block).tocsr() for name, block in rows.items()}


def design_of(reading: Reading, reader: Reader, background: Background) -> Design:
    """The vocabulary of the examples and of the background, and the pairs that stand in two examples or more."""
    known = {word: number for number, word in enumerate(background.words)}
    words = tuple(sorted(set(reader.plains) | set(known)))
    at = np.asarray([known.get(word, -1) for word in words])
    idf = np.where(at >= 0, background.idf[at] if len(known) else 0, background.unseen).astype(np.float32)
    places = np.where(at[:, None] >= 0, background.places[at] if len(known) else 0, 0).astype(np.float32)
    place = {word: number for number, word in enumerate(words)}
    numbers = np.asarray([place[word] for word in reader.plains], dtype=np.int64)[reading.slots]
    codes, pair_idf = _pairs(numbers, reading)
    return Design(words, idf, background.unseen, places.reshape(len(words), -1), codes, pair_idf)


def _pairs(numbers: Ints, reading: Reading) -> tuple[Ints, Floats]:
    same = reading.rows[:-1] == reading.rows[1:]
    code = pair_code(numbers[:-1], numbers[1:])[same]
    each = np.unique(np.stack([code, reading.rows[:-1][same]]), axis=1)[0]
    codes, frequency = np.unique(each, return_counts=True)
    kept = frequency >= 2
    idf = np.log((1 + reading.windows) / (1 + frequency[kept])) + 1
    return codes[kept], idf.astype(np.float32)
