"""The verdicts on answers: not answered yet, no usable answer, a gradient, and numbers found by pencil."""

from copy import deepcopy
from dataclasses import replace

import numpy as np

from ..check.comparison import compare
from ..check.diagnosis import catalogued
from ..check.judge import judge
from ..check.measurement import Measurement
from ..check.verdict import Verdict
from .model import Code, Pencil

ROUNDING = 2e-3  # of the largest entry, so that ⅓ may be given as 0.333


def not_answered(tag: str, advice: str = "put your answer in place of the dots") -> Verdict:
    return Verdict("not answered yet", problem=advice, tag=tag)


def refused(tag: str, problem: str) -> Verdict:
    return Verdict("disagrees", problem=problem, diagnoses=(catalogued("no numbers"),), tag=tag)


def judge_gradient(exercise: Code, claim: object, arguments: dict) -> Verdict:
    """The verdict on a gradient, checked against central differences of the exercise's F."""
    variable = exercise.with_respect_to
    suspects = {name: mistake(**deepcopy(arguments)) for name, mistake in exercise.mistakes.items()}
    verdict = judge(claim, lambda at: exercise.F(**{**arguments, variable: at}), arguments[variable], suspects)
    return replace(verdict, tag=exercise.tag)


def judge_pencil(exercise: Pencil, answer: object, arguments: dict) -> Verdict:
    """The verdict on numbers; a wrong one does not give the right ones away."""
    right = np.atleast_2d(np.asarray(exercise.solution(**arguments), dtype=float))
    try:
        claim = np.asarray(answer, dtype=float)  # also reads fractions.Fraction
    except Exception:  # an object of another library may raise anything
        return refused(exercise.tag, f"the answer is a {type(answer).__name__}; expected {_expected(right)}")
    if claim.size == right.size and claim.ndim < 2:
        claim = claim.reshape(right.shape)  # on paper a list of numbers is a column as well as a row
    if claim.shape == right.shape and np.all(np.abs(claim - right) <= ROUNDING * np.abs(right).max()):
        return Verdict("agrees", compared=claim.size, entries=claim.size, tag=exercise.tag)
    none = np.zeros(right.shape)
    exact = Measurement(right, np.full(right.shape, ROUNDING * np.abs(right).max()), none, none, none)
    suspects = {name: np.atleast_2d(mistake(**arguments)) for name, mistake in exercise.mistakes.items()}
    verdict = replace(compare(claim, exact, suspects), kind="disagrees", tag=exercise.tag)
    return verdict if claim.shape != right.shape else replace(verdict, worst=None, problem=_wrong_entries(claim, exact))


def _wrong_entries(claim: np.ndarray, exact: Measurement) -> str:
    wrong = np.count_nonzero(~(np.abs(claim - exact.slopes) <= exact.bounds))
    return "the number is wrong" if claim.size == 1 else f"{wrong} of {claim.size} entries are wrong"


def _expected(right: np.ndarray) -> str:
    return "a number" if right.size == 1 else f"an array of shape {right.shape}"
