"""Softmax, an activation that mixes the entries of u, and cross-entropy, the loss that belongs to it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .activation import Activation, quiet_underflow, sigmoid, softplus
from .error import FromU, Loss
from .shapes import Array, matrix, of_shape


@dataclass(frozen=True, repr=False)
class Softmax(Activation):
    """t_k = exp(u_k) / Σ_j exp(u_j) in each column

    It has a Jacobian and a vector–Jacobian product in place of f′, because every t_k depends on every u_j.
    Shapes: those of u, (m, N). Errors: TypeError for `prime`. Source: P1, P2; Chapter 11.
    """

    def __call__(self, u: ArrayLike) -> Array:
        return self.f(matrix("u", u))

    @quiet_underflow
    def vjp(self, u: ArrayLike, v: ArrayLike) -> Array:
        """Jᵀ v = t ∘ (v − Σ_k t_k v_k) in each column

        Shapes: u, v (m, N) → (m, N). Source: P2, P16; Chapter 11.
        """
        u = matrix("u", u)
        return self.f_vjp(u, of_shape("v", v, u.shape))

    def f_vjp(self, u: Array, v: Array) -> Array:
        """vjp without its checks."""
        t = self.f(u)
        return t * (v - (t * v).sum(axis=0, keepdims=True))

    def jacobian(self, u: ArrayLike) -> Array:
        """∂t_k/∂u_j = t_k ([k = j] − t_j), that is J = diag(t) − t tᵀ, for one column u

        Shapes: u (m, 1) → (m, m). Source: P2; Chapter 11.
        """
        t = self(matrix("u", u, columns=1))
        return np.diagflat(t) - t @ t.T


@np.errstate(over="ignore", under="ignore")
def _shares(u: Array) -> Array:
    scores = np.exp(u - u.max(axis=0))  # a constant added to a column of u changes nothing, and this one avoids ∞
    return scores / scores.sum(axis=0)


def _no_prime(u: Array) -> Array:
    raise TypeError(
        "softmax has no f′, because it does not act entry by entry: each t_k depends on every u_j. "
        "Use softmax.jacobian(u) for one column, or softmax.vjp(u, v) for Jᵀ v"
    )


softmax = Softmax("softmax", _shares, _no_prime)


def _log_shares(u: Array) -> Array:
    """log t = u − log Σ_j exp(u_j), which stays finite where t underflows."""
    shifted = u - u.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))


def _positive(name: str, t: Array, needed: Array) -> Array:
    """t, with 1 where its logarithm is not needed."""
    if (t[needed] <= 0).any():
        raise ValueError(
            f"{name} is {t[needed].min()} where cross-entropy takes its logarithm; expected positive numbers. "
            f"Compute the loss from u instead: loss.of_u(f, u, y), or objective(net, trace, y, loss)"
        )
    return np.where(needed, t, 1)


def _adds_to_1(y: Array) -> Array:
    sums = y.sum(axis=0)
    if (y < 0).any() or (abs(sums - 1) > 1e-6).any():  # float32 shares of 1,000 classes add to 1 within 1e-7 or so
        n = int(np.argmax((y < 0).any(axis=0) | (abs(sums - 1) > 1e-6)))
        raise ValueError(
            f"y holds {y[:, n].tolist()} in column {n}, which adds to {sums[n]:.6g}; expected shares from 0 to 1 "
            f"that add to 1 in each column. For class numbers write one_hot(labels, {len(y)})"
        )
    return y


def _from_0_to_1(y: Array) -> Array:
    if (y < 0).any() or (y > 1).any():
        raise ValueError(
            f"y holds {y[(y < 0) | (y > 1)][0]}; expected probabilities from 0 to 1. "
            f"For class numbers write one_hot(labels, {len(y)})"
        )
    return y


def _cross_entropy(t: Array, y: Array) -> Array:
    return -(y * np.log(_positive("t", t, y > 0))).sum(axis=0)


def _cross_entropy_slopes(t: Array, y: Array) -> Array:
    return -y / _positive("t", t, y > 0)


def _cross_entropy_of_u(u: Array, y: Array) -> Array:
    return -(y * np.where(y > 0, _log_shares(u), 0)).sum(axis=0)


def _binary(t: Array, y: Array) -> Array:
    yes, no = _positive("t", t, y > 0), _positive("1 − t", 1 - t, y < 1)
    return -(y * np.log(yes) + (1 - y) * np.log(no)).sum(axis=0)


def _binary_slopes(t: Array, y: Array) -> Array:
    return (1 - y) / _positive("1 − t", 1 - t, y < 1) - y / _positive("t", t, y > 0)


def _binary_of_u(u: Array, y: Array) -> Array:
    return (y * softplus(-u) + (1 - y) * softplus(u)).sum(axis=0)  # −log σ(u) = softplus(−u)


# E = −Σ_k y_k log t_k, ∂E/∂t_k = −y_k / t_k, and with softmax δ = t − y. Source: P3, P4; Chapter 11.
cross_entropy = Loss(
    "cross-entropy",
    _cross_entropy,
    _cross_entropy_slopes,
    FromU(softmax, _cross_entropy_of_u, lambda u, y: softmax(u) - y),
    _adds_to_1,
)

# E = −Σ_k (y_k log t_k + (1 − y_k) log(1 − t_k)), and with the sigmoid δ = t − y. Chapter 11.
binary_cross_entropy = Loss(
    "binary cross-entropy",
    _binary,
    _binary_slopes,
    FromU(sigmoid, _binary_of_u, lambda u, y: sigmoid(u) - y),
    _from_0_to_1,
)
