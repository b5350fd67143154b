"""One line for torch and for jax. Neither is imported here: who has tensors has imported them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .finite_difference import as_array
from .judge import judge
from .next_steps import PASS_THE_FUNCTION
from .verdict import Verdict


def judge_torch(loss: Callable[[], Any], parameters: Any, **options: Any) -> Verdict:
    """Check torch's own gradients of loss(), such as those of a torch.autograd.Function with a backward pass of yours

    Parameters
    ----------
    loss
        A function without arguments that returns a scalar tensor, such as lambda: criterion(model(x), y).
    parameters
        A module, or a dict of the tensors that the loss depends on. They are moved in place, and put back at the end.
        The loss is measured in float64 where it can run in that, although the module is in float32.
    **options
        Those of `judge`, such as `sample`.

    Returns
    -------
    Verdict
    """
    every = dict(parameters.named_parameters()) if hasattr(parameters, "named_parameters") else _tensors(parameters)
    tensors = {name: tensor for name, tensor in every.items() if tensor.requires_grad}
    if not tensors:
        raise ValueError(
            "no tensor requires a gradient; expected at least one, such as torch.ones(3, requires_grad=True)"
        )
    claim, kept = _gradients(loss, tensors), {name: tensor.data for name, tensor in tensors.items()}

    def F(point: Mapping[str, Any]) -> Any:
        for name, tensor in tensors.items():
            tensor.data.copy_(point[name])
        return loss()

    def F_in_float64(point: Mapping[str, Any]) -> Any:
        with _InFloat64():
            return F(point)

    _InFloat64 = _float64_mode()
    try:
        for name, tensor in tensors.items():
            tensor.data = kept[name].double()
        at = {name: tensor.detach().clone() for name, tensor in tensors.items()}
        if _is_same_loss(F_in_float64, at, loss, tensors, kept):
            return _judged(claim, F_in_float64, at, options)
        for name, tensor in tensors.items():
            tensor.data = kept[name].clone()
        return _judged(claim, F, {name: data.clone() for name, data in kept.items()}, options)
    finally:
        for name, tensor in tensors.items():
            tensor.data = kept[name]


def _float64_mode() -> Any:
    """A context in which torch's functions take their float32 tensors as float64, so that the loss is measured in
    float64 whatever the module and its data are in."""
    torch: Any = sys.modules["torch"]  # who has tensors has imported it

    def wider(value: Any) -> Any:
        if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
            return type(value)(map(wider, value))
        return value.double() if isinstance(value, torch.Tensor) and value.dtype == torch.float32 else value

    Mode: Any = torch.overrides.TorchFunctionMode

    class InFloat64(Mode):
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return function(*map(wider, args), **{name: wider(value) for name, value in (kwargs or {}).items()})

    return InFloat64


def _is_same_loss(F: Callable, at: Mapping[str, Any], loss: Callable, tensors: Mapping, kept: Mapping) -> bool:
    """Whether the loss runs in float64 and is the same there; it is not where, say, float32 data are changed in
    place."""
    try:
        wide = as_array(F(at)).item()
    except Exception:  # the loss is the caller's, and may not run in another precision
        return False
    wide_data = {name: tensor.data for name, tensor in tensors.items()}
    for name, tensor in tensors.items():
        tensor.data = kept[name]
    narrow = as_array(loss()).item()
    for name, tensor in tensors.items():
        tensor.data = wide_data[name]
    return abs(wide - narrow) <= 1e-4 * abs(wide)


def _gradients(loss: Callable[[], Any], tensors: Mapping[str, Any]) -> dict[str, Any]:
    """The gradients that torch computes; those that the caller has accumulated stay as they are."""
    accumulated = {name: tensor.grad for name, tensor in tensors.items()}
    for tensor in tensors.values():
        tensor.grad = None
    loss().backward()
    found = {name: tensor.detach() * 0 if tensor.grad is None else tensor.grad for name, tensor in tensors.items()}
    for name, tensor in tensors.items():
        tensor.grad = accumulated[name]
    return found


def _tensors(parameters: Any) -> dict[str, Any]:
    if isinstance(parameters, Mapping):
        return dict(parameters)
    return {str(n): tensor for n, tensor in enumerate(parameters)}


def judge_jax(loss: Callable, at: Any, **options: Any) -> Verdict:
    """Check jax's own gradient of a loss, such as one with a custom_vjp of yours

    Parameters
    ----------
    loss
        A function of the point that returns a scalar.
    at
        The point: an array, or nested dicts, lists, and tuples of arrays. The loss is measured in float64 where it can
        run in that.
    **options
        Those of `judge`, such as `sample`.

    Returns
    -------
    Verdict
    """
    jax = sys.modules.get("jax")  # a loss that jax can differentiate has imported it
    if jax is None:
        raise ImportError("jax is not loaded; expected a loss that uses jax.numpy")
    claim = jax.grad(loss)(at)
    at64 = jax.tree.map(lambda array: np.asarray(array, np.float64), at)

    def in_float64(point: Any) -> Any:
        with jax.enable_x64(True):
            return float(loss(point))

    try:
        wide, narrow = in_float64(at64), float(loss(at))
    except Exception:  # an older jax, or a loss that does not run in another precision
        return _judged(claim, loss, at, options)
    F, point = (in_float64, at64) if abs(wide - narrow) <= 1e-4 * abs(wide) else (loss, at)
    return _judged(claim, F, point, options)


def _judged(claim: Any, F: Callable, at: Any, options: Mapping[str, Any]) -> Verdict:
    """The verdict without the advice to pass a function, because there is none."""
    verdict = judge(claim, F, at, **options)
    return replace(verdict, notes=tuple(note for note in verdict.notes if note != PASS_THE_FUNCTION))
