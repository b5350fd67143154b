"""How far a right claim may be from the slopes as measured. Nothing here is picked by hand for a function or a
network."""

from __future__ import annotations

import numpy as np

from .error_bounds import SHARP
from .measurement import Measurement

# fixed levels, because a measured bound would differ from machine to machine
DIGITS = ((6, 1e-6), (3, SHARP), (2, 1e-2))
# The share of the visible entries that must be known to three digits if the others are known only to two: a wrong
# formula shows in the well-measured ones. Without this rule, 2 of 4,415 wrong derivatives of functions beside a huge
# constant would agree (tests/benchmarks/more_power.py).
MOST = 3 / 4
# How many entries must be known well for each one that is not. Between kinks a few entries allow only steps too short
# to show much, and in single precision more do. Of 32 right arrays of deep ReLU networks in float32, 7 are inconclusive
# with 3 and 14 with 10; no wrong array agrees with either number.
WITNESSES, IN_SINGLE = 10, 3
VISIBLE = 100  # tolerances that a slope must be away from zero to show a factor or a sign
NEARLY = 1e-4  # of the largest slope: below this, a difference that nothing explains is "nearly agrees"


def tolerance(claim: np.ndarray, truth: Measurement, numerical_claim: bool = False) -> np.ndarray:
    """The measurement's own bound, a few roundings of the terms that the claim was summed from, and what a rounding
    of the point itself does to the slopes.

    Parameters
    ----------
    claim
        The claimed gradient; its dtype tells how coarsely it was rounded.
    truth
        The measurement.
    numerical_claim
        Whether the claim was itself made from a central difference, which reaches ε^{2/3} at its best step.

    Returns
    -------
    ndarray
        One number for each entry.
    """
    eps = max(float(np.finfo(a.dtype).eps) if a.dtype.kind == "f" else 0.0 for a in (claim, truth.slopes))
    if numerical_claim:
        eps = eps ** (2 / 3)
    # A claim may be the small difference of terms as large as the largest slope. 8 and 4 roundings are what the right
    # formulas of the power table (tests/benchmarks/power.py) need; with half of that, some of them would disagree.
    terms = np.abs(claim) + np.abs(truth.slopes).max()
    return truth.bounds + eps * (8 * terms + 4 * truth.conditioning)


def digits(allowed: np.ndarray, slopes: np.ndarray, is_single: bool = False) -> int | None:
    """To how many digits a claim within the tolerance is known to be right; None if too few, or if all slopes are 0.

    Two are enough for a claim in single precision, or where most entries are known to three.
    """
    largest = np.abs(slopes).max()
    found = next((digits for digits, share in DIGITS if 0 < largest and allowed.max() <= share * largest), None)
    if found == DIGITS[-1][0] and not is_single:
        visible = np.abs(slopes) > allowed
        sharp = visible & (allowed <= DIGITS[-2][1] * largest)
        return found if sharp.sum() > MOST * visible.sum() else None
    return found


def too_coarse(allowed: np.ndarray, slopes: np.ndarray, is_single: bool = False) -> np.ndarray:
    """Marks the entries not known to two digits relative to the largest of the others, or none if they are too many.

    They are few enough if, for each of them, ten others (three for a claim in single precision) are known to two digits
    relative to their own size. A wrong formula would show in those others.
    """
    share, known = DIGITS[-1][1], np.ones(slopes.shape, bool)
    while True:
        fits = known & (allowed <= share * np.abs(slopes[known]).max(initial=0))
        if (fits == known).all():
            break
        known = fits
    witnesses = known & (allowed <= share * np.abs(slopes)) & (slopes != 0)
    return ~known & bool((IN_SINGLE if is_single else WITNESSES) * np.sum(~known) <= witnesses.sum())
