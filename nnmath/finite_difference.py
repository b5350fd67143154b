"""The referee: derivatives by nudging and measuring. It imports nothing of nnmath, so it knows none of the formulas."""

from dataclasses import dataclass

import numpy as np

RUNGS = 14    # of the ladder of steps
FACTOR = 4    # from one step to the next


@dataclass(frozen=True, eq=False)
class Measurement:
    """∂F/∂a as measured: the slopes, how far each may be off, where the one-sided slopes differ, and how far a
    relative change of ε in every a_j would move each slope (what no formula can do better than).

    Shapes: those of a.
    """
    slopes: np.ndarray
    bounds: np.ndarray
    kinks: np.ndarray
    roundings: np.ndarray


def measure(F, at):
    """∂F/∂a_i on a ladder of steps h, h/4, h/16, …, with Richardson's extrapolation, and a bound on the error

    On each rung the h² term of the central difference is taken away, R = (16 D(h/4) − D(h)) / 15. What neighbouring
    rungs differ by, and ε |F| / h, the rounding of F, tell how far R is off; the best rung is taken.
    Shapes: at any shape, F(at) one number → Measurement. Errors: those of gradient. Source: Ridders 1982. Chapter 01.
    """
    at = _point(at)
    here = float(_value(F, at))
    ladders = {i: _climb(F, at, i, here) for i in np.ndindex(at.shape)}
    slopes, bounds, kinks, bends = (np.reshape([ladder[n] for ladder in ladders.values()], at.shape) for n in range(4))
    # Cauchy–Schwarz: |∂²F/∂a_i∂a_j| ≤ sqrt(H_ii H_jj) wherever F bends one way, so this bounds Σ_j |∂²F/∂a_i∂a_j| |a_j|.
    roots = np.sqrt(bends)
    return Measurement(slopes, bounds, kinks, roots * np.sum(roots * np.abs(at)))


def _climb(F, at, i, here):
    """Slope, bound, kink and bend |∂²F/∂a_i²| of one entry."""
    eps = float(np.finfo(at.dtype).eps)
    steps = 2.0**np.round(np.log2(max(1.0, abs(float(at[i]))))) / 4 * float(FACTOR)**-np.arange(RUNGS)
    up, down, width = np.array([_pair(F, at, i, at.dtype.type(step)) for step in steps]).T
    rounding = 4 * eps * np.maximum.reduce([np.abs(up), np.abs(down), np.full(RUNGS, abs(here))]) / width
    D = (up - down) / width
    R = (FACTOR**2 * D[1:] - D[:-1]) / (FACTOR**2 - 1)
    change = np.abs(np.diff(R))
    error = np.maximum(change[1:], change[:-1]) + 2 * rounding[2:-1]    # of R[1:-1], against both neighbours
    best = np.argmin(error)
    half = width / 2
    gap = np.abs(up + down - 2 * here) / half                          # forward slope − backward slope
    return R[1 + best], 2 * error[best] + eps * abs(R[1 + best]), _is_kink(gap, rounding), (gap / half)[1 + best]


def _is_kink(gap, rounding):
    """Whether the one-sided slopes still differ as h → 0: a smooth F closes the gap by the step's factor."""
    visible = np.flatnonzero(100 * rounding < gap.max())
    if len(visible) < 3:
        return False
    first, second, last = gap[visible[-3:]]
    return bool(last > 100 * rounding[visible[-1]] and last > 0.6 * second > 0.3 * first)


def _pair(F, at, i, step):
    right, left = _nudged(at, i, step), _nudged(at, i, -step)
    return float(_value(F, right)), float(_value(F, left)), float(right[i]) - float(left[i])


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
