"""All entries of a sample's rest in one measurement: the derivative along a random direction, which any wrong entry
changes.

    d/ds F(a + s v) at s = 0  =  Σ_i v_i ∂F/∂a_i
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .measurement import measure

Array = np.ndarray


class Directions:
    """Derivatives of F along parts of one random direction, compared with what the claim says of them.

    Parameters
    ----------
    F
        A function of the array.
    at
        The array.
    claim
        The claimed gradient, in the same shape.
    seed
        The seed of the direction. Its entries have random sizes, too, so that two errors do not cancel.
    conditioning
        How far a relative change of the point moves a slope, as measured at the entries of the sample.
    """

    def __init__(self, F: Callable, at: Array, claim: Array, seed: int, conditioning: float = 0.0):
        rng = np.random.default_rng(seed)
        sizes = np.abs(at).ravel()
        typical = np.median(sizes[sizes > 0]) if sizes.any() else 1.0
        self.F, self.at, self.claim = F, at, claim.ravel().astype(float)
        eps = max(float(np.finfo(array.dtype).eps) for array in (claim, self.claim) if array.dtype.kind == "f")
        # As in `tolerance`: the claim's entries are sums of terms as large as the largest of them.
        self.rounding = eps * (8 * (np.abs(self.claim) + np.abs(self.claim).max()) + 4 * conditioning)
        # A step of 1 moves each entry by about its own size.
        self.v = rng.choice([-1.0, 1.0], at.size) * rng.uniform(0.5, 1, at.size) * np.where(sizes > 0, sizes, typical)

    def differ(self, some: Array) -> bool | None:
        """Whether the claim is wrong along the direction, restricted to some entries; None if this cannot be seen."""
        v = np.zeros(self.at.size)
        v[some] = self.v[some]
        truth = measure(lambda s: self.F(self.at + s * v.reshape(self.at.shape)), np.array(0.0))
        terms = np.abs(v * self.claim)
        allowed = float(truth.bounds) + np.sum(np.abs(v) * self.rounding)
        miss = abs(float(truth.slopes) - float(v @ self.claim))
        if truth.kinks.any() or allowed > 1e-3 * np.sqrt(np.sum(terms**2)):
            return None
        return bool(miss > allowed)

    def wrong_entry(self, some: Array) -> int | None:
        """A wrong entry among some that differ together, found by halving; None if it gets lost on the way."""
        while len(some) > 1:
            half = some[: len(some) // 2]
            differs = self.differ(half)
            if differs is None:
                return None
            some = half if differs else some[len(half) :]  # the entry that is left over is measured by the caller
        return int(some[0])
