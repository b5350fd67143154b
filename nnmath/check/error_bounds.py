"""From F at both sides of an entry, at a series of steps, to the slope and to how far it may be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .step_sizes import RATIO

Array = np.ndarray

QUIET = 3  # the shortest steps, where the slopes differ only by the rounding of F
FLOAT32 = float(np.finfo(np.float32).eps)
COARSE = 1e6  # roundings of a float64: such a scatter is more likely what F does than how it is rounded
VISIBLE = 100  # times the rounding: a difference this large is no rounding
SHARP = 1e-3  # of the largest slope: three digits. An entry that is measured more coarsely has more steps
# a kink must be visible at this many steps, down to short ones: over long steps a smooth F may look like one
KINK_STEPS = 6


@dataclass(frozen=True, eq=False)
class Series:
    """F to the right and to the left of each entry, and the width between, (entries, steps), from long steps to short
    ones.

    `here` is F at the point itself, and `dtype` is what F returned there.
    """

    up: Array
    down: Array
    width: Array
    here: float
    dtype: np.dtype = np.dtype(np.float64)

    def continued(self, some: Array, shorter: Series) -> Series:
        """The same with shorter steps for some of the entries. The others are moved to the end, with NaN before them,
        so that the shortest steps of all entries are the last columns."""
        up, down, width = (
            self._joined(ours, some, theirs)
            for ours, theirs in ((self.up, shorter.up), (self.down, shorter.down), (self.width, shorter.width))
        )
        return Series(up, down, width, self.here, self.dtype)

    def _joined(self, ours: Array, some: Array, theirs: Array) -> Array:
        joined = np.hstack([np.full((len(ours), theirs.shape[1]), np.nan), ours])
        joined[some] = np.hstack([ours[some], theirs])
        return joined

    @property
    def change(self) -> Array:
        """F(a + h) + F(a − h) − 2 F(a) = h² F″ + …"""
        return self.up + self.down - 2 * self.here

    @property
    def extrapolated(self) -> Array:
        """R = (16 D(h/4) − D(h)) / 15, the central difference D without its h² term, (entries, steps − 1)."""
        D = (self.up - self.down) / self.width
        return (RATIO**2 * D[:, 1:] - D[:, :-1]) / (RATIO**2 - 1)


class Analysis(NamedTuple):
    """For each entry its slope, how far that may be off, the jump of the slope (0 where F is differentiable), and
    |∂²F/∂a_i²|."""

    slopes: Array
    bounds: Array
    jumps: Array
    curvature: Array


def analysed(series: Series, standard: Series) -> Analysis:
    """The slope of each entry at its best step, with its error bound. `standard` is the series without its shorter
    steps.

    At each step four things tell how far the slope R may be off: how far it differs from R at the neighboring steps
    and at all shorter ones, the rounding of F divided by h, and whether F(a + h) + F(a − h) − 2 F(a) shrinks like h².
    The step with the least sum is taken.
    """
    rounding, R, half = rounding_of_F(series) / series.width, series.extrapolated, series.width / 2
    _, error = _errors(series, R, rounding)
    gap = series.change / half  # the slope to the right less the slope to the left
    jumps = _jumps(standard)
    shorter = series.width < standard.width[:, -1:]
    closes = shorter & (np.abs(gap) + 10 * rounding < np.abs(jumps[:, np.newaxis]) / 2)
    # Where shorter steps show no kink, there is one nearby, and the longer steps reach beyond it.
    beyond = np.arange(series.width.shape[1]) < np.argmax(closes, axis=1)[:, np.newaxis]
    # its first column belongs to R's second, made from the second step
    error = np.where(beyond[:, 1:-2], np.inf, error)
    entries, best = np.arange(len(R)), _best(error)
    slopes = R[entries, best + 1]
    # The error is an estimate from neighbours, so it counts twice.
    bounds = 2 * error[entries, best] + np.finfo(np.float64).eps * np.abs(slopes)
    jumps = np.where(closes.any(axis=1), 0, jumps)
    return Analysis(slopes, bounds, jumps, np.abs(gap / half)[entries, best + 1])


def is_too_long(series: Series) -> Array:
    """Whether an entry's shortest steps are not yet short beside what F does: its best step is among them, F seems to
    have a kink or to be rounded far more coarsely than a float64, it is not finite there, or the slope is not known to
    3 digits beside the largest."""
    R = series.extrapolated
    _, error = _errors(series, R, rounding_of_F(series) / series.width)
    last = np.isfinite(series.up[:, -QUIET - 3 :] + series.down[:, -QUIET - 3 :]).all(axis=1)
    is_coarse = _scatter(series) > COARSE * np.finfo(np.float64).eps * abs(series.here)
    best = _best(error)
    return (best >= error.shape[1] - 2) | (_jumps(series) != 0) | is_coarse | ~last | _is_unsharp(R, error, best)


def _is_unsharp(R: Array, error: Array, best: Array) -> Array:
    """Whether the error at an entry's best step exceeds 1e-3 of the largest known slope, if any slope is known. Kinks
    between the shortest steps look like coarse rounding of F, and only shorter steps tell the two apart."""
    entries = np.arange(len(R))
    bounds, slopes = 2 * error[entries, best], np.abs(R[entries, best + 1])
    largest = np.nanmax(np.where(slopes > bounds, slopes, 0), initial=0)
    return (bounds > SHARP * largest) & (largest > 0)


def _best(error: Array) -> Array:
    return np.argmin(np.where(np.isfinite(error), error, np.inf), axis=1)


def _errors(series: Series, R: Array, rounding: Array) -> tuple[Array, Array]:
    """The spread of each slope but the first and the last, and that with what shows F to be uneven, (entries, steps −
    3)."""
    change = np.abs(np.diff(R))
    # 2.5 and 2 were chosen on the functions of tests/unit/test_finite_difference.py, the least that held for all of
    # them.
    spread = 2.5 * np.maximum(change[:, 1:], change[:, :-1]) + 2 * rounding[:, 2:-1]
    # Two far plateaus of one height give slopes of 0 that do not differ; but there F(a ± h) − F(a) does not shrink
    # like h².
    S = series.change
    uneven = np.maximum(0, np.abs(RATIO**2 * S[:, 1:] - S[:, :-1]) / series.width[:, :-1] - 64 * rounding[:, :-1])
    return spread, spread + uneven[:, 1:-1] + _contradicted(R, rounding)[:, 1:-1]


def _contradicted(R: Array, rounding: Array) -> Array:
    """How far each slope is from those at shorter steps, beyond what their rounding explains. Between two kinks near
    the point, long steps may agree with each other on a slope that is not the one at the point."""
    allowed = 8 * rounding[:, 1:]  # a slope is made from two steps, and the shorter one has the larger rounding
    lowest = np.fmin.accumulate((R + allowed)[:, ::-1], axis=1)[:, ::-1]
    highest = np.fmax.accumulate((R - allowed)[:, ::-1], axis=1)[:, ::-1]
    return np.fmax(0, np.fmax(R - lowest, highest - R))


def rounding_of_F(series: Series) -> Array:
    """How far rounding moves F at each step, (entries, steps): ε |F| at least, and what the shortest steps show."""
    eps = max(float(np.finfo(series.dtype).eps), FLOAT32 if _is_in_float32(series) else np.finfo(np.float64).eps)
    size = np.fmax(np.fmax(np.abs(series.up), np.abs(series.down)), abs(series.here))
    scatter = _scatter(series)
    known = scatter[np.isfinite(scatter)]
    # The rounding is that of F, and a single entry may be lucky, so none counts as less than the median.
    scatter = np.maximum(scatter, np.median(known) if known.size else 0)
    return np.maximum(eps * size, np.maximum(scatter, _quantum(series))[:, np.newaxis])


def _scatter(series: Series) -> Array:
    """How much F must have been rounded, if it is the only reason why slopes at the shortest steps differ."""
    return (np.abs(np.diff(series.extrapolated)) * series.width[:, 2:])[:, -QUIET:].max(axis=1)


def _is_in_float32(series: Series) -> bool:
    """Whether F rounds to float32 somewhere inside, although it returns a float64."""
    # Scatter would not show it: where the steps are powers of two, so are the rounded changes of F, and the slopes
    # agree.
    return all(np.array_equal(values, np.float32(values), equal_nan=True) for values in (series.up, series.down))


def _quantum(series: Series) -> Array:
    """The least change that F can show, where short steps show none at all, as in an F that rounds to float32
    inside."""
    moves = np.abs(np.hstack([series.up - series.here, series.down - series.here]))
    least = np.where(moves > 0, moves, np.inf).min(axis=1)
    shows = (series.up[:, -1] != series.here) & (series.down[:, -1] != series.here)
    # Larger than a few roundings to float32, it is no rounding but a step in F itself, such as a count. And if another
    # entry changes F by much less, then F is not rounded but flat near the point, as where a unit is switched off.
    is_small = (least < 16 * FLOAT32 * abs(series.here)) & (least <= 16 * least.min())
    return np.where(~shows & is_small, least, 0)


def _jumps(series: Series) -> Array:
    """The jump of each entry's slope where F is not differentiable, 0 elsewhere."""
    rounding, gap = rounding_of_F(series) / series.width, series.change / (series.width / 2)
    spread, _ = _errors(series, series.extrapolated, rounding)
    return np.array([_jump(*rows) for rows in zip(gap, rounding, np.fmin.reduce(spread, axis=1))])


def _jump(gap: Array, rounding: Array, spread: float) -> float:
    """The slope to the right less the slope to the left as h → 0, if they still differ then; otherwise 0.

    gap is their difference at each step. A smooth F closes it by the ratio of the steps, a kink leaves it as it is.
    """
    size = np.where(np.isfinite(gap), np.abs(gap), 0)
    visible = np.flatnonzero(VISIBLE * rounding < size.max())
    if len(visible) < KINK_STEPS:
        return 0.0
    first, second, last = size[visible[-3:]]  # the three shortest steps at which anything is visible
    is_kink = last > 0.6 * second and second > 0.5 * first and last > VISIBLE * max(rounding[visible[-1]], spread)
    return float(gap[visible[-1]]) if is_kink else 0.0
