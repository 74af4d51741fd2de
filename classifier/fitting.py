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
from classifier.reading import Floats

CUES = "cues"


@dataclass(frozen=True)
class Family:
    """Labels that are judged alike: which they are, which cue columns may speak, and the blocks' scales."""

    labels: tuple[int, ...]
    columns: npt.NDArray[np.bool_]
    scales: Scales
    penalty: float


@dataclass(frozen=True)
class Fit:
    """Weights per block (columns x labels) and an intercept per label."""

    weights: Mapping[str, Floats]
    intercept: Floats

    def scores(self, blocks: Blocks) -> Numbers:
        """Shape (texts, labels)."""
        total = sum(blocks[name] @ weights for name, weights in self.weights.items())
        return np.asarray(total + self.intercept, dtype=np.float64)


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
            self._known[key] = np.asarray((block @ block.T).toarray(), dtype=np.float32)
        return self._known[key]


def out_of_fold(products: Products, families: Sequence[Family], truth: Truth, folds: npt.NDArray[np.int64]) -> Numbers:
    """Scores of each text by weights that saw nothing of its fold."""
    scores = np.zeros(truth.shape)
    for family in families:
        kernel = products.of(family)
        for fold in np.unique(folds):
            held = folds == fold
            duals = duals_of(kernel[np.ix_(~held, ~held)], family, truth[~held])
            scores[np.ix_(held, family.labels)] = kernel[np.ix_(held, ~held)] @ duals
    return scores


def fit(products: Products, families: Sequence[Family], truth: Truth) -> Fit:
    """Weights from all texts."""
    labels = truth.shape[1]
    blocks = products.blocks
    weights = {name: np.zeros((block.shape[1], labels), dtype=np.float32) for name, block in blocks.items()}
    intercept = np.zeros(labels, dtype=np.float32)
    for family in families:
        duals = duals_of(products.of(family), family, truth).astype(np.float32)
        intercept[list(family.labels)] = duals.sum(axis=0)
        for name, scale in asdict(family.scales).items():
            weights[name][:, family.labels] = scale * scale * (_spoken(blocks, name, family).T @ duals)
    return Fit(weights, intercept)


def duals_of(kernel: Floats, family: Family, truth: Truth) -> Numbers:
    """How much each text weighs for each label of a family, shape (texts, labels)."""
    target = 2.0 * truth[:, family.labels] - 1.0
    return np.asarray(KernelRidge(alpha=family.penalty, kernel="precomputed").fit(kernel, target).dual_coef_)


def _spoken(blocks: Blocks, name: str, family: Family) -> sparse.csr_matrix:
    """A block without the cue columns that may not speak for the family."""
    block = blocks[name]
    return block @ sparse.diags(family.columns.astype(np.float32)) if name == CUES else block
