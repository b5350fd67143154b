"""The error E of a network's output t against the target y, and its derivative. The field calls E the loss."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .activation import Activation, require_activation
from .shapes import Array, matrix

# An E that overflows is ∞, and a number that underflows is 0; both are right, and neither is worth a warning.
quiet = np.errstate(over="ignore", under="ignore")


class FromU(NamedTuple):
    """The same loss as a function of u^L, for one activation f^L, where t would lose digits or overflow."""

    f: Activation
    values: Callable[[Array, Array], Array]
    slopes: Callable[[Array, Array], Array]


def _any_target(y: Array) -> Array:
    return y


@dataclass(frozen=True)
class Loss:
    """E = the sum of a loss over the examples, or their mean

    Parameters
    ----------
    name : str
    values : callable
        (t, y) → the loss of each example, (N,).
    slopes : callable
        (t, y) → the derivative of these values with respect to t, (m, N).
    from_u : FromU, optional
        The same two functions of (u, y), for one output activation.
    target : callable
        y → y, or an error if y is not a possible target.
    averaged : bool
        Whether E is the mean over the N examples instead of the sum.

    Notes
    -----
    Shapes: t, u, y (m, N). Errors: TypeError and ValueError for arrays of other shapes or targets that this loss does
    not take. Source: S11, P3; Chapters 6, 11.
    """

    name: str
    values: Callable[[Array, Array], Array]
    slopes: Callable[[Array, Array], Array]
    from_u: FromU | None = None
    target: Callable[[Array], Array] = _any_target
    averaged: bool = False

    @quiet
    def __call__(self, t: ArrayLike, y: ArrayLike) -> float:
        """E as a function of the output t."""
        t, y = self._pair("t", t, y)
        return float(np.sum(self.values(t, y))) * self.scale(t.shape[1])

    @quiet
    def dE_dt(self, t: ArrayLike, y: ArrayLike) -> Array:
        """∂E/∂t, in the shape of t; Chapters 8, 11."""
        t, y = self._pair("t", t, y)
        return self._scaled(self.slopes(t, y))

    def of_u(self, f: Activation, u: ArrayLike, y: ArrayLike) -> float:
        """E as a function of u^L, where t = f(u^L); Chapter 11."""
        per_example = self.per_example(f, u, y)
        return float(np.sum(per_example)) * self.scale(len(per_example))

    @quiet
    def per_example(self, f: Activation, u: ArrayLike, y: ArrayLike) -> Array:
        """The loss of each example as a function of u^L, (N,), without the 1/N of a mean."""
        u, y = self._pair("u", u, y)
        if self.from_u and self.from_u.f is f:
            return self.from_u.values(u, y)
        return self.values(require_activation(f)(u), y)

    @quiet
    def dE_du(self, f: Activation, u: ArrayLike, y: ArrayLike, t: Array | None = None) -> Array:
        """δ^L = J_f(u^L)ᵀ ∂E/∂t, which is f′(u^L) ∘ ∂E/∂t where f acts entry by entry

        Shapes: u, y (m, N) → (m, N); t = f(u) if it is known already. Source: S21, P4, P5; Chapters 8, 11.
        """
        u = matrix("u", u) if t is None else np.asarray(u)
        y = self.target(matrix("y", y, *u.shape))
        if self.from_u and self.from_u.f is f:
            return self._scaled(self.from_u.slopes(u, y))
        dE_dt = self.slopes(require_activation(f)(u) if t is None else t, y)
        return self._scaled(f.f_vjp(u, dE_dt))

    @property
    def mean(self) -> "Loss":
        """The same loss averaged over the N examples; Chapter 11."""
        return replace(self, name=f"mean of {self.name}", averaged=True)

    def scale(self, N: int) -> float:
        """1 for a sum over N examples, 1/N for their mean."""
        return 1 / N if self.averaged else 1

    def _scaled(self, slopes: Array) -> Array:
        return slopes * self.scale(slopes.shape[1]) if self.averaged else slopes

    def _pair(self, name: str, t: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        t = matrix(name, t)
        return t, self.target(matrix("y", y, *t.shape))

    def __repr__(self) -> str:
        return self.name


def require_loss(loss: object) -> Loss:
    """loss, if its derivative is known too

    Raises
    ------
    TypeError
        Unless loss is a Loss.
    """
    if not isinstance(loss, Loss):
        raise TypeError(f"loss is {loss!r}; expected a Loss, for example nnmath.cross_entropy")
    return loss


squared_error = Loss("half the squared error", lambda t, y: ((t - y) ** 2).sum(axis=0) / 2, lambda t, y: t - y)


def E(t: ArrayLike, y: ArrayLike) -> float:
    """E = ½ ‖t − y‖², summed over the columns

    Parameters
    ----------
    t, y : (m, N)

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If t or y is not a real matrix, or they differ in shape. Source: S11; Chapter 6.
    """
    return squared_error(t, y)


def dE_dt(t: ArrayLike, y: ArrayLike) -> Array:
    """∂E/∂t = t − y

    Parameters
    ----------
    t, y : (m, N)

    Returns
    -------
    (m, N)

    Raises
    ------
    TypeError, ValueError
        If t or y is not a real matrix, or they differ in shape. Source: S21; Chapter 8.
    """
    return squared_error.dE_dt(t, y)
