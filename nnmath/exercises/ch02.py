"""Exercises of Chapter 2: the derivative of one layer with respect to b."""

import numpy as np

from .model import Code, Pencil, Proof
from .numbers import integers, normal


def four_coefficients(rng):
    return {"c": integers(rng, 4, 1, largest=5)}


def shared_bias(rng):
    return {
        "W": normal(rng, 4, 3),
        "x": normal(rng, 3, 1),
        "beta": normal(rng, 1, 1),
        "c": rng.uniform(1, 3, size=(4, 1)).round(2),
    }  # all positive, so that their sum is far from 0


def answer_2a(c):
    return np.array([[c[0, 0]], [c[1, 0] + c[3, 0]], [c[2, 0]], [c[3, 0]]])


def answer_2b(W, x, beta, c):
    return c.sum(keepdims=True)


EXERCISES = (
    Pencil(
        tag="2.a",
        question=r"A layer has four outputs, and $F = c_1 u_1 + c_2 u_2 + c_3 u_3 + c_4\,(u_4 + u_2)$. (Note "
        r"that $u_2$ occurs twice.) Find $\partial F/\partial b$ as a column.",
        numbers=four_coefficients,
        solution=answer_2a,
        worked=r"The derivative is $c_1 e_1 + c_2 e_2 + c_3 e_3 + c_4\,(e_4 + e_2)$. The bias $b_2$ appears twice in "
        r"$F$, in the second term and in the last, so the second entry is $c_2 + c_4$.",
        mistakes={"one path only": lambda c: c},
        hints=(
            r"Which of the four biases appears in $F$ more than once?",
            r"The derivative of $u_k$ is $e_k$. Replace each $u_k$ in $F$ by its derivative.",
        ),
    ),
    Code(
        tag="2.b",
        question=r"All units share *one* bias $\beta$, a $1\times1$ matrix, so $u_k = W_k\cdot x + \beta$. "
        r"Find $\partial (\sum_k c_k u_k)/\partial \beta$.",
        numbers=shared_bias,
        F=lambda W, x, beta, c: np.sum(c * (W @ x + beta)),
        with_respect_to="beta",
        solution=answer_2b,
        mistakes={
            "paths not added": lambda W, x, beta, c: c,
            "zero returned": lambda W, x, beta, c: 0 * beta,
            "sign": lambda W, x, beta, c: -c.sum(keepdims=True),
        },
        hints=(
            r"The number $\beta$ reaches the sum along $m$ paths, one through each $u_k$.",
            r"The derivative along path $k$ is $c_k$, and the derivatives of all paths are added.",
            r"The answer has the shape of $\beta$, which is (1, 1). The method `sum` has an argument that keeps "
            r"both axes.",
        ),
    ),
    Proof(
        tag="2.c",
        question=r"Let $F$ be any differentiable function of the outputs of a layer $u = W\cdot x + b$. Prove that "
        r"$\partial F/\partial b = \partial F/\partial u$.",
        hints=(
            r"Hold $W$ and $x$ fixed. How does $u$ change when you replace $b$ by $b + d$?",
            r"Compare $F$ at $u + h e_i$ with $F$ at the outputs of the layer whose biases are $b + h e_i$.",
        ),
        proof=r"Hold $W$ and $x$ fixed. If $b$ is replaced by $b + h e_i$, then $u = W\cdot x + b$ becomes $u + h "
        r"e_i$. The quotient that defines $\partial F/\partial b_i$ is therefore $\left(F(u + h e_i) - "
        r"F(u)\right)/h$, and this is also the quotient that defines $\partial F/\partial u_i$. The two "
        r"derivatives are equal for every $i$."
        "\n\n"
        r"In a network the loss is such a function $F$. Once we know how the loss depends on $u$, we also know "
        r"how it depends on the biases.",
    ),
)
