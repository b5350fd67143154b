"""How far a right claim may be from the slopes as measured. Nothing here is picked by hand for a function or a
network."""

from __future__ import annotations

import numpy as np

from .measurement import Measurement

DIGITS = ((6, 1e-6), (3, 1e-3))  # fixed levels, because a measured bound would differ from machine to machine
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


def digits(allowed: np.ndarray, slopes: np.ndarray) -> int | None:
    """To how many digits a claim within the tolerance is seen to be right; None if to less than three, or over zeros
    alone."""
    largest = np.abs(slopes).max()
    return next((digits for digits, share in DIGITS if 0 < largest and allowed.max() <= share * largest), None)
