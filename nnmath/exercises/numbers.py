"""Numbers for the exercises: few digits, so that what the question shows is what the answer is judged with."""

import numpy as np


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Normal random numbers, rounded to two decimals."""
    return rng.normal(size=shape).round(2) + 0.0  # + 0.0 turns −0.0 into 0.0


def integers(rng: np.random.Generator, *shape: int, largest: int = 3) -> np.ndarray:
    """Integers from −largest to largest without 0, as floats, for work by hand."""
    return rng.choice([-1.0, 1.0], size=shape) * rng.integers(1, largest + 1, size=shape)


def layer(rng: np.random.Generator, m: int = 4, n: int = 3) -> dict:
    """The W, x and b of one layer with m units and n inputs."""
    return {"W": normal(rng, m, n), "x": normal(rng, n, 1), "b": normal(rng, m, 1)}
