"""Weights of words and of pairs of words, summed for all texts of a page at once.

A word is looked up once and is a number from then on; pairs are found among sorted numbers, without making strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise, repeat

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def word_tokens(words: list[str]) -> list[str]:
    """Words and pairs of words, and which are first and last; digits are folded, so that years and counts are alike."""
    if not words:
        return []
    words = _folded(words)
    return [*words, *map(" ".join, pairwise(words)), "^" + words[0], words[-1] + "$"]


def _folded(words: list[str]) -> list[str]:
    return ["0" * len(word) if word.isdigit() else word for word in words]


@dataclass(frozen=True)
class _Table:
    """The same weights by numbers: 0 is every word that weighs nothing. A pair is first * `width` + second."""

    number: Mapping[str, int]
    single: Floats
    first: Floats
    last: Floats
    width: int
    pairs: Ints
    pair_weights: Floats


@dataclass(frozen=True)
class WordWeights:
    """Weights by the tokens of `word_tokens`; what is not listed weighs nothing."""

    weights: Mapping[str, float]

    def sums(self, rows: Sequence[list[str]]) -> Floats:
        """The summed weights of each row's tokens."""
        total = np.zeros(len(rows))
        sizes = np.fromiter(map(len, rows), dtype=np.intp, count=len(rows))
        spoken = sizes > 0
        flat = _folded(list(chain.from_iterable(rows)))
        if not flat:
            return total
        table = self._table
        numbers = np.fromiter(map(table.number.get, flat, repeat(0)), dtype=np.int64, count=len(flat))
        ends = np.cumsum(sizes[spoken])
        starts = ends - sizes[spoken]
        values = table.single[numbers]
        values[:-1] += _of_pairs(table, numbers, ends)
        sums = np.add.reduceat(values, starts)
        total[spoken] = sums + table.first[numbers[starts]] + table.last[numbers[ends - 1]]
        return total

    @cached_property
    def _table(self) -> _Table:
        words = sorted({word for token in self.weights for word in _parts(token)[0]})
        number = {word: at for at, word in enumerate(words, start=1)}
        width = len(words) + 1
        columns = {kind: np.zeros(width) for kind in ("single", "first", "last")}
        pairs: dict[int, float] = {}
        for token, weight in self.weights.items():
            parts, kind = _parts(token)
            if kind == "pair":
                pairs[number[parts[0]] * width + number[parts[1]]] = weight
            else:
                columns[kind][number[parts[0]]] = weight
        order = np.array(sorted(pairs), dtype=np.int64)
        return _Table(
            number, **columns, width=width, pairs=order, pair_weights=np.array([pairs[k] for k in order.tolist()])
        )


def _parts(token: str) -> tuple[list[str], str]:
    """The words of a token, and whether it stands for a word, a pair, a first or a last one."""
    if " " in token:
        return token.split(" "), "pair"
    if len(token) > 1 and token[0] == "^":
        return [token[1:]], "first"
    return ([token[:-1]], "last") if len(token) > 1 and token[-1] == "$" else ([token], "single")


def _of_pairs(table: _Table, numbers: Ints, ends: npt.NDArray[np.intp]) -> Floats:
    """The weight of each word with the one after it; nothing across the border of two rows."""
    weights = np.zeros(len(numbers) - 1)
    if not len(table.pairs) or not len(weights):
        return weights
    both = (numbers[:-1] > 0) & (numbers[1:] > 0)
    both[ends[:-1] - 1] = False
    asked = np.nonzero(both)[0]
    keys = numbers[asked] * table.width + numbers[asked + 1]
    at = np.minimum(np.searchsorted(table.pairs, keys), len(table.pairs) - 1)
    weights[asked] = np.where(table.pairs[at] == keys, table.pair_weights[at], 0.0)
    return weights
