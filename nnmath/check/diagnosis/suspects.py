"""The mistakes of a known formula, given as the values they would have."""

from __future__ import annotations

import numpy as np

from ..verdict import Diagnosis
from .case import Case, catalogued, near


def ranked(case: Case) -> list[Diagnosis]:
    """The suspects that fit the claim, the nearest first. What may be the truth as well explains nothing."""
    fit = {
        name: wrong
        for name, wrong in case.suspects.items()
        if np.shape(wrong) == case.claim.shape and case.fits(wrong) and not near(case.slopes, wrong, case.tolerance)
    }
    if not fit:
        return []
    # Rounded, so that ties break the same way on every machine.
    far = {name: round(float(np.max(np.abs(case.claim - wrong) / case.tolerance)), 2) for name, wrong in fit.items()}
    nearest = fit[min(far, key=far.__getitem__)]
    eps = np.finfo(case.claim.dtype).eps
    rounding = min(16 * eps, 1e-4) * np.abs(nearest).max()  # of numbers that two programs computed in two orders
    first, *twins = [name for name, wrong in fit.items() if near(nearest, wrong, rounding)]
    rest = [name for name in sorted(far, key=far.__getitem__) if name not in (first, *twins)]
    return [catalogued(first, tuple(twins)), *map(catalogued, twins + rest)]
