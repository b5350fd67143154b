"""Exercises of chapter 04: the derivative of one layer with respect to x."""

import numpy as np

from .model import Code
from .numbers import layer, normal


def weighted_layer(rng):
    return layer(rng) | {"c": normal(rng, 4, 1)}


def answer_4a(W, x, b, c):
    return W.T @ c


def answer_4b(W, x, b):
    return W.T @ (W @ x + b)


EXERCISES = (
    Code(
        tag="4.a",
        question=r"Find $\partial (\sum_k c_k u_k)/\partial x$.",
        numbers=weighted_layer,
        F=lambda W, x, b, c: np.sum(c * (W @ x + b)),
        with_respect_to="x",
        solution=answer_4a,
        mistakes={"x for W": lambda W, x, b, c: x,
                  "outer derivative missing": lambda W, x, b, c: W.sum(axis=0, keepdims=True).T,
                  "transposed": lambda W, x, b, c: (W.T @ c).T,
                  "sign": lambda W, x, b, c: -W.T @ c},
        hints=(r"Start from $\partial u_k/\partial x = (W_k)^T$, once for each $k$.",
               r"You get $\sum_k c_k (W_k)^T$, a sum of columns with one factor each.",
               (r"A matrix times a column is a sum of the matrix's columns with one factor each. "
               r"Which matrix has the columns $(W_k)^T$?")),
    ),
    Code(
        tag="4.b",
        question=r"Find $\partial\, \frac12\|u\|^2/\partial x$ for $u = W\cdot x + b$.",
        numbers=layer,
        F=lambda W, x, b: np.sum((W @ x + b)**2) / 2,
        with_respect_to="x",
        solution=answer_4b,
        mistakes={"factor 2": lambda W, x, b: 2 * W.T @ (W @ x + b),
                  "x for W": lambda W, x, b: x,
                  "outer derivative missing": lambda W, x, b: W.sum(axis=0, keepdims=True).T,
                  "factor ½": lambda W, x, b: W.T @ (W @ x + b) / 2},
        hints=(r"The derivative of $\frac12 u_k^2$ with respect to $u_k$ is $u_k$.",
               r"So you need $\sum_k u_k\, \partial u_k/\partial x$.",
               r"The answer is $W^T u$, and $u$ is $W\cdot x + b$."),
    ),
)
