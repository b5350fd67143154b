"""A claim in another shape than the point: which one, and whether the numbers are right all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..verdict import Diagnosis
from .case import catalogued, near
from .order import is_exchanged

Array = np.ndarray


def of_shape(claim: Array, slopes: Array, suspects: Mapping[str, Any]) -> Diagnosis:
    """The mistake that gives these numbers in this other shape, or just "another shape"."""
    # as in any comparison to five digits: the shape is the question, not the rounding
    close = 1e-5 * np.abs(slopes).max()
    for name, wrong in suspects.items():
        if np.shape(wrong) == claim.shape and near(claim, wrong, close):
            return catalogued(name)
    if slopes.any():  # zeros fit everything
        for name, fits in _SHAPES.items():
            if fits(claim, slopes, close):
                return catalogued(name)
    return catalogued("another shape")


def _same_entries(claim: Array, slopes: Array, close: float) -> bool:
    return claim.size == slopes.size and near(claim.ravel(), slopes.ravel(), close)


def _flat(claim: Array, slopes: Array, close: float) -> bool:
    return claim.ndim < slopes.ndim and _same_entries(claim, slopes, close)


def _with_an_axis(claim: Array, slopes: Array, close: float) -> bool:
    return claim.ndim > slopes.ndim and _same_entries(claim, slopes, close)


def _one_number(claim: Array, slopes: Array, close: float) -> bool:
    return claim.size == 1 and _same_total(claim, slopes, close)


def _same_total(claim: Array, slopes: Array, close: float) -> bool:
    # A total near zero may be equal by chance.
    return abs(slopes.sum()) > 1000 * close and abs(claim.sum() - slopes.sum()) <= close


def _not_summed(claim: Array, slopes: Array, close: float) -> bool:
    """Whether sums of the claim over all axes but some give the slopes: over examples, or over examples and
    positions."""
    if not _is_vector(slopes) or claim.ndim < 2:
        return False
    kept = [axis for axis in range(claim.ndim) if claim.shape[axis] == slopes.size]
    sums = (claim.sum(axis=tuple(other for other in range(claim.ndim) if other != axis)) for axis in kept)
    return any(near(total, slopes.ravel(), close) for total in sums)


def _summed_elsewhere(claim: Array, slopes: Array, close: float) -> bool:
    return _is_vector(slopes) and _is_vector(claim) and claim.size != slopes.size and _same_total(claim, slopes, close)


def _broadcast(claim: Array, slopes: Array, close: float) -> bool:
    """Whether the claim is longer where the slopes have a single entry along an axis, and has the same shape
    otherwise."""
    pairs = list(zip(claim.shape, slopes.shape))
    longer = [given for given, right in pairs if given != right and right == 1]
    return claim.ndim == slopes.ndim and any(given > 2 for given in longer) and len(longer) == _differing(pairs)


def _differing(pairs: list[tuple[int, int]]) -> int:
    return sum(given != right for given, right in pairs)


def _is_vector(array: Array) -> bool:
    return 1 < array.size == max(array.shape)


_SHAPES = {
    "transposed": is_exchanged,
    "flat vector": _flat,
    "an axis too many": _with_an_axis,
    "one scalar": _one_number,
    "not summed over examples": _not_summed,
    "sum over the wrong axis": _summed_elsewhere,
    "broadcast": _broadcast,
}
