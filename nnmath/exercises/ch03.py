"""Exercises of chapter 03: the derivative of one layer with respect to W."""

import numpy as np

from ..layer import e
from .model import Code
from .numbers import layer, normal


def symmetric(rng):
    return {"S": normal(rng, 4, 4), "x": normal(rng, 4, 1), "k": int(rng.integers(4))}


def answer_3a(W, x, b):
    return (e(0, 4) + e(1, 4)) @ x.T


def answer_3b(S, x, k):
    return e(k, 4) @ x.T + x @ e(k, 4).T


EXERCISES = (
    Code(
        tag="3.a",
        question=r"Find $\partial (u_1 + u_2)/\partial W$.",
        numbers=layer,
        F=lambda W, x, b: np.sum((W @ x + b)[:2]),
        with_respect_to="W",
        solution=answer_3a,
        mistakes={"every row": lambda W, x, b: np.ones_like(b) @ x.T,
                  "index off by one": lambda W, x, b: (e(1, 4) + e(2, 4)) @ x.T,
                  "transposed": lambda W, x, b: x @ (e(0, 4) + e(1, 4)).T,
                  "W for x": lambda W, x, b: (e(0, 4) + e(1, 4)) @ W[[0]],
                  "one path only": lambda W, x, b: e(0, 4) @ x.T},
        hints=(r"The derivative of a sum is the sum of the derivatives.",
               r"Two rows of the answer are not zero. Which ones?",
               r"The answer is $(e_1 + e_2)\,x^T$. In code, $u_1$ has the index `k = 0`."),
    ),
    Code(
        tag="3.b",
        question=r"$W$ is kept symmetric, $W = S + S^T$, and the entries $S_{ij}$ are free. "
                 r"For $u_k = W_k\cdot x$, find $\partial u_k/\partial S$.",
        numbers=symmetric,
        F=lambda S, x, k: ((S + S.T) @ x)[k],
        with_respect_to="S",
        solution=answer_3b,
        mistakes={"one path only": lambda S, x, k: e(k, 4) @ x.T,
                  "transposed": lambda S, x, k: x @ e(k, 4).T,
                  "one path twice": lambda S, x, k: 2 * e(k, 4) @ x.T},
        hints=(r"$S_{ij}$ occurs in $W$ twice, at $(i, j)$ and at $(j, i)$.",
               r"The first place gives $e_k x^T$. What does the second one give?",
               r"The second place gives the transpose of the first. Add the two."),
    ),
)
