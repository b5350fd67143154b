"""Exercises of Chapter 5: the derivative of one layer with respect to x, through f."""

import numpy as np

from ..activation import sigmoid
from ..layer import e
from .model import Code, Pencil, Proof
from .numbers import integers, normal


def softsign_layer(rng):
    W = integers(rng, 1, 2, largest=5)
    x = rng.permutation([[1.0], [3.0]]) * rng.choice([-1.0, 1.0], size=(2, 1))  # so that f′ is ¼ or 1/16
    return {"W": W, "x": x}


def gated(rng):
    return {"x": normal(rng, 5, 1), "c": normal(rng, 5, 1)}


def softmax_values(rng):
    u = normal(rng, 4, 1)
    return {"u": u, "t": np.exp(u) / np.exp(u).sum(), "k": int(rng.integers(4))}


def answer_5a(W, x):
    return W.T / (1 + np.abs(x)) ** 2


def answer_5b(x, c):
    s = sigmoid(x)
    return c * (s + x * s * (1 - s))


def answer_5c(u, t, k):
    return t[k] * (e(k, 4) - t)


EXERCISES = (
    Pencil(
        tag="5.a",
        question=r"A layer has one output, $u_1 = W\cdot f(x) + b_1$, and $f$ is softsign, $f(x) = x/(1 + |x|)$. "
        r"Find $\partial u_1/\partial x$ as a column. You may enter fractions such as `1/16`.",
        numbers=softsign_layer,
        solution=answer_5a,
        worked=r"By (5.5) the derivative of $f$ is $1/(1 + |x_i|)^2$, which is $1/4$ where $|x_i| = 1$ and $1/16$ "
        r"where $|x_i| = 3$. By (5.2) the entries are $W_{11} f'(x_1)$ and $W_{12} f'(x_2)$.",
        mistakes={
            "f′ missing": lambda W, x: W.T,
            "f for f′": lambda W, x: W.T * x / (1 + np.abs(x)),
            "the square is missing": lambda W, x: W.T / (1 + np.abs(x)),
        },
        hints=(r"First find $f'(x_1)$ and $f'(x_2)$ from (5.5).", r"Multiply each by its own weight."),
    ),
    Code(
        tag="5.b",
        question=r"The activation function *SiLU* is $f(x) = x\,\sigma(x)$, where $\sigma$ is the sigmoid, "
        r"`nn.sigmoid`. Find $\partial F/\partial x$ for $F = \sum_i c_i f(x_i)$.",
        numbers=gated,
        F=lambda x, c: np.sum(c * x * sigmoid(x)),
        with_respect_to="x",
        solution=answer_5b,
        mistakes={
            "f′ missing": lambda x, c: c,
            "f for f′": lambda x, c: c * x * sigmoid(x),
            "one path only": lambda x, c: c * sigmoid(x),
            "· for ∘": lambda x, c: c.T @ (sigmoid(x) + x * sigmoid.prime(x)),
        },
        hints=(
            r"Use the product rule. The variable $x$ appears in two factors.",
            r"$f'(x) = \sigma(x) + x\,\sigma'(x)$, and $\sigma'$ is (5.3).",
            r"Each $x_i$ has its own coefficient $c_i$, so multiply entry by entry.",
        ),
    ),
    Code(
        tag="5.c",
        question=r"Softmax, $t_k = e^{u_k} / \sum_j e^{u_j}$, does not act entry by entry. "
        r"Find $\partial t_k/\partial u$. The array `t` is given.",
        numbers=softmax_values,
        F=lambda u, t, k: (np.exp(u) / np.exp(u).sum())[k],
        with_respect_to="u",
        solution=answer_5c,
        mistakes={
            "softmax entry by entry": lambda u, t, k: e(k, 4) * t[k] * (1 - t[k]),
            "f for f′": lambda u, t, k: t,
            "sign": lambda u, t, k: t[k] * (t - e(k, 4)),
        },
        hints=(
            r"Raise $u_i$ for an $i \ne k$. The denominator grows, so $t_k$ falls. How fast?",
            r"For $i \ne k$ the derivative is $-t_k t_i$, and for $i = k$ it is $t_k - t_k^2$.",
            r"Both cases in one line are $t_k\,(e_k - t)$.",
        ),
    ),
    Proof(
        tag="5.d",
        question=r"Let $\sigma$ be the sigmoid. Prove that $\sigma'(x) \le \frac14$ for every $x$, and that "
        r"$\tanh(x) = 2\,\sigma(2x) - 1$. Conclude that $\tanh'(x) \le 1$. A small change passes "
        r"through ten sigmoid units in a row, with weights of absolute value 1 between them. By at least what factor "
        r"does it shrink?",
        hints=(
            r"By (5.3), $\sigma' = \sigma\,(1 - \sigma)$. For which number $s$ is $s\,(1 - s)$ largest?",
            r"Multiply the numerator and the denominator of $\tanh(x) = (e^x - e^{-x})/(e^x + e^{-x})$ by "
            r"$e^{-x}$.",
        ),
        proof=r"With $s = \sigma(x)$ we have $\sigma'(x) = s\,(1 - s) = \frac14 - \left(s - \frac12\right)^2 \le "
        r"\frac14$, with equality for $s = \frac12$, that is, at $x = 0$."
        "\n\n"
        r"Multiplying the numerator and the denominator by $e^{-x}$, we get $\tanh(x) = (1 - e^{-2x})/(1 + "
        r"e^{-2x}) = \left(2 - (1 + e^{-2x})\right)/(1 + e^{-2x}) = 2\,\sigma(2x) - 1$. By the chain rule, "
        r"$\tanh'(x) = 4\,\sigma'(2x) \le 1$."
        "\n\n"
        r"Each sigmoid multiplies a small change by at most $\frac14$, so ten of them multiply it by at most "
        r"$4^{-10}$, less than one millionth. This is the *vanishing gradient* of Chapter 10.",
    ),
)
