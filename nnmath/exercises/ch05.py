"""Exercises of chapter 05: the derivative of one layer with respect to x, through f."""

import numpy as np

from ..activation import sigmoid, tanh
from ..layer import e
from .model import Code
from .numbers import normal


def softmax(u):
    return np.exp(u) / np.exp(u).sum()


def sigmoid_values(rng):
    u = normal(rng, 5, 1)
    return {"u": u, "s": sigmoid(u)}


def tanh_values(rng):
    x = normal(rng, 5, 1)
    return {"x": x, "a": np.tanh(x), "c": normal(rng, 5, 1)}


def softmax_values(rng):
    u = normal(rng, 4, 1)
    return {"u": u, "t": softmax(u), "k": int(rng.integers(4))}


def answer_5a(u, s):
    return s * (1 - s)


def answer_5b(x, a, c):
    return c * (1 - a**2)


def answer_5c(u, t, k):
    return t[k] * (e(k, 4) - t)


EXERCISES = (
    Code(
        tag="5.a",
        question=r"Write $f'(u)$ of the sigmoid in terms of $f(u)$ alone. Here $F = \sum_k f(u_k)$ is differentiated with "
                 r"respect to $u$, and `s` is $f(u)$, already computed.",
        numbers=sigmoid_values,
        F=lambda u, s: np.sum(sigmoid(u)),
        with_respect_to="u",
        solution=answer_5a,
        mistakes={"f for f′": lambda u, s: s,
                  "f′ at f(u)": lambda u, s: sigmoid.prime(s),
                  "f′ twice": lambda u, s: (s * (1 - s))**2,
                  "sign": lambda u, s: -s * (1 - s)},
        hints=(r"Differentiate $1/(1 + e^{-u})$.",
               r"You get $e^{-u}/(1 + e^{-u})^2$. One factor of it is $s$. What is the other one?",
               r"The answer is $s\,(1 - s)$. It takes $s = f(u)$, whereas `prime` takes $u$, so be sure which one you have."),
    ),
    Code(
        tag="5.b",
        question=r"For tanh and $F = \sum_i c_i \tanh(x_i)$, find $\partial F/\partial x$ from `a` $= \tanh(x)$.",
        numbers=tanh_values,
        F=lambda x, a, c: np.sum(c * np.tanh(x)),
        with_respect_to="x",
        solution=answer_5b,
        mistakes={"f′ missing": lambda x, a, c: c,
                  "f for f′": lambda x, a, c: c * a,
                  "f′ at f(u)": lambda x, a, c: c * tanh.prime(a),
                  "f′ twice": lambda x, a, c: c * (1 - a**2)**2,
                  "· for ∘": lambda x, a, c: c.T @ (1 - a**2)},
        hints=(r"$\tanh = \sinh/\cosh$, and $\cosh^2 - \sinh^2 = 1$.",
               r"$\tanh' = 1 - \tanh^2$, entry by entry.",
               r"Each entry of $x$ has its own factor $c_i$, so use the Hadamard product ∘, in code `*`."),
    ),
    Code(
        tag="5.c",
        question=r"A softmax, $t_k = e^{u_k} / \sum_j e^{u_j}$, does not act entry by entry. "
                 r"Find $\partial t_k/\partial u$. The array `t` is already computed.",
        numbers=softmax_values,
        F=lambda u, t, k: softmax(u)[k],
        with_respect_to="u",
        solution=answer_5c,
        mistakes={"softmax entry by entry": lambda u, t, k: e(k, 4) * t[k] * (1 - t[k]),
                  "f for f′": lambda u, t, k: t,
                  "sign": lambda u, t, k: t[k] * (t - e(k, 4))},
        hints=(r"Raise $u_i$ for an $i \ne k$. The denominator grows, so $t_k$ falls. How fast?",
               r"For $i \ne k$ the derivative is $-t_k t_i$, and for $i = k$ it is $t_k - t_k^2$.",
               r"Both cases in one line are $t_k\,(e_k - t)$."),
    ),
)
