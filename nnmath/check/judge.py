"""A claimed gradient checked against finite differences of F, with the reason where one explains the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .claims import MISSING, Refused, claims_by_path, suspects_by_path
from .comparison import compare
from .finite_difference import as_array, point
from .measurement import measure
from .structure import Leaf, form_for, leaves, rebuilt
from .verdict import Verdict

WORST_FIRST = ("disagrees", "nearly agrees", "not differentiable", "inconclusive", "agrees")


def judge(claim: Any, F: Callable, at: Any, suspects: Mapping[str, Any] | None = None, numerical_claim: bool = False,
          counts: Mapping[str, int] | None = None) -> Verdict:
    """Compare a claimed gradient with central differences of F at one point, and say what came of it.

    Parameters
    ----------
    claim
        The gradient: an array in the shape of the point, or a dict, list, tuple or dataclass of such. A dict may have
        gradients for some of the arrays only.
    F
        A function of the point that returns one number. A tuple (loss, gradient) is taken as its loss.
    at
        The point. F receives it in the type that it has here, also where that is a tuple, a matrix or a tensor.
    suspects
        The values that known mistakes would give, by name, built like the claim.
    numerical_claim
        Whether the claim was itself made by `numerical_gradient`, and so cannot be better than that.
    counts
        Numbers that a factor may be made of, by name: {"examples": 12, "outputs": 3}.

    Returns
    -------
    Verdict
        Any claim gets one.

    Raises
    ------
    TypeError, ValueError
        For a function or a point that cannot be used.

    Notes
    -----
    Chapter 01.
    """
    if not callable(F):
        raise TypeError(f"F is a {type(F).__name__}; expected a function of the point, such as lambda W: np.sum(W**2)")
    if not isinstance(suspects or {}, Mapping):
        raise TypeError(f"suspects is a {type(suspects).__name__}; expected a dict from names of mistakes to their values")
    with np.errstate(all="ignore"):    # the caller may have set all="raise"; a number that is not finite is told anyway
        return _judged(claim, loss_of(F), at, dict(suspects or {}), numerical_claim, counts)


def loss_of(F: Callable) -> Callable:
    """F, or the loss where F returns a tuple of the loss and its gradient."""
    def loss(at: Any) -> Any:
        value = F(at)
        is_pair = isinstance(value, tuple) and len(value) >= 2 and np.size(value[0]) == 1 and any(np.ndim(v) or isinstance(
            v, Mapping) for v in value[1:])
        return value[0] if is_pair else value
    return loss


def _judged(claim: Any, F: Callable, at: Any, suspects: dict, numerical_claim: bool, counts: Mapping | None) -> Verdict:
    every = list(leaves(at))
    if not every:
        raise ValueError("at holds no array; expected at least one to nudge")
    try:
        claims = claims_by_path(claim, at)
    except Refused as refusal:
        return refusal.verdict
    of_path = suspects_by_path(suspects, at)
    parameters = [(leaf, _point_of(leaf)) for leaf in every if claims[leaf.path] is not MISSING and not _is_kept(leaf, claims)]
    if not parameters:
        raise ValueError("at holds no array of numbers; expected at least one to nudge")
    as_given = form_for(F, at)
    verdicts = []
    for leaf, array in parameters:
        for name, value in of_path.get(leaf.path, {}).items():
            _must_be_numbers(f"suspects[{name!r}]", value)
        truth = measure(lambda moved, path=leaf.path: F(rebuilt(at, {path: moved}, as_given)), array)
        verdict = compare(claims[leaf.path], truth, of_path.get(leaf.path), numerical_claim, array, counts)
        verdicts.append(replace(verdict, path=leaf.path))
    left_out = [leaf.path for leaf in every if claims[leaf.path] is MISSING and not leaf.is_setting]
    return combined(verdicts, left_out)


def _is_kept(leaf: Leaf, claims: Mapping[str, Any]) -> bool:
    """Whether a leaf is a setting of F, and no parameter: a name, or a whole number without a gradient."""
    return leaf.is_setting and claims[leaf.path] is None


def _point_of(leaf: Leaf) -> np.ndarray:
    """The leaf as an array that can be nudged. Raises what `point` raises, with the path."""
    try:
        return point(leaf.value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"at{leaf.path}: {error}" if leaf.path else str(error)) from None


def _must_be_numbers(name: str, value: Any) -> None:
    try:
        array = as_array(value)
    except ValueError:
        raise TypeError(f"{name} is a ragged list; expected an array of real numbers") from None
    if array.dtype.kind not in "fiub" or array.size == 0:
        raise TypeError(f"{name} has dtype {array.dtype} and shape {array.shape}; expected an array of real numbers")


def combined(verdicts: list[Verdict], left_out: list[str] = ()) -> Verdict:
    """One verdict on several arrays: the worst kind, with the counts of all and the reasons of the first that is so bad."""
    notes = (f"No gradient was given for {', '.join(left_out)}.",) if left_out else ()
    if len(verdicts) == 1 and not verdicts[0].path:
        return replace(verdicts[0], notes=verdicts[0].notes + notes)
    kind = min((verdict.kind for verdict in verdicts), key=WORST_FIRST.index)
    first = next(verdict for verdict in verdicts if verdict.kind == kind)
    known = [verdict.digits for verdict in verdicts if verdict.digits]
    return Verdict(
        kind,
        digits=min(known) if kind == "agrees" else None,
        compared=sum(verdict.compared for verdict in verdicts),
        entries=sum(verdict.entries for verdict in verdicts),
        differing=sum(verdict.differing for verdict in verdicts),
        worst=first.worst,
        miss=first.miss,
        problem=first.problem,
        notes=notes,
        diagnoses=first.diagnoses,
        path=first.path,
        arrays=tuple(verdicts),
    )
