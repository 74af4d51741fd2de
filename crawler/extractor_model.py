"""The fitted model of the extractor: lexicons, trees and thresholds in one npz file, a card beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crawler.blockmodel import Trees
from crawler.lexicon import Lexicon

SHIPPED = Path(__file__).parent / "models" / "extractor.npz"
LEXICONS = ("near", "far", "words", "line_words")

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class ExtractorModel:
    """What training found. `card` says from which data, when, with which features and scores."""

    lexicon: Lexicon
    blocks: Trees
    line_words: Mapping[str, float]
    lines: Trees
    pages: Trees
    thresholds: Mapping[str, float]
    card: Mapping[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write `path` (npz) and its card (json of the same name)."""
        arrays: Arrays = {}
        words = (self.lexicon.near, self.lexicon.far, self.lexicon.words, self.line_words)
        for name, weights in zip(LEXICONS, words, strict=True):
            ordered = sorted(weights)
            arrays[name + "_keys"] = np.frombuffer("\n".join(ordered).encode(), dtype=np.uint8)
            arrays[name + "_weights"] = np.array([weights[key] for key in ordered], dtype=np.float32)
        for prefix, trees in (("blocks_", self.blocks), ("lines_", self.lines), ("pages_", self.pages)):
            arrays |= trees.arrays(prefix)
        arrays["thresholds"] = np.frombuffer(json.dumps(dict(self.thresholds)).encode(), dtype=np.uint8)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
        path.with_suffix(".json").write_text(json.dumps(dict(self.card), indent=1, sort_keys=True) + "\n")

    @classmethod
    def load(cls, path: Path) -> ExtractorModel:
        """Read what `save` wrote; pickled objects in the file are refused."""
        with np.load(path, allow_pickle=False) as file:
            arrays: Arrays = {name: file[name] for name in file.files}
        words = [_weights(arrays, name) for name in LEXICONS]
        card = path.with_suffix(".json")
        return cls(
            lexicon=Lexicon(words[0], words[1], words[2]),
            blocks=Trees.of_arrays(arrays, "blocks_"),
            line_words=words[3],
            lines=Trees.of_arrays(arrays, "lines_"),
            pages=Trees.of_arrays(arrays, "pages_"),
            thresholds=json.loads(arrays["thresholds"].tobytes()),
            card=json.loads(card.read_text()) if card.exists() else {},
        )


def _weights(arrays: Arrays, name: str) -> dict[str, float]:
    keys = arrays[name + "_keys"].tobytes().decode().split("\n")
    weights: list[float] = arrays[name + "_weights"].astype(np.float64).tolist()
    return dict(zip(keys, weights, strict=True)) if weights else {}
