"""The series of steps at which the slopes are measured, h, h/4, h/16, …: from long ones to short ones, for each
entry."""

import numpy as np

RATIO = 4  # each step is a quarter of the one before; all are powers of two, so that a + h is exact
# 4 to 4e-9 for an entry of size 1: from where F is hardly smooth to where only its rounding is seen
STEPS = 16
MORE_STEPS = 7  # for an entry whose series turned out too long: to 2e-13 of its size, a thousand times its last bit
SMALL = 1e-3  # below this size an entry has more steps, because the shortest must be short beside the entry itself


def step_sizes(at: np.ndarray, first: int = 0, number: int = STEPS) -> np.ndarray:
    """The steps number first, first + 1, … of each entry's series, (entries, number), from the longest to the shortest.

    The longest is about 4 max(1, |a|). Networks have parameters of size 1 whose zeros and small entries are no
    different from the rest, so a step that is short beside a small entry is taken only after the long ones.
    """
    longest = 4 * 2.0 ** np.round(np.log2(np.maximum(1.0, np.abs(at))))
    return np.multiply.outer(longest, float(RATIO) ** -np.arange(first, first + number))


def steps_of_small_entries(at: np.ndarray) -> np.ndarray:
    """How many more steps each entry needs because it is small: lengths in metres or farads have a size of their own.

    An entry that is zero has the typical size of the others; where all are zero, there is none.
    """
    sizes = np.abs(at)
    typical = np.median(sizes[sizes > 0]) if sizes.any() else 1.0
    sizes = np.where(sizes > 0, sizes, typical)
    # Far below 1e-100 the square of a step is no longer a number.
    return np.ceil(np.log(np.maximum(1, SMALL / np.maximum(sizes, 1e-100))) / np.log(RATIO)).astype(int)
