"""What to do next where the numbers do not name the mistake: which arrays to look at, and which check to try."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .render import joined, place
from .verdict import Verdict

FAR = 5.0  # times the farthest of the others: an array that is so much farther off stands out
ONE_EXAMPLE = (
    "To narrow it down, check a single example or a single time step: if the claim agrees there, the sum over examples "
    "or steps is at fault."
)
FEW = "Most of the entries are right, so look for what sets the wrong ones apart."
ONE_LAYER = "To check one layer by itself, use judge_backward."
PASS_THE_FUNCTION = (
    "If the claim comes from a function, pass the function itself, so that judge can see whether it changes anything "
    "that F reads."
)


def next_steps(verdicts: Sequence[Verdict], shapes: Sequence[tuple[int, ...]], is_function: bool) -> tuple[str, ...]:
    """Sentences for a claim that disagrees somewhere for no known reason.

    Parameters
    ----------
    verdicts, shapes
        The verdict on each array, in the order of the point, and the array's shape.
    is_function
        Whether the claim was given as a function.
    """
    wrong = [n for n, one in enumerate(verdicts) if one.kind == "disagrees"]
    unexplained = [n for n in wrong if verdicts[n].off is not None and not verdicts[n].explained]
    is_one_number = len(shapes) == 1 and int(np.prod(shapes[0])) == 1
    if not unexplained or len(unexplained) < len(wrong) or is_one_number:
        return ()
    where = _where(verdicts, shapes, wrong)
    if any(verdicts[n].diagnoses for n in unexplained) or where and len(wrong) < len(verdicts):
        return where
    if all(2 * verdicts[n].differing < verdicts[n].compared for n in unexplained):
        return (*where, FEW)
    alone = (ONE_LAYER,) if len(verdicts) > 1 or len(shapes[0]) > 2 else ()
    return (*where, ONE_EXAMPLE, *alone, *(() if is_function else (PASS_THE_FUNCTION,)))


def _where(verdicts: Sequence[Verdict], shapes: Sequence[tuple[int, ...]], wrong: list[int]) -> tuple[str, ...]:
    """What the right arrays tell you about the wrong ones, or the wrong ones about each other."""
    right = [n for n, one in enumerate(verdicts) if one.kind in ("agrees", "nearly agrees")]
    if len(verdicts) == 1:
        return ()
    if not right:
        return _farthest(verdicts, wrong) if len(wrong) == len(verdicts) else ()
    first = wrong[-1] + 1
    if len(wrong) > 1 and right == list(range(first, len(verdicts))) and first == len(wrong):
        alone = len(right) == 1
        return (
            f"The last {'array' if alone else 'arrays'} of the point, {_listed(verdicts, right)}, "
            f"{'agrees' if alone else 'agree'}, so look at the step that leads back from {'it' if alone else 'them'} "
            f"to {place(verdicts[wrong[-1]].path)}.",
        )
    for n in wrong:
        partner = next((k for k in (n + 1, n - 1) if k in right and _is_bias_of(shapes[k], shapes[n])), None)
        if partner is not None:
            bias, weights = place(verdicts[partner].path), place(verdicts[n].path)
            return (
                f"Because {bias} agrees, what is passed back to that layer seems to be right. Look at the line that "
                f"computes the gradient for {weights}.",
            )
    return ()


def _is_bias_of(bias: tuple[int, ...], weights: tuple[int, ...]) -> bool:
    return len(weights) > 1 and int(np.prod(bias)) == max(bias, default=0) and int(np.prod(bias)) in weights


def _farthest(verdicts: Sequence[Verdict], wrong: list[int]) -> tuple[str, ...]:
    off = np.array([verdicts[n].off or 0.0 for n in wrong])
    order = np.argsort(-off, kind="stable")
    for count in range(1, len(wrong) // 2 + 1):
        some, others = order[:count], order[count:]
        if off[some].min() > FAR * off[others].max():
            paths = _listed([verdicts[wrong[n]] for n in sorted(some)], range(count))
            are, their = ("is", "its") if count == 1 else ("are", "their")
            return (
                f"All arrays are wrong, but {paths} {are} much farther off than the others for {their} size, so start "
                "there.",
            )
    return (
        "All arrays are wrong, so look at what they share: the derivative of the loss, and what is passed back from "
        "layer to layer or from step to step.",
    )


def _listed(verdicts: Sequence[Verdict], some: Sequence[int]) -> str:
    return joined([place(verdicts[n].path) for n in some])
