"""Which entries are measured, where all of them would take too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from .finite_difference import finite_number
from .step_sizes import STEPS

CALLS = 2 * STEPS  # of F for each entry
SECONDS = 5.0  # that a check takes by default; explanations and directions need some more
# entries are all measured, however slow F is: up to here a verdict must not depend on the machine
ALWAYS = 1000


def sample_sizes(sizes: Sequence[int], sample: int | str | None, F: Callable, at: object) -> list[int]:
    """How many entries of each array are measured.

    Parameters
    ----------
    sizes
        The sizes of the arrays.
    sample
        A number for each array, "all", or None for as many as there is time for, and at least two of each array.
    F, at
        The function and its point, to find out how long one call takes.
    """
    if sample == "all" or sample is None and sum(sizes) <= ALWAYS:
        return list(sizes)
    if sample is not None:
        if isinstance(sample, bool) or not isinstance(sample, (int, np.integer)) or sample < 1:
            raise ValueError(
                f'sample is {sample!r}; expected a whole number from 1 up, "all", or None for as many '
                f"as there is time for"
            )
        return [min(size, int(sample)) for size in sizes]
    return _shared(sizes, int(SECONDS / (CALLS * max(_seconds(F, at), 1e-7))))


def _shared(sizes: Sequence[int], total: int) -> list[int]:
    """The same number for each array, as far as it has so many entries, and at least two: a small array is as likely
    to be wrong as a large one."""
    numbers = [0] * len(sizes)
    smallest_first = sorted(range(len(sizes)), key=sizes.__getitem__)
    for done, n in enumerate(smallest_first):
        numbers[n] = min(sizes[n], max(2, (total - sum(numbers)) // (len(sizes) - done)))
    return numbers


def _seconds(F: Callable, at: object) -> float:
    """The time that one call takes; the median of three, because the first may have to warm up."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        finite_number(F, at)
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


class Progress:
    """Counts entries and reports once a second, from the first second on."""

    def __init__(self, total: int, report: Callable[[int, int], None] | None):
        self.done, self.total, self.report = 0, total, report
        self.reported, self.is_long = time.monotonic(), False

    def tick(self) -> None:
        """One more entry is done."""
        self.done = min(self.done + 1, self.total)
        is_due = time.monotonic() - self.reported > 1 or self.is_long and self.done == self.total
        if self.report and is_due:
            self.reported, self.is_long = time.monotonic(), True
            self.report(self.done, self.total)
