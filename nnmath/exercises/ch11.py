"""Exercises of Chapter 11: softmax, cross-entropy, the temperature, smoothed targets, and weight decay."""

import numpy as np

from ..layer import e
from ..softmax import cross_entropy, softmax
from .model import Code, Pencil, Proof
from .numbers import normal


def counts_and_class(rng):
    return {"a": rng.permutation([1.0, 2.0, 3.0, 4.0, 6.0])[:3].reshape(3, 1), "k": int(rng.integers(3))}


def scores_and_beta(rng):
    return {"u": normal(rng, 3, 4), "y": np.eye(3)[:, rng.integers(0, 3, size=4)], "beta": np.array([[0.5]])}


def smoothed_layer(rng):
    return {
        "W": normal(rng, 3, 4),
        "b": normal(rng, 3, 1),
        "x": normal(rng, 4, 5),
        "y": np.eye(3)[:, rng.integers(0, 3, size=5)],
        "s": 0.3,
        "lam": 0.2,
    }


def answer_11a(a, k):
    return a / a.sum() - e(k, 3)


def answer_11c(u, y, beta):
    delta = softmax(beta * u) - y
    return np.array([[np.sum(delta * u)]])


def answer_11d(W, b, x, y, s, lam):
    m, N = y.shape
    delta = (softmax(W @ x + b) - ((1 - s) * y + s / m)) / N
    return delta @ x.T + lam * W


def smoothed_loss(W, b, x, y, s, lam):
    m, N = y.shape
    return cross_entropy.of_u(softmax, W @ x + b, (1 - s) * y + s / m) / N + lam / 2 * np.sum(W**2)


EXERCISES = (
    Pencil(
        tag="11.a",
        question=r"Three scores are the logarithms of the numbers in the column $a$, that is, $u_i = \log a_i$. Class "
        r"$k$ is the correct one. Find the column $\delta = \partial E/\partial u$ for softmax and cross-entropy.",
        numbers=counts_and_class,
        solution=answer_11a,
        worked=r"The shares are $t = a / (a_1 + a_2 + a_3)$, and $\delta = t - e_k$.",
        mistakes={"y − t": lambda a, k: e(k, 3) - a / a.sum(), "the target is missing": lambda a, k: a / a.sum()},
        hints=(
            r"Which numbers are the exponentials of the scores?",
            r"Divide $a$ by its sum, and subtract 1 in the row of the correct class.",
        ),
    ),
    Proof(
        tag="11.b",
        question=r"A target need not be one-hot. Let both $y$ and $t$ consist of shares, that is, of positive numbers "
        r"that add up to 1. Prove that the cross-entropy $-\sum_k y_k \log t_k$ is smallest at $t = y$. (So its "
        r"smallest value is $-\sum_k y_k \log y_k$, which is positive and approaches 0 only if $y$ approaches a "
        r"one-hot target.)",
        hints=(
            r"Show that $\log z \le z - 1$ for all $z > 0$, with equality only at $z = 1$.",
            r"Apply the inequality to $z = t_k / y_k$, multiply by $y_k$, and add up over $k$.",
        ),
        proof=r"The function $z - 1 - \log z$ has the derivative $1 - 1/z$, which is negative for $z < 1$ and positive "
        r"for $z > 1$. Its smallest value is therefore 0, at $z = 1$, so that $\log z \le z - 1$. With $z = t_k/y_k$ "
        r"we get $\sum_k y_k \log (t_k/y_k) \le \sum_k y_k (t_k/y_k - 1) = \sum_k t_k - \sum_k y_k = 1 - 1 = 0$. "
        r"Written out, this is $-\sum_k y_k \log y_k \le -\sum_k y_k \log t_k$. Equality requires $t_k/y_k = 1$ for "
        r"every $k$.",
    ),
    Code(
        tag="11.c",
        question=r"Multiplying all scores by a positive number $\beta$ before the softmax makes the shares less equal "
        r"($\beta > 1$) or more equal ($\beta < 1$); $1/\beta$ is known as the **temperature**. There are $N$ columns, "
        r"$t = \operatorname{softmax}(\beta u)$, and $E$ is the sum of the cross-entropies. Find "
        r"$\partial E/\partial \beta$ as a $1\times1$ matrix.",
        numbers=scores_and_beta,
        F=lambda u, y, beta: cross_entropy.of_u(softmax, beta * u, y),
        with_respect_to="beta",
        solution=answer_11c,
        mistakes={
            "sign": lambda u, y, beta: -answer_11c(u, y, beta),
            "mean for sum": lambda u, y, beta: answer_11c(u, y, beta) / 4,
            "value for derivative": lambda u, y, beta: beta * answer_11c(u, y, beta),
        },
        hints=(
            r"Call the scaled scores $v = \beta u$. What is $\partial E/\partial v$?",
            r"$\beta$ reaches $E$ along one path for each entry of $v$, and $\partial v_{kn}/\partial \beta = u_{kn}$.",
            r"Multiply $t - y$ by $u$ entry by entry, and add everything up.",
        ),
    ),
    Code(
        tag="11.d",
        question=r"**Label smoothing** replaces the one-hot targets $y$ by $(1 - s)\,y + s/m$, where $m$ is the number "
        r"of classes. For one layer $u = W x + b$ with a softmax, let $E$ be the *mean* over the $N$ examples of the "
        r"cross-entropy with smoothed targets, plus $\frac12\lambda\|W\|^2$. Find $\partial E/\partial W$.",
        numbers=smoothed_layer,
        F=smoothed_loss,
        with_respect_to="W",
        solution=answer_11d,
        mistakes={
            "targets not smoothed": lambda W, b, x, y, s, lam: answer_11d(W, b, x, y, 0, lam),
            "1/N missing": lambda W, b, x, y, s, lam: 5 * answer_11d(W, b, x, y, s, 0) + lam * W,
            "one path only": lambda W, b, x, y, s, lam: answer_11d(W, b, x, y, s, 0),
            "transposed": lambda W, b, x, y, s, lam: answer_11d(W, b, x, y, s, lam).T,
        },
        hints=(
            r"The smoothed targets still add up to 1 in each column. Which formula for $\delta$ can you use?",
            r"The mean divides $\delta$ by $N$. It does not touch the decay.",
            r"$\delta x^T + \lambda W$ with $\delta = (t - (1 - s) y - s/m)/N$.",
        ),
    ),
)
