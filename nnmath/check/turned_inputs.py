"""Whether a layer's backward pass would be right if one of its inputs came with its axes exchanged or reversed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations, permutations
from typing import Any

import numpy as np

from .comparison import compare
from .finite_difference import as_array
from .measurement import measure
from .verdict import Diagnosis, Verdict

Array = np.ndarray
MOST_AXES = 4


def with_turned_inputs(
    verdict: Verdict, F: Callable, call: Callable, upstream: Array, inputs: Sequence[Any]
) -> Verdict:
    """The verdict with a diagnosis for the first unexplained input that a turned input explains.

    Parameters
    ----------
    verdict
        On all inputs.
    F
        F(n, array) is the loss with input n replaced.
    call
        call(upstream, inputs) gives the derivatives for all inputs.
    upstream, inputs
        What backward was called with.
    """
    arrays = list(verdict.arrays or (verdict,))
    for n, one in enumerate(arrays):
        if one.kind == "disagrees" and one.worst is not None and not one.explained:
            found = _turned(n, F, call, upstream, inputs)
            if found:
                return _with_diagnosis(verdict, arrays, n, found)
    return verdict


def _with_diagnosis(verdict: Verdict, arrays: list[Verdict], n: int, found: Diagnosis) -> Verdict:
    one = replace(arrays[n], diagnoses=(found,), notes=())
    if not verdict.arrays:
        return one
    arrays[n] = one
    return replace(
        verdict,
        arrays=tuple(arrays),
        diagnoses=(found,),
        path=one.path,
        worst=one.worst,
        problem=one.problem,
        notes=(),
    )


def _turned(n: int, F: Callable, call: Callable, upstream: Array, inputs: Sequence[Any]) -> Diagnosis | None:
    at = as_array(inputs[n])
    truth = measure(lambda array: F(n, array), at)
    given = [("the upstream derivative", upstream)] + [
        (f"input {k}", as_array(value)) for k, value in enumerate(inputs)
    ]
    for k, (name, array) in enumerate(given):
        for how, turned in _turns(array):
            values = list(inputs)
            if k:
                values[k - 1] = turned
            try:
                claim = call(turned if k == 0 else upstream.copy(), values)[n]
                if compare(claim, truth).kind == "agrees":
                    return Diagnosis(
                        "turned input",
                        f"backward would give the right derivative for input {n} if {name} had {how}.",
                        "Do that inside backward, in the line that computes this derivative.",
                        (("input", k - 1), ("how", how)),
                    )
            except Exception:  # the function is the caller's, and may not take such an array
                continue
    return None


def _turns(array: Array) -> Iterator[tuple[str, Array]]:
    """The array with axes of one length exchanged, reversed, or both."""
    if not 2 <= array.ndim <= MOST_AXES or array.dtype.kind != "f":
        return
    same = [order for order in permutations(range(array.ndim)) if array.transpose(order).shape == array.shape]
    axes = [axis for axis, size in enumerate(array.shape) if size > 1]
    flips = list(chain.from_iterable(combinations(axes, number) for number in range(len(axes) + 1)))
    for order in sorted(same, key=lambda order: sum(a != b for a, b in enumerate(order))):
        for some in flips:
            if order == tuple(range(array.ndim)) and not some:
                continue
            exchanged = [axis for axis, old in enumerate(order) if axis != old]
            said = [f"its axes {' and '.join(map(str, exchanged))} exchanged"] if exchanged else []
            said += [f"{'axis' if len(some) == 1 else 'axes'} {' and '.join(map(str, some))} reversed"] if some else []
            yield " and ".join(said), np.flip(array.transpose(order), some).copy()
