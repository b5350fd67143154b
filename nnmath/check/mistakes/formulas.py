"""Looking up a formula's right and wrong forms, and running them on the page's symbols."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...activation import Activation
from . import convolution, layer, propagation, reverse, slope, softmax
from .model import Form, Formula

FORMULAS: dict[str, Formula] = {
    formula.name: formula
    for room in (layer, propagation, slope, softmax, convolution, reverse)
    for formula in room.FORMULAS
}

# What a wrong form raises where its shapes do not fit, where a layer or symbol that it needs does not exist, and where
# it needs the f′ of a softmax.
DOES_NOT_FIT = (ValueError, KeyError, IndexError, TypeError, np.linalg.LinAlgError)


def names(formula: str) -> list[str]:
    """ "correct", and then the mistakes that can be made in this formula; the options of a menu.

    Raises
    ------
    ValueError
        There is no such formula.
    """
    if formula not in FORMULAS:
        raise ValueError(f"{formula!r} is not a formula of the catalogue; expected one of {', '.join(FORMULAS)}")
    return list(FORMULAS[formula].forms)


def form(formula: str, name: str) -> tuple[str, str]:
    """(LaTeX, code) of the right form or of a mistake in this formula.

    Raises
    ------
    ValueError
        There is no such formula, or the mistake cannot be made in it.
    """
    chosen = _form(formula, name)
    return chosen.latex, chosen.code


def value(formula: str, name: str, **symbols: Any) -> Any:
    """The value of one form for these symbols of the page; it runs the code that `form` shows.

    Raises
    ------
    ValueError
        There is no such formula, or the mistake cannot be made in it.
    KeyError
        The form needs a symbol that was not given.
    Exception
        Whatever the wrong code itself raises.
    """
    return _form(formula, name)(_completed(symbols))


def suspects(formula: str, **symbols: Any) -> dict[str, Any]:
    """{name: wrong value} of every mistake in this formula that runs on these symbols, for `judge`."""
    symbols, found = _completed(symbols), {}
    for name in names(formula)[1:]:
        try:
            found[name] = _form(formula, name)(symbols)
        except DOES_NOT_FIT:
            continue  # this mistake would have raised an error, so it was not the one that was made
    return found


def _form(formula: str, name: str) -> Form:
    if name not in names(formula):
        raise ValueError(f"{name!r} is not a mistake in the formula {formula!r}; expected one of {names(formula)}")
    return FORMULAS[formula].forms[name]


def _completed(symbols: Mapping[str, Any]) -> dict[str, Any]:
    """The symbols with m and N, where the others tell them, and with one f for every layer where only one was given."""
    completed: dict[str, Any] = {**_sizes(symbols), **symbols}
    if isinstance(symbols.get("f"), Activation) and ("l" in symbols or "L" in symbols):
        completed["f"] = defaultdict(lambda: symbols["f"])
    return completed


def _sizes(symbols: Mapping[str, Any]) -> dict[str, int]:
    sizes = {}
    rows = symbols["W"] if isinstance(symbols.get("W"), np.ndarray) else symbols.get("t")
    if isinstance(rows, np.ndarray):
        sizes["m"] = rows.shape[0]
    columns = symbols.get("y", symbols.get("delta"))
    if isinstance(columns, Mapping):
        columns = next(iter(columns.values()), None)
    if columns is not None:
        sizes["N"] = np.shape(columns)[-1]  # examples are on the last axis of columns and of pictures
    return sizes
