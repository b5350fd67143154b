"""All entries off by one factor: a sign, a 2, a number of examples, some other constant."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from ..render import number
from ..tolerance import VISIBLE
from ..verdict import Diagnosis
from .case import Case, near

ALIKE = 1e-4  # relative: factors that agree to four digits are one factor


def scales(case: Case) -> list[Diagnosis]:
    """The factor that gives the claim, if it is seen in the numbers themselves."""
    c = _factor(case)
    if c is None:
        return []
    evidence = (("factor", c),)
    for name, value, seen, cause in _PLAIN:
        if _alike(c, value):
            return [Diagnosis(name, seen, cause, evidence)]
    if case.slopes.size == 1:  # any claim is some multiple of a single number
        return []
    return _told(c, case, evidence) or _whole(c, evidence)


_PLAIN = (
    (
        "sign",
        -1.0,
        "Every entry has the right size and the wrong sign.",
        "A minus sign was lost, or the one that belongs in the update crept in.",
    ),
    (
        "factor 2",
        2.0,
        "Every entry is twice the measured value.",
        "The loss may contain a ½ that cancels the 2 of a square, or something is counted twice.",
    ),
    (
        "factor ½",
        0.5,
        "Every entry is half the measured value.",
        "The 2 that comes from differentiating a square may be missing, or a value may be used twice while only one "
        "use is counted (= instead of +=).",
    ),
)


def _factor(case: Case) -> float | None:
    """c with claim = c · slopes. With several entries, at least two must be seen, or only the plainest factors mean
    something."""
    size = np.abs(case.slopes).max()
    seen = np.count_nonzero(np.abs(case.slopes) > VISIBLE * case.tolerance)
    if seen < min(2, case.slopes.size):
        return None
    shares = case.slopes / size  # of size 1, so that their squares neither overflow nor underflow
    c = float(np.sum(case.claim * shares) / np.sum(shares**2) / size)
    # The slopes are off by up to their tolerance, and c multiplies that; the claim may have been rounded to nine
    # digits.
    allowed = 4 * case.tolerance * max(1, abs(c)) + 1e-9 * np.abs(case.claim)
    return c if abs(c) > 1e-6 and not _alike(c, 1) and near(case.claim, c * case.slopes, allowed) else None


def _told(c: float, case: Case, evidence: tuple) -> list[Diagnosis]:
    """A factor made of the counts that the caller told, such as the number of examples."""
    for times in (1, 2):
        for names in combinations_with_replacement(case.counts, times):
            product = float(np.prod([case.counts[name] for name in names]))
            what = " times ".join(f"the number of {name}" for name in names)
            for value, how in ((product, "large"), (1 / product, "small")):
                if product > 1 and _alike(abs(c), value):
                    factor = _factor_in_words(product, how == "small", c < 0)
                    seen = f"Every entry is {factor}, and {product:,.0f} is {what}."
                    cause = (
                        "F averages where the claim adds up."
                        if how == "large"
                        else "The claim divides by it once more than F does."
                    )
                    return [Diagnosis("constant factor" if how == "large" else "mean for sum", seen, cause, evidence)]
    return []


def _whole(c: float, evidence: tuple) -> list[Diagnosis]:
    """A factor that is a whole number, or one over it, may be a count; any other is a constant."""
    ratio = max(abs(c), 1 / abs(c))
    whole = round(ratio)
    # Large ratios are always near some whole number, so they have to be nearer.
    if not 2 <= whole <= 10_000 or abs(ratio - whole) > min(0.01, ALIKE * whole):
        return [
            Diagnosis(
                "constant factor",
                f"Every entry is {number(c)} times the measured value.",
                "A constant factor of the loss may be missing or be there twice, or a scale such as dropout's 1/keep "
                "is applied in only one of the two passes.",
                evidence,
            )
        ]
    seen = f"Every entry is {_factor_in_words(whole, abs(c) < 1, c < 0)}."
    if abs(c) < 1:
        cause = (
            f"If you have {whole} examples, outputs, or positions, the claim probably averages over them where F adds "
            f"them up, or it divides by {whole} twice."
        )
        return [Diagnosis("mean for sum", seen, cause, evidence), Diagnosis("constant factor", evidence=evidence)]
    cause = (
        f"If you have {whole} examples, outputs, or positions, the claim probably adds them up where F averages. "
        f"Otherwise, something is counted {whole} times."
    )
    return [Diagnosis("constant factor", seen, cause, evidence)]


def _factor_in_words(count: float, is_divided: bool, is_negative: bool) -> str:
    """The factor in words: "3 times the measured value" or "1/3 of the measured value", with a minus sign if it is
    negative."""
    sign = "−" if is_negative else ""
    said = f"{sign}1/{count:,.0f} of" if is_divided else f"{sign}{count:,.0f} times"
    return f"{said} the measured value" + (", so the sign is wrong as well" if is_negative else "")


def _alike(c: float, value: float) -> bool:
    return abs(c - value) < ALIKE * abs(value)
