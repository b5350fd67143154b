"""The referee: derivatives by nudging and measuring. It imports nothing of nnmath, so it knows none of the formulas."""

import numpy as np


def gradient(F, at, h=None):
    """∂F/∂a_i ≈ (F(a + h e_i) − F(a − h e_i)) / 2h, the central difference, entry by entry

    Shapes: at any shape, F(at) one number → the shape of at. h defaults to ε^{1/3} max(1, |a_i|), ε that of at's dtype.
    Errors: ValueError unless F gives one finite number and h > 0; TypeError for complex or object entries. Chapter 01.
    """
    at = _point(at)
    slopes = np.empty_like(at)
    for i in np.ndindex(at.shape):
        step = _step(at[i], h)
        slopes[i] = (_value(F, _nudged(at, i, step)) - _value(F, _nudged(at, i, -step))) / (2 * step)
    return slopes


def jacobian(F, at, h=None):
    """J_ki ≈ (F_k(a + h e_i) − F_k(a − h e_i)) / 2h: row k is what output k does, column i what input i causes

    Shapes: at (n, 1), F(at) (m, 1) → (m, n). Errors: those of gradient; ValueError unless both are columns. Chapter 04.
    """
    at = _point(at)
    if at.ndim != 2 or at.shape[1] != 1:
        raise ValueError(f"at has shape {at.shape}; expected a column (n, 1)")
    columns = []
    for i in np.ndindex(at.shape):
        step = _step(at[i], h)
        rise = _column(F, _nudged(at, i, step)) - _column(F, _nudged(at, i, -step))
        columns.append(rise / (2 * step))
    return np.hstack(columns)


def _point(at):
    at = np.asarray(at)
    if at.dtype.kind not in "fiub":
        raise TypeError(f"at has dtype {at.dtype}; expected real numbers")
    if at.dtype != np.float32:
        at = at.astype(np.float64)
    if at.size == 0:
        raise ValueError(f"at is empty, shape {at.shape}; expected at least one entry to nudge")
    if not np.isfinite(at).all():
        raise ValueError("at holds NaN or infinity; expected a finite point")
    return at


def _step(entry, h):
    """A step that is exact in binary, so that (a + h) − a is h and not merely near it."""
    if h is None:
        h = np.cbrt(np.finfo(entry.dtype).eps) * max(1, abs(entry))
        return entry.dtype.type(2.0 ** np.round(np.log2(h)))
    if not (np.ndim(h) == 0 and np.isfinite(h) and h > 0):
        raise ValueError(f"h is {h!r}; expected one positive number, or None for the default")
    return entry.dtype.type(h)


def _nudged(at, i, step):
    nudged = at.copy()
    nudged[i] += step
    return nudged


def _value(F, at):
    value = np.asarray(F(at))
    if value.size != 1 or value.dtype.kind not in "fiub":
        raise ValueError(f"F gave shape {value.shape} and dtype {value.dtype}; expected one real number: "
                         f"a gradient belongs to a scalar F, for example one entry u_k or E")
    if not np.isfinite(value).all():
        raise ValueError(f"F gave {value.item()} at a point near the one asked for; expected a finite number")
    return value.reshape(())[()]


def _column(F, at):
    value = np.asarray(F(at))
    if value.ndim != 2 or value.shape[1] != 1 or not np.isfinite(value).all():
        raise ValueError(f"F gave shape {value.shape}; expected a column (m, 1) of finite numbers")
    return value
