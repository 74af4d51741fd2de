"""Linear scores by ridge regression on grouped folds, solved among texts and not among columns.

There are far fewer examples than columns, so the weights are sought as sums of examples (the kernel form of ridge
regression, Saunders et al. 1998); products of texts are counted once and serve every fold and every label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.kernel_ridge import KernelRidge

from classifier.calibrate import Numbers, Truth
from classifier.design import Blocks, Scales
from classifier.layout import FIELD
from classifier.reading import Floats

CUES = "cues"
# Texts whose products are counted at a time.
ROWS = 512


@dataclass(frozen=True)
class Family:
    """Labels that are judged alike: which they are, which cue columns may speak, and the blocks' scales.

    A family `within` the field learns from its stories alone: else the commonest angle of other fields' stories would
    count as no angle. `scores` are the places of its raw scores.
    """

    labels: tuple[int, ...]
    scores: tuple[int, ...]
    columns: npt.NDArray[np.bool_]
    scales: Scales
    penalty: float
    within: bool = False

    def learns_from(self, truth: Truth) -> Truth:
        """Which texts."""
        return np.asarray(truth[:, FIELD]) if self.within else np.ones(len(truth), dtype=bool)


@dataclass(frozen=True)
class Fit:
    """Weights per block (columns x scores) and an intercept per score."""

    weights: Mapping[str, Floats]
    intercept: Floats

    def joined(self, join: Numbers) -> Fit:
        """The same for scores that are sums of these, `join` of shape (scores, labels)."""
        return Fit(
            {name: np.asarray(weights @ join, dtype=np.float32) for name, weights in self.weights.items()},
            np.asarray(self.intercept @ join, dtype=np.float32),
        )


@dataclass
class Products:
    """Products of all texts with each other, block by block, remembered between fits."""

    blocks: Blocks
    _known: dict[tuple[str, bytes], Floats] = field(default_factory=dict)

    def of(self, family: Family) -> Floats:
        """The kernel of a family, shape (texts, texts); the 1 stands for the intercept."""
        texts = self.blocks[CUES].shape[0]
        kernel = np.ones((texts, texts), dtype=np.float32)
        for name, scale in asdict(family.scales).items():
            if scale:
                kernel += np.float32(scale * scale) * self._product(name, family)
        return kernel

    def only(self, rows: npt.NDArray[np.bool_]) -> Products:
        """The products of some of the texts."""
        part = Products({name: block[rows] for name, block in self.blocks.items()})
        part._known = {key: product[np.ix_(rows, rows)] for key, product in self._known.items()}
        return part

    def _product(self, name: str, family: Family) -> Floats:
        key = (name, family.columns.tobytes() if name == CUES else b"")
        if key not in self._known:
            block = _spoken(self.blocks, name, family)
            self._known[key] = _with_each_other(block)
        return self._known[key]


def _with_each_other(block: sparse.csr_matrix) -> Floats:
    """Products of all rows with each other; some rows at a time, for a sparse product of all takes thrice the room."""
    rows = block.shape[0]
    found = np.empty((rows, rows), dtype=np.float32)
    for start in range(0, rows, ROWS):
        found[start : start + ROWS] = (block[start : start + ROWS] @ block.T).toarray()
    return found


def out_of_fold(products: Products, families: Sequence[Family], truth: Truth, folds: npt.NDArray[np.int64]) -> Numbers:
    """Raw scores of each text by weights that saw nothing of its fold, shape (texts, scores)."""
    scores = np.zeros((len(truth), width_of(families)))
    for fold in np.unique(folds):
        held = folds == fold
        scores[held] = scored(products, families, truth, held)
    return scores


def scored(products: Products, families: Sequence[Family], truth: Truth, held: Truth) -> Numbers:
    """Raw scores of the texts held back by weights from all others, shape (texts held back, scores)."""
    scores = np.zeros((int(held.sum()), width_of(families)))
    for family in families:
        kernel = products.of(family)
        learnt = ~held & family.learns_from(truth)
        duals = duals_of(kernel[np.ix_(learnt, learnt)], family, truth[learnt])
        scores[:, family.scores] = kernel[np.ix_(held, learnt)] @ duals
    return scores


def fit(products: Products, families: Sequence[Family], truth: Truth) -> Fit:
    """Weights of the raw scores from all texts."""
    width = width_of(families)
    blocks = products.blocks
    weights = {name: np.zeros((block.shape[1], width), dtype=np.float32) for name, block in blocks.items()}
    intercept = np.zeros(width, dtype=np.float32)
    for family in families:
        learnt = family.learns_from(truth)
        kernel = products.of(family)[np.ix_(learnt, learnt)]
        duals = duals_of(kernel, family, truth[learnt]).astype(np.float32)
        intercept[list(family.scores)] = duals.sum(axis=0)
        for name, scale in asdict(family.scales).items():
            spoken = _spoken(blocks, name, family)[learnt]
            weights[name][:, family.scores] = scale * scale * (spoken.T @ duals)
    return Fit(weights, intercept)


def width_of(families: Sequence[Family]) -> int:
    """Number of raw scores."""
    return 1 + max(score for family in families for score in family.scores)


def duals_of(kernel: Floats, family: Family, truth: Truth) -> Numbers:
    """How much each text weighs for each label of a family, shape (texts, labels)."""
    target = 2.0 * truth[:, family.labels] - 1.0
    return np.asarray(KernelRidge(alpha=family.penalty, kernel="precomputed").fit(kernel, target).dual_coef_)


def _spoken(blocks: Blocks, name: str, family: Family) -> sparse.csr_matrix:
    """A block without the cue columns that may not speak for the family."""
    block = blocks[name]
    return block @ sparse.diags(family.columns.astype(np.float32)) if name == CUES else block
