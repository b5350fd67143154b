"""Exercises of chapter 08: the δ recursion."""

import numpy as np

from ..activation import sigmoid, tanh
from ..backprop import deltas
from ..error import E
from ..network import Network, forward
from .model import Code
from .numbers import normal


def network(rng):
    net = Network.random((4, 3, 5, 2), tanh, int(rng.integers(1000)))
    return {"net": net, "x": normal(rng, 4, 6), "y": normal(rng, 2, 6)}    # six examples, a number that is no width


def scores_and_classes(rng):
    return {"u": normal(rng, 3, 4), "y": rng.integers(0, 2, size=(3, 4)).astype(float)}


def cross_entropy(u, y):
    t = sigmoid(u)
    return -np.sum(y * np.log(t) + (1 - y) * np.log(1 - t))


def answer_8a(net, x, y):
    delta = deltas(net, forward(net, x), y)
    return net.W[1].T @ delta[1]


def answer_8b(u, y):
    return sigmoid(u) - y


EXERCISES = (
    Code(
        tag="8.a",
        question=r"The input of a network can be changed like any other number. Find $\partial E/\partial x^0$.",
        numbers=network,
        F=lambda net, x, y: E(forward(net, x).t, y),
        with_respect_to="x",
        solution=answer_8a,
        mistakes={"f′ at the input": lambda net, x, y: answer_8a(net, x, y) * tanh.prime(x),
                  "y − t": lambda net, x, y: -answer_8a(net, x, y),
                  "mean for sum": lambda net, x, y: answer_8a(net, x, y) / 6},
        hints=(r"What is $\partial u_k^1/\partial x^0$?",
               r"You need $\sum_k \delta_k^1\, (W_k^1)^T$.",
               r"The answer is $(W^1)^T \delta^1$ without any $f'$, because the input passes through no $f$ on its way to $u^1$."),
    ),
    Code(
        tag="8.b",
        question=r"The output is a sigmoid, $t = f(u)$, and the error is the cross-entropy, "
                 r"$E = -\sum_k \left(y_k \log t_k + (1 - y_k) \log(1 - t_k)\right)$. Find $\delta = \partial E/\partial u$.",
        numbers=scores_and_classes,
        F=cross_entropy,
        with_respect_to="u",
        solution=answer_8b,
        mistakes={"f′ where it cancels": lambda u, y: sigmoid.prime(u) * (sigmoid(u) - y),
                  "y − t": lambda u, y: y - sigmoid(u),
                  "factor 2": lambda u, y: 2 * (sigmoid(u) - y),
                  "mean for sum": lambda u, y: (sigmoid(u) - y) / 4},
        hints=(r"First, $\partial E/\partial t_k = (t_k - y_k) / (t_k (1 - t_k))$.",
               r"Then multiply by $f'(u_k)$. What is $f'$ of the sigmoid in terms of $t_k$?",
               r"The two cancel, and $\delta = t - y$ remains."),
    ),
)
