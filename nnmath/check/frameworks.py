"""One line for torch and for jax. Neither is imported here: who has tensors has imported them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from .judge import judge
from .verdict import Verdict


def judge_torch(loss: Callable[[], Any], parameters: Any, **options: Any) -> Verdict:
    """Check torch's own gradients of loss(), such as those of a torch.autograd.Function with a backward pass of yours

    Parameters
    ----------
    loss
        A function without arguments that returns a scalar tensor, such as lambda: criterion(model(x), y).
    parameters
        A module, or a dict of the tensors that the loss depends on. They are moved in place, and put back at the end.
        In float64 (model.double()) more digits can be seen.
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
    kept = {name: tensor.detach().clone() for name, tensor in tensors.items()}

    def F(point: Mapping[str, Any]) -> Any:
        for name, tensor in tensors.items():
            tensor.data.copy_(point[name])
        return loss()

    try:
        return judge(_gradients(loss, tensors), F, kept, **options)
    finally:
        for name, tensor in tensors.items():
            tensor.data.copy_(kept[name])


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
        The point: an array, or nested dicts, lists and tuples of arrays. With jax.config.update("jax_enable_x64",
        True) and float64 arrays more digits can be seen.
    **options
        Those of `judge`, such as `sample`.

    Returns
    -------
    Verdict
    """
    jax = sys.modules.get("jax")  # a loss that jax can differentiate has imported it
    if jax is None:
        raise ImportError("jax is not loaded; expected a loss that uses jax.numpy")
    return judge(jax.grad(loss)(at), loss, at, **options)
