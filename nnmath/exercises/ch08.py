"""Exercises of Chapter 8: the δ recursion."""

import numpy as np

from ..activation import sigmoid
from .model import Code, Pencil, Proof
from .numbers import integers, normal


def one_step_back(rng):
    """A 2-2 layer whose matrix is not symmetric, and pre-activations of different size."""
    W = integers(rng, 2, 2)
    W[0, 1] *= -1 if W[0, 1] == W[1, 0] else 1
    u = rng.permutation([1.0, 3.0]).reshape(2, 1) * integers(rng, 2, 1, largest=1)
    return {"W2": W, "delta2": integers(rng, 2, 1), "u1": u}


def residual_layer(rng):
    return {"W": normal(rng, 3, 3), "b": normal(rng, 3, 1), "u": normal(rng, 3, 4), "y": normal(rng, 3, 4)}


def residual_loss(W, b, u, y):
    return np.sum((np.tanh(W @ np.tanh(u) + b + u) - y) ** 2) / 2


def residual_parts(W, b, u, y):
    """δ² of the residual layer, and f′(u¹)."""
    t = np.tanh(W @ np.tanh(u) + b + u)
    return (1 - t**2) * (t - y), 1 - np.tanh(u) ** 2


def through_the_layer(W, b, u, y):
    delta_next, slope = residual_parts(W, b, u, y)
    return (W.T @ delta_next) * slope


def slope_on_both_paths(W, b, u, y):
    delta_next, slope = residual_parts(W, b, u, y)
    return (W.T @ delta_next + delta_next) * slope


def scores_and_classes(rng):
    return {"u": normal(rng, 3, 4), "y": rng.integers(0, 2, size=(3, 4)).astype(float)}


def cross_entropy(u, y):
    t = sigmoid(u)
    return -np.sum(y * np.log(t) + (1 - y) * np.log(1 - t))


def answer_8a(W2, delta2, u1):
    return (W2.T @ delta2) / (1 + np.abs(u1)) ** 2


def answer_8b(W, b, u, y):
    u2 = W @ np.tanh(u) + b + u
    delta2 = (1 - np.tanh(u2) ** 2) * (np.tanh(u2) - y)
    return (W.T @ delta2) * (1 - np.tanh(u) ** 2) + delta2


def answer_8c(u, y):
    return sigmoid(u) - y


EXERCISES = (
    Pencil(
        tag="8.a",
        question=r"A network with two hidden units and two outputs uses softsign, with $f'(u) = 1/(1 + |u|)^2$. The "
        r"blame of its output layer is $\delta^2$. Find $\delta^1$, the blame of its hidden layer.",
        numbers=one_step_back,
        solution=answer_8a,
        mistakes={
            "f′ missing": lambda W2, delta2, u1: W2.T @ delta2,
            "W for Wᵀ": lambda W2, delta2, u1: (W2 @ delta2) / (1 + np.abs(u1)) ** 2,
            "parenthesis misplaced": lambda W2, delta2, u1: W2.T @ (delta2 / (1 + np.abs(u1)) ** 2),
        },
        hints=(
            r"Unit 1 feeds both units of the next layer, through $W_{11}^2$ and $W_{21}^2$. These are a *column* of "
            r"$W^2$.",
            r"Add the two paths before you multiply by $f'$.",
            r"$f'(1) = \frac14$ and $f'(3) = \frac1{16}$, and the sign of $u$ does not matter.",
        ),
        worked=r"$\delta_i^1 = (\delta_1^2 W_{1i}^2 + \delta_2^2 W_{2i}^2)\,f'(u_i^1)$ for $i = 1, 2$, that is "
        r"$\delta^1 = ((W^2)^T\delta^2) \circ f'(u^1)$.",
    ),
    Code(
        tag="8.b",
        question=r"In a residual network, a block adds its input to what it computes. Here the input of the block is "
        r"$u^1$, and $u^2 = W f(u^1) + b + u^1$. With $t = f(u^2)$, $E = \frac12\|t - y\|^2$, and tanh for $f$, find "
        r"$\delta^1 = \partial E/\partial u^1$. In code $u^1$ is `u`.",
        numbers=residual_layer,
        F=residual_loss,
        with_respect_to="u",
        solution=answer_8b,
        mistakes={
            "one path only": through_the_layer,
            "f′ on the direct path": slope_on_both_paths,
            "sign": lambda **numbers: -answer_8b(**numbers),
        },
        hints=(
            r"First find $\delta^2$. Nothing is new there.",
            r"$u_i^1$ now reaches $u_i^2$ on two paths, through the layer and directly.",
            r"The direct path has the derivative 1, so it hands $\delta^2$ back unchanged. That is why very deep "
            r"residual networks can be trained.",
        ),
    ),
    Code(
        tag="8.c",
        question=r"A network that answers yes-or-no questions often has sigmoid outputs, $t = f(u)$, and targets 0 and "
        r"1. Its loss is the *cross-entropy* $E = -\sum \left(y \log t + (1 - y) \log(1 - t)\right)$, a sum over "
        r"all entries. Find $\delta = \partial E/\partial u$ for such an output layer, and simplify the result.",
        numbers=scores_and_classes,
        F=cross_entropy,
        with_respect_to="u",
        solution=answer_8c,
        mistakes={
            "f′ where it cancels": lambda u, y: sigmoid.prime(u) * (sigmoid(u) - y),
            "y − t": lambda u, y: y - sigmoid(u),
            "factor 2": lambda u, y: 2 * (sigmoid(u) - y),
            "mean for sum": lambda u, y: (sigmoid(u) - y) / 4,
        },
        hints=(
            r"Use the general start, $\delta = f'(u) \circ \partial E/\partial t$.",
            r"$\partial E/\partial t = (t - y) / (t (1 - t))$, entry by entry.",
            r"The sigmoid has $f'(u) = t(1 - t)$, and the two cancel. A saturated output that is wrong keeps its "
            r"full $\delta$.",
        ),
    ),
    Proof(
        tag="8.d",
        question=r"Two hidden units of the same layer start as *twins*: their biases are equal, the weights into them "
        r"are equal, and the weights out of them are equal. Show that they are still twins after any number "
        r"of steps of gradient descent. (This is why the weights must not all start at the same value.)",
        hints=(
            r"Show first that twins have the same $u$ and the same $x$ for every input.",
            r"Then show with the recursion that they have the same $\delta$.",
            r"Compare the gradients of the weights into them and out of them.",
        ),
        proof=r"Let $i$ and $j$ be the twins, in layer $l$. Their weights and biases into $u$ are equal, so $u_i^l = "
        r"u_j^l$ and $x_i^l = x_j^l$ for every input. In the recursion, $\delta_i^l = \sum_k \delta_k^{l+1} "
        r"W_{ki}^{l+1} f'(u_i^l)$, and every factor stays the same if $i$ is replaced by $j$, because "
        r"$W_{ki}^{l+1} = W_{kj}^{l+1}$. So $\delta_i^l = \delta_j^l$. The gradients with respect to the weights "
        r"into the two, $\delta_i^l (x^{l-1})^T$ and $\delta_j^l (x^{l-1})^T$, are therefore equal, and so are "
        r"those of the biases. The gradients with respect to the weights out of them, $\delta_k^{l+1} x_i^l$ and "
        r"$\delta_k^{l+1} x_j^l$, are equal as well. Hence one step changes equal numbers by equal amounts. They "
        r"are still twins, and the same holds for every later step.",
    ),
)
