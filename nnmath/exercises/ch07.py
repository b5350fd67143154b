"""Exercises of Chapter 7: the gradients with respect to W and b."""

import numpy as np

from .model import Code, Pencil, Proof
from .numbers import integers, normal


def two_examples(rng):
    return {"delta": integers(rng, 2, 2), "x": integers(rng, 3, 2)}


def layer_with_gain(rng):
    return {
        "g": np.array([[0.75]]),
        "W": normal(rng, 3, 2),
        "b": normal(rng, 3, 1),
        "x": normal(rng, 2, 5),
        "y": normal(rng, 3, 5),
    }


def layer_without_bias(rng):
    return {"V": normal(rng, 2, 4), "z": np.vstack([normal(rng, 3, 5), np.ones((1, 5))]), "y": normal(rng, 2, 5)}


def answer_7a(delta, x):
    return delta @ x.T


def answer_7b(g, W, b, x, y):
    delta = g * (W @ x) + b - y
    return np.sum(delta * (W @ x), keepdims=True)


def answer_7c(V, z, y):
    return (V @ z - y) @ z.T


EXERCISES = (
    Pencil(
        tag="7.a",
        question=r"A layer with three inputs and two units is run on two examples. Its input $x$ and its $\delta$ have "
        r"one column for each example. Find $\partial E/\partial W$.",
        numbers=two_examples,
        solution=answer_7a,
        mistakes={
            "transposed": lambda delta, x: x @ delta.T,
            "last example only": lambda delta, x: delta[:, [-1]] @ x[:, [-1]].T,
            "mean for sum": lambda delta, x: delta @ x.T / 2,
        },
        hints=(
            r"The answer has the shape of $W$, which is $2\times3$.",
            r"For one example, entry $i, j$ is $\delta_i x_j$.",
            r"The gradients of the two examples are added.",
        ),
        worked=r"Entry $i, j$ is $\delta_{i1}x_{j1} + \delta_{i2}x_{j2}$, one product for each example. All six "
        r"entries together are $\delta\,x^T$.",
    ),
    Code(
        tag="7.b",
        question=r"Some layers have a *gain*, a factor that scales the weighted sums before the bias is added. Here "
        r"one gain $g$ serves all the units, $u = g\,W x + b$. Find $\partial E/\partial g$ for $E = "
        r"\frac12\|u - y\|^2$ and five examples. The answer is a $1\times1$ array.",
        numbers=layer_with_gain,
        F=lambda g, W, b, x, y: np.sum((g * (W @ x) + b - y) ** 2) / 2,
        with_respect_to="g",
        solution=answer_7b,
        mistakes={
            "mean for sum": lambda g, W, b, x, y: answer_7b(g, W, b, x, y) / 5,
            "sign": lambda g, W, b, x, y: -answer_7b(g, W, b, x, y),
            "factor 2": lambda g, W, b, x, y: 2 * answer_7b(g, W, b, x, y),
        },
        hints=(
            r"On how many paths does $g$ reach the loss? There is one through every entry of $u$.",
            r"$\delta = u - y$ here, and $\partial u_{kn}/\partial g = (Wx)_{kn}$.",
            r"Multiply along each path and add over all of them, units and examples alike.",
        ),
    ),
    Code(
        tag="7.c",
        question=r"A bias can be seen as a weight on a constant input of 1. Let $V = [W\; b]$, and let $z$ be $x$ with "
        r"a row of ones added at the bottom. Then the layer is $u = V z$. Find $\partial E/\partial V$ for $E = "
        r"\frac12\|u - y\|^2$ and $N$ columns. What do you notice about its last column?",
        numbers=layer_without_bias,
        F=lambda V, z, y: np.sum((V @ z - y) ** 2) / 2,
        with_respect_to="V",
        solution=answer_7c,
        mistakes={
            "transposed": lambda V, z, y: z @ (V @ z - y).T,
            "mean for sum": lambda V, z, y: (V @ z - y) @ z.T / 5,
            "sign": lambda V, z, y: -(V @ z - y) @ z.T,
            "last example only": lambda V, z, y: (V @ z - y)[:, [-1]] @ z[:, [-1]].T,
        },
        hints=(
            r"There is only one parameter now, so one formula is enough.",
            r"$\delta = Vz - y$, and the input of this layer is $z$.",
            r"The answer is $\delta z^T$. The last row of $z$ is all ones. What does that do to the last column?",
        ),
    ),
    Proof(
        tag="7.d",
        question=r"Training changes $W^1$ by adding multiples of $\partial E/\partial W^1$ again and again. Show that, "
        r"whatever the $\delta$'s are, every row of $W^1$ differs from its starting value by a linear "
        r"combination of the training inputs (written as rows). What does this imply about the weights of a "
        r"pixel that is 0 in all the training examples?",
        hints=(
            r"Look at row $i$ of $\delta^1 (x^0)^T$, written as a sum over the examples.",
            r"A sum of linear combinations of the inputs is again a linear combination of the inputs.",
        ),
        proof=r"Row $i$ of $\delta^1(x^0)^T = \sum_n \delta_{\cdot n}^1 (x_{\cdot n}^0)^T$ is $\sum_n \delta_{in}^1 "
        r"(x_{\cdot n}^0)^T$, which is a linear combination of the inputs (as rows). Each step adds such a row, "
        r"and the sum of such rows is such a row again. So every row of $W^1$ is always its starting value plus a "
        r"linear combination of the inputs. If pixel $j$ is 0 in every example, then entry $j$ of "
        r"every such combination is 0, so the weights $W_{ij}^1$ never change. They keep the random values with which "
        r"they started, and a new picture that has something in this pixel meets untrained weights.",
    ),
)
