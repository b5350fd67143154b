"""Back-propagation: every δ^l from the top down, and from them every gradient."""

from dataclasses import dataclass

import numpy as np

from .network import Trace
from .shapes import layers, matrix


@dataclass(frozen=True, eq=False)
class Gradient:
    """∂E/∂W^l and ∂E/∂b^l for l = 1 … L.

    Shapes: those of W[l] and b[l]. Source: S14, S17; chapter 07.
    """
    dE_dW: dict
    dE_db: dict


def deltas(net, trace, y):
    """δ^L = f′(u^L) ∘ (t − y);  δ^l = ((W^{l+1})ᵀ δ^{l+1}) ∘ f′(u^l)

    Shapes: y (n_L, N) → {l: δ^l (n_l, N)}. Errors: ValueError if y has not the shape of t, or trace was made by a
    network of another shape. Source: S18 to S21; chapter 08.
    """
    y = _fits(net, trace, y)
    W, f, u, t, L = net.W, net.f, trace.u, trace.t, net.L
    delta = {L: f.prime(u[L]) * (t - y)}
    for l in range(L - 1, 0, -1):
        delta[l] = (W[l+1].T @ delta[l+1]) * f.prime(u[l])
    return delta


def gradient(net, trace, y):
    """∂E/∂W^l = δ^l (x^{l−1})ᵀ,  ∂E/∂b^l = the sum of δ^l over its columns

    Shapes: y (n_L, N) → Gradient. Errors: those of deltas. Source: S13 to S17; chapter 07.
    """
    delta, x = deltas(net, trace, y), trace.x
    dE_dW = {l: np.dot(delta[l], x[l-1].T) for l in net.W}    # δ xᵀ; for one column np.dot takes a third of the time of @
    dE_db = {l: delta[l].sum(axis=1, keepdims=True) for l in net.b}
    return Gradient(dE_dW, dE_db)


def _fits(net, trace, y):
    """y, if it has the shape of t, and trace that of net: another network's trace could broadcast its way in."""
    if not isinstance(trace, Trace):
        raise TypeError(f"trace is a {type(trace).__name__}; expected the Trace that forward(net, x) returns")
    sizes = net.sizes
    for name, values, first in (("x", trace.x, 0), ("u", trace.u, 1)):
        for l, value in layers(f"trace.{name}", values, range(first, net.L + 1)).items():
            wanted = (sizes[l], trace.x[0].shape[-1])
            if value.shape != wanted:
                raise ValueError(f"trace.{name}[{l}] has shape {value.shape}; expected {wanted} for this network")
    return matrix("y", y, *trace.t.shape)
