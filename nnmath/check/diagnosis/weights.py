"""A multiple of the parameters in the difference: weight decay that is missing, doubled, or applied where it is not
meant."""

from __future__ import annotations

import numpy as np

from ..render import number
from ..verdict import Diagnosis
from .case import Case, near

ENOUGH = 3  # entries that must show the multiple, because one number fits any two


def weights(case: Case) -> list[Diagnosis]:
    """The multiple of the parameters, or of their signs, that the claim has too much or too little, where it is
    wrong."""
    if case.at is None or np.shape(case.at) != case.claim.shape or not case.is_sharp:
        return []
    at = np.asarray(case.at, float)
    for what, penalty, basis in (
        ("the parameter", "weight decay, ½λ Σ w²", at),
        ("the sign of the parameter", "λ Σ |w|", np.sign(at)),
    ):
        c = _multiple(case, basis)
        if c is not None:
            return [_diagnosis(case, c, what, penalty)]
    return []


def _multiple(case: Case, basis: np.ndarray) -> float | None:
    """c with claim − slopes = c · basis wherever the claim is wrong."""
    wrong, off = case.wrong, case.claim - case.slopes
    if np.count_nonzero(basis[wrong]) < ENOUGH or np.ptp(basis[wrong]) == 0:
        return None
    c = float(np.sum(off[wrong] * basis[wrong]) / np.sum(basis[wrong] ** 2))
    fits = near(off[wrong], c * basis[wrong], 4 * case.tolerance[wrong])
    # An entry is a witness if its share in the difference is far larger than what may be rounding.
    witnesses = np.count_nonzero(np.abs(c * basis[wrong]) > 10 * case.tolerance[wrong])
    return c if fits and witnesses >= ENOUGH else None


def _diagnosis(case: Case, c: float, what: str, penalty: str) -> Diagnosis:
    every = "Every entry" if case.wrong.all() else "Every wrong entry"
    seen = f"{every} is the measured value {'plus' if c > 0 else 'minus'} {number(abs(c))} times {what}."
    if c > 0:
        cause = (
            f"A penalty ({penalty}) is in the claim but not in F, or it has a different factor in F. In the "
            "claim, λ may not have been divided by the number of examples or may have been doubled, or the penalty may "
            "have been applied to the biases as well."
        )
    else:
        cause = (
            f"F has a penalty ({penalty}) whose derivative is missing in the claim, or has a different factor there, "
            "such as λw instead of 2λw, or λ divided by the number of examples once too often."
        )
    return Diagnosis("weight decay", seen, cause, (("multiple", c),))
