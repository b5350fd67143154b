"""The judge's measurements: slopes from a ladder of steps, and how far each may be off."""

from dataclasses import dataclass

import numpy as np

from .finite_difference import MEMORY, all_parameters, blocks, finite_number, nudged, one_number, point, report_progress

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
    at = point(at).astype(np.float64)
    here = finite_number(F, at.copy())    # F may write into what it is given
    with np.errstate(all="ignore"):
        up, down, width = np.stack([_climb(F, at, i) for i in np.ndindex(at.shape)], axis=1)    # each (entries, rungs)
        _the_same_again(here, finite_number(F, at.copy()), np.abs(up))
        return _measurement(at, *(a.reshape(at.shape) for a in _read(up, down, width, here)))


def measure_network(F, net, x, sample=None, seed=0, memory=MEMORY, progress=report_progress):
    """∂E/∂W^l and ∂E/∂b^l of every layer as `measure` finds them, on a ladder of steps; the rest as in `finite_difference.numerical_gradient_of_network`

    → {("W", l): Measurement, ("b", l): Measurement}. Errors: ValueError where F is not finite. Chapter 09.
    """
    parts = {l: [np.full(at.shape, np.nan) for _ in range(4)] for l, at in all_parameters(net).items()}
    with np.errstate(all="ignore"):
        for l, where, at, errors in blocks(F, net, x, 1 + 2 * RUNGS, sample, seed, memory, progress):
            steps = _ladder(at)
            here, up, down = np.split(errors(np.hstack([0 * steps[:, :1], steps, -steps])), [1, 1 + RUNGS], axis=1)
            _all_finite(np.stack([up, down]), steps)
            for part, found in zip(parts[l], _read(up, down, 2 * steps, here[0, 0])):
                part[where] = found
    found = {}
    for l, at in all_parameters(net).items():
        for name, some in (("W", np.s_[:, :-1]), ("b", np.s_[:, -1:])):
            found[name, l] = _measurement(at[some], *(part[some] for part in parts[l]))
    return found


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
    pairs = [(nudged(at, i, step), nudged(at, i, -step)) for step in steps]
    widths = [right[i] - left[i] for right, left in pairs]    # before F may write into them
    rungs = [(float(one_number(F, right)), float(one_number(F, left)), width) for (right, left), width in zip(pairs, widths)]
    return _all_finite(np.transpose(rungs), steps)


def _the_same_again(here, again, size):
    """Raises if F, asked twice at one point, gave two numbers: there is no slope then."""
    if abs(again - here) > 1e-6 * np.nanmedian(size):
        raise ValueError(f"F gave {here:.6g} and then {again:.6g} at the same point; expected a function of the point alone: "
                         f"no dropout, no new batch, no count that goes on")


def _all_finite(rungs, steps):
    """rungs, if F was finite on the shorter ones."""
    if not np.isfinite(rungs[..., -FOOT - 3:]).all():
        raise ValueError(f"F is not finite within {steps.min() * FACTOR**(FOOT + 2):.0e} of the point; expected finite "
                         f"numbers there: move the point away from the edge of what F can take")
    return rungs


def _noise(up, down, width, here):
    """How far rounding moves F, (entries, rungs): ε |F| at least, and what the foot of the ladder shows.

    An F that rounds to float32 within is told by its numbers: where steps are powers of two it may move just as they do.
    """
    single = all(np.array_equal(values, np.float32(values), equal_nan=True) for values in (up, down))
    eps = max(np.finfo(kind).eps for kind in (here.dtype, np.float32 if single else np.float64))
    F = np.maximum(np.maximum(np.abs(up), np.abs(down)), float(abs(here)))
    R = _richardson(up, down, width)
    scatter = (np.abs(np.diff(R)) * width[:, 2:])[:, -FOOT:].max(axis=1)
    scatter = np.maximum(scatter, np.median(scatter))    # the noise is that of F: one entry's luck is no measure of it
    return np.maximum(eps * F, np.maximum(scatter, _grain(up, down, here))[:, None])


def _grain(up, down, here):
    """The least change that F can show, where short steps show none: an F that rounds to float32 within."""
    moves = np.abs(np.hstack([up - here, down - here]))
    least = np.where(moves > 0, moves, np.inf).min(axis=1)
    single = 16 * float(np.finfo(np.float32).eps) * abs(here)
    shown = (up[:, -1] != here) & (down[:, -1] != here)    # over long steps F may come back to where it was
    return np.where(~shown & (least < single), least, 0)


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
    return seen & (last > 100 * np.maximum(noise, spread)) & (last > 0.6 * second) & (second > 0.5 * first)
