"""Derivatives that are zero in F or in the claim alone, although other entries are wrong, too: a mask is at fault."""

from __future__ import annotations

import numpy as np

from ..tolerance import VISIBLE
from ..verdict import Diagnosis
from .case import Case

ENOUGH = 2  # zeros: a single one may be a chance


def zeros(case: Case) -> list[Diagnosis]:
    """Zeros that are lost in the claim, or zeros that only the claim has."""
    largest = np.abs(case.slopes).max()
    seen = VISIBLE * case.tolerance
    is_zero = np.abs(case.slopes) <= case.tolerance
    lost = int(np.sum(is_zero & (np.abs(case.claim) > np.maximum(seen, 1e-3 * largest))))
    gained = int(np.sum((case.claim == 0) & (np.abs(case.slopes) > seen)))
    wrong = int(case.wrong.sum())
    if lost >= ENOUGH and not case.slopes.any():  # F does not use these numbers at all
        return []
    if lost >= ENOUGH:
        return [
            Diagnosis(
                "zeros lost",
                f"At {lost} of the {wrong} entries that differ, the measured derivative is 0 or too small to be seen, "
                "and the claim is not.",
                "A mask of the forward pass (ReLU, dropout, or padding) or the f′ of a saturated unit may be missing "
                "in the backward pass, or be made from the wrong array.",
                (("entries", lost),),
            )
        ]
    if gained >= ENOUGH:
        return [
            Diagnosis(
                "zeros too many",
                f"At {gained} of the {wrong} entries that differ, the claim is 0 and the measured derivative is not.",
                "A mask may turn off too much, for example one that is made from the upstream derivative or from the "
                "output instead of the pre-activation, or some entries were never filled in.",
                (("entries", gained),),
            )
        ]
    return []
