"""The claim divided by the slopes, entry by entry: a power of the parameter, a function of it, or a factor that varies
within limits."""

from __future__ import annotations

import numpy as np

from ..render import number
from ..verdict import Diagnosis
from .case import Case

Array = np.ndarray
ENOUGH = 8  # entries: that so many are in order by chance has a probability of 2/8!
LEAST = 3  # entries that show a multiple of the parameters
SAME = 1e-6  # of the largest entry
MANY = 10  # entries whose ratio may turn once: a chance of 2^9 / 10!
SURE = 1e-3  # of an entry's size: what is known more coarsely shows no ratio
SMALL = 1e-2  # of the largest slope: smaller entries may be sums that nearly cancel, and are left out
WIDEST = 10.0  # the largest ratio over the smallest


def of_parameter(case: Case) -> list[Diagnosis]:
    """Whether the ratio depends on the parameter alone, as where a function is applied to each entry."""
    if case.at is None or np.shape(case.at) != case.claim.shape:
        return []
    if _is_multiple(case.claim, np.asarray(case.at, float)):
        return [
            Diagnosis(
                "value for derivative",
                "The claim is the parameter itself, up to a factor that is the same for all entries.",
                "A value was passed on where its derivative is needed.",
            )
        ]
    size = np.hypot(case.claim, case.slopes)
    sure = case.tolerance < SURE * size
    at = np.asarray(case.at, float)[sure]
    if len(at) < ENOUGH or len(np.unique(at)) < len(at):
        return []
    order = np.argsort(at)
    at, claim, slopes = at[order], case.claim[sure][order].astype(float), case.slopes[sure][order]
    return _power(at, claim, slopes) or _steady(at, claim, slopes)


def _is_multiple(claim: Array, at: Array) -> bool:
    if np.count_nonzero(at) < LEAST or not claim.any() or np.ptp(np.abs(at)) == 0:
        return False
    c = float(np.sum(claim * at) / np.sum(at**2))
    return bool(np.all(np.abs(claim - c * at) <= SAME * np.abs(claim).max()))


def _power(at: Array, claim: Array, slopes: Array) -> list[Diagnosis]:
    """claim = c · a^k · slopes"""
    if not (at.all() and slopes.all() and claim.all()):
        return []
    for k, what in ((1, "the parameter"), (-1, "1 over the parameter"), (2, "the square of the parameter")):
        factors = claim / slopes / at**k
        c = float(np.median(factors))
        if np.all(np.abs(factors - c) <= SURE * abs(c)):
            times = what if abs(c - 1) < SURE else f"{number(c)} times {what}"
            how = "too often" if k > 0 else "too seldom"
            return [
                Diagnosis(
                    "power of the parameter",
                    f"Every entry is the right one times {times}.",
                    f"The parameter, or what it is multiplied by, occurs once {how} as a factor.",
                    (("power", k), ("factor", c)),
                )
            ]
    return []


def _steady(at: Array, claim: Array, slopes: Array) -> list[Diagnosis]:
    """The angle of (slope, claim) turns in one direction as the parameter grows, or back once; unlike the ratio it has
    no poles."""
    angles = np.arctan2(claim, slopes)
    steps = np.diff(angles)
    steps -= np.pi * np.round(steps / np.pi)  # a sign that both have is none of the ratio
    turns = np.count_nonzero(np.diff(np.sign(steps)))
    if turns > (len(at) >= MANY) or not SURE < np.abs(steps).sum() < np.pi * (1 + turns):
        return []
    # where the ratio passes 1, the claim is right
    off = np.sin(angles - np.pi / 4) * np.sign(np.cos(angles - np.pi / 4))
    turned = [n for n in np.flatnonzero(off[:-1] * off[1:] <= 0) if abs(off[n]) + abs(off[n + 1]) < 1]
    seen = "The claim divided by the measured derivative depends on the parameter alone and changes smoothly with it."
    cause = "The derivative of the function that is applied to each entry is wrong."
    if len(turned) == 1:
        low, high = at[turned[0]], at[turned[0] + 1]
        seen += f" The two are equal somewhere between {number(low, '.3g')} and {number(high, '.3g')}."
        for value, text in (
            (1, "If that is at 1, a factor of the input is missing in one term, or there is one too many."),
            (0, "If that is at 0, a term with the input as a factor is missing, or there is one too many."),
        ):
            cause += f" {text}" if low <= value <= high else ""
    return [Diagnosis("depends on the parameter", seen, cause, (("from", float(at[0])), ("to", float(at[-1]))))]


def within_limits(case: Case) -> list[Diagnosis]:
    """Whether all entries have the right sign and are too small, or are too large, by a factor that varies a little."""
    large = np.abs(case.slopes) > np.maximum(SMALL * np.abs(case.slopes).max(), case.tolerance / SURE)
    if large.sum() < ENOUGH:
        return []
    ratios = case.claim[large] / case.slopes[large]
    low, high = float(ratios.min()), float(ratios.max())
    if low <= 0 or high > WIDEST * low or low < 1 < high:
        return []
    every = "Every entry" if large.all() else "Every entry that is not small"
    limits = f"{number(low, '.3g')} and {number(high, '.3g')}"
    seen = f"{every} has the right sign and is between {limits} times as large as measured."
    if high < 1:
        cause = (
            "A factor that is not the same everywhere is multiplied in once too often. Most often it is f′ (at most "
            "0.25 for a sigmoid, at most 1 for tanh), kept at an output where the cross-entropy cancels it, or "
            "applied twice."
        )
    else:
        cause = (
            "A factor that is not the same everywhere is missing. Most often it is f′ (at most 0.25 for a sigmoid, at "
            "most 1 for tanh), at the output or in a hidden layer."
        )
    return [Diagnosis("factor that varies", seen, cause, (("from", low), ("to", high)))]
