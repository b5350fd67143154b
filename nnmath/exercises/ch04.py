"""Exercises of chapter 04: the derivative of one layer with respect to x."""

import numpy as np

from .model import Code, Pencil, Proof
from .numbers import integers, layer, normal


def weighted_layer(rng):
    return layer(rng) | {"c": normal(rng, 4, 1)}


def two_layers(rng):
    return {"W": integers(rng, 3, 2), "V": integers(rng, 2, 3)}


def answer_4a(W, x, b, c):
    return W.T @ (c * (W @ x + b))


def answer_4b(W, V):
    return W.T @ V[[0]].T


EXERCISES = (
    Code(
        tag="4.a",
        question=r"Find $\partial F/\partial x$ for $F = \frac12 \sum_k c_k u_k^2$, where $u = W\cdot x + b$.",
        numbers=weighted_layer,
        F=lambda W, x, b, c: np.sum(c * (W @ x + b) ** 2) / 2,
        with_respect_to="x",
        solution=answer_4a,
        mistakes={
            "factor 2": lambda W, x, b, c: 2 * W.T @ (c * (W @ x + b)),
            "outer derivative missing": lambda W, x, b, c: W.sum(axis=0, keepdims=True).T,
            "transposed": lambda W, x, b, c: (W.T @ (c * (W @ x + b))).T,
            "sign": lambda W, x, b, c: -W.T @ (c * (W @ x + b)),
        },
        hints=(
            r"The derivative of $\frac12 c_k u_k^2$ with respect to $u_k$ is $c_k u_k$.",
            r"So you need $\sum_k c_k u_k\, \partial u_k/\partial x$. Compare it with (4.5).",
            r"The number $c_k u_k$ plays the role that $c_k$ has in (4.5), and $u$ is $W\cdot x + b$.",
        ),
    ),
    Pencil(
        tag="4.b",
        question=r"The outputs $u = W\cdot x + b$ of one layer are the inputs of a second one, $v = V\cdot u + a$. "
        r"Find $\partial v_1/\partial x$ as a column.",
        numbers=two_layers,
        solution=answer_4b,
        worked=r"The output $v_1 = V_{11} u_1 + V_{12} u_2 + V_{13} u_3 + a_1$ is a weighted sum of the $u_k$ with "
        r"the coefficients in row 1 of $V$. By (4.5) its derivative is $W^T (V_1)^T$.",
        mistakes={"transposed": lambda W, V: V[[0]] @ W},
        hints=(
            r"Write $v_1$ as a weighted sum of $u_1$, $u_2$ and $u_3$. What are the coefficients?",
            r"Use (4.5), with row 1 of $V$, written as a column, in place of $c$.",
        ),
    ),
    Proof(
        tag="4.c",
        question=r"Let $F$ be an affine function of one variable. Prove that the forward difference equals the "
        r"derivative for every point $s$ and every step $h \ne 0$. Then prove the converse: if the forward "
        r"difference equals the derivative for every $s$ and every $h \ne 0$, then $F$ is affine.",
        hints=(
            r"For the first part, write $F(s) = a s + b$ and compute the quotient.",
            r"For the converse, take $s = 0$ and solve for $F(h)$.",
        ),
        proof=r"If $F(s) = as + b$, then $\left(F(s + h) - F(s)\right)/h = ah/h = a = F'(s)$."
        "\n\n"
        r"Conversely, suppose that $\left(F(s + h) - F(s)\right)/h = F'(s)$ for every $s$ and $h \ne 0$. For "
        r"$s = 0$ this says $F(h) = F(0) + F'(0)\,h$ for every $h \ne 0$, and for $h = 0$ the equation is true "
        r"as well. So $F$ is affine.",
    ),
)
