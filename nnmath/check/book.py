"""The book's own use of the check: what does not agree raises, so that a wrong equation stops its notebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .diagnosis import worst
from .finite_difference import as_array
from .judge import judge
from .render import entry, number
from .verdict import Verdict

LEVELS = (12, 6)  # digits to which two sides may agree: exact up to rounding, or as good as a measurement


def check(tag: str, claim: Any, F: Callable, at: Any, numerical_claim: bool = False) -> Verdict:
    """The verdict of `judge` on an equation of the book.

    Parameters
    ----------
    tag
        The number of the equation on the page, "3.1".
    claim, F, at, numerical_claim
        Those of `judge`.

    Raises
    ------
    AssertionError
        With the verdict, unless the claim agrees.

    Notes
    -----
    Chapter 1.
    """
    return _passed(replace(judge(claim, F, at, numerical_claim=numerical_claim), tag=tag))


def same(tag: str, left: Any, right: Any) -> Verdict:
    """left = right, to 12 digits or at least 6: two ways to the same numbers, for an equation that is no gradient

    Parameters
    ----------
    tag
        The number of the equation on the page, "1.2".
    left, right
        Arrays of one shape.

    Raises
    ------
    AssertionError
        If they differ, or are zero throughout, which would prove nothing.
    TypeError
        For a side that is no array of real numbers.

    Notes
    -----
    Chapter 1.
    """
    with np.errstate(all="ignore"):  # the caller may have set all="raise", and underflow does no harm here
        return _passed(replace(_compared(_numbers("the left side", left), _numbers("the right side", right)), tag=tag))


def _passed(verdict: Verdict) -> Verdict:
    if verdict.kind != "agrees":
        raise AssertionError(str(verdict))
    return verdict


def _numbers(name: str, value: Any) -> np.ndarray:
    """A side as floating-point numbers: |−128| is not 128 in an int8, and a truth value counts as 0 or 1."""
    try:
        array = as_array(value)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None
    except ValueError:
        raise TypeError(f"{name} is a ragged list; expected an array of real numbers") from None
    if array.dtype.kind not in "fiub" or array.size == 0:
        raise TypeError(f"{name} has dtype {array.dtype} and shape {array.shape}; expected an array of real numbers")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def _compared(left: np.ndarray, right: np.ndarray) -> Verdict:
    if left.shape != right.shape:
        return Verdict("disagrees", problem=f"the left side has shape {left.shape}, the right side {right.shape}")
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        return Verdict("disagrees", problem="a side holds NaN or infinity")
    size, miss = max(np.abs(left).max(), np.abs(right).max()), np.abs(left - right)
    n = left.size
    if size == 0:
        return Verdict(
            "inconclusive", problem="both sides are zero, so a wrong formula would pass as well", compared=n, entries=n
        )
    for digits in LEVELS:
        if miss.max() <= 10.0**-digits * size:
            return Verdict("agrees", digits, compared=n, entries=n)
    at = worst(miss)
    said = f"at {entry(at)} the left side is {number(left[at])}, the right side {number(right[at])}"
    return Verdict("disagrees", problem=said, compared=n, entries=n)
