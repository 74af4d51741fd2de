"""What a reading says in numbers: weighted words, pairs of words, and cues that know where they stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.cues import CueIndex, Role
from classifier.reading import LEAD, TITLE, Floats, Ints, Reading
from classifier.taxonomy import Taxonomy

# Per group of cues: in the title, in the lead, all over per 100 words, how many different ones, share of its facet;
# once with nearly all cues, once with those alone that other fields hardly know.
MEASURES = ("title", "lead", "density", "distinct", "share")
POWERS = (2.0, 8.0)
PER_GROUP = len(MEASURES) * len(POWERS)
# Short texts have few words; so many are added that one cue in a teaser is not a density of 10 %.
SMOOTHING_WORDS = 30
# A hint means something so many words from an act, a word of the field or a cue of its facet.
NEAR = 12


def word_weights(reading: Reading, idf: Floats) -> sparse.csr_matrix:
    """Weight of each distinct word of each window: (1 + ln of its placed count) * idf, rows of unit length.

    `idf` has one entry per slot. Shape (windows, slots).
    """
    counts = sparse.coo_matrix(
        (reading.weights, (reading.rows, reading.slots)), shape=(reading.windows, len(idf))
    ).tocsr()
    counts.data = (1.0 + np.log(counts.data)) * idf[counts.indices]
    return _unit_rows(counts)


def pair_weights(reading: Reading, vocabulary: Ints, codes: Ints, idf: Floats) -> sparse.csr_matrix:
    """Weight of each known pair of neighbouring words: the same measure, scaled by the window's number of words.

    `vocabulary` gives each slot's number, -1 for an unknown word; `codes` are sorted `pair_code`s. A window's pairs are
    divided by the root of its length and not by their own, else the one known pair of a window would weigh everything.
    """
    numbers = vocabulary[reading.slots]
    first, second = numbers[:-1], numbers[1:]
    wanted = (first >= 0) & (second >= 0) & (reading.rows[:-1] == reading.rows[1:])
    code = pair_code(first[wanted], second[wanted])
    rows, weights = reading.rows[:-1][wanted], reading.weights[:-1][wanted]
    at = np.searchsorted(codes, code)
    at[at == len(codes)] = 0
    known = codes[at] == code if len(codes) else np.zeros(len(code), dtype=bool)
    counts = sparse.coo_matrix((weights[known], (rows[known], at[known])), shape=(reading.windows, len(codes))).tocsr()
    lengths = np.sqrt(np.maximum(reading.lengths, 1)).astype(np.float32)
    per_entry = np.repeat(lengths, np.diff(counts.indptr))
    counts.data = ((1.0 + np.log(counts.data)) * idf[counts.indices] / per_entry).astype(np.float32)
    return counts


def pair_code(first: Ints, second: Ints) -> Ints:
    """One number for two word numbers."""
    return first.astype(np.int64) << 32 | second.astype(np.int64)


class CueFeatures:
    """Columns that tell, per group of cues, where and how much it speaks.

    `telling` is each phrase's weight in 0..1: one that stands in many stories of other fields tells little. It is
    raised to each of POWERS.
    """

    def __init__(self, taxonomy: Taxonomy, cues: CueIndex, telling: Floats) -> None:
        self.cues, self.telling = cues, telling
        self.groups = len(cues.groups)
        self.width = self.groups * PER_GROUP
        place = {(group.role, group.key): number for number, group in enumerate(cues.groups)}
        self._needs = [
            (place[Role.TOPIC, topic.key], place[Role.LEXICON, topic.needs])
            for topic in taxonomy.current
            if topic.needs
        ]
        self._facets = [
            [place[Role.TOPIC, topic.key] for topic in taxonomy.current if topic.facet == facet.key]
            for facet in taxonomy.facets
        ]
        self._is_hint = np.array([group.role is Role.HINT for group in cues.groups])
        self._speaks = np.array([self._gives_meaning(taxonomy, group.role, group.key) for group in cues.groups])

    def columns_for(self, taxonomy: Taxonomy, facet: str) -> npt.NDArray[np.bool_]:
        """Which columns may speak for topics of a facet: its own and those of no facet.

        Else a facet's words become a sign of the other: health news of any field is full of studies and risks.
        """
        of = {topic.key: topic.facet for topic in taxonomy.current}
        roles = (Role.TOPIC, Role.BRAND, Role.HINT)
        wanted = [group.role not in roles or of[group.key] == facet for group in self.cues.groups]
        return np.repeat(np.array(wanted), PER_GROUP)

    @staticmethod
    def _gives_meaning(taxonomy: Taxonomy, role: Role, key: str) -> bool:
        if role in (Role.FIELD, Role.ACT, Role.BRAND):
            return True
        telling = {facet.key for facet in taxonomy.facets if facet.of_the_field}
        return role is Role.TOPIC and any(t.key == key and t.facet in telling for t in taxonomy.current)

    def heard(self, reading: Reading) -> npt.NDArray[np.bool_]:
        """Which hits count: not hints with nothing near to give them meaning, nor topics that lack what they need."""
        hits = reading.hits
        heard = np.ones(len(hits), dtype=bool)
        speaking = hits.order[self._speaks[hits.group]]
        lonely = np.flatnonzero(self._is_hint[hits.group])
        if len(lonely):
            heard[lonely] = _near(hits.order[lonely], speaking)
        for topic, lexicon in self._needs:
            has = np.zeros(reading.windows, dtype=bool)
            has[hits.row[hits.group == lexicon]] = True
            heard &= (hits.group != topic) | has[hits.row]
        return heard

    def matrix(self, reading: Reading) -> Floats:
        """The columns, shape (windows, width), each about 0..1; those of one group stand together."""
        heard = self.heard(reading)
        measured = [self._measured(reading, heard, self.telling**power) for power in POWERS]
        return np.concatenate(measured, axis=2).reshape(reading.windows, self.width).astype(np.float32)

    def _measured(self, reading: Reading, heard: npt.NDArray[np.bool_], telling: Floats) -> Floats:
        """MEASURES of each group, shape (windows, groups, measures)."""
        hits = reading.hits
        group = hits.row[heard] * self.groups + hits.group[heard]
        shape = (reading.windows, self.groups)
        cells = reading.windows * self.groups
        at = group * 3 + hits.place[heard]
        met = np.bincount(at, weights=telling[hits.phrase[heard]], minlength=3 * cells).reshape(*shape, 3)
        once = np.unique(np.stack([group, hits.phrase[heard]]), axis=1)
        different = np.bincount(once[0], weights=telling[once[1]], minlength=cells).reshape(shape)
        total, early = met.sum(axis=2), met[..., TITLE] + met[..., LEAD]
        columns = np.zeros((*shape, len(MEASURES)), dtype=np.float32)
        columns[..., 0] = np.minimum(met[..., TITLE], 2) / 2
        columns[..., 1] = np.log1p(early) / np.log(5)
        columns[..., 2] = np.log1p(100 * total / (reading.lengths[:, None] + SMOOTHING_WORDS)) / np.log(6)
        columns[..., 3] = np.log1p(different) / np.log(8)
        for facet in self._facets:
            columns[:, facet, 4] = total[:, facet] / (total[:, facet].sum(axis=1, keepdims=True) + 1)
        return columns


def _near(orders: Ints, speaking: Ints) -> npt.NDArray[np.bool_]:
    """Whether each position has one of the sorted `speaking` positions within NEAR words, itself not counted."""
    if not len(speaking):
        return np.zeros(len(orders), dtype=bool)
    fenced = np.concatenate([[-(10**9)], np.unique(speaking), [10**9]])
    after = np.searchsorted(fenced, orders, side="right")
    before = np.searchsorted(fenced, orders, side="left") - 1
    return np.asarray((fenced[after] - orders <= NEAR) | (orders - fenced[before] <= NEAR))


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    squares: Any = matrix.multiply(matrix).sum(axis=1)
    lengths = np.sqrt(np.asarray(squares).ravel())
    lengths[lengths == 0] = 1
    matrix.data = (matrix.data / np.repeat(lengths, np.diff(matrix.indptr))).astype(np.float32)
    return matrix
