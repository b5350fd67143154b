"""The referee: derivatives by nudging and measuring. It imports nothing of nnmath, so it knows none of the formulas."""

import sys
import time
from dataclasses import dataclass

import numpy as np

RUNGS = 16    # of the ladder of steps
FACTOR = 4    # from one step to the next
FOOT = 3      # the lowest rungs, where the steps are so short that R shows nothing but the noise of F
MEMORY = 256 * 2**20    # bytes that the copies of a network may fill
CACHE = 2**22           # bytes of copies that run fastest: more would be fetched from afar


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
        return _measurement(at, *(a.reshape(at.shape) for a in _read(up, down, width, here)))


def _measurement(at, slopes, bounds, kinks, bends):
    # Cauchy–Schwarz: |∂²F/∂a_i∂a_j| ≤ sqrt(H_ii H_jj) wherever F bends one way: a bound on Σ_j |∂²F/∂a_i∂a_j| |a_j|
    roots = np.sqrt(bends)
    return Measurement(slopes, bounds, kinks == 1, roots * np.nansum(roots * np.abs(at)))


def _ladder(entry):
    """The steps of an entry's ladder, (…, rungs), from the longest to the shortest; exact in binary."""
    foot = 4 * 2.0**np.round(np.log2(np.maximum(1.0, np.abs(entry))))
    return np.multiply.outer(foot, float(FACTOR)**-np.arange(RUNGS))


def _climb(F, at, i):
    """F to the right, F to the left and the width between them, on each rung of one entry's ladder."""
    steps = _ladder(at[i])
    pairs = [(_nudged(at, i, step), _nudged(at, i, -step)) for step in steps]
    rungs = [(float(_number(F, right)), float(_number(F, left)), right[i] - left[i]) for right, left in pairs]
    return _all_finite(np.transpose(rungs), steps)


def _all_finite(rungs, steps):
    """rungs, if F was finite on the shorter ones."""
    if not np.isfinite(rungs[..., -FOOT - 3:]).all():
        raise ValueError(f"F is not finite within {steps.min() * FACTOR**(FOOT + 2):.0e} of the point; "
                         f"expected finite numbers there")
    return rungs


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


def _read(up, down, width, here):
    """Slope, bound, kink and bend |∂²F/∂a_i²| of each entry, from its ladder."""
    rounding = _noise(up, down, width, here) / width
    R, S, half = _richardson(up, down, width), up + down - 2 * float(here), width / 2
    change = np.abs(np.diff(R))
    # S = h² F″ + …, so 16 S(h/4) − S(h) is small wherever F is smooth on the scale of h: two far plateaus are not
    uneven = np.maximum(0, np.abs(FACTOR**2 * S[:, 1:] - S[:, :-1]) / width[:, :-1] - 64 * rounding[:, :-1])
    spread = 2.5 * np.maximum(change[:, 1:], change[:, :-1]) + 2 * rounding[:, 2:-1]    # of R[1:-1], and its neighbours
    error = spread + uneven[:, 1:-1]
    entry, best = np.arange(len(R)), np.argmin(np.where(np.isfinite(error), error, np.inf), axis=1)
    slopes = R[entry, best + 1]
    bounds = 2 * error[entry, best] + np.finfo(np.float64).eps * np.abs(slopes)
    gap = np.abs(S) / half                                              # forward slope − backward slope
    kinks = _kinks(gap, rounding, np.nanmin(spread, axis=1))
    return slopes, bounds, kinks, (gap / half)[entry, best + 1]


def _kinks(gap, rounding, spread):
    """Whether the one-sided slopes still differ as h → 0: a smooth F closes the gap by the step's factor."""
    gap = np.where(np.isfinite(gap), gap, 0)
    rung = np.where(100 * rounding < gap.max(axis=1, keepdims=True), np.arange(RUNGS), -1)    # −1 where none is visible
    rung = np.sort(rung, axis=1)    # the last three visible ones are now last
    first, second, last = np.take_along_axis(gap, rung[:, -3:], axis=1).T
    noise = np.take_along_axis(rounding, rung[:, -1:], axis=1)[:, 0]
    seen = rung[:, -6] >= 0         # it must be seen down to short steps: over long ones a smooth F may bend like a kink
    return seen & (last > 100 * np.maximum(noise, spread)) & (last > 0.6 * second) & (0.6 * second > 0.3 * first)


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


def tell(done, total):
    """How far the referee has come, on a terminal; nowhere else, since a notebook would store it."""
    if sys.stderr.isatty():
        print(f"\r{done:,} of {total:,} parameters", end="\n" if done == total else "", file=sys.stderr, flush=True)


