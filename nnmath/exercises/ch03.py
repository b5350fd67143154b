"""Exercises of Chapter 3: the derivative of one layer with respect to W."""

import numpy as np

from ..layer import e
from .model import Code, Pencil, Proof
from .numbers import integers, layer, normal


def symmetric(rng):
    return {"S": normal(rng, 4, 4), "x": normal(rng, 4, 1), "k": int(rng.integers(4))}


def input_and_coefficients(rng):
    return {"x": integers(rng, 2, 1), "c": integers(rng, 3, 1, largest=5)}


def answer_3a(W, x, b):
    return (e(0, 4) + e(1, 4)) @ x.T


def answer_3b(S, x, k):
    return e(k, 4) @ x.T + x @ e(k, 4).T


def answer_3c(x, c):
    return c @ x.T


EXERCISES = (
    Code(
        tag="3.a",
        question=r"Find $\partial (u_1 + u_2)/\partial W$.",
        numbers=layer,
        F=lambda W, x, b: np.sum((W @ x + b)[:2]),
        with_respect_to="W",
        solution=answer_3a,
        mistakes={
            "every row": lambda W, x, b: np.ones_like(b) @ x.T,
            "index off by one": lambda W, x, b: (e(1, 4) + e(2, 4)) @ x.T,
            "transposed": lambda W, x, b: x @ (e(0, 4) + e(1, 4)).T,
            "W for x": lambda W, x, b: (e(0, 4) + e(1, 4)) @ W[[0]],
            "one path only": lambda W, x, b: e(0, 4) @ x.T,
        },
        hints=(
            r"The derivative of a sum is the sum of the derivatives.",
            r"Two rows of the answer are not zero. Which ones?",
            r"The answer is $(e_1 + e_2)\,x^T$. In code, $u_1$ has the index `k = 0`.",
        ),
    ),
    Code(
        tag="3.b",
        question=r"Suppose that a square $W$ is kept symmetric, $W = S + S^T$, and that the entries $S_{ij}$ are free. "
        r"For $u_k = W_k\cdot x$, find $\partial u_k/\partial S$.",
        numbers=symmetric,
        F=lambda S, x, k: ((S + S.T) @ x)[k],
        with_respect_to="S",
        solution=answer_3b,
        mistakes={
            "one path only": lambda S, x, k: e(k, 4) @ x.T,
            "transposed": lambda S, x, k: x @ e(k, 4).T,
            "one path twice": lambda S, x, k: 2 * e(k, 4) @ x.T,
        },
        hints=(
            r"$S_{ij}$ occurs in $W$ twice, at $(i, j)$ and at $(j, i)$.",
            r"The first place gives $e_k x^T$. What does the second one give?",
            r"The second place gives the transpose of the first. Add the two.",
        ),
    ),
    Pencil(
        tag="3.c",
        question=r"A layer has the input below and three outputs, and $F = c_1 u_1 + c_2 u_2 + c_3 u_3$. "
        r"Find the $3\times2$ matrix $\partial F/\partial W$.",
        numbers=input_and_coefficients,
        solution=answer_3c,
        worked=r"Entry $(i, j)$ of $\partial u_k/\partial W$ is $x_j$ if $i = k$ and 0 otherwise. In the weighted "
        r"sum, row $i$ comes from $u_i$ alone and is $c_i\,x^T$.",
        mistakes={"transposed": lambda x, c: x @ c.T, "every row": lambda x, c: np.ones_like(c) @ x.T},
        hints=(
            r"Write down $\partial u_1/\partial W$, $\partial u_2/\partial W$, and $\partial u_3/\partial W$. Each "
            r"has one row that is not zero.",
            r"Multiply the first matrix by $c_1$, the second by $c_2$, the third by $c_3$, and add them.",
        ),
    ),
    Proof(
        tag="3.d",
        question=r"Prove that $\sum_{ij} W_{ij}\,\frac{\partial u_k}{\partial W_{ij}} = u_k - b_k$ for every output "
        r"$k$. What happens to $u_k - b_k$ if all weights are doubled?",
        hints=(r"Put (3.1) into the sum. Which terms remain?",),
        proof=r"By (3.1) the derivative is $x_j$ for $i = k$ and 0 otherwise, so only the terms with $i = k$ remain, "
        r"and the sum is $\sum_j W_{kj} x_j = W_k\cdot x = u_k - b_k$."
        "\n\n"
        r"If all weights are doubled, $W_k\cdot x$ doubles, and so does $u_k - b_k$. Functions with this "
        r"property are called homogeneous of degree 1, and for them the sum of each variable times its "
        r"derivative is always the function itself.",
    ),
)
