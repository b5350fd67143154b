"""Exercises of chapter 02: the derivative of one layer with respect to b."""

import numpy as np

from .model import Code
from .numbers import layer, normal


def shared_bias(rng):
    return {"W": normal(rng, 4, 3), "x": normal(rng, 3, 1), "beta": normal(rng, 1, 1),
            "c": rng.uniform(1, 3, size=(4, 1)).round(2)}    # all positive, so that their sum is far from 0


def answer_2a(W, x, b):
    return np.ones_like(b)


def answer_2b(W, x, beta, c):
    return c.sum(keepdims=True)


EXERCISES = (
    Code(
        tag="2.a",
        question=r"Find $\partial (u_1 + u_2 + \dots + u_m)/\partial b$ as a column.",
        numbers=layer,
        F=lambda W, x, b: np.sum(W @ x + b),
        with_respect_to="b",
        solution=answer_2a,
        mistakes={"value for derivative": lambda W, x, b: b,
                  "zero returned": lambda W, x, b: 0 * b,
                  "transposed": lambda W, x, b: np.ones_like(b).T},
        hints=(r"Write the sum out. How often does $b_i$ occur in it?",
               r"Add up the columns $e_1 + e_2 + \dots + e_m$.",
               r"numpy has a function for an array of ones with the shape of another array."),
    ),
    Code(
        tag="2.b",
        question=r"All units share *one* bias $\beta$, a $1\times1$ matrix, so $u_k = W_k\cdot x + \beta$. "
                 r"Find $\partial (\sum_k c_k u_k)/\partial \beta$.",
        numbers=shared_bias,
        F=lambda W, x, beta, c: np.sum(c * (W @ x + beta)),
        with_respect_to="beta",
        solution=answer_2b,
        mistakes={"paths not added": lambda W, x, beta, c: c,
                  "zero returned": lambda W, x, beta, c: 0 * beta,
                  "sign": lambda W, x, beta, c: -c.sum(keepdims=True)},
        hints=(r"The number $\beta$ reaches the sum along $m$ paths, one through each $u_k$.",
               r"The derivative along path $k$ is $c_k$, and the derivatives of all paths are added.",
               r"The answer has the shape of $\beta$, which is (1, 1). The method `sum` has an argument that keeps both axes."),
    ),
)
