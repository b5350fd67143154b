"""Exercises of chapter 07: the gradients of E with respect to W and b."""

import numpy as np

from .model import Code
from .numbers import normal


def decayed_layer(rng):
    return {"W": normal(rng, 2, 3), "b": normal(rng, 2, 1), "x": normal(rng, 3, 5), "y": normal(rng, 2, 5), "lam": 0.3}


def layer_without_bias(rng):
    return {"V": normal(rng, 2, 4), "z": np.vstack([normal(rng, 3, 5), np.ones((1, 5))]), "y": normal(rng, 2, 5)}


def answer_7a(W, b, x, y, lam):
    delta = W @ x + b - y
    return delta @ x.T + lam * W


def answer_7b(V, z, y):
    return (V @ z - y) @ z.T


EXERCISES = (
    Code(
        tag="7.a",
        question=r"Weight decay adds a term to the error, $E = \frac12\|W x + b - y\|^2 + \frac12\lambda\|W\|^2$. "
                 r"There are $N$ columns. Find $\partial E/\partial W$.",
        numbers=decayed_layer,
        F=lambda W, b, x, y, lam: np.sum((W @ x + b - y)**2) / 2 + lam * np.sum(W**2) / 2,
        with_respect_to="W",
        solution=answer_7a,
        mistakes={"mean for sum": lambda W, b, x, y, lam: (W @ x + b - y) @ x.T / 5 + lam * W,
                  "factor 2": lambda W, b, x, y, lam: 2 * ((W @ x + b - y) @ x.T + lam * W),
                  "sign": lambda W, b, x, y, lam: -(W @ x + b - y) @ x.T - lam * W,
                  "one path only": lambda W, b, x, y, lam: (W @ x + b - y) @ x.T},
        hints=(r"$E$ now depends on $W$ along two paths, one through $u$ and a direct one.",
               r"The path through $u$ gives $\delta x^T$ with $\delta = Wx + b - y$.",
               r"The direct path gives $\lambda W$. Add the two."),
    ),
    Code(
        tag="7.b",
        question=r"A bias is a weight on a constant input 1. With $V = [W\; b]$, and with $z$ for $x$ with a row of ones "
                 r"added below, the layer is $u = V z$. Find $\partial E/\partial V$ for $E = \frac12\|u - y\|^2$ and "
                 r"$N$ columns.",
        numbers=layer_without_bias,
        F=lambda V, z, y: np.sum((V @ z - y)**2) / 2,
        with_respect_to="V",
        solution=answer_7b,
        mistakes={"transposed": lambda V, z, y: z @ (V @ z - y).T,
                  "mean for sum": lambda V, z, y: (V @ z - y) @ z.T / 5,
                  "sign": lambda V, z, y: -(V @ z - y) @ z.T,
                  "last example only": lambda V, z, y: (V @ z - y)[:, [-1]] @ z[:, [-1]].T},
        hints=(r"There is only one parameter now, so one formula is enough.",
               r"$\delta = Vz - y$, and the input of this layer is $z$.",
               r"The answer is $\delta z^T$. Look at its last column, and compare it with the formula for $\partial E/\partial b$."),
    ),
)
