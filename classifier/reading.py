"""Read texts in batches, window by window: the words of each with their places, and the cues met on the way.

Windows make a long page and a short teaser alike to a model that learns from short items: a text's columns are the
weighted mean of its windows' columns, so that much noise averages out and a passing mention stays one window's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.cues import Cue, CueIndex, singulars
from classifier.judgement import Text
from classifier.tokens import plain, readable, words

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
# Longer cues that begin at a word: by their second word, and those whose second word is open, with its beginning.
Continuations = tuple[dict[str, list[Cue]], list[tuple[str, Cue]]]

# The lead, with the title, is the first window; the rest is cut into smaller ones, and what lies beyond the last is
# not read. A last window shorter than the least joins the one before.
LEAD_WORDS, WINDOW, LEAST_WINDOW, MOST_WORDS_READ = 120, 80, 30, 680
# The lead's share of the whole where there is more.
LEAD_SHARE = 0.5
TITLE_WEIGHT = 3.0
TITLE, LEAD, BODY = 0, 1, 2
# Put between windows, and between a title and its text, so that no cue is near another across them.
GAP = 1000

# Distinct words remembered between batches: the vocabulary of some ten thousand stories, about 30 MB.
MOST_WORDS = 120_000


@dataclass(frozen=True)
class Hits:
    """Cues met, as columns: window, first word's index in the batch's words, place, group and phrase.

    `order` is the index with a gap wherever nothing may be near across.
    """

    row: Ints
    index: Ints
    order: Ints
    place: Ints
    group: Ints
    phrase: Ints

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class Reading:
    """A batch as numbers. `slots`, `rows` (window) and `weights` have one entry per word, in order.

    Per window: `lengths` in words, `owner` (its text) and `share` (of its text). Per text: `starts`, its first entry.
    """

    size: int
    slots: Ints
    rows: Ints
    weights: Floats
    lengths: Ints
    owner: Ints
    share: Floats
    starts: Ints
    hits: Hits

    @property
    def windows(self) -> int:
        """How many rows there are."""
        return len(self.lengths)

    def pooled(self) -> sparse.csr_matrix:
        """What turns rows of windows into rows of texts: shape (texts, windows)."""
        return sparse.csr_matrix((self.share, (self.owner, np.arange(self.windows))), shape=(self.size, self.windows))


class Reader:
    """Turns texts into readings. A word's plain form and cues are looked up once and remembered, within a bound."""

    def __init__(self, cues: CueIndex) -> None:
        self.cues = cues
        self.plains: list[str] = []
        self._forms: list[tuple[str, ...]] = []
        self._single: list[list[tuple[int, int]]] = []
        self._longer: list[Continuations | None] = []
        self._slot_of: dict[str, int] = {}
        self._plain_slot: dict[str, int] = {}

    def read(self, texts: Sequence[Text]) -> Reading:
        """Read a batch. Slots stay valid until `forget_if_full` says that it forgot."""
        slots: list[int] = []
        weights: list[Floats] = []
        starts, lengths, owner, share, titles = [0], [], [], [], []
        for number, text in enumerate(texts):
            title = self._slots(text.title)
            body = self._slots(text.text)[:MOST_WORDS_READ]
            slots += title
            slots += body
            starts.append(len(slots))
            cut = _cut(len(body))
            lengths += [len(title) + cut[0], *cut[1:]]
            titles += [len(title)] + [0] * (len(cut) - 1)
            owner += [number] * len(cut)
            share += _shares(len(cut))
            weights.append(np.ones(len(title) + len(body), dtype=np.float32))
            weights[-1][: len(title)] = TITLE_WEIGHT
        return Reading(
            size=len(texts),
            slots=np.asarray(slots, dtype=np.int64),
            rows=np.repeat(np.arange(len(lengths), dtype=np.int64), lengths),
            weights=np.concatenate(weights) if weights else np.zeros(0, dtype=np.float32),
            lengths=np.asarray(lengths, dtype=np.int64),
            owner=np.asarray(owner, dtype=np.int64),
            share=np.asarray(share, dtype=np.float32),
            starts=np.asarray(starts, dtype=np.int64),
            hits=self._hits(slots, lengths, owner, titles),
        )

    def forget_if_full(self) -> bool:
        """Drop all remembered words where there are too many; True where it did."""
        if len(self._slot_of) < MOST_WORDS:
            return False
        self.__init__(self.cues)  # type: ignore[misc]
        return True

    def _slots(self, text: str) -> list[int]:
        found = words(readable(text))
        known = self._slot_of
        try:
            return [known[word] for word in found]
        except KeyError:
            return [self._slot(word) for word in found]

    def _slot(self, word: str) -> int:
        slot = self._slot_of.get(word)
        if slot is None:
            form = plain(word)
            slot = self._plain_slot.get(form)
            if slot is None:
                slot = self._plain_slot[form] = len(self.plains)
                self.plains.append(form)
                self._forms.append(singulars(form))
                cues = self.cues.starting_with(form)
                self._single.append([(cue.group, cue.phrase) for cue in cues if len(cue.pattern) == 1])
                self._longer.append(_continuations([cue for cue in cues if len(cue.pattern) > 1]))
            self._slot_of[word] = slot
        return slot

    def _hits(self, slots: list[int], lengths: list[int], owner: list[int], titles: list[int]) -> Hits:
        single, longer = self._single, self._longer
        found: list[tuple[int, int, int, int, int, int]] = []
        begin = 0
        for row, length in enumerate(lengths):
            body, end = begin + titles[row], begin + length
            first = row == 0 or owner[row - 1] != owner[row]
            for index, slot in enumerate(slots[begin:end], begin):
                ones, more = single[slot], longer[slot]
                if not ones and more is None:
                    continue
                place = TITLE if index < body else LEAD if first else BODY
                order = index + GAP * (2 * row + (place != TITLE))
                for group, phrase in ones:
                    found.append((row, index, order, place, group, phrase))
                if more is not None:
                    for cue in self._going_on(more, slots, index, body if index < body else end):
                        found.append((row, index, order, place, cue.group, cue.phrase))
            begin = end
        return Hits(*np.asarray(found, dtype=np.int64).reshape(-1, 6).T)

    def _going_on(self, more: Continuations, slots: list[int], index: int, stop: int) -> list[Cue]:
        """The longer cues whose second word and all others follow before `stop`."""
        if index + 1 >= stop:
            return []
        following = slots[index + 1]
        second, opening = more
        cues = [cue for form in self._forms[following] for cue in second.get(form, ())]
        if opening:
            word = self.plains[following]
            cues += [cue for prefix, cue in opening if word.startswith(prefix)]
        return [cue for cue in cues if len(cue.pattern) == 2 or self._ends(cue, slots, index, stop)]

    def _ends(self, cue: Cue, slots: list[int], index: int, stop: int) -> bool:
        """Whether a cue's third word and those after it follow."""
        if index + len(cue.pattern) > stop:
            return False
        for at, wanted in enumerate(cue.pattern[2:], index + 2):
            if wanted[-1] == "*":
                if not self.plains[slots[at]].startswith(wanted[:-1]):
                    return False
            elif wanted not in self._forms[slots[at]]:
                return False
        return True


def _continuations(cues: Sequence[Cue]) -> Continuations | None:
    """Longer cues by their second word; those whose second word is open stand apart."""
    if not cues:
        return None
    second: dict[str, list[Cue]] = {}
    opening = []
    for cue in cues:
        if cue.pattern[1].endswith("*"):
            opening.append((cue.pattern[1][:-1], cue))
        else:
            second.setdefault(cue.pattern[1], []).append(cue)
    return second, opening


def _cut(length: int) -> list[int]:
    """Lengths of a body's windows; an empty body has one of no words."""
    if length < LEAD_WORDS + LEAST_WINDOW:
        return [length]
    windows, rest = divmod(length - LEAD_WORDS, WINDOW)
    cut = [LEAD_WORDS] + [WINDOW] * windows
    if rest >= LEAST_WINDOW:
        return [*cut, rest]
    cut[-1] += rest
    return cut


def _shares(windows: int) -> list[float]:
    if windows == 1:
        return [1.0]
    return [LEAD_SHARE] + [(1 - LEAD_SHARE) / (windows - 1)] * (windows - 1)
