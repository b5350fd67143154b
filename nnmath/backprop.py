"""Back-propagation: every δ^l from the top down, and from them every gradient."""

from dataclasses import dataclass

from .shapes import matrix


@dataclass(frozen=True, eq=False)
class Gradient:
    """∂E/∂W^l and ∂E/∂b^l for l = 1 … L.

    Shapes: those of W[l] and b[l]. Source: S14, S17; chapter 07.
    """
    dE_dW: dict
    dE_db: dict


def deltas(net, trace, y):
    """δ^L = f′(u^L) ∘ (t − y);  δ^l = ((W^{l+1})ᵀ δ^{l+1}) ∘ f′(u^l)

    Shapes: y (n_L, N) → {l: δ^l (n_l, N)}. Errors: ValueError if y has not the shape of t. Source: S18 to S21; chapter 08.
    """
    W, f, u, t, L = net.W, net.f, trace.u, trace.t, net.L
    y = matrix("y", y, *t.shape)
    delta = {L: f.prime(u[L]) * (t - y)}
    for l in range(L - 1, 0, -1):
        delta[l] = (W[l+1].T @ delta[l+1]) * f.prime(u[l])
    return delta


def gradient(net, trace, y):
    """∂E/∂W^l = δ^l (x^{l−1})ᵀ,  ∂E/∂b^l = the sum of δ^l over its columns

    Shapes: y (n_L, N) → Gradient. Errors: ValueError if y has not the shape of t. Source: S13 to S17; chapter 07.
    """
    x, delta = trace.x, deltas(net, trace, y)
    dE_dW = {l: delta[l] @ x[l-1].T for l in net.W}
    dE_db = {l: delta[l].sum(axis=1, keepdims=True) for l in net.b}
    return Gradient(dE_dW, dE_db)
