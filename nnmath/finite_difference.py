"""The referee: derivatives by nudging and measuring. It imports nothing of nnmath, so it knows none of the formulas."""

from dataclasses import dataclass

import numpy as np

RUNGS = 16    # of the ladder of steps
FACTOR = 4    # from one step to the next
FOOT = 3      # the lowest rungs, where the steps are so short that R shows nothing but the noise of F


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

    On each rung the h² term of the central difference is taken away, R = (16 D(h/4) − D(h)) / 15. How far neighbouring
    rungs differ, the noise of F over h, and whether F(a + h) + F(a − h) − 2 F(a) shrinks like h², tell how far R may be
    off; the best rung is taken. The point moves in float64 whatever its type; rungs where F is not finite are left out.
    Shapes: at any shape, F(at) one number → Measurement. Errors: those of gradient. Source: Ridders 1982. Chapter 01.
    """
    at = _point(at).astype(np.float64)
    here = _value(F, at)
    with np.errstate(all="ignore"):
        up, down, width = np.stack([_climb(F, at, i) for i in np.ndindex(at.shape)], axis=1)    # each (entries, rungs)
        noise = _noise(up, down, width, here)
        slopes, bounds, kinks, bends = (a.reshape(at.shape) for a in _read(up, down, width, float(here), noise))
    # Cauchy–Schwarz: |∂²F/∂a_i∂a_j| ≤ sqrt(H_ii H_jj) wherever F bends one way: a bound on Σ_j |∂²F/∂a_i∂a_j| |a_j|
    roots = np.sqrt(bends)
    return Measurement(slopes, bounds, kinks, roots * np.sum(roots * np.abs(at)))


def _climb(F, at, i):
    """F to the right, F to the left and the width between them, on each rung of one entry's ladder."""
    steps = 4 * 2.0**np.round(np.log2(max(1.0, abs(at[i])))) * float(FACTOR)**-np.arange(RUNGS)
    pairs = [(_nudged(at, i, step), _nudged(at, i, -step)) for step in steps]
    rungs = [(float(_number(F, right)), float(_number(F, left)), right[i] - left[i]) for right, left in pairs]
    if not np.isfinite(rungs[-FOOT - 3:]).all():
        raise ValueError(f"F is not finite within {steps[-FOOT - 3]:.0e} of the point; expected finite numbers there")
    return np.transpose(rungs)


def _noise(up, down, width, here):
    """How far rounding moves F, (entries, rungs): ε |F| at least, and what the foot of the ladder shows."""
    eps = np.finfo(here.dtype).eps if here.dtype.kind == "f" else np.finfo(np.float64).eps
    F = np.maximum.reduce([np.abs(up), np.abs(down), np.full(up.shape, abs(here), float)])
    R = _richardson(up, down, width)
    scatter = (np.abs(np.diff(R)) * width[:, 2:])[:, -FOOT:].max(axis=1)
    scatter = np.maximum(scatter, np.median(scatter))    # the noise is that of F: one entry's luck is no measure of it
    return np.maximum(eps * F, np.maximum(scatter, _grain(up, down, here))[:, None])


def _grain(up, down, here):
    """The least change that F can show, where short steps show none: an F that rounds to float32 within."""
    moves = np.abs(np.hstack([up - here, down - here]))
    least = np.where(moves > 0, moves, np.inf).min(axis=1)
    single = 16 * float(np.finfo(np.float32).eps) * abs(here)
    return np.where((moves == 0).any(axis=1) & (least < single), least, 0)


def _richardson(up, down, width):
    D = (up - down) / width
    return (FACTOR**2 * D[:, 1:] - D[:, :-1]) / (FACTOR**2 - 1)


def _read(up, down, width, here, noise):
    """Slope, bound, kink and bend |∂²F/∂a_i²| of each entry, from its ladder."""
    R, S, half = _richardson(up, down, width), up + down - 2 * here, width / 2
    change = np.abs(np.diff(R))
    rounding = noise / width
    # S = h² F″ + …, so 16 S(h/4) − S(h) is small wherever F is smooth on the scale of h: two far plateaus are not
    uneven = np.maximum(0, np.abs(FACTOR**2 * S[:, 1:] - S[:, :-1]) / width[:, :-1] - 64 * rounding[:, :-1])
    spread = 2.5 * np.maximum(change[:, 1:], change[:, :-1]) + 2 * rounding[:, 2:-1]    # of R[1:-1], and its neighbours
    error = spread + uneven[:, 1:-1]
    entry, best = np.arange(len(R)), np.argmin(np.where(np.isfinite(error), error, np.inf), axis=1)
    slopes = R[entry, best + 1]
    bounds = 2 * error[entry, best] + np.finfo(np.float64).eps * np.abs(slopes)
    gap = np.abs(S) / half                                              # forward slope − backward slope
    kinks = [_is_kink(*one) for one in zip(gap, rounding, np.nanmin(spread, axis=1))]
    return slopes, bounds, np.array(kinks), (gap / half)[entry, best + 1]


def _is_kink(gap, rounding, spread):
    """Whether the one-sided slopes still differ as h → 0: a smooth F closes the gap by the step's factor."""
    gap = np.where(np.isfinite(gap), gap, 0)
    visible = np.flatnonzero(100 * rounding < gap.max())
    if len(visible) < 6:    # it must be seen down to short steps: over long ones a smooth F may bend like a kink
        return False
    first, second, last = gap[visible[-3:]]
    return bool(last > 100 * max(rounding[visible[-1]], spread) and last > 0.6 * second > 0.3 * first)


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
    value = _number(F, at)
    if not np.isfinite(value):
        raise ValueError(f"F gave {value} at a point near the one asked for; expected a finite number")
    return value


def _number(F, at):
    value = np.asarray(F(at))
    if value.size != 1 or value.dtype.kind not in "fiub":
        raise ValueError(f"F gave shape {value.shape} and dtype {value.dtype}; expected one real number: "
                         f"a gradient belongs to a scalar F, for example one entry u_k or E")
    return value.reshape(())[()]


def _column(F, at):
    value = np.asarray(F(at))
    if value.ndim != 2 or value.shape[1] != 1 or not np.isfinite(value).all():
        raise ValueError(f"F gave shape {value.shape}; expected a column (m, 1) of finite numbers")
    return value
