"""Which blocks to keep, given each one's probability: the bar is set by how sure the page as a whole is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# A text of so many words that was kept once is not kept again: pages carry a copy for phones beside the one for desks.
COPY_WORDS = 8


def expected_best(scores: Floats, words: Floats) -> float:
    """The F1 over words that the best choice of blocks can be expected to reach, if the scores are true chances.

    Ye et al. 2012, "Optimizing F-measures: a tale of two approaches": the best choice is all blocks above half of it.
    """
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum((scores * words)[order])
    sizes = np.cumsum(words[order])
    total = float(hits[-1]) if len(hits) else 0.0
    return float((2 * hits / np.maximum(sizes + total, 1e-9)).max()) if total > 0 else 0.0


def choose(scores: Floats, words: Floats, factor: float) -> npt.NDArray[np.bool_]:
    """True for blocks at or above `factor` times the expected best F1."""
    return scores >= factor * expected_best(scores, words) if len(scores) else np.zeros(0, dtype=bool)


def second_copies(texts: Sequence[str], kept: npt.NDArray[np.bool_]) -> list[int]:
    """The kept blocks whose text was kept before."""
    seen: set[str] = set()
    again = []
    for at in np.nonzero(kept)[0].tolist():
        text = texts[at]
        if text in seen:
            again.append(at)
        elif text.count(" ") >= COPY_WORDS - 1:
            seen.add(text)
    return again
