"""Gradient descent: a small step against the gradient, again and again."""

from dataclasses import dataclass

from .backprop import gradient
from .error import E
from .network import Network, forward
from .shapes import layers, matrix, real


@dataclass(frozen=True, eq=False)
class State:
    """Where a descent stands: the network and its error E. Chapter 09."""
    net: Network
    E: float


def step(net, gradient, eta):
    """W^l ← W^l − η ∂E/∂W^l,  b^l ← b^l − η ∂E/∂b^l

    Shapes: those of the network; returns a new one. Errors: ValueError if η is not one finite number or a gradient
    is missing. Source: S22; chapter 09.
    """
    eta = _number("eta", eta)
    dE_dW, dE_db = _like("dE_dW", gradient.dE_dW, net.W), _like("dE_db", gradient.dE_db, net.b)
    W = {l: net.W[l] - eta * dE_dW[l] for l in net.W}
    b = {l: net.b[l] - eta * dE_db[l] for l in net.b}
    return Network(W, b, net.f)


def descend(net, x, y, eta):
    """The states of gradient descent on E(x, y), without end: the start first, then one a step.

    Shapes: x (n_0, N), y (n_L, N). Errors: ValueError for other shapes. Source: S22; chapter 09.
    """
    eta = _number("eta", eta)
    while True:
        trace = forward(net, x)
        yield State(net, E(trace.t, y))
        net = step(net, gradient(net, trace, y), eta)


def _like(name, values, parameters):
    values = layers(name, values, parameters)
    return {l: matrix(f"{name}[{l}]", values[l], *parameters[l].shape) for l in parameters}


def _number(name, value):
    number = real(name, value)
    if number.ndim:
        raise ValueError(f"{name} has shape {number.shape}; expected one number")
    return float(number)
