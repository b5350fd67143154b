"""Exercises of chapter 10: mini-batches, symmetric weights, and how the loss depends on the input's scale."""

import numpy as np

from ..activation import sigmoid
from ..backprop import deltas
from ..error import E
from ..network import Network, forward
from .model import Code, Pencil, Proof
from .numbers import normal


def columns_and_batches(rng):
    size = int(rng.choice([8, 16, 32]))
    return {"N": size * int(rng.integers(20, 80)) + int(rng.integers(1, size)), "B": size}


def scaled_picture(rng):
    net = Network.random((6, 4, 3), sigmoid, int(rng.integers(1000)))
    return {"s": np.array([[0.5]]), "p": normal(rng, 6, 5), "net": net, "y": normal(rng, 3, 5)}


def answer_10a(N, B):
    steps = -(-N // B)  # N / B, rounded up
    return [steps, N - (steps - 1) * B]


def answer_10c(s, p, net, y):
    delta = deltas(net, forward(net, s * p), y)
    dE_dx = net.W[1].T @ delta[1]
    return np.array([[np.sum(dE_dx * p)]])


EXERCISES = (
    Pencil(
        tag="10.a",
        question=r"A training set has $N$ columns, and a mini-batch has $B$ of them. How many steps does gradient "
        r"descent take in one epoch, and how many columns are in the last mini-batch? Answer with a list of the two "
        r"numbers.",
        numbers=columns_and_batches,
        solution=answer_10a,
        worked=r"Dividing $N$ by $B$ and rounding up gives the number of steps. All mini-batches but the last are "
        r"full, so what is left after them is in the last one.",
        mistakes={
            "the last mini-batch is left out": lambda N, B: [N // B, N % B],
            "the last mini-batch is taken for a full one": lambda N, B: [-(-N // B), B],
        },
        hints=(
            r"Work out $N / B$. What happens to the remainder?",
            r"The last mini-batch counts as a step, too, even if it is not full.",
        ),
    ),
    Proof(
        tag="10.b",
        question=r"In a network with one hidden layer, all rows of $W^1$ are equal, all columns of $W^2$ are equal, "
        r"and all entries of $b^1$ are equal. Prove that the rows of $W^1$ are still equal after any number of steps "
        r"of gradient descent, whatever the data, the loss and the learning rate.",
        hints=(
            r"Suppose that the three statements hold before a step, and show that they hold after it.",
            r"What do equal rows and biases imply for the entries of $u^1$ and $x^1$?",
            r"Which equation gives $\delta^1$, and what do equal columns of $W^2$ imply for its entries?",
        ),
        proof=r"Suppose that the three statements hold before a step. Then all entries of $u^1 = W^1 x^0 + b^1$ are "
        r"equal, and so are all entries of $x^1 = f(u^1)$ and of $f'(u^1)$. The entry $\delta_i^1 = \sum_k \delta_k^2 "
        r"W_{ki}^2 f'(u_i^1)$ contains column $i$ of $W^2$. All columns are equal, so all entries of $\delta^1$ are "
        r"equal. Hence all rows of $\partial E/\partial W^1 = \delta^1 (x^0)^T$ are equal, and so are all entries of "
        r"$\partial E/\partial b^1 = \delta^1$. Column $i$ of $\partial E/\partial W^2 = \delta^2 (x^1)^T$ is "
        r"$\delta^2 x_i^1$, so its columns are equal, too. The step subtracts equal rows from equal rows, equal "
        r"entries from equal entries and equal columns from equal columns. The three statements therefore hold after "
        r"the step. For a batch, the same argument holds for each example, and sums of equal rows are equal.",
    ),
    Code(
        tag="10.c",
        question=r"All pixels of all pictures are multiplied by one number $s$, so that the input is $x^0 = s\,p$. "
        r"Each column of $p$ is one picture. Find $\partial E/\partial s$ for $E = \frac12\|t - y\|^2$, as a "
        r"$1\times1$ matrix.",
        numbers=scaled_picture,
        F=lambda s, p, net, y: E(forward(net, s * p).t, y),
        with_respect_to="s",
        solution=answer_10c,
        mistakes={
            "value for derivative": lambda s, p, net, y: s * answer_10c(s, p, net, y),
            "sign": lambda s, p, net, y: -answer_10c(s, p, net, y),
            "mean for sum": lambda s, p, net, y: answer_10c(s, p, net, y) / 5,
        },
        hints=(
            r"The number $s$ reaches $E$ along one path for each pixel of each picture.",
            r"Along the path through $x_{jn}^0 = s\,p_{jn}$ the derivative is $\partial E/\partial x_{jn}^0 \cdot "
            r"p_{jn}$.",
            r"Compute $\partial E/\partial x^0 = (W^1)^T\delta^1$, multiply by $p$ entry by entry, and add everything "
            r"up.",
        ),
    ),
)
