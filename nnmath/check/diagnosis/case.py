"""The numbers that a hypothesis is checked against, and what all hypotheses share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..mistakes import catalogue
from ..verdict import Diagnosis

Array = np.ndarray
SHARP = 1e-3  # of the largest slope: where an entry is measured more coarsely than this, many hypotheses would fit


@dataclass(frozen=True, eq=False)
class Case:
    """A claim that differs from the slopes by more than the tolerance somewhere. All arrays have one shape.

    at is the point, if it is known; suspects are values of known mistakes; counts are numbers that a factor may be
    made of; is_sample tells that some entries are zero here because they were not measured.
    """

    claim: Array
    slopes: Array
    tolerance: Array
    at: Any = None
    suspects: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    is_sample: bool = False

    @cached_property
    def miss(self) -> Array:
        """How far each entry is off."""
        return np.abs(self.claim - self.slopes)

    @cached_property
    def wrong(self) -> Array:
        """Which entries are off by more than the tolerance."""
        return self.miss > self.tolerance

    @cached_property
    def is_sharp(self) -> bool:
        """Whether all slopes are known well enough for an order or a pattern to mean something."""
        return bool(self.tolerance.max() <= SHARP * np.abs(self.slopes).max())

    def fits(self, hypothesis: Array) -> bool:
        """Whether a hypothesis gives the claim's numbers."""
        return near(self.claim, hypothesis, self.tolerance)

    def fits_moved(self, move: Callable[[Array], Array]) -> bool:
        """Whether the slopes, moved to other places, are the claim's numbers. Each takes its tolerance along."""
        return near(self.claim, move(self.slopes), move(self.tolerance))


def near(a: Array, b: Any, tolerance: Array | float) -> bool:
    """Whether all entries are equal within the tolerance."""
    return bool(np.all(np.isfinite(b)) and np.all(np.abs(a - b) <= tolerance))


def worst(miss: Array) -> tuple[int, ...]:
    """The first entry within 1 % of the largest, so that ties break the same way on every machine."""
    return tuple(int(i) for i in np.argwhere(miss >= 0.99 * miss.max())[0])


def catalogued(name: str, same_numbers: tuple[str, ...] = ()) -> Diagnosis:
    """The diagnosis with what the catalogue says of a mistake, or with the caller's own name of a suspect."""
    known = catalogue.get(name)
    if known is None:
        return Diagnosis(name, f"This is what “{name}” gives.", same_numbers=same_numbers)
    return Diagnosis(
        name, f"This is the “{name}” mistake.", f"{known.tempting} {known.symptom}", same_numbers=same_numbers
    )
