"""Activations f and their derivatives f′, entry by entry, exact to a few units in the last place and silent everywhere."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Activation:
    """x = f(u), and f′(u) as `prime(u)`: both take u, entry by entry.

    Shapes: those of u. Source: S8 to S11; chapter 05. `kinks` lists the u at which f has no derivative.
    """
    name: str
    f: Callable
    prime: Callable
    kinks: tuple = ()

    def __call__(self, u):
        return self.f(u)

    def __repr__(self):
        return self.name


def require_activation(f):
    """f, if its derivative is known too. Errors: TypeError unless f is an Activation."""
    if not isinstance(f, Activation):
        raise TypeError(f"f is {f!r}; expected an Activation, for example nnmath.tanh")
    return f


def _sigmoid(u):
    with np.errstate(over="ignore"):    # far to the left exp(−u) is ∞, and 1/∞ is the 0 that is meant
        return 1 / (1 + np.exp(-u))


def _sigmoid_prime(u):
    z = np.exp(-np.abs(u))    # the slope is even, and exp(−|u|) loses no digits in either tail, as f (1 − f) does
    return z / (1 + z)**2


def _tanh_prime(u):
    return 4 * _sigmoid_prime(2 * u)


identity = Activation("identity", lambda u: 1 * u,               lambda u: np.ones_like(u))
sigmoid  = Activation("sigmoid",  _sigmoid,                      _sigmoid_prime)
tanh     = Activation("tanh",     np.tanh,                       _tanh_prime)
relu     = Activation("relu",     lambda u: np.maximum(u, 0),    lambda u: np.where(u > 0, 1, 0 * u), kinks=(0.0,))
softplus = Activation("softplus", lambda u: np.logaddexp(0, u),  _sigmoid)
softsign = Activation("softsign", lambda u: u / (1 + np.abs(u)), lambda u: 1 / (1 + np.abs(u))**2)
