"""Exercises of Chapter 10: mini-batches, He initialization, the input's scale, and a listing with three mistakes."""

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


def three_square_layers(rng):
    """Three layers of one width, so that the shapes of a wrong formula fit."""
    return {"W": normal(rng, 3, 4, 4), "b": normal(rng, 3, 4, 1), "x": normal(rng, 4, 5), "y": normal(rng, 4, 5)}


def answer_10a(N, B):
    steps = -(-N // B)  # N / B, rounded up
    return [steps, N - (steps - 1) * B]


def answer_10c(s, p, net, y):
    delta = deltas(net, forward(net, s * p), y)
    dE_dx = net.W[1].T @ delta[1]
    return np.array([[np.sum(dE_dx * p)]])


def answer_10d(W, b, x, y):
    a, N = {0: x}, x.shape[1]
    for l in (1, 2, 3):
        a[l] = sigmoid(W[l - 1] @ a[l - 1] + b[l - 1])
    delta, dE_dW = (a[3] - y) * a[3] * (1 - a[3]) / N, np.zeros_like(W)
    for l in (3, 2, 1):
        dE_dW[l - 1] = delta @ a[l - 1].T
        delta = (W[l - 1].T @ delta) * a[l - 1] * (1 - a[l - 1])
    return dE_dW


def left_in(*mistakes):
    """The listing of 10.d with some of its three mistakes: "start", "gradient", "step back"."""

    def answer(W, b, x, y):
        a, N = {0: x}, x.shape[1]
        for l in (1, 2, 3):
            a[l] = sigmoid(W[l - 1] @ a[l - 1] + b[l - 1])
        delta, dE_dW = (a[3] - y) * (1 if "start" in mistakes else a[3] * (1 - a[3])) / N, np.zeros_like(W)
        for l in (3, 2, 1):
            dE_dW[l - 1] = delta @ a[l - 1].T / (N if "gradient" in mistakes else 1)
            slope, transposed = a[l - 1] * (1 - a[l - 1]), W[l - 1].T
            delta = transposed @ (delta * slope) if "step back" in mistakes else (transposed @ delta) * slope
        return dE_dW

    return answer


THREE_MISTAKES = """```python
def answer(W, b, x, y):
    a, N = {0: x}, x.shape[1]
    for l in (1, 2, 3):
        a[l] = nn.sigmoid(W[l-1] @ a[l-1] + b[l-1])
    delta = (a[3] - y) / N
    dE_dW = np.zeros_like(W)
    for l in (3, 2, 1):
        dE_dW[l-1] = delta @ a[l-1].T / N
        delta = W[l-1].T @ (delta * a[l-1] * (1 - a[l-1]))
    return dE_dW
```"""


EXERCISES = (
    Pencil(
        tag="10.a",
        question=r"A training set has $N$ columns, and a mini-batch has $B$ of them. How many steps does one epoch "
        r"of stochastic gradient descent take, and how many columns does the last mini-batch have? Answer with a list "
        r"of two numbers.",
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
            r"The last mini-batch also counts as a step, even if it is not full.",
        ),
    ),
    Proof(
        tag="10.b",
        question=r"A ReLU layer has no biases, $x^l = \max(W^l x^{l-1}, 0)$. Its weights are independent, with mean 0 "
        r"and variance $v$, and symmetric: for every number $w$, a weight is as likely to be $w$ as $-w$. Prove that "
        r"on average over the draws of $W^l$ the mean square of the entries of $x^l$ is $\frac12 v\,n_{l-1}$ times "
        r"that of $x^{l-1}$. Which $v$ keeps the mean square the same from layer to layer? With $v = 1/n_{l-1}$ "
        r"instead, what is left of the typical size of an entry after 20 such layers?",
        hints=(
            r"Replacing every weight of unit $k$ by its negative turns $u_k$ into $-u_k$ and is just as likely.",
            r"For every number $u$, $\max(u, 0)^2 + \max(-u, 0)^2 = u^2$.",
            r"The average of $u_k^2$ is (10.1). The typical size of an entry is the square root of the mean square.",
        ),
        proof=r"The draws with weights $W_{kj}$ and $-W_{kj}$ are equally likely, so $\max(u_k, 0)^2$ and $\max(-u_k, "
        r"0)^2$ have the same average. They add up to $u_k^2$, so each averages half of $\overline{u_k^2}$, and by "
        r"(10.1) $\overline{(x_k^l)^2} = \frac12 v\,\|x^{l-1}\|^2$ for every $k$. The mean square of the entries of "
        r"$x^{l-1}$ is $\|x^{l-1}\|^2/n_{l-1}$, so the mean square of $x^l$ is on average $\frac12 v\,n_{l-1}$ times "
        r"as large."
        "\n\n"
        r"The factor is 1 for $v = 2/n_{l-1}$, which is He initialization. For $v = 1/n_{l-1}$ the factor is "
        r"$\frac12$. After 20 layers the mean square has shrunk to $2^{-20}$ of what it was, and the typical size of "
        r"an entry to $2^{-10}$, about a thousandth.",
    ),
    Code(
        tag="10.c",
        question=r"All pixels of all pictures are multiplied by one number $s$, so that the input is $x^0 = s\,p$, "
        r"where each column of $p$ is one picture. Find $\partial E/\partial s$ for $E = \frac12\|t - y\|^2$, as a "
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
    Code(
        tag="10.d",
        question=r"The function below is supposed to compute $\partial E/\partial W^l$ for a network with three "
        r"sigmoid layers. The loss is the *mean* over $N$ examples, $E = \frac1{2N}\|t - y\|^2$. All layers "
        r"have the same number of units, and Python counts from 0, so `W[0]` is $W^1$. The function contains three "
        r"mistakes, yet every shape fits. Copy it into the next cell, find all three, and correct them."
        f"\n\n{THREE_MISTAKES}",
        numbers=three_square_layers,
        F=lambda W, b, x, y: (
            E(
                sigmoid(W[2] @ sigmoid(W[1] @ sigmoid(W[0] @ x + b[0]) + b[1]) + b[2]),
                y,
            )
            / x.shape[1]
        ),
        with_respect_to="W",
        solution=answer_10d,
        mistakes={
            "all three mistakes": left_in("start", "gradient", "step back"),
            "the mistake in δ³": left_in("start"),
            "the mistake in the gradient": left_in("gradient"),
            "the mistake in the step back": left_in("step back"),
            "the mistakes in δ³ and in the gradient": left_in("start", "gradient"),
            "the mistakes in the gradient and in the step back": left_in("gradient", "step back"),
            "the mistakes in δ³ and in the step back": left_in("start", "step back"),
        },
        hints=(
            r"Write the formulas for $\delta^3$, for $\partial E/\partial W^l$, and for $\delta^{l-1}$ beside the "
            r"lines of the code, and compare them symbol by symbol.",
            r"One mistake is in the start at the output, one in the gradient, and one in the step back to the previous "
            r"layer. Correct one at a time, and let the verdict say whether fewer entries differ.",
            r"At the start, two factors depend on the output, and one of them is missing. In the gradient, has $1/N$ "
            r"been used before? In the step back, $f'(u^{l-1})$ belongs to the units of layer $l - 1$. Which product "
            r"has one entry for each of these units?",
        ),
    ),
)
