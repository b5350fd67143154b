"""Exercises of Chapter 9: back-propagation and gradient descent."""

import numpy as np

from ..activation import tanh
from ..error import E
from .model import Code, Pencil, Proof
from .numbers import integers, normal


def one_linear_unit(rng):
    """A unit whose output differs from its target, so that the step is not zero, and whose new weights are not zero.

    A step on W and b multiplies t − y by 1 − η(1 + ‖x‖²), and ‖x‖² is 18 at most, so each step lowers the loss.
    """
    eta = 0.05
    while True:
        W, b, x, y = (integers(rng, *shape) for shape in ((1, 2), (1, 1), (2, 1), (1, 1)))
        if (W @ x + b != y).all() and answer_9a(W, b, x, y, eta).any():
            return {"W": W, "b": b, "x": x, "y": y, "eta": eta}


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


def three_layers(rng):
    """The middle layer is square, so that its weights fit without the transpose, too."""
    shapes = {"W1": (3, 4), "b1": (3, 1), "W2": (3, 3), "b2": (3, 1), "W3": (2, 3), "b3": (2, 1)}
    return {name: normal(rng, *shape) for name, shape in {**shapes, "x": (4, 5), "y": (2, 5)}.items()}


def loss_of_three_layers(W1, b1, W2, b2, W3, b3, x, y):
    return E(np.tanh(W3 @ np.tanh(W2 @ np.tanh(W1 @ x + b1) + b2) + b3), y)


def answer_9d(W1, b1, W2, b2, W3, b3, x, y):
    x1 = np.tanh(W1 @ x + b1)
    x2 = np.tanh(W2 @ x1 + b2)
    x3 = np.tanh(W3 @ x2 + b3)
    delta3 = (x3 - y) * (1 - x3**2)
    delta2 = (W3.T @ delta3) * (1 - x2**2)
    delta1 = (W2.T @ delta2) * (1 - x1**2)
    return delta1 @ x.T


def first_blame(back, slope):
    """The answer to 9.d with another last step back: back(W2, δ²) and slope(u¹) in place of (W²)ᵀδ² and f′(u¹)."""

    def answer(W1, b1, W2, b2, W3, b3, x, y):
        u1 = W1 @ x + b1
        u2 = W2 @ np.tanh(u1) + b2
        u3 = W3 @ np.tanh(u2) + b3
        delta2 = (W3.T @ ((np.tanh(u3) - y) * tanh.prime(u3))) * tanh.prime(u2)
        return (back(W2, delta2) * slope(u1)) @ x.T

    return answer


def transposed(W, delta):
    return W.T @ delta


EXERCISES = (
    Pencil(
        tag="9.a",
        question=r"A single unit has no activation function, $t = W x + b$, and the loss is $E = \frac12(t - y)^2$. "
        r"Take one step of gradient descent with learning rate $\eta$. What are the new weights $W$?",
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
        question=r"Let $E = \frac12 a w^2$ with $a > 0$, a bowl in one weight. Gradient descent with learning rate "
        r"$\eta$ starts at $w_0 \ne 0$. Show that after $s$ steps the weight is $w_s = (1 - \eta a)^s\,w_0$. For "
        r"which $\eta$ does it converge to the bottom of the bowl? Which $\eta$ takes it there in a single step, and "
        r"how does the weight move for every other $\eta$?",
        hints=(
            r"The derivative is $a w$, so one step is $w \leftarrow w - \eta a w$.",
            r"As $s$ grows, $r^s$ converges to zero if $|r| < 1$, and for no other $r$.",
        ),
        proof=r"One step is $w \leftarrow w - \eta a w = (1 - \eta a)w$, and $s$ steps multiply by $(1 - \eta a)^s$. "
        r"For $w_0 \ne 0$ this converges to zero if and only if $|1 - \eta a| < 1$, that is, if $0 < \eta < 2/a$. At "
        r"$\eta = 1/a$ the factor is zero and one step is enough. Below $1/a$ the factor is positive and $w$ "
        r"approaches zero from one side; between $1/a$ and $2/a$ it is negative and $w$ jumps from one side to "
        r"the other, closer each time; at $2/a$ it jumps back and forth between $w_0$ and $-w_0$ forever; and "
        r"above $2/a$ it moves away. In a network, different directions have different curvatures $a$. The "
        r"steepest one limits the learning rate, and the flattest one then takes the longest.",
    ),
    Code(
        tag="9.d",
        question=r"Write a whole backward pass in plain NumPy. The network has three layers, all with tanh, $u^l = W^l "
        r"x^{l-1} + b^l$ and $x^l = \tanh(u^l)$, and the loss is $E = \frac12\|x^3 - y\|^2$ for five examples. Return "
        r"$\partial E/\partial W^1$, the gradient whose computation needs every step of the backward pass. In code "
        r"the input $x^0$ is `x`.",
        numbers=three_layers,
        F=loss_of_three_layers,
        with_respect_to="W1",
        solution=answer_9d,
        mistakes={
            "f′ missing": first_blame(transposed, lambda u: 1.0),
            "f′ at f(u)": first_blame(transposed, lambda u: tanh.prime(np.tanh(u))),
            "W for Wᵀ": first_blame(lambda W, delta: W @ delta, tanh.prime),
            "mean for sum": lambda **numbers: answer_9d(**numbers) / 5,
            "sign": lambda **numbers: -answer_9d(**numbers),
        },
        hints=(
            r"Go forward first, and keep $x^1$, $x^2$ and $x^3$. For tanh, $f'(u^l) = 1 - (x^l)^2$.",
            r"Start with $\delta^3 = (x^3 - y) \circ f'(u^3)$, and use the recursion twice.",
            r"The last line is $\delta^1 (x^0)^T$.",
        ),
    ),
)
