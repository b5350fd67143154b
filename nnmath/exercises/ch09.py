"""Exercises of chapter 09: back-propagation and gradient descent."""

import numpy as np

from ..activation import tanh
from ..error import E
from .model import Code, Pencil, Proof
from .numbers import integers, normal


def one_linear_unit(rng):
    """A unit whose output differs from its target, so that the step is not zero, and whose new weights are not zero."""
    while True:
        W, b, x, y = (integers(rng, *shape) for shape in ((1, 2), (1, 1), (2, 1), (1, 1)))
        if (W @ x + b != y).all() and answer_9a(W, b, x, y, 0.5).any():
            return {"W": W, "b": b, "x": x, "y": y, "eta": 0.5}


def tied(rng):
    return {"W": normal(rng, 3, 4), "x": normal(rng, 4, 5), "y": normal(rng, 4, 5)}


def second_use(W, x, y):
    """The gradient along the path through the output layer's Wᵀ."""
    return np.tanh(W @ x) @ (W.T @ np.tanh(W @ x) - y).T


def first_use(W, x, y):
    """The gradient along the path through the first layer's W."""
    return ((W @ (W.T @ np.tanh(W @ x) - y)) * tanh.prime(W @ x)) @ x.T


def answer_9a(W, b, x, y, eta):
    delta = W @ x + b - y
    return W - eta * delta @ x.T


def answer_9b(W, x, y):
    u = W @ x
    x1 = np.tanh(u)
    error = W.T @ x1 - y
    delta = (W @ error) * (1 - x1**2)
    return x1 @ error.T + delta @ x.T


EXERCISES = (
    Pencil(
        tag="9.a",
        question=r"A single unit has no activation function, $t = W x + b$, and the loss is $E = \frac12(t - y)^2$. "
        r"Take one step of gradient descent. What is $W$ after it?",
        numbers=one_linear_unit,
        solution=answer_9a,
        mistakes={
            "a step uphill": lambda W, b, x, y, eta: W + eta * (W @ x + b - y) @ x.T,
            "learning rate forgotten": lambda W, b, x, y, eta: W - (W @ x + b - y) @ x.T,
            "only the step": lambda W, b, x, y, eta: -eta * (W @ x + b - y) @ x.T,
        },
        hints=(
            r"Without $f$, $\delta$ is simply $t - y$.",
            r"$\partial E/\partial W = \delta\,x^T$.",
            r"Subtract $\eta$ times the gradient from the old $W$.",
        ),
        worked=r"$\delta = W x + b - y$, the gradient is $\delta\,x^T$, and the new weights are $W - "
        r"\eta\,\delta\,x^T$.",
    ),
    Code(
        tag="9.b",
        question=r"An autoencoder with *tied* weights uses the same matrix in both layers, the second time transposed: "
        r"$t = W^T \tanh(W x)$, with $E = \frac12\|t - y\|^2$. Find $\partial E/\partial W$.",
        numbers=tied,
        F=lambda W, x, y: E(W.T @ np.tanh(W @ x), y),
        with_respect_to="W",
        solution=answer_9b,
        mistakes={
            "one path only": first_use,
            "later layer only": second_use,
            "transposed": lambda W, x, y: answer_9b(W, x, y).T,
        },
        hints=(
            (
                r"Pretend that there are two matrices, $u = Wx$ and $t = V^T x^1$ with $x^1 = \tanh(u)$. "
                r"Differentiate with respect to each, and then add."
            ),
            (
                r"With respect to $V$ the gradient is $x^1 (t - y)^T$. With respect to $W$ it is $\delta\, x^T$ with "
                r"$\delta = (V (t - y)) \circ f'(u)$."
            ),
            r"Put $V = W$ and add the two.",
        ),
    ),
    Proof(
        tag="9.c",
        question=r"Let $E = \frac12 a w^2$ with $a > 0$, a bowl in a single weight. Show that gradient descent with "
        r"learning rate $\eta$ makes $w_s = (1 - \eta a)^s\,w_0$ after $s$ steps. For which $\eta$ does it "
        r"reach the bottom? Which $\eta$ gets there in one step, and what happens for the others?",
        hints=(
            r"The derivative is $a w$, so one step is $w \leftarrow w - \eta a w$.",
            r"A power $r^s$ goes to zero exactly if $|r| < 1$.",
        ),
        proof=r"One step is $w \leftarrow w - \eta a w = (1 - \eta a)w$, and $s$ steps multiply by $(1 - \eta a)^s$. "
        r"For $w_0 \ne 0$ this goes to zero exactly if $|1 - \eta a| < 1$, that is if $0 < \eta < 2/a$. At $\eta "
        r"= 1/a$ the factor is zero and one step is enough. Below $1/a$ the factor is positive and $w$ "
        r"approaches zero from one side; between $1/a$ and $2/a$ it is negative and $w$ jumps from one side to "
        r"the other, closer each time; at $2/a$ it jumps back and forth between $w_0$ and $-w_0$ forever; and "
        r"above $2/a$ it moves away. In a network, different directions have different curvatures $a$. The "
        r"steepest one limits the learning rate, and the flattest one then takes the longest.",
    ),
)
