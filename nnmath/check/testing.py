"""The check inside other people's tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .judge import judge
from .verdict import Verdict


def assert_gradient(claim: Any, F: Callable, at: Any, *, nearly: bool = False, **options: Any) -> Verdict:
    """Fail unless the claim agrees; the message is the verdict, with the reason if one is found

    Parameters
    ----------
    claim, F, at, **options
        Those of `judge`.
    nearly
        Whether "nearly agrees" is enough.

    Returns
    -------
    Verdict

    Raises
    ------
    AssertionError
        With the verdict.
    """
    __tracebackhide__ = True  # pytest shows the caller's line
    verdict = judge(claim, F, at, **options)
    if verdict.kind not in (("agrees", "nearly agrees") if nearly else ("agrees",)):
        raise AssertionError(str(verdict))
    return verdict
