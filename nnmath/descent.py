"""Gradient descent: a small step against the gradient, again and again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .backprop import Gradient, gradient, objective
from .error import Loss, squared_error
from .network import Network, forward, require_network
from .shapes import Array, layers, number, of_shape, real


@dataclass(frozen=True, eq=False)
class State:
    """One state of a descent: the network and its error E, which includes the weight decay. Chapter 9."""

    net: Network
    E: float


def step(net: Network, gradient: Gradient, eta: float) -> Network:
    """W^l ← W^l − η ∂E/∂W^l,  b^l ← b^l − η ∂E/∂b^l

    Parameters
    ----------
    net : Network
    gradient : Gradient
    eta : float
        The learning rate η.

    Returns
    -------
    Network
        A new one; net stays as it is.

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type, a gradient is missing or has the wrong shape, or the step overflows.
        Source: S22; Chapter 9.
    """
    W, b, eta = require_network(net).W, net.b, number("eta", eta)
    dE_dW, dE_db = _like(gradient, W, b)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # Network rejects numbers that are not finite
        return net.replace({l: W[l] - eta * dE_dW[l] for l in W}, {l: b[l] - eta * dE_db[l] for l in b})


def descend(
    net: Network, x: ArrayLike, y: ArrayLike, eta: float, loss: Loss = squared_error, decay: float = 0.0
) -> Iterator[State]:
    """The states of gradient descent on E(x, y), without end; the start comes first, then one for each step

    Parameters
    ----------
    net : Network
    x : (n_0, N)
    y : (n_L, N)
    eta : float
        The learning rate η.
    loss : Loss, optional
    decay : float, optional
        The weight decay λ.

    Yields
    ------
    State

    Raises
    ------
    TypeError, ValueError
        Those of forward, gradient and step. Source: S22; Chapter 9.
    """
    eta = number("eta", eta)
    while True:
        trace = forward(net, x)
        yield State(net, objective(net, trace, y, loss, decay))
        net = step(net, gradient(net, trace, y, loss, decay), eta)


def _like(gradient: Gradient, W: dict[int, Array], b: dict[int, Array]) -> tuple[dict[int, Array], dict[int, Array]]:
    """∂E/∂W and ∂E/∂b, if they have the layers and shapes of W and b."""
    if not isinstance(gradient, Gradient):
        raise TypeError(
            f"gradient is a {type(gradient).__name__}; expected a Gradient, such as gradient(net, trace, y) returns. "
            f"From two dicts make Gradient(dE_dW, dE_db)"
        )
    pair = (("dE_dW", gradient.dE_dW, W), ("dE_db", gradient.dE_db, b))
    dE_dW, dE_db = (
        {
            l: of_shape(f"{name}[{l}]", real(f"{name}[{l}]", value), own[l].shape)
            for l, value in layers(name, given, own).items()
        }
        for name, given, own in pair
    )
    return dE_dW, dE_db
