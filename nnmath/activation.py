"""Activations f and their derivatives f′, which act on each entry of u alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .shapes import Array, matrix, numbers, of_shape

# Under np.errstate(all="raise") a number that underflows to 0 would be an error, although 0 is the right value.
quiet_underflow = np.errstate(under="ignore")


@dataclass(frozen=True)
class Activation:
    """x = f(u), and f′(u) as `prime(u)`; both take u, entry by entry

    Parameters
    ----------
    name : str
    f, f_prime : callable
        Functions of an array u that return an array of the same shape.
    kinks : tuple of float
        The values of u where f has no derivative.

    Notes
    -----
    Shapes: those of u. Errors: TypeError unless u is real. Source: S8 to S11; Chapter 5.
    """

    name: str
    f: Callable[[Array], Array]
    f_prime: Callable[[Array], Array]
    kinks: tuple[float, ...] = ()

    def __call__(self, u: ArrayLike) -> Array:
        return self.f(numbers("u", u))

    @quiet_underflow
    def prime(self, u: ArrayLike) -> Array:
        """f′(u), entry by entry; Chapter 5."""
        return self.f_prime(numbers("u", u))

    @quiet_underflow
    def vjp(self, u: ArrayLike, v: ArrayLike) -> Array:
        """J_f(u)ᵀ v = f′(u) ∘ v, the vector–Jacobian product

        v has the shape of u. Source: P5, P16; Chapters 8, 11.
        """
        u = numbers("u", u)
        return self.f_vjp(u, of_shape("v", v, u.shape))

    def f_vjp(self, u: Array, v: Array) -> Array:
        """vjp without its checks, as f_prime is to prime."""
        return self.f_prime(u) * v

    def jacobian(self, u: ArrayLike) -> Array:
        """∂f_k/∂u_j, the diagonal matrix of f′(u), for one column u

        Shapes: u (m, 1) → (m, m). Chapter 11.
        """
        return np.diagflat(self.prime(matrix("u", u, columns=1)))

    def __repr__(self) -> str:
        return self.name


def require_activation(f: object, name: str = "f") -> Activation:
    """f, if its derivative is known too

    Raises
    ------
    TypeError
        Unless f is an Activation.
    """
    if not isinstance(f, Activation):
        raise TypeError(f"{name} is {f!r}; expected an Activation, for example nnmath.tanh")
    return f


@np.errstate(over="ignore", under="ignore")
def _sigmoid(u: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-u))  # for very negative u, exp(−u) is ∞, and 1/∞ gives the right value, 0


def _sigmoid_prime(u: Array) -> Array:
    z = np.exp(-np.abs(u))  # f′ is even, and exp(−|u|) loses no digits in either tail, as f (1 − f) does
    return z / (1.0 + z) ** 2


@np.errstate(over="ignore")
def _tanh_prime(u: Array) -> Array:
    return (1.0 / np.cosh(u)) ** 2  # 1 − f² would lose digits; for huge |u|, cosh(u) is ∞, and 1/∞ gives 0


@quiet_underflow
def _softplus(u: Array) -> Array:
    return np.logaddexp(0, u)


def _softsign_prime(u: Array) -> Array:
    return (1 / (1 + np.abs(u))) ** 2  # in this order, because the square of a huge u would overflow


@quiet_underflow
def _leaky_relu(u: Array) -> Array:
    return np.maximum(u, 0.01 * u)


def _relu_prime(u: Array) -> Array:
    return np.where(u > 0, 1, 0).astype(u.dtype)


def _leaky_relu_prime(u: Array) -> Array:
    return np.where(u > 0, 1, 0.01).astype(u.dtype)


@quiet_underflow
def _silu(u: Array) -> Array:
    return u * _sigmoid(u)


def _silu_prime(u: Array) -> Array:
    return _sigmoid(u) + u * _sigmoid_prime(u)


identity = Activation("identity", lambda u: 1 * u, np.ones_like)
sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_prime)
tanh = Activation("tanh", np.tanh, _tanh_prime)
relu = Activation("relu", lambda u: np.maximum(u, 0), _relu_prime, kinks=(0.0,))
leaky_relu = Activation("leaky_relu", _leaky_relu, _leaky_relu_prime, kinks=(0.0,))
softplus = Activation("softplus", _softplus, _sigmoid)
softsign = Activation("softsign", lambda u: u / (1 + np.abs(u)), _softsign_prime)
silu = Activation("silu", _silu, _silu_prime)
