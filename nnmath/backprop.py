"""Back-propagation: every δ^l from the last layer to the first, and from them, every gradient."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .activation import quiet_underflow
from .error import Loss, require_loss, squared_error
from .network import Network, Trace, overridable, require_network
from .shapes import Array, columns, layers, number, of_shape


@dataclass(frozen=True, eq=False)
class Gradient:
    """∂E/∂W^l and ∂E/∂b^l for l = 1 … L

    Shapes: those of W[l] and b[l]; a network without biases has dE_db = {}. Source: S14, S17; Chapter 7.
    """

    dE_dW: dict[int, Array]
    dE_db: dict[int, Array]


@overridable
@quiet_underflow
def deltas(net: Network, trace: Trace, y: ArrayLike, loss: Loss = squared_error) -> dict[int, Array]:
    """δ^L = J_f(u^L)ᵀ ∂E/∂t, which is f′(u^L) ∘ (t − y) for half the squared error;
    δ^l = ((W^{l+1})ᵀ δ^{l+1}) ∘ f′(u^l)

    Parameters
    ----------
    net : Network
    trace : Trace
        The one that forward(net, x) returns.
    y : (n_L, N)
    loss : Loss, optional

    Returns
    -------
    dict {l: δ^l (n_l, N)}

    Raises
    ------
    TypeError, ValueError
        If trace belongs to a network of another shape, y does not have the shape of t, or the loss does not take
        this y. Source: S18 to S21, P5; Chapters 8, 11.
    """
    _fits(net, trace)
    W, f, u, t, L = net.W, net.f, trace.u, trace.t, net.L
    delta = {L: require_loss(loss).dE_du(f[L], u[L], y, t)}
    for l in range(L - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * f[l].prime(u[l])
    return delta


@overridable
@quiet_underflow
def gradient(net: Network, trace: Trace, y: ArrayLike, loss: Loss = squared_error, decay: float = 0.0) -> Gradient:
    """∂E/∂W^l = δ^l (x^{l−1})ᵀ + λ W^l,  ∂E/∂b^l = the sum of δ^l over its columns

    Parameters
    ----------
    net : Network
    trace : Trace
    y : (n_L, N)
    loss : Loss, optional
    decay : float, optional
        The weight decay λ. The biases are not decayed.

    Returns
    -------
    Gradient

    Raises
    ------
    TypeError, ValueError
        Those of deltas; ValueError if λ is negative. Source: S13 to S17, P6; Chapters 7, 11.
    """
    delta, x = deltas(net, trace, y, loss), trace.x
    dE_dW = {l: np.dot(delta[l], x[l - 1].T) for l in net.W}  # δ xᵀ; for one column np.dot is faster than @
    dE_db = {l: delta[l].sum(axis=1, keepdims=True) for l in net.b}
    return Gradient(with_decay(dE_dW, net, decay), dE_db)


def objective(net: Network, trace: Trace, y: ArrayLike, loss: Loss = squared_error, decay: float = 0.0) -> float:
    """E + ½ λ Σ_l ‖W^l‖², the number whose gradient `gradient` computes

    Parameters
    ----------
    net : Network
    trace : Trace
    y : (n_L, N)
    loss : Loss, optional
    decay : float, optional
        The weight decay λ.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        Those of gradient. Source: S11, P6; Chapters 6, 11.
    """
    L, decay = require_network(net).L, nonnegative("decay", decay)
    E = require_loss(loss).of_u(net.f[L], columns(require_trace(trace, L).u[L]), y)
    return E + decay / 2 * sum(float(np.sum(W**2)) for W in net.W.values()) if decay else E


def with_decay(dE_dW: dict[int, Array], net: Network, decay: float) -> dict[int, Array]:
    """∂E/∂W^l + λ W^l for every l; source: P6, Chapter 11."""
    decay = nonnegative("decay", decay)
    return {l: dE_dW[l] + decay * net.W[l] for l in dE_dW} if decay else dE_dW


def nonnegative(name: str, value: ArrayLike) -> float:
    """value as one finite number from 0 up

    Raises
    ------
    TypeError, ValueError
        For anything else.
    """
    found = number(name, value)
    if found < 0:
        raise ValueError(f"{name} is {found}; expected a number from 0 up")
    return found


def require_trace(trace: object, L: int) -> Trace:
    """trace, if it is the Trace of a network with L layers

    Raises
    ------
    TypeError, ValueError
        For anything else.
    """
    if not isinstance(trace, Trace):
        raise TypeError(f"trace is a {type(trace).__name__}; expected the Trace that forward(net, x) returns")
    for name, values, first in (("x", trace.x, 0), ("u", trace.u, 1)):
        if not isinstance(values, dict) or list(values) != [*range(first, L + 1)]:
            layers(f"trace.{name}", values, range(first, L + 1))
        for l, value in values.items():
            if not isinstance(value, np.ndarray) or value.ndim == 0:
                raise ValueError(f"trace.{name}[{l}] has shape {np.shape(value)}; expected one column for each example")
    return trace


def _fits(net: Network, trace: Trace) -> None:
    """Reject the trace of another network, whose shapes might broadcast without an error."""
    u, x = require_trace(trace, net.L).u, trace.x
    N = x[0].shape[-1]
    for l, W in net.W.items():
        m, n = W.shape
        if not (x[l - 1].shape == (n, N) and u[l].shape == x[l].shape == (m, N)):
            for name, value, rows in ((f"x[{l - 1}]", x[l - 1], n), (f"u[{l}]", u[l], m), (f"x[{l}]", x[l], m)):
                of_shape(f"trace.{name}", value, (rows, N))
