"""Sums over an axis that are zero, as behind a softmax, which does not change when one number is added to all its
inputs."""

from __future__ import annotations

import numpy as np

from ..verdict import Diagnosis
from .case import Case

Array = np.ndarray


def sums(case: Case) -> list[Diagnosis]:
    """Whether the measured derivatives sum to zero along an axis and the claimed ones do not, or the other way
    round."""
    if case.is_sample or not case.is_sharp:
        return []
    for axis in reversed(range(case.claim.ndim)):
        if case.claim.shape[axis] < 2 or not case.claim.any():
            continue
        measured, claimed = (_is_zero(array, case.tolerance, axis) for array in (case.slopes, case.claim))
        along = {0: "In every column", 1: "In every row"}[axis] if case.claim.ndim == 2 else f"Along axis {axis}"
        if measured and not claimed:
            return [
                Diagnosis(
                    "sums not zero",
                    f"{along} the measured derivatives sum to 0, and the claimed ones do not.",
                    "F does not change when the same number is added to all of these, as behind a softmax, "
                    "whose outputs "
                    "share one denominator: each output depends on every input, and not on its own alone.",
                    (("axis", axis),),
                )
            ]
        if claimed and not measured:
            return [
                Diagnosis(
                    "sums zero",
                    f"{along} the claimed derivatives sum to 0, and the measured ones do not.",
                    "The claim is that of a softmax (or a mean subtracted) along this axis, and F takes it "
                    "along another "
                    "one, over everything, or not at all.",
                    (("axis", axis),),
                )
            ]
    return []


def _is_zero(array: Array, tolerance: Array, axis: int) -> bool:
    # A chance is excluded by the size of the terms: they cancel to a thousandth of their size at most.
    total, size = np.abs(array.sum(axis)), np.abs(array).sum(axis)
    return bool((total <= 4 * tolerance.sum(axis) + 1e-9 * size).all() and (size > 1e3 * tolerance.sum(axis)).any())
