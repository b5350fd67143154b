"""Exercises of Chapter 6: the forward pass and the loss."""

import numpy as np

from ..activation import softsign
from ..error import E
from ..network import Network, forward
from .model import Code, Pencil, Proof
from .numbers import integers, normal


def two_layers(rng):
    """A 2-2-1 network in which the hidden f matters, and a target of ±½ that is not met."""
    while True:
        W1, b1, W2, b2, x0 = (integers(rng, *shape) for shape in ((2, 2), (2, 1), (1, 2), (1, 1), (2, 1)))
        numbers = {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "x0": x0, "y": np.sign(integers(rng, 1, 1)) / 2}
        right, without_f = answer_6a(**numbers), loss_without_f(**numbers)
        if right > 0.01 and abs(right - without_f) > 0.1 * without_f:
            return numbers


def output_and_target(rng):
    return {"t": normal(rng, 3, 4), "y": normal(rng, 3, 4)}


def answer_6a(W1, b1, W2, b2, x0, y):
    net = Network({1: W1, 2: W2}, {1: b1, 2: b2}, softsign)
    return E(forward(net, x0).t, y)


def loss_without_f(W1, b1, W2, b2, x0, y):
    """The loss if the hidden layer has no activation function."""
    return E(softsign(W2 @ (W1 @ x0 + b1) + b2), y)


def answer_6b(t, y):
    return np.tanh(t - y)


EXERCISES = (
    Pencil(
        tag="6.a",
        question=r"A network with two inputs, two hidden units, and one output uses softsign, $f(u) = u/(1 + |u|)$, in "
        r"both layers. Find its loss $E = \frac12(t - y)^2$. Give a fraction, or a decimal with four significant "
        r"digits.",
        numbers=two_layers,
        solution=answer_6a,
        mistakes={
            "factor 2": lambda **numbers: 2 * answer_6a(**numbers),
            "f missing in the hidden layer": loss_without_f,
        },
        hints=(
            r"Compute $u^1 = W^1 x^0 + b^1$ first, then $x^1 = f(u^1)$, then $u^2 = W^2 x^1 + b^2$, then $t = "
            r"f(u^2)$.",
            r"Softsign keeps the sign: $f(-3) = -\frac34$.",
            r"There is only one output, so $E$ has only one term.",
        ),
        worked=r"Each layer is one product, one sum and one $f$: $u^1 = W^1 x^0 + b^1$, $x^1 = f(u^1)$, "
        r"$u^2 = W^2 x^1 + b^2$, $t = f(u^2)$, and then $E = \frac12(t - y)^2$.",
    ),
    Code(
        tag="6.b",
        question=r"With the squared error, a single large error weighs very heavily. The loss $E = \sum_{k,n} "
        r"\log\cosh(t_{kn} - y_{kn})$ behaves like the squared error near zero, but far out it grows only like "
        r"$|t - y|$. Find $\partial E/\partial t$.",
        numbers=output_and_target,
        F=lambda t, y: np.sum(np.log(np.cosh(t - y))),
        with_respect_to="t",
        solution=answer_6b,
        mistakes={
            "value for derivative": lambda t, y: np.log(np.cosh(t - y)),
            "y − t": lambda t, y: np.tanh(y - t),
            "factor ½": lambda t, y: np.tanh(t - y) / 2,
        },
        hints=(
            r"Each entry of $t$ occurs in one term of the sum only.",
            r"The derivative of $\log v$ is $1/v$, and the derivative of $\cosh$ is $\sinh$.",
            r"$\sinh/\cosh$ has a name. It is never larger than 1, so a single wrong answer cannot dominate.",
        ),
    ),
    Proof(
        tag="6.c",
        question=r"A network has learned to ignore its input and gives the same output $c$ for all $N$ examples. Show "
        r"that the loss $\frac12\sum_n \|c - y_{\cdot n}\|^2$ is smallest when $c$ is the mean of the "
        r"targets, $\bar y = \frac1N\sum_n y_{\cdot n}$.",
        hints=(
            r"Find the derivative with respect to $c$ and set it to zero.",
            r"To see that this is the smallest value and not just a stationary point, write "
            r"$c - y_{\cdot n} = (c - \bar y) + (\bar y - y_{\cdot n})$ and multiply out.",
        ),
        proof=r"Write $c - y_{\cdot n} = (c - \bar y) + (\bar y - y_{\cdot n})$ and multiply out the square. Summed "
        r"over $n$, the mixed terms give $2(c - \bar y)\cdot\sum_n(\bar y - y_{\cdot n})$, and this sum is zero "
        r"by the definition of the mean. So $\sum_n\|c - y_{\cdot n}\|^2 = N\|c - \bar y\|^2 + \sum_n\|\bar y - "
        r"y_{\cdot n}\|^2$. The second term does not depend on $c$, and the first is zero for $c = \bar y$ and "
        r"positive otherwise. (This is why the loss of an untrained network often falls quickly to a first "
        r"plateau: it has learned the mean of the targets, which needs no more than the output biases.)",
    ),
)
