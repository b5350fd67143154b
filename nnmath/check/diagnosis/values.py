"""What the wrong entries have in common: whole numbers, zeros, a limit, a constant added, rows counted once."""

from __future__ import annotations

import numpy as np

from ..render import number
from ..tolerance import VISIBLE
from ..verdict import Diagnosis
from .case import Case

Array = np.ndarray
ENOUGH = 3  # entries that must show a pattern with one free number in it
MOST_TIMES = 20  # that an index is repeated


def values(case: Case) -> list[Diagnosis]:
    """The first pattern that gives the claim, if the slopes are sharp enough to tell."""
    if not case.is_sharp:
        return []
    for pattern in (_truncated, _zero_where_wrong, _should_be_zero, _clipped, _constant_added, _counted_once):
        found = pattern(case)
        if found is not None:
            return [found]
    return []


def _truncated(case: Case) -> Diagnosis | None:
    """Whole numbers, because the gradient was written into an array of integers."""
    if case.claim.size < 2 or (case.miss >= 1).any() or not np.array_equal(case.claim, np.rint(case.claim)):
        return None
    for how in (np.trunc, np.floor, np.rint):
        # A slope next to a whole number may fall to either side of it.
        sure = how(case.slopes - case.tolerance) == how(case.slopes + case.tolerance)
        if sure.any() and np.array_equal(case.claim[sure], how(case.slopes)[sure]):
            return Diagnosis(
                "truncated to integers",
                "Every claimed entry is a whole number: the right one, truncated or rounded.",
                "The gradient was probably written into an integer array. If you made it with np.zeros_like from an "
                "array of integers, use np.zeros(…) instead, which holds floats.",
            )
    return None


def _zero_where_wrong(case: Case) -> Diagnosis | None:
    wrong = case.wrong
    if wrong.sum() < 2 or case.claim[wrong].any():
        return None
    return Diagnosis(
        "zero where wrong",
        f"The claim is 0 at all {wrong.sum()} entries that differ, and right elsewhere.",
        "These entries were never filled in (a loop stops too early, or an index is skipped), or a mask turns off too "
        "much.",
        (("entries", int(wrong.sum())),),
    )


def _should_be_zero(case: Case) -> Diagnosis | None:
    wrong = case.wrong
    if wrong.sum() < 2 or not (np.abs(case.slopes[wrong]) <= case.tolerance[wrong]).all() or wrong.all():
        return None
    return Diagnosis(
        "zero forgotten",
        f"The referee measures 0 at all {wrong.sum()} entries that differ, and the claim is right elsewhere.",
        "A mask of the forward pass (ReLU, dropout, or padding) is missing in the backward pass, or these entries have "
        "no effect on F.",
        (("entries", int(wrong.sum())),),
    )


def _clipped(case: Case) -> Diagnosis | None:
    """All entries beyond a limit are at the limit: np.clip is still in the function that is checked."""
    claim, slopes, wrong = case.claim, case.slopes, case.wrong
    limits = np.unique(claim[wrong])
    if wrong.sum() <= len(limits) or len(limits) > 2 or limits.min() != claim.min() and limits.max() != claim.max():
        return None
    low, high = (claim.min() if claim.min() in limits else -np.inf), (claim.max() if claim.max() in limits else np.inf)
    if low == high or not case.fits(np.clip(slopes, low, high)):
        return None
    said = " and ".join(number(limit) for limit in (low, high) if np.isfinite(limit))
    return Diagnosis(
        "clipped",
        f"The claim is cut off at {said}, and the measured derivatives go beyond that; all other entries are right.",
        "The function that you check clips its gradients (np.clip).",
        (("limits", (float(low), float(high))),),
    )


def _constant_added(case: Case) -> Diagnosis | None:
    off = (case.claim - case.slopes)[case.wrong]
    c = float(np.median(off))
    if len(off) < ENOUGH or (np.abs(off - c) > 4 * case.tolerance[case.wrong]).any():
        return None
    if np.ptp(case.slopes[case.wrong]) <= 1e-3 * np.abs(c):  # equal slopes and equal claims: a factor says as much
        return None
    where = "Every entry" if case.wrong.all() else "Every entry that differs"
    return Diagnosis(
        "constant added",
        f"{where} is too {'large' if c > 0 else 'small'} by the same amount, {number(abs(c))}.",
        "A term that is the same for all entries was added once too often or left out, such as the derivative of a sum "
        "over these parameters, or a single number was broadcast into the array.",
        (("constant", c),),
    )


def _counted_once(case: Case) -> Diagnosis | None:
    """Rows that are a whole fraction of the right ones: an index occurs k times, and g[index] += … adds it once."""
    claim, slopes = case.claim, case.slopes
    if claim.ndim != 2 or claim.shape[1] < 2:
        return None
    times = {}
    for k in np.flatnonzero(case.wrong.any(axis=1)):
        at = np.argmax(np.abs(claim[k]))
        ratio = slopes[k, at] / claim[k, at] if claim[k, at] else 0.0
        whole = round(ratio) if np.isfinite(ratio) else 0
        allowed = 4 * whole * case.tolerance[k]
        # Large ratios are always near some whole number, and so are ratios of numbers that are hardly known.
        is_sure = 2 <= whole <= MOST_TIMES and np.abs(slopes[k]).max() > VISIBLE * allowed.max()
        if not is_sure or np.any(np.abs(whole * claim[k] - slopes[k]) > allowed):
            return None
        times[int(k)] = whole
    right = ~case.wrong.any(axis=1) & (np.abs(slopes).max(axis=1) > VISIBLE * case.tolerance.max(axis=1))
    if len(set(times.values())) == 1 and not right.any():  # all by one factor is a matter of scale
        return None
    some = [f"[{k}, :] is 1/{n}" for k, n in list(times.items())[:4]]
    told = " and ".join(some) if len(times) <= 2 else ", ".join(some)
    told += f", and so on for {len(times) - 4} more" if len(times) > 4 else ""
    return Diagnosis(
        "counted once",
        f"Some rows are a whole fraction of the measured ones: {told}.",
        "F uses each of these rows that many times, but g[index] += … counts a repeated index only once. Use "
        "np.add.at(g, index, …) instead.",
        (("times", times),),
    )
