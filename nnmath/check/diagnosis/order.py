"""The right numbers in other places: axes exchanged or reversed, rows in another order, another order in memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain, combinations, permutations

import numpy as np

from ..verdict import Diagnosis
from .case import Case, catalogued, near

Array = np.ndarray
MOST_AXES = 5  # of more axes there are too many orders


def orders(case: Case) -> list[Diagnosis]:
    """The orders that give the claim, if the slopes are sharp enough to tell."""
    if not case.is_sharp or case.claim.ndim == 0:
        return []
    if is_exchanged(case.claim, case.slopes, case.tolerance):
        return [catalogued("transposed")]
    return _in_memory(case) or _reversed(case) or _rows(case)


def is_exchanged(claim: Array, slopes: Array, tolerance: Array | float) -> bool:
    """Whether the claim is slopes with its axes in another order."""
    some = permutations(range(slopes.ndim)) if slopes.ndim <= MOST_AXES else []
    tolerance = np.broadcast_to(tolerance, slopes.shape)
    return any(
        claim.shape == slopes.transpose(order).shape
        and near(claim, slopes.transpose(order), tolerance.transpose(order))
        for order in some
    )


def _in_memory(case: Case) -> list[Diagnosis]:
    """Row by row against column by column: a matrix read in the other order, or a flat vector made from one."""
    own, size = case.slopes.shape, case.slopes.size
    moves: dict[tuple[int, ...], Callable[[Array], Array]]
    if len(own) > 1:
        moves = {own: _read_by_columns, own[::-1]: _written_by_columns}
    else:
        shapes = [(rows, size // rows) for rows in range(2, size // 2 + 1) if size % rows == 0]
        moves = {shape: partial(_flattened_by_columns, shape) for shape in shapes}
    for shape, move in moves.items():
        if case.fits_moved(move):
            return [
                Diagnosis(
                    "memory order",
                    f"These are the right numbers in a different order: an array of shape {shape} was read column by "
                    "column where F reads it row by row, or the other way around.",
                    'A reshape or ravel uses order="F" (as MATLAB does), or a transpose is missing before the array is '
                    "flattened.",
                    (("shape", shape),),
                )
            ]
    return []


def _read_by_columns(numbers: Array) -> Array:
    return numbers.ravel("F").reshape(numbers.shape)


def _written_by_columns(numbers: Array) -> Array:
    return numbers.ravel().reshape(numbers.shape, order="F")


def _flattened_by_columns(shape: tuple[int, ...], numbers: Array) -> Array:
    return numbers.reshape(shape).ravel("F")


def _turned(axes: tuple[int, ...], order: tuple[int, ...], numbers: Array) -> Array:
    return np.flip(numbers, axes).transpose(order)


def _reversed(case: Case) -> list[Diagnosis]:
    """Reversed along some axes, as a kernel is between convolution and correlation; perhaps with axes exchanged as
    well."""
    axes = [axis for axis, size in enumerate(case.slopes.shape) if size > 1]
    least = 2 if case.slopes.ndim == 2 else 1  # the rows of a matrix reversed are rows in another order
    if len(axes) > MOST_AXES or case.slopes.ndim == 1:
        return []
    exchanges = [
        order
        for order in permutations(range(case.slopes.ndim))
        if case.slopes.transpose(order).shape == case.claim.shape
    ]
    for some in chain.from_iterable(combinations(axes, number) for number in range(least, len(axes) + 1)):
        for order in exchanges:
            if case.fits_moved(partial(_turned, some, order)):
                along = f"{'axis' if len(some) == 1 else 'axes'} {' and '.join(map(str, some))}"
                also = "" if order == tuple(sorted(order)) else ", with two axes exchanged as well"
                return [
                    Diagnosis(
                        "reversed along an axis",
                        f"These are the right numbers, reversed along {along}{also}.",
                        "A kernel is rotated by 180° in only one of the two passes: a convolution rotates it, and a "
                        "correlation does not.",
                        (("axes", some), ("order", order)),
                    )
                ]
    return []


def _rows(case: Case) -> list[Diagnosis]:
    """The right rows or columns, in other places; a flat vector is one column."""
    arrays: tuple[Array, ...] = (case.claim, case.slopes, case.tolerance)
    if case.claim.ndim == 1:
        arrays = tuple(array[:, np.newaxis] for array in arrays)
    if arrays[0].ndim != 2:
        return []
    for name, (a, b, allowed) in (
        ("rows in another order", arrays),
        ("columns in another order", [x.T for x in arrays]),
    ):
        if _same_rows(a, b, allowed):
            return [catalogued(name)]
    return []


def _same_rows(claim: Array, slopes: Array, tolerance: Array) -> bool:
    """Whether each row of slopes occurs in the claim just as often. The rows are compared in sorted order, because
    comparing each with each would take longer than the measurement."""
    # Sorted by one weighted sum of their entries: rows that differ in any entry differ in it, whatever their first
    # entries are.
    weights = np.random.default_rng(0).uniform(1, 2, slopes.shape[1]) / max(np.abs(slopes).max(), np.finfo(float).tiny)
    given, right = np.argsort(claim @ weights, kind="stable"), np.argsort(slopes @ weights, kind="stable")
    return near(claim[given], slopes[right], tolerance[right])
