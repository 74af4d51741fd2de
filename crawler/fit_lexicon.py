"""Fit linear weights of names and words by logistic regression, leaving out the folds that are not to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from crawler.blocks import Cut
from crawler.lexicon import name_tokens

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
SMALLEST_WEIGHT = 1e-4
MOST_OF_ONE = 3


@dataclass(frozen=True)
class TokenRows:
    """A sparse matrix of token counts, one row a block, and the tokens' names."""

    counts: sparse.csr_matrix
    names: tuple[str, ...]

    def weights(
        self, content: npt.NDArray[np.bool_], weight: Floats, domain: Ints, rows: Ints, least: int, strength: float
    ) -> dict[str, float]:
        """Weights of the tokens that stand on `least` domains or more among `rows`; `strength` is sklearn's C."""
        part = self.counts[rows]
        spread = sparse.csr_matrix((np.ones(len(rows), np.float32), (domain[rows], np.arange(len(rows)))))
        domains = np.asarray(((spread @ part) > 0).sum(axis=0)).ravel()
        columns = np.nonzero(domains >= least)[0]
        part = part[:, columns].astype(np.float64)
        part.data = np.minimum(part.data, MOST_OF_ONE)
        model = LogisticRegression(C=strength, max_iter=60, tol=1e-3)
        model.fit(part, content[rows], sample_weight=weight[rows])
        weights = model.coef_[0].astype(np.float32).tolist()
        named = zip(columns.tolist(), weights, strict=True)
        return {self.names[at]: value for at, value in named if abs(value) > SMALLEST_WEIGHT}


class TokenCounter:
    """Collects the tokens of block after block."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.found: list[npt.NDArray[np.int32]] = []
        self.ends = [0]

    def add(self, tokens: Iterable[str]) -> None:
        """The tokens of the next block, as often as they stand there."""
        numbers = self.numbers
        self.add_numbers(np.array([numbers.setdefault(token, len(numbers)) for token in tokens], dtype=np.int32))

    def add_numbers(self, row: npt.NDArray[np.int32]) -> None:
        """The same with tokens already numbered."""
        self.found.append(row)
        self.ends.append(self.ends[-1] + len(row))

    def rows(self) -> TokenRows:
        """All that was added, as a matrix."""
        columns = np.concatenate(self.found) if self.found else np.zeros(0, np.int32)
        data = np.ones(len(columns), dtype=np.float32)
        matrix = sparse.csr_matrix((data, columns, np.array(self.ends)), shape=(len(self.found), len(self.numbers)))
        matrix.sum_duplicates()
        return TokenRows(matrix, tuple(self.numbers))


def count_names(near: TokenCounter, far: TokenCounter, cut: Cut) -> None:
    """Add a page's blocks to both: names of the element, two above and inline ones; names of all above."""
    elements = cut.elements
    parents = [max(parent, 0) for parent in elements.parent]
    own_near = [_numbered(near, name_tokens(tag, mark)) for tag, mark in zip(elements.tag, elements.marks, strict=True)]
    own_far = [_numbered(far, name_tokens(tag, mark)) for tag, mark in zip(elements.tag, elements.marks, strict=True)]
    for run in cut.runs:
        element = run.element
        above = parents[element]
        rows = [own_near[element], own_near[above], own_near[parents[above]]]
        rows += [_numbered(near, name_tokens("", mark)) for mark in run.marks]
        near.add_numbers(np.concatenate(rows))
        chain = []
        while element >= 0:
            chain.append(own_far[element])
            element = elements.parent[element]
        far.add_numbers(np.concatenate(chain))


def _numbered(counter: TokenCounter, tokens: Iterable[str]) -> npt.NDArray[np.int32]:
    numbers = counter.numbers
    return np.array([numbers.setdefault(token, len(numbers)) for token in tokens], dtype=np.int32)
