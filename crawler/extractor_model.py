"""The fitted model of the extractor: lexicons, trees and thresholds in one npz file, a card beside it."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crawler.blockmodel import Trees
from crawler.errors import CrawlerError
from crawler.lexicon import Lexicon
from crawler.wordweights import WordWeights

SHIPPED = Path(__file__).parent / "models" / "extractor.npz"
NOT_OURS = "this file is no model of the extractor that this program reads"
# What numpy and zipfile raise for bytes that are something else, were cut short or are spoilt.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, AttributeError, TypeError, ValueError, RuntimeError)
LEXICONS = ("near", "far", "words", "line_words")


class OtherFeatures(CrawlerError):
    """Model and code do not belong together."""


class NoModel(CrawlerError):
    """A file that no `glabella train-extractor` of this program wrote."""


Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class ExtractorModel:
    """What training found. `names` are the features that blocks, lines and pages are judged by.

    `card` says from which data it was made, when, and how it scored.
    """

    lexicon: Lexicon
    blocks: Trees
    line_words: Mapping[str, float]
    lines: Trees
    pages: Trees
    thresholds: Mapping[str, float]
    names: Mapping[str, tuple[str, ...]]
    card: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def line_weights(self) -> WordWeights:
        """The weights of words in lines, to be summed for many at once."""
        return WordWeights(self.line_words)

    def check(self, kind: str, names: tuple[str, ...]) -> None:
        """Raise OtherFeatures unless the trees of this kind were trained on these features, in this order."""
        if names != self.names[kind]:
            raise OtherFeatures(
                "the model was trained on other features", kind, "train it anew: glabella train-extractor"
            )

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
        arrays["thresholds"] = _bytes(dict(self.thresholds))
        arrays["names"] = _bytes({name: list(columns) for name, columns in self.names.items()})
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
        path.with_suffix(".json").write_text(json.dumps(dict(self.card), indent=1, sort_keys=True) + "\n")

    @classmethod
    def load(cls, path: Path) -> ExtractorModel:
        """Read what `save` wrote; pickled objects in the file are refused. NoModel where it is something else."""
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                return cls._of({name: file[name] for name in file.files}, path)
        except KeyError as error:
            raise NoModel(NOT_OURS, str(path), f"it has no {error.args[0]}") from error
        except UNREADABLE as error:
            raise NoModel(NOT_OURS, str(path), "not an npz file of plain arrays") from error

    @classmethod
    def _of(cls, arrays: Arrays, path: Path) -> ExtractorModel:
        words = [_weights(arrays, name) for name in LEXICONS]
        card = path.with_suffix(".json")
        return cls(
            lexicon=Lexicon(words[0], words[1], words[2]),
            blocks=Trees.of_arrays(arrays, "blocks_"),
            line_words=words[3],
            lines=Trees.of_arrays(arrays, "lines_"),
            pages=Trees.of_arrays(arrays, "pages_"),
            thresholds=json.loads(arrays["thresholds"].tobytes()),
            names={name: tuple(columns) for name, columns in json.loads(arrays["names"].tobytes()).items()},
            card=json.loads(card.read_text()) if card.exists() else {},
        )


def _bytes(value: object) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def _weights(arrays: Arrays, name: str) -> dict[str, float]:
    keys = arrays[name + "_keys"].tobytes().decode().split("\n")
    weights: list[float] = arrays[name + "_weights"].astype(np.float64).tolist()
    return dict(zip(keys, weights, strict=True)) if weights else {}
