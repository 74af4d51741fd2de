"""Columns made of a column's neighbours: shifted, averaged over a window, or looked back for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def shift(values: Floats, by: int) -> Floats:
    """The value `by` places further on; NaN beyond the ends, which the trees take for missing.

    Of an array of rows each row is shifted, here and in `window`: one call costs as much as the sums.
    """
    shifted = np.full(values.shape, np.nan)
    if abs(by) >= values.shape[-1]:
        return shifted
    if by > 0:
        shifted[..., :-by] = values[..., by:]
    else:
        shifted[..., -by:] = values[..., :by]
    return shifted


def window(values: Floats, reach: int) -> Floats:
    """The mean over the places at most `reach` away."""
    count = values.shape[-1]
    sums = np.zeros((*values.shape[:-1], count + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    order = np.arange(count)
    low, high = np.maximum(order - reach, 0), np.minimum(order + reach + 1, count)
    means: Floats = (sums.take(high, axis=-1) - sums.take(low, axis=-1)) / (high - low)
    return means


def last_index(where: npt.NDArray[np.bool_]) -> Ints:
    """For each place the index of the last one up to it that holds, or -1."""
    found: Ints = np.maximum.accumulate(np.where(where, np.arange(where.shape[-1]), -1), axis=-1)
    return found


def distance_back(where: npt.NDArray[np.bool_]) -> Floats:
    """How many places ago it last held, NaN where it never did."""
    last = last_index(where)
    return np.asarray(np.where(last >= 0, np.arange(len(where)) - last, np.nan))


def distance_ahead(where: npt.NDArray[np.bool_]) -> Floats:
    """How many places on it next holds, NaN where it never does."""
    backwards: Floats = distance_back(where[::-1])
    return np.flip(backwards)
