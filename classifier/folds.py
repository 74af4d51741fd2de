"""Folds that never split a group: who wrote it in which sitting must not help to guess it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def folds_of(groups: Sequence[str], folds: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """The fold of each item. Groups come in the order of their digests and fill the smallest fold."""
    sizes = Counter(groups)
    order = sorted(sizes, key=lambda group: hashlib.sha256(f"{seed}:{group}".encode()).digest())
    filled = [0] * folds
    place: dict[str, int] = {}
    for group in order:
        fold = filled.index(min(filled))
        place[group] = fold
        filled[fold] += sizes[group]
    return np.array([place[group] for group in groups], dtype=np.int64)
