"""A claim that is a function: it is called by the check, twice, because some functions are right only once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .claims import Refused
from .comparison import refused
from .finite_difference import as_array
from .structure import leaves
from .verdict import Diagnosis, Verdict


def gradient_from(function: Callable, F: Callable, new_point: Callable[[], Any]) -> tuple[Any, tuple[str, ...]]:
    """What the function claims, and notes on what it does besides.

    Parameters
    ----------
    function
        A function of the point that returns the gradient, or (loss, gradient).
    F
        The function of the point that is checked.
    new_point
        Makes a fresh copy of the point.

    Raises
    ------
    Refused
        If it raises, gives another gradient the second time, or changes F.
    """
    before = as_array(F(new_point()))
    point, untouched = new_point(), new_point()
    first = _called(function, point)
    kept = [array.copy() for array in _arrays(first)]
    second = _called(function, new_point())
    again = [array.copy() for array in _arrays(second)]
    _raise_if_different(kept, again)
    _raise_if_F_changed(before, as_array(F(new_point())))
    notes = []
    if not _all_equal(_arrays(point), _arrays(untouched)):
        notes.append("Your function changes the point that it is given. Let it work on a copy.")
    if not _all_equal(_arrays(first), kept):
        notes.append(
            "A second call of your function changes the result of the first, because both return the same array. "
            "Return a copy."
        )
    return first, tuple(notes)


def _called(function: Callable, point: Any) -> Any:
    try:
        value = function(point)
    except Exception as error:  # the function is the caller's, and a claim gets a verdict whatever it is
        raise Refused(refused("no numbers", f"your function stopped with {type(error).__name__}: {error}")) from None
    is_pair = isinstance(value, tuple) and len(value) == 2 and np.ndim(value[0]) == 0 and not isinstance(point, tuple)
    return value[1] if is_pair else value


def _arrays(value: Any) -> list[np.ndarray]:
    found = []
    for leaf in leaves(value):
        try:
            found.append(as_array(leaf.value))
        except Exception:  # no array; the comparison will say so
            continue
    return [array for array in found if array.dtype.kind in "fiub"]


def _all_equal(some: list[np.ndarray], others: list[np.ndarray]) -> bool:
    return len(some) == len(others) and all(np.array_equal(a, b, equal_nan=True) for a, b in zip(some, others))


def _raise_if_different(first: list[np.ndarray], second: list[np.ndarray]) -> None:
    if [a.shape for a in first] != [b.shape for b in second] or not first:
        return  # what is no gradient is told by the comparison
    largest = max(np.abs(a).max(initial=0) for a in first)
    if all(np.abs(a - b).max(initial=0) <= 1e-6 * largest or not np.isfinite(a).all() for a, b in zip(first, second)):
        return
    doubled = all(np.allclose(b, 2 * a) for a, b in zip(first, second))
    seen = "The second result is twice the first." if doubled else "The two results are different."
    cause = (
        "It adds to an array that it keeps between calls (+= without a reset)."
        if doubled
        else "It draws random numbers, or it writes into something that it reads, such as the upstream derivative."
    )
    verdict = Verdict(
        "disagrees",
        problem="your function gave two different gradients at one point",
        diagnoses=(Diagnosis("not repeatable", seen, cause),),
    )
    raise Refused(verdict)


def _raise_if_F_changed(before: np.ndarray, after: np.ndarray) -> None:
    if (
        before.shape == after.shape
        and before.dtype.kind in "fiub"
        and not np.allclose(before, after, rtol=1e-6, atol=0, equal_nan=True)
    ):
        seen = (
            f"F gives {before.item():.6g} at the point before your function is called, and {after.item():.6g} after it."
        )
        cause = "It writes into something that F reads, such as the upstream derivative. Let it work on a copy."
        raise Refused(
            replace(
                refused("other arrays", ""),
                problem="your function changes F.",
                diagnoses=(Diagnosis("F changed", seen, cause),),
            )
        )
