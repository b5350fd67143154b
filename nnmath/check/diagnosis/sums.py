"""Sums over axes: zero in F or in the claim alone, as behind a softmax, or right although the entries are wrong."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import numpy as np

from ..render import number
from ..verdict import Diagnosis
from .case import Case

Array = np.ndarray
MOST_AXES = 5  # of more axes there are too many sums
ALONE = 8  # entries that a single sum must have, because one total may be right by chance
LEAST = 3  # entries that are added, and sums that a multiple of the parameters must explain


def sums(case: Case) -> list[Diagnosis]:
    """Whether the measured derivatives sum to zero along an axis and the claimed ones do not, or the other way
    round."""
    if case.is_sample or not case.is_sharp:
        return []
    for axis in reversed(range(case.claim.ndim)):
        if case.claim.shape[axis] < 2 or not case.claim.any():
            continue
        measured, claimed = (_vanishing(array, case, axis) for array in (case.slopes, case.claim))
        along = {0: "In every column", 1: "In every row"}[axis] if case.claim.ndim == 2 else f"Along axis {axis}"
        if measured is not None and claimed is None:
            apart = f" apart from {number(measured)} times the parameter (weight decay)," if measured else ""
            return [
                Diagnosis(
                    "sums not zero",
                    f"{along} the measured derivatives sum to 0,{apart} and the claimed ones do not.",
                    "So F depends only on the differences between the entries, as with a softmax or a margin loss. "
                    "Typical mistakes are to treat each output separately, as if the outputs did not share a "
                    "denominator, and to forget the term for the true class.",
                    (("axis", axis),),
                )
            ]
        if claimed is not None and measured is None:
            return [
                Diagnosis(
                    "sums zero",
                    f"{along} the claimed derivatives sum to 0, and the measured ones do not.",
                    "The claim belongs to a softmax (or to a mean that is subtracted) along this axis, but F takes "
                    "it along another axis, over everything, or not at all.",
                    (("axis", axis),),
                )
            ]
    return []


def _vanishing(array: Array, case: Case, axis: int) -> float | None:
    """0 if the sums along an axis are zero, c if they are once c · parameter is taken away, None otherwise."""
    total, size = array.sum(axis), np.abs(array).sum(axis)
    # A chance is excluded by the size of the terms: they cancel to a thousandth of their size at most.
    allowed = 4 * case.tolerance.sum(axis) + 1e-9 * size
    if not (size > 1e3 * case.tolerance.sum(axis)).any():
        return None
    if (np.abs(total) <= allowed).all():
        return 0.0
    of_parameters = _parameters(case.at, array.shape, axis)
    if of_parameters is None:
        return None
    c = float(np.sum(total * of_parameters) / np.sum(of_parameters**2))
    witnesses = np.count_nonzero(np.abs(c * of_parameters) > 1e3 * allowed)
    fits = witnesses >= LEAST and (np.abs(total - c * of_parameters) <= 4 * allowed).all()
    return c if fits and np.abs(array - c * np.asarray(case.at)).max() > 1e-3 * np.abs(array).max() else None


def _parameters(at: Any, shape: tuple[int, ...], axis: int) -> Array | None:
    if at is None or np.shape(at) != shape or not np.any(np.sum(np.asarray(at, float), axis)):
        return None
    return np.asarray(at, float).sum(axis)


def totals(case: Case) -> list[Diagnosis]:
    """Whether the sums over some axes are right and not zero, although the entries are wrong."""
    if case.is_sample or not case.is_sharp or case.claim.ndim > MOST_AXES:
        return []
    axes = [axis for axis, size in enumerate(case.claim.shape) if size > 1]
    for some in chain.from_iterable(combinations(axes, count) for count in range(1, len(axes) + 1)):
        added = int(np.prod([case.claim.shape[axis] for axis in some]))
        claimed, measured = case.claim.sum(some), case.slopes.sum(some)
        if added < LEAST or np.size(measured) == 1 and added < ALONE:
            continue
        allowed = case.tolerance.sum(some) + 1e-9 * np.abs(case.claim).sum(some)
        visible = (np.abs(measured) > 1e3 * allowed) & (case.miss.sum(some) > 1e3 * allowed)
        if visible.any() and (np.abs(claimed - measured) <= allowed).all():
            along = f"axis {some[0]}" if len(some) == 1 else "axes " + " and ".join(map(str, some))
            return [
                Diagnosis(
                    "right sums",
                    f"Summed along {along}, the claim is right, but its entries are not.",
                    "The right amounts are in the wrong places along there: a kernel may have to be rotated by 180° "
                    "in the backward pass, an index may be off by one, or a padding or a stride may be missing.",
                    (("axes", some),),
                )
            ]
    return []
