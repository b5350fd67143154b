"""The backward pass of one layer or operation, checked with an upstream derivative of the check's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .comparison import LINEAR
from .finite_difference import as_array
from .judge import judge
from .next_steps import ONE_LAYER
from .turned_inputs import with_turned_inputs
from .verdict import Verdict


def judge_backward(forward: Callable, backward: Callable, *inputs: Any, seed: int = 0, **options: Any) -> Verdict:
    """Check backward(upstream, …), which should return Σ_k upstream_k ∂output_k/∂(each input), for one layer

    Parameters
    ----------
    forward
        forward(*inputs) returns the output, or a tuple (output, cache).
    backward
        backward(upstream, *inputs), or backward(upstream, cache) if forward returns a cache, returns the derivative
        with respect to each input: a tuple in their order, or one array if there is one input. None in the tuple
        leaves an input out.
    *inputs
        The inputs and parameters of the layer: arrays, or tensors of any framework.
    seed
        The seed of the upstream derivative, which is drawn here.
    **options
        Those of `judge`, such as `sample` and `counts`.

    Returns
    -------
    Verdict
        With one part for each input.

    Raises
    ------
    TypeError
        If forward does not return an array of real numbers.
    """
    output, has_cache = _output(forward(*inputs))
    shape = as_array(output).shape
    upstream = np.random.default_rng(seed).normal(size=shape)
    given: list[Any] = []

    def loss(point: Any) -> Any:
        return np.sum(upstream * as_array(_output(forward(*_inputs(point)))[0]))

    def claim(point: Any) -> Any:
        d = _like(upstream.copy(), output)
        given.append(d)
        values = _inputs(point)
        gradients = backward(d, _cache(forward(*values))) if has_cache else backward(d, *values)
        return _selected(gradients)

    def _inputs(point: Any) -> tuple:
        return point if isinstance(point, tuple) else (point,)

    def _selected(gradients: Any) -> Any:
        if len(inputs) == 1 and isinstance(gradients, (tuple, list)) and len(gradients) == 1:
            return gradients[0]
        return gradients

    def call(d: np.ndarray, values: list) -> list:
        d = _like(d, output)
        found = backward(d, _cache(forward(*values))) if has_cache else backward(d, *values)
        return list(found) if isinstance(found, (tuple, list)) else [found]

    def replaced(n: int, array: Any) -> Any:
        return loss(tuple(array if k == n else value for k, value in enumerate(inputs)))

    verdict = _of_one_layer(judge(claim, loss, tuple(inputs) if len(inputs) > 1 else inputs[0], **options))
    if verdict.kind == "disagrees" and all(isinstance(value, np.ndarray) for value in inputs):
        verdict = with_turned_inputs(verdict, replaced, call, upstream, inputs)
    if any(not np.array_equal(as_array(d), upstream.astype(as_array(d).dtype)) for d in given):
        return verdict.with_note(
            "backward changes the upstream derivative that it is given, so whatever uses that afterwards gets other "
            "numbers. Let it work on a copy."
        )
    return verdict


def _of_one_layer(verdict: Verdict) -> Verdict:
    """Without what is no news about a single layer: that it may be linear, and that it can be checked by itself."""
    return replace(
        verdict,
        problem="" if verdict.problem == LINEAR else verdict.problem,
        notes=tuple(note for note in verdict.notes if note != ONE_LAYER),
        arrays=tuple(map(_of_one_layer, verdict.arrays)),
    )


def _output(value: Any) -> tuple[Any, bool]:
    """The output, and whether there is a cache beside it."""
    if isinstance(value, tuple) and len(value) == 2:
        return value[0], True
    return value, False


def _cache(value: Any) -> Any:
    return value[1]


def _like(array: np.ndarray, output: Any) -> Any:
    """The upstream derivative in the output's type."""
    return (
        output.detach().new_tensor(array)
        if hasattr(output, "detach")
        else array.astype(as_array(output).dtype, copy=False)
        if as_array(output).dtype.kind == "f"
        else array
    )
