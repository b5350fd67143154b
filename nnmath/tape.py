"""Reverse mode: values that remember how they were made, and one rule for each input of an operation.

Given v = ∂E/∂(out), the rule returns Jᵀv, the derivative of E with respect to that input; J itself is never built.
Every formula of the earlier chapters is such a rule. Source: P16; Chapter 16.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .activation import Activation, require_activation
from .mixed import Layer
from .shapes import Array, numbers

_numbers = count()


class Value:
    """An array, and how it was made: pairs of a Value and the function that takes ∂E/∂(this) back to ∂E/∂(that Value)

    Parameters
    ----------
    value : array_like
        Real numbers. Arrays that meet a Value in an operation are constants.

    Raises
    ------
    TypeError
        If value holds no real numbers. Source: P16; Chapter 16.
    """

    __array_ufunc__ = None  # lets numpy leave array + Value, array @ Value, and so on to this class

    def __init__(self, value: ArrayLike, made_from: tuple[tuple[Value, Callable[[Array], Array]], ...] = ()) -> None:
        self.value, self.made_from = numbers("value", value), made_from
        self.number = next(_numbers)  # a Value has a higher number than all it was made from

    def __repr__(self) -> str:
        return f"Value({self.value})"

    # fmt: off
    def __add__(self, other):      return add(self, other)
    def __radd__(self, other):     return add(other, self)
    def __sub__(self, other):      return subtract(self, other)
    def __rsub__(self, other):     return subtract(other, self)
    def __neg__(self):             return subtract(0.0, self)
    def __mul__(self, other):      return multiply(self, other)
    def __rmul__(self, other):     return multiply(other, self)
    def __truediv__(self, other):  return divide(self, other)
    def __rtruediv__(self, other): return divide(other, self)
    def __matmul__(self, other):   return product(self, other)
    def __rmatmul__(self, other):  return product(other, self)
    def __pow__(self, n):          return power(self, n)
    # fmt: on


def operation(forward: Callable[..., Any], *rules: Callable[..., Any]) -> Callable[..., Value]:
    """out = forward(*inputs) as an operation on Values, with the rule v → Jᵀv of each input

    Parameters
    ----------
    forward : callable
        A function of arrays.
    *rules : callable
        (v, out, *inputs) → Jᵀv for each input that may be a Value, in their order; v = ∂E/∂(out).

    Returns
    -------
    callable
        A function of Values and constants. Source: P16; Chapter 16.
    """

    def run(*inputs: Any) -> Value:
        arrays = [one.value if isinstance(one, Value) else one for one in inputs]
        out = forward(*arrays)

        def back(rule: Callable[..., Any], like: Array) -> Callable[[Array], Array]:
            return lambda v: _summed_to(like.shape, rule(v, out, *arrays))

        return Value(
            out, tuple((one, back(rule, one.value)) for one, rule in zip(inputs, rules) if isinstance(one, Value))
        )

    return run


# fmt: off
add      = operation(lambda a, b: a + b, lambda v, t, a, b: v,                  lambda v, t, a, b: v)
subtract = operation(lambda a, b: a - b, lambda v, t, a, b: v,                  lambda v, t, a, b: -v)
multiply = operation(lambda a, b: a * b, lambda v, t, a, b: v * b,              lambda v, t, a, b: v * a)
divide   = operation(lambda a, b: a / b, lambda v, t, a, b: v / b,              lambda v, t, a, b: -v * t / b)
product  = operation(lambda W, x: W @ x, lambda v, t, W, x: v @ x.T,            lambda v, t, W, x: W.T @ v)
power    = operation(lambda a, n: a**n,  lambda v, t, a, n: v * n * a**(n - 1))
exp      = operation(np.exp,             lambda v, t, a: v * t)
log      = operation(np.log,             lambda v, t, a: v / a)
total    = operation(np.sum,             lambda v, t, a: v * np.ones_like(a))
# fmt: on


def reshape(a: Value, *shape: int) -> Value:
    """a in another shape; back, v gets the shape of a. Chapter 16."""
    return operation(lambda a: a.reshape(shape), lambda v, t, a: v.reshape(a.shape))(a)


def apply(f: Activation, u: Value) -> Value:
    """t = f(u); the rule is J_f(u)ᵀ v, f′(u) ∘ v where f acts entry by entry. Source: P5, P16; Chapter 16."""
    return operation(require_activation(f), lambda v, t, u: f.vjp(u, v))(u)


def layer(kind: Layer, W: Value, x: Value, b: Value) -> Value:
    """u = kind.u(W, x, b) for any kind of layer, with the rules of Chapters 7, 8, 13, and 14. Chapter 16."""
    run = operation(
        kind.u, *(lambda v, u, *inputs, rule=rule: rule(v, *inputs) for rule in (kind.dE_dW, kind.dE_dx, kind.dE_db))
    )
    return run(W, x, b)


def gradients(E: Value, *inputs: Value) -> list[Array]:
    """∂E/∂(input) for each input, by one pass from E back to them

    Where a value is used several times, what comes back along the paths adds up.

    Parameters
    ----------
    E : Value
        One number.
    *inputs : Value

    Returns
    -------
    list of arrays
        In the shapes of the inputs; zeros for an input that E does not depend on.

    Raises
    ------
    TypeError, ValueError
        Unless E is a Value of one number and the inputs are Values. Source: P16; Chapter 16.
    """
    for name, value in [("E", E), *(("an input", one) for one in inputs)]:
        if not isinstance(value, Value):
            raise TypeError(f"{name} is a {type(value).__name__}; expected a Value")
    if E.value.size != 1:
        raise ValueError(f"E has shape {E.value.shape}; expected one number. For a sum write tape.total(…)")
    back = {E: np.ones_like(E.value)}
    for value in sorted(_ancestors(E), key=lambda value: value.number, reverse=True):
        for one, rule in value.made_from:
            back[one] = back.get(one, 0) + rule(back[value])
    return [back.get(one, np.zeros_like(one.value)) for one in inputs]


def _ancestors(E: Value) -> set[Value]:
    """E and all the values that it was made from."""
    found, open_ends = {E}, [E]
    while open_ends:
        new = {one for one, _ in open_ends.pop().made_from} - found
        found |= new
        open_ends += new
    return found


def _summed_to(shape: tuple[int, ...], v: Array) -> Array:
    """v, summed over the axes along which an input of this shape was broadcast."""
    if v.shape != shape:
        v = v.sum(axis=tuple(range(v.ndim - len(shape))))
        v = v.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
    return v
