"""Which entries are wrong, where all the others are seen to be right: one entry, or whole rows and columns."""

from __future__ import annotations

import numpy as np

from ..render import entry
from ..tolerance import VISIBLE
from ..verdict import Diagnosis
from .case import Case, worst

Array = np.ndarray
NAMES = {0: "row", 1: "column"}


def places(case: Case) -> list[Diagnosis]:
    """The entry or the slices that hold all that is wrong."""
    if case.claim.size < 3 or case.is_sample or not _rest_is_right(case):
        return []
    if case.wrong.sum() == 1:
        return [
            Diagnosis(
                "one entry wrong",
                f"Only {entry(worst(case.miss))} is wrong.",
                "Look for code that handles this entry separately.",
            )
        ]
    found = [slices for axis in range(case.claim.ndim) if (slices := _slices(case, axis))]
    return found[:1]


def _rest_is_right(case: Case) -> bool:
    """Whether each of the other entries is seen to be right: where a slope is measured too coarsely to show as large
    a miss, relative to its size, it may be as wrong. Zeros claimed as zeros are right."""
    claim, slopes, wrong = case.claim, case.slopes, case.wrong
    rest = ~wrong & ((claim != 0) | (slopes != 0))
    share = np.max(case.miss[wrong] / np.maximum(np.abs(claim), np.abs(slopes))[wrong])
    seen = np.minimum(share, 1) * np.abs(slopes) > VISIBLE * case.tolerance
    return bool(seen.any() and not (rest & ~seen).any())


def _slices(case: Case, axis: int) -> Diagnosis | None:
    """The slices along an axis in which all wrong entries are, if they are few."""
    size, others = case.claim.shape[axis], tuple(a for a in range(case.claim.ndim) if a != axis)
    where = np.flatnonzero(case.wrong.any(axis=others))
    if case.claim.ndim == 1 or size < 3 or 2 * len(where) > size:
        return None
    noun = NAMES.get(axis, "slice") if case.claim.ndim == 2 else "slice"
    names = [_slice(int(k), axis, case.claim.ndim) for k in where]
    add_at = "g[index] += … counts it only once; np.add.at(g, index, …) counts every use."
    if len(where) == 1:
        return Diagnosis(
            f"one {noun} wrong",
            f"Only {noun} {names[0]} is wrong.",
            f"A loop may stop too early, or this {noun} may be handled separately. If F uses the {noun} more than "
            f"once, note that {add_at}",
            (("axis", axis), ("at", where.tolist())),
        )
    listed = ", ".join(names[:6]) + (f", and {len(names) - 6} more" if len(names) > 6 else "")
    return Diagnosis(
        f"some {noun}s wrong",
        f"All wrong entries are in {len(where)} of {size} {noun}s: {listed}.",
        f"These {noun}s may be handled separately. If F uses a {noun} more than once, note that {add_at}",
        (("axis", axis), ("at", where.tolist())),
    )


def _slice(k: int, axis: int, ndim: int) -> str:
    """A slice's name as numpy writes it: [2, :]"""
    return f"[{', '.join(str(k) if a == axis else ':' for a in range(ndim))}]"
