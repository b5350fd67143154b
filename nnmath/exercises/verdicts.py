"""The verdicts on answers: not answered yet, no usable answer, a gradient, and numbers found by pencil."""

from copy import deepcopy

import numpy as np

from ..check.diagnosis import sentence
from ..check.judge import Verdict, compare, judge
from ..check.measurement import Measurement
from .model import Code, Pencil

ROUNDING = 2e-3    # of the largest entry, so that ⅓ may be given as 0.333


def not_answered(tag: str, advice: str = "put your formula in place of the dots") -> Verdict:
    return Verdict("not answered yet", f"not answered yet: {advice}", (), tag)


def refused(tag: str, problem: str) -> Verdict:
    return Verdict("disagrees", f"disagrees: {problem}", ("no numbers",), tag)


def judge_gradient(exercise: Code, claim: object, arguments: dict) -> Verdict:
    """The verdict on a gradient, checked against central differences of the exercise's F."""
    variable = exercise.with_respect_to
    suspects = {name: mistake(**deepcopy(arguments)) for name, mistake in exercise.mistakes.items()}
    verdict = judge(claim, lambda at: exercise.F(**{**arguments, variable: at}), arguments[variable], suspects)
    return Verdict(verdict.kind, verdict.text, verdict.reasons, exercise.tag)


def judge_pencil(exercise: Pencil, answer: object, arguments: dict) -> Verdict:
    """The verdict on numbers; a wrong one does not give the right ones away."""
    right = np.atleast_2d(np.asarray(exercise.solution(**arguments), dtype=float))
    try:
        claim = np.asarray(answer, dtype=float)    # also reads fractions.Fraction
    except Exception:    # an object of another library may raise anything
        return refused(exercise.tag, f"the answer is a {type(answer).__name__}; expected {_expected(right)}")
    if claim.size == right.size and claim.ndim < 2:
        claim = claim.reshape(right.shape)    # on paper a list of numbers is a column as well as a row
    if claim.shape == right.shape and np.all(np.abs(claim - right) <= ROUNDING * np.abs(right).max()):
        return Verdict("agrees", f"agrees: {claim.size} entr{'y' if claim.size == 1 else 'ies'}", (), exercise.tag)
    exact = Measurement(right, np.full(right.shape, ROUNDING * np.abs(right).max()), np.zeros(right.shape, bool),
                        np.zeros(right.shape))
    suspects = {name: np.atleast_2d(mistake(**arguments)) for name, mistake in exercise.mistakes.items()}
    verdict = compare(claim, exact, suspects)
    text = verdict.text if claim.shape != right.shape else _wrong_entries(claim, exact, verdict)
    return Verdict("disagrees", text, verdict.reasons, exercise.tag)


def _wrong_entries(claim: np.ndarray, exact: Measurement, verdict: Verdict) -> str:
    wrong = np.count_nonzero(~(np.abs(claim - exact.slopes) <= exact.bounds))
    what = "the number is wrong" if claim.size == 1 else f"{wrong} of {claim.size} entries are wrong"
    return " ".join([f"disagrees: {what}.", *(sentence(name) for name in verdict.reasons[:1])])


def _expected(right: np.ndarray) -> str:
    return "a number" if right.size == 1 else f"an array of shape {right.shape}"
