"""Exercises of Chapter 4: the derivative of one layer with respect to x."""

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
            r"Write $v_1$ as a weighted sum of $u_1$, $u_2$, and $u_3$. What are the coefficients?",
            r"Use (4.5), with row 1 of $V$, written as a column, in place of $c$.",
        ),
    ),
    Proof(
        tag="4.c",
        question=r"Let $F = c_1u_1 + \dots + c_mu_m$ with $u = W\cdot x + b$, and add a column $d$ to the input, so "
        r"that all the inputs change at once. The change in $F$ can be computed in two ways. Carry $d$ forward to "
        r"the outputs, which gives $c^T(W d)$, or carry $c$ back to the inputs, which gives $(W^T c)^T d$. Prove that "
        r"both are right. Then suppose that you want all $n$ partial derivatives $\partial F/\partial x_j$. How many "
        r"products with $W$ does the first way need, and how many products with $W^T$ does the second?",
        hints=(
            r"For the first way, subtract $u$ at $x$ from $u$ at $x + d$.",
            r"Written out, the first way is $\sum_k c_k \sum_j W_{kj}\, d_j$. Change the order of the two sums.",
            r"The partial derivative with respect to $x_j$ is the change in $F$ for $d = e_j$.",
        ),
        proof=r"The outputs change by $W(x + d) + b - (W x + b) = W d$, so $F$ changes by $\sum_k c_k (W d)_k = c^T "
        r"(W d)$. Written out and summed in the other order, this is $\sum_k c_k \sum_j W_{kj}\, d_j = \sum_j "
        r"\left(\sum_k c_k W_{kj}\right) d_j = \sum_j (W^T c)_j\, d_j = (W^T c)^T d$."
        "\n\n"
        r"$F$ is affine in $x$, so $\partial F/\partial x_j$ is the change in $F$ for $d = e_j$. The first way needs "
        r"one product $W e_j$ for each input, $n$ products in all. The second needs a single product, because $W^T c$ "
        r"does not depend on $d$, and its entries are the $n$ derivatives. When there are many variables and one "
        r"number that depends on them, it pays to go backward.",
    ),
)