def of_network(F, net, x, sample=None, seed=0, memory=MEMORY, progress=tell):
    """∂E/∂W_ij^l ≈ (E(W_ij^l + h) − E(W_ij^l − h)) / 2h, the same for b_i^l: every layer's, many nudges at once

    A nudge of W_ij^l leaves all below layer l as it is and moves u_i^l alone, by h x_j^{l−1}, because u^l is affine in
    W^l and b^l: so copies of u^l, moved, run on together as columns. That is all that is known of the network; the rest
    is F(l, u, n), which runs it on from u^l = u and gives each column's share of E, that of example n[c] in column c.
    Shapes: x[l] (n_l, N), u (n_l, C), n (C,), F (C,) → two dicts {l: …} in the shapes of net.W and net.b. `sample`
    measures that many parameters of each layer, chosen by seed, and gives NaN for the others; the copies fill `memory`
    bytes at most; progress(done, total) is called once a second. Errors: ValueError unless F gives finite numbers, one
    a column, and for a sample or memory below 1. Chapter 09.
    """
    slopes = {l: np.full(at.shape, np.nan) for l, at in _parameters(net).items()}
    for l, where, at, errors in _blocks(F, net, x, 2, sample, seed, memory, progress):
        steps = 2.0**np.round(np.log2(np.cbrt(np.finfo(float).eps) * np.maximum(1, np.abs(at))))
        up, down = errors(np.stack([steps, -steps], axis=1)).T
        slopes[l][where] = (up - down) / (2 * steps)
        if not np.isfinite(slopes[l][where]).all():
            raise ValueError(f"F gave numbers that are not finite near layer {l}; expected finite ones")
    return {l: a[:, :-1] for l, a in slopes.items()}, {l: a[:, -1:] for l, a in slopes.items()}


def measure_network(F, net, x, sample=None, seed=0, memory=MEMORY, progress=tell):
    """∂E/∂W^l and ∂E/∂b^l of every layer as `measure` finds them, on a ladder of steps; the rest as in `of_network`

    → {("W", l): Measurement, ("b", l): Measurement}. Errors: ValueError where F is not finite. Chapter 09.
    """
    parts = {l: [np.full(at.shape, np.nan) for _ in range(4)] for l, at in _parameters(net).items()}
    with np.errstate(all="ignore"):
        for l, where, at, errors in _blocks(F, net, x, 1 + 2 * RUNGS, sample, seed, memory, progress):
            steps = _ladder(at)
            here, up, down = np.split(errors(np.hstack([0 * steps[:, :1], steps, -steps])), [1, 1 + RUNGS], axis=1)
            _all_finite(np.stack([up, down]), steps)
            for part, found in zip(parts[l], _read(up, down, 2 * steps, here[0, 0])):
                part[where] = found
    found = {}
    for l, at in _parameters(net).items():
        for name, some in (("W", np.s_[:, :-1]), ("b", np.s_[:, -1:])):
            found[name, l] = _measurement(at[some], *(part[some] for part in parts[l]))
    return found


def _parameters(net):
    """(W^l b^l), one array a layer: u^l = (W^l b^l)(x^{l−1}; 1)"""
    return {l: np.hstack([net.W[l], net.b[l]]).astype(np.float64) for l in net.W}


def _blocks(F, net, x, moves, sample, seed, memory, progress):
    """(l, where, at, errors) for some parameters of a layer at a time: errors(steps) gives E with each of them moved by
    each of its steps, (entries, moves)."""
    _at_least_one("sample", sample), _at_least_one("memory", memory)
    parameters, rng = _parameters(net), np.random.default_rng(seed)
    chosen = {l: _chosen(at, sample, rng) for l, at in parameters.items()}
    done, total, told, long = 0, sum(i.size for i, _ in chosen.values()), time.monotonic(), False
    for l, at in parameters.items():
        inputs = _inputs(x, l, at.shape[1] - 1)
        u, widest = at @ inputs, max(len(above) for k, above in parameters.items() if k >= l)
        columns = max(1, int(min(memory, CACHE) / (8 * 8 * widest)))    # F fills some eight arrays of the widest layer
        size = max(1, columns // (moves * inputs.shape[1]))
        for start in range(0, chosen[l][0].size, size):
            i, j = (some[start:start + size] for some in chosen[l])
            yield l, (i, j), at[i, j], lambda steps: _errors(F, l, u, i, inputs[j], steps, columns)
            done += i.size
            if time.monotonic() - told > 1 or long and done == total:
                told, long = time.monotonic(), True
                progress(done, total)


def _at_least_one(name, number):
    if number is not None and not number >= 1:
        raise ValueError(f"{name} is {number}; expected at least 1")


def _inputs(x, l, rows):
    """(x^{l−1}; 1), what the columns of (W^l b^l) are multiplied by."""
    below = np.asarray(x[l-1])
    if below.ndim != 2 or len(below) != rows:
        raise ValueError(f"x[{l - 1}] has shape {below.shape}; expected ({rows}, N), as in forward(net, x).x")
    return np.vstack([below, np.ones((1, below.shape[1]))]).astype(np.float64)


def _chosen(at, sample, rng):
    """Rows and columns of the entries to be measured."""
    entries = np.arange(at.size) if sample is None else np.sort(rng.permutation(at.size)[:sample])
    return np.unravel_index(entries, at.shape)


def _errors(F, l, u, i, inputs, steps, columns):
    """E where u_i^l is moved by each step times its inputs (entries, N): (entries, moves)."""
    i, E = np.repeat(i, steps.shape[1]), np.zeros(steps.size)
    by = (steps[:, :, np.newaxis] * inputs[:, np.newaxis]).reshape(steps.size, -1)
    for some in np.array_split(np.arange(u.shape[1]), -(-u.shape[1] // columns)):    # all examples at once if they fit
        copies, n = np.repeat(u[:, np.newaxis, some], steps.size, axis=1), np.tile(some, steps.size)
        copies[i, np.arange(steps.size)] += by[:, some]
        shares = np.asarray(F(l, copies.reshape(len(u), -1), n))
        if shares.shape != n.shape:
            raise ValueError(f"F gave shape {shares.shape}; expected {n.shape}: one share of E for each column")
        E += shares.reshape(steps.size, -1).sum(axis=1)
    return E.reshape(steps.shape)


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
