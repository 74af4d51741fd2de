"""Boosted trees as plain arrays: exported from scikit-learn, loaded without running code, predicted with NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
CHUNK_ROWS = 4096
# After so many levels most rows have reached a leaf.
FULL_LEVELS = 7
LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True)
class Trees:
    """All nodes of all trees in one row. A node sends a row to `child`, or to `child + 1` where its feature is larger.

    Leaves point at themselves with an infinite threshold. Features number 2 F: a missing value is +inf in the first
    F and -inf in the second, so a node chooses by its feature's number which way the missing go.
    """

    feature: Ints
    threshold: Floats
    child: Ints
    value: Floats
    roots: Ints
    depth: int
    baseline: float

    def predict(self, rows: npt.NDArray[np.floating[Any]]) -> Floats:
        """The probability of the first class for each row of a matrix (n, F); NaN stands for missing."""
        if len(rows) > CHUNK_ROWS:
            parts = [self.predict(rows[at : at + CHUNK_ROWS]) for at in range(0, len(rows), CHUNK_ROWS)]
            return np.concatenate(parts)
        count, width = rows.shape
        missing = np.isnan(rows)
        values = np.concatenate(
            (np.where(missing, np.inf, rows), np.where(missing, -np.inf, rows)), axis=1, dtype=np.float64
        ).ravel()
        offset = np.repeat(np.arange(count) * (2 * width), len(self.roots))
        node = np.tile(self.roots, count)
        for _ in range(min(self.depth, FULL_LEVELS)):
            node = self._next(node, values, offset)
        self._finish(node, values, offset)
        margin: Floats = self.baseline + self.value.take(node).reshape(count, -1).sum(axis=1)
        return np.asarray(1.0 / (1.0 + np.exp(-margin)))

    def _next(self, node: Ints, values: Floats, offset: Ints) -> Ints:
        """One level down for every node."""
        at = self.feature.take(node)
        at += offset
        larger = values.take(at) > self.threshold.take(node)
        below: Ints = self.child.take(node)
        below += larger
        return below

    def _finish(self, node: Ints, values: Floats, offset: Ints) -> None:
        """Down to the leaves, in place, for the few that are not there yet."""
        active = np.nonzero(self.child.take(node) != node)[0]
        while len(active):
            node[active] = self._next(node[active], values, offset[active])
            active = active[self.child.take(node[active]) != node[active]]

    def arrays(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        """As arrays for an npz file, under names that begin with `prefix`."""
        return {
            prefix + "feature": self.feature.astype(np.int32),
            prefix + "threshold": self.threshold,
            prefix + "child": self.child.astype(np.int32),
            prefix + "value": self.value,
            prefix + "roots": self.roots.astype(np.int32),
            prefix + "scalars": np.array([self.depth, self.baseline], dtype=np.float64),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> Trees:
        """The inverse of `arrays`."""
        depth, baseline = arrays[prefix + "scalars"]
        return cls(
            arrays[prefix + "feature"].astype(np.intp),
            arrays[prefix + "threshold"].astype(np.float64),
            arrays[prefix + "child"].astype(np.intp),
            arrays[prefix + "value"].astype(np.float64),
            arrays[prefix + "roots"].astype(np.intp),
            int(depth),
            float(baseline),
        )


def of_boosting(model: Any) -> Trees:
    """Export a fitted two-class HistGradientBoostingClassifier; `_predictors` is a private name: a test pins it."""
    feature: list[int] = []
    threshold: list[float] = []
    child: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    depth = 0
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        base = len(feature)
        roots.append(base)
        order, places = _breadth_first(nodes)
        depth = max(depth, int(nodes["depth"].max()))
        for number in order:
            node = nodes[number]
            leaf = bool(node["is_leaf"])
            missing_left = bool(node["missing_go_to_left"])
            feature.append(0 if leaf else int(node["feature_idx"]) + missing_left * model.n_features_in_)
            # A split of missing against present has an infinite threshold, which a missing value must pass.
            threshold.append(np.inf if leaf else min(float(node["num_threshold"]), LARGEST))
            child.append(base + (places[number] if leaf else places[int(node["left"])]))
            value.append(float(node["value"]) if leaf else 0.0)
    return Trees(
        np.array(feature, dtype=np.intp),
        np.array(threshold),
        np.array(child, dtype=np.intp),
        np.array(value),
        np.array(roots, dtype=np.intp),
        depth,
        float(np.ravel(model._baseline_prediction)[0]),
    )


def _breadth_first(nodes: npt.NDArray[Any]) -> tuple[list[int], dict[int, int]]:
    """The order in which the two children of a node stand side by side, and each node's place in it."""
    order = [0]
    for number in order:
        if not nodes[number]["is_leaf"]:
            order += [int(nodes[number]["left"]), int(nodes[number]["right"])]
    return order, {number: place for place, number in enumerate(order)}
