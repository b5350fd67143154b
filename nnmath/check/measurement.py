"""What the check measures: slopes from a series of steps, and how far each of them may be off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .error_bounds import QUIET, Series, analysed, is_too_long
from .finite_difference import finite_number, one_number, point
from .network_difference import MEMORY, Block, Blocks, affine_parameters, report_progress, split_parameters
from .step_sizes import MORE_STEPS, STEPS, step_sizes, steps_of_small_entries

Array = np.ndarray
# of the shortest steps: F must be finite there, for the rounding and for one slope with its neighbours
NEEDED = QUIET + 3


@dataclass(frozen=True, eq=False)
class Measurement:
    """∂F/∂a as measured. All arrays have the shape of a, with NaN where nothing was measured.

    Parameters
    ----------
    slopes
        The derivatives.
    bounds
        How far each slope may be off.
    jumps
        The derivative from the right less the one from the left, where F has a kink; 0 elsewhere.
    conditioning
        Σ_j |∂²F/∂a_i∂a_j| |a_j|, bounded from above: ε times this is how far a relative change of ε in every a_j
        moves each slope, and no formula can do better.
    curvature
        |∂²F/∂a_i²|.
    """

    slopes: Array
    bounds: Array
    jumps: Array
    conditioning: Array
    curvature: Array

    def joined(self, other: Measurement) -> Measurement:
        """With the entries that another measurement of the same array has and this one has not."""
        pairs = zip(
            (self.slopes, self.bounds, self.jumps, self.conditioning, self.curvature),
            (other.slopes, other.bounds, other.jumps, other.conditioning, other.curvature),
        )
        return Measurement(*(np.where(np.isnan(self.slopes), theirs, ours) for ours, theirs in pairs))

    @property
    def kinks(self) -> Array:
        """Whether the one-sided derivatives differ."""
        return np.nan_to_num(self.jumps) != 0


def measure(F: Callable, at: Any, chosen: Array | None = None, tick: Callable | None = None) -> Measurement:
    """∂F/∂a_i from steps h, h/4, h/16, …, with Richardson's extrapolation, and a bound on the error

    Parameters
    ----------
    F
        A function of the point that returns one number.
    at
        The point, of any shape. It moves in float64 whatever its dtype is.
    chosen
        The flat indices of the entries to measure; the default is all of them.
    tick
        Called after every entry, with no argument.

    Returns
    -------
    Measurement

    Raises
    ------
    ValueError
        If F does not give one finite number near the point, or gives two numbers at one point.

    Notes
    -----
    Steps at which F is not finite are left out. Source: Ridders 1982, Advances in Engineering Software 4, 75–76.
    Chapter 1.
    """
    at = point(at).astype(np.float64)
    flat = at.ravel()
    chosen = np.arange(at.size) if chosen is None else np.asarray(chosen)
    with np.errstate(all="ignore"):
        here = finite_number(F, at.copy())  # F may write into what it is given
        failures: list[Exception] = []

        def moved(some: Array, steps: Array) -> Series:
            rows = []
            for i, row in zip(chosen[some], steps):
                rows.append([_at_both_sides(F, at, i, step, failures) for step in row])
                if tick:
                    tick()
            up, down, width = np.transpose(rows, (2, 0, 1))
            return Series(up, down, width, float(here), here.dtype)

        try:
            series, standard = _measured_series(flat[chosen], moved)
        except ValueError as error:
            if not failures:
                raise
            own = failures[-1]
            raise ValueError(f"F stops near the point with {type(own).__name__}: {own}. {error}") from own
        _raise_unless_repeatable(here, finite_number(F, at.copy()), series)
        parts = [np.full(at.size, np.nan) for _ in range(4)]
        for part, found in zip(parts, analysed(series, standard)):
            part[chosen] = found
    return _measurement(at, *(part.reshape(at.shape) for part in parts))


def measure_network(
    F: Callable,
    net: Any,
    x: Mapping[int, Array],
    sample: int | None = None,
    seed: int = 0,
    memory: int = MEMORY,
    progress: Callable = report_progress,
) -> dict[tuple[str, int], Measurement]:
    """∂E/∂W^l and ∂E/∂b^l of every layer, measured as by `measure`

    The parameters are those of `network_difference.numerical_gradient_of_network`.

    Returns
    -------
    dict
        {("W", l): Measurement, ("b", l): Measurement}

    Raises
    ------
    ValueError
        Where F is not finite.

    Notes
    -----
    Chapter 9.
    """
    parameters = affine_parameters(net)
    parts = {l: [np.full(array.shape, np.nan) for _ in range(4)] for l, array in parameters.items()}
    with np.errstate(all="ignore"):
        for block in Blocks(F, net, x, 2 * STEPS, sample, seed, memory, progress):
            here = block.errors(np.zeros((1, 1)), np.s_[:1]).item()

            def moved(some: Array, steps: Array, block: Block = block, here: float = here) -> Series:
                up, down = np.split(block.errors(np.hstack([steps, -steps]), some), 2, axis=1)
                return Series(up, down, 2 * steps, here)

            for part, found in zip(parts[block.l], analysed(*_measured_series(block.at, moved))):
                part[block.rows, block.columns] = found
    at = split_parameters(net, parameters)
    split = [split_parameters(net, {l: part[n] for l, part in parts.items()}) for n in range(4)]
    return {
        (name, l): _measurement(at[number][l], *(part[number][l] for part in split))
        for l in parameters
        for number, name in enumerate(("W", "b"))
        if l in at[number]
    }


def _measurement(at: Array, slopes: Array, bounds: Array, jumps: Array, curvature: Array) -> Measurement:
    # |∂²F/∂a_i∂a_j| ≤ sqrt(H_ii H_jj) wherever the Hessian H is definite (Cauchy–Schwarz), which bounds Σ_j |H_ij|
    # |a_j|.
    roots = np.sqrt(curvature)
    return Measurement(slopes, bounds, jumps, roots * np.nansum(roots * np.abs(at)), curvature)


def _measured_series(at: Array, moved: Callable) -> tuple[Series, Series]:
    """The series of every entry with shorter steps for those entries that need them, and the standard series."""
    standard = series = moved(np.arange(at.size), step_sizes(at))
    more = np.maximum(steps_of_small_entries(at), np.where(is_too_long(series), MORE_STEPS, 0))
    for number in np.unique(more[more > 0]):
        some = np.flatnonzero(more == number)
        series = series.continued(some, moved(some, step_sizes(at[some], STEPS, number)))
    if not np.isfinite([series.up[:, -NEEDED:], series.down[:, -NEEDED:]]).all():
        reach = series.width[:, -NEEDED].min() / 2
        raise ValueError(
            f"F is not finite within {reach:.0e} of the point; expected finite numbers there: move the point away "
            "from the edge of what F can take"
        )
    return series, standard


def _at_both_sides(
    F: Callable, at: Array, i: int, step: float, failures: list[Exception]
) -> tuple[float, float, float]:
    """F to the right, F to the left, and the width between the two points."""
    right, left = at.copy(), at.copy()
    right.flat[i] += step
    left.flat[i] -= step
    width = right.flat[i] - left.flat[i]  # before F may write into them
    return _or_nan(F, right, failures), _or_nan(F, left, failures), width


def _or_nan(F: Callable, at: Array, failures: list[Exception]) -> float:
    """F(at), and NaN where F does not take such a point, as a temperature of 0: a long step may go there, a short one
    not."""
    try:
        return float(one_number(F, at))
    except (ValueError, ArithmeticError) as failure:
        failures.append(failure)
        return np.nan


def _raise_unless_repeatable(here: np.floating, again: np.floating, series: Series) -> None:
    """Raises if F, asked twice at one point, gave two numbers; there is no derivative then."""
    # Threads that add in another order change F by its rounding, a millionth at most even in float32.
    if abs(again - here) > 1e-6 * np.nanmedian(np.abs(series.up)):
        raise ValueError(
            f"F gave {here:.6g} and then {again:.6g} at the same point; expected a function of the point alone: "
            f"no dropout, no new batch, no count that goes on"
        )
