"""Exercises of chapter 09: back-propagation and gradient descent."""

import numpy as np

from ..activation import tanh
from ..error import E
from .model import Code
from .numbers import normal


def tied(rng):
    return {"W": normal(rng, 3, 4), "x": normal(rng, 4, 5), "y": normal(rng, 4, 5)}


def affine(rng):
    return {"W": normal(rng, 2, 3), "b": normal(rng, 2, 1), "x": normal(rng, 3, 6), "y": normal(rng, 2, 6)}


def second_use(W, x, y):
    """The gradient along the path through the output layer's Wᵀ."""
    return np.tanh(W @ x) @ (W.T @ np.tanh(W @ x) - y).T


def first_use(W, x, y):
    """The gradient along the path through the first layer's W."""
    return ((W @ (W.T @ np.tanh(W @ x) - y)) * tanh.prime(W @ x)) @ x.T


def answer_9a(W, x, y):
    u = W @ x
    x1 = np.tanh(u)
    error = W.T @ x1 - y
    delta = (W @ error) * (1 - x1**2)
    return x1 @ error.T + delta @ x.T


def answer_9b(W, b, x, y):
    return (W @ x + b - y) @ x.T / x.shape[1]


EXERCISES = (
    Code(
        tag="9.a",
        question=r"Tied weights use the same $W$ twice, $t = W^T \tanh(W x)$, with $E = \frac12\|t - y\|^2$. "
                 r"Find $\partial E/\partial W$.",
        numbers=tied,
        F=lambda W, x, y: E(W.T @ np.tanh(W @ x), y),
        with_respect_to="W",
        solution=answer_9a,
        mistakes={"one path only": first_use,
                  "later layer only": second_use,
                  "transposed": lambda W, x, y: answer_9a(W, x, y).T},
        hints=((r"Pretend that there are two matrices, $u = Wx$ and $t = V^T x^1$ with $x^1 = \tanh(u)$. "
               r"Differentiate with respect to each, and then add."),
               (r"With respect to $V$ the gradient is $x^1 (t - y)^T$. With respect to $W$ it is $\delta\, x^T$ with "
               r"$\delta = (V (t - y)) \circ f'(u)$."),
               r"Put $V = W$ and add the two."),
    ),
    Code(
        tag="9.b",
        question=r"The error is a mean instead of a sum, $E = \frac{1}{2N}\|W x + b - y\|^2$ with $N$ columns. "
                 r"Find $\partial E/\partial W$.",
        numbers=affine,
        F=lambda W, b, x, y: np.sum((W @ x + b - y)**2) / (2 * x.shape[1]),
        with_respect_to="W",
        solution=answer_9b,
        mistakes={"1/N missing": lambda W, b, x, y: (W @ x + b - y) @ x.T,
                  "1/N twice": lambda W, b, x, y: (W @ x + b - y) @ x.T / x.shape[1]**2,
                  "sign": lambda W, b, x, y: -(W @ x + b - y) @ x.T / x.shape[1]},
        hints=(r"A constant factor of $E$ is a constant factor of its gradient.",
               r"$N$ is the number of columns, `x.shape[1]`.",
               r"So a step with η on the mean is a step with η/N on the sum."),
    ),
)
