"""A claim of lower rank than the derivatives: what should differ from unit to unit and from example to example does
not."""

from __future__ import annotations

import numpy as np

from ..verdict import Diagnosis
from .case import Case

Array = np.ndarray
LEAST = 3  # rows and columns: with fewer, a rank says little
CLEAR = 1e3  # a singular value this many times the rounding or the tolerance is none of them


def rank(case: Case) -> list[Diagnosis]:
    """Whether the claimed matrix has a lower rank than the measured one."""
    if case.claim.ndim != 2 or min(case.claim.shape) < LEAST or case.is_sample or not case.is_sharp:
        return []
    eps = float(np.finfo(case.claim.dtype).eps)
    claimed = _values(case.claim)
    measured = _values(case.slopes)
    low = int(np.sum(claimed > CLEAR * eps * claimed[0]))
    high = int(np.sum(measured > CLEAR * np.linalg.norm(case.tolerance)))
    # All values that are not counted must be rounding, and the next ones far above it.
    if not 0 < low < high or claimed[low - 1] < 1e3 * CLEAR * eps * claimed[0]:
        return []
    rows = "multiples of a single row" if low == 1 else f"combinations of {low} rows"
    return [
        Diagnosis(
            "lower rank",
            f"The claim is a matrix of rank {low}, and the measured one has rank {high}: all rows of the claim are "
            f"{rows}.",
            "Something that differs from unit to unit and from example to example is missing, such as a hidden "
            "layer's f′ or its ReLU mask, or only some of the examples were used.",
            (("claimed", low), ("measured", high)),
        )
    ]


def _values(matrix: Array) -> Array:
    return np.linalg.svd(np.asarray(matrix, float), compute_uv=False)
