"""The referee: derivatives from small steps. It imports nothing of nnmath, so it knows none of the formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray


def numerical_gradient(F: Callable, at: Any, h: float | None = None) -> Array:
    """∂F/∂a_i ≈ (F(a + h e_i) − F(a − h e_i)) / 2h, the central difference, entry by entry

    Parameters
    ----------
    F
        A function of the point that returns one number.
    at
        The point, of any shape.
    h
        The step. The default is ε^{1/3} max(1, |a_i|) rounded to a power of two, where ε belongs to the dtype of `at`.

    Returns
    -------
    ndarray
        The derivatives, in the shape of `at`.

    Raises
    ------
    ValueError
        Unless F gives one finite number and h > 0.
    TypeError
        For complex or object entries.

    Notes
    -----
    Chapter 1.
    """
    at = point(at)
    slopes = np.empty_like(at)
    for i in np.ndindex(at.shape):
        step = _step(at[i], h)
        slopes[i] = (finite_number(F, nudged(at, i, step)) - finite_number(F, nudged(at, i, -step))) / (2 * step)
    return slopes


def numerical_jacobian(F: Callable, at: Any, h: float | None = None) -> Array:
    """J_ki ≈ (F_k(a + h e_i) − F_k(a − h e_i)) / 2h: row k is what output k does, column i what input i causes

    Parameters
    ----------
    F
        A function from a column (n, 1) to a column (m, 1).
    at
        The point, a column (n, 1).
    h
        The step, as in `numerical_gradient`.

    Returns
    -------
    ndarray
        The Jacobian, (m, n).

    Raises
    ------
    ValueError
        Unless the point and what F gives are columns of finite numbers.

    Notes
    -----
    Chapter 4.
    """
    at = point(at)
    if at.ndim != 2 or at.shape[1] != 1:
        raise ValueError(f"at has shape {at.shape}; expected a column (n, 1)")
    columns = []
    for i in np.ndindex(at.shape):
        step = _step(at[i], h)
        rise = _column(F, nudged(at, i, step)) - _column(F, nudged(at, i, -step))
        columns.append(rise / (2 * step))
    return np.hstack(columns)


def point(at: Any) -> Array:
    """at as an array of real, finite numbers, in float64 unless it is float32. Raises TypeError and ValueError."""
    at = as_array(at)
    if at.dtype.kind not in "fiub":
        raise TypeError(f"at has dtype {at.dtype}; expected real numbers")
    if at.dtype != np.float32:
        at = at.astype(np.float64)
    if at.size == 0:
        raise ValueError(f"at is empty, shape {at.shape}; expected at least one entry to nudge")
    if not np.isfinite(at).all():
        raise ValueError("at holds NaN or infinity; expected a finite point")
    return at


def as_array(value: Any) -> Array:
    """value as a plain array: a tensor without its graph, a matrix without its own *.

    Raises
    ------
    TypeError
        For a masked array with hidden entries, because nothing may be said about those.
    """
    if isinstance(value, np.ma.MaskedArray):
        if np.ma.is_masked(value):
            raise TypeError(
                f"a masked array hides {int(np.ma.getmaskarray(value).sum())} of its entries; expected numbers "
                "throughout: fill them in with .filled(…), or pick the others out"
            )
        value = value.data
    if hasattr(value, "detach"):  # a torch tensor; nothing of torch is imported for it
        value = value.detach().cpu()
    return np.asarray(value)


def nudged(at: Array, i: tuple[int, ...], step: float | np.floating) -> Array:
    """A copy of at with entry i moved by step."""
    moved = at.copy()
    moved[i] += step
    return moved


def finite_number(F: Callable, at: Any) -> np.floating:
    """F(at), if it is one finite number; otherwise ValueError."""
    value = one_number(F, at)
    if not np.isfinite(value):
        raise ValueError(f"F gave {value} at a point near the one asked for; expected a finite number")
    return value


def one_number(F: Callable, at: Any) -> np.floating:
    """F(at), if it is one real number, NaN and infinity included; otherwise ValueError."""
    value = as_array(F(at))
    if value.size != 1 or value.dtype.kind not in "fiub":
        gave = "None" if value.shape == () and value[()] is None else f"shape {value.shape} and dtype {value.dtype}"
        raise ValueError(
            f"F gave {gave}; expected one real number: a gradient belongs to a scalar F, for example one entry u_k or E"
        )
    # A bool or a uint8 has no minus, so everything except floating-point numbers becomes float64.
    return value.dtype.type(value.item()) if value.dtype.kind == "f" else np.float64(value.item())


def _step(entry: np.floating, h: float | None) -> np.floating:
    """A step that is exact in binary, so that (a + h) − a is h and not merely close to it."""
    if h is None:
        h = np.cbrt(np.finfo(entry.dtype).eps) * max(1, abs(entry))
        return entry.dtype.type(2.0 ** np.round(np.log2(h)))
    if not (np.ndim(h) == 0 and np.isfinite(h) and h > 0):
        raise ValueError(f"h is {h!r}; expected one positive number, or None for the default")
    return entry.dtype.type(h)


def _column(F: Callable, at: Array) -> Array:
    value = as_array(F(at))
    if value.ndim != 2 or value.shape[1] != 1 or not np.isfinite(value).all():
        raise ValueError(f"F gave shape {value.shape}; expected a column (m, 1) of finite numbers")
    return value
