"""Exercises of chapter 06: the error E."""

import numpy as np

from .model import Code
from .numbers import normal


def output_and_target(rng):
    return {"t": normal(rng, 3, 4), "y": normal(rng, 3, 4)}


def answer_6a(t, y):
    return 2 * (t - y)


def answer_6b(t, y):
    return y - t


EXERCISES = (
    Code(
        tag="6.a",
        question=r"Some books leave out the ½ and write $E = \|t - y\|^2$. Find $\partial E/\partial t$.",
        numbers=output_and_target,
        F=lambda t, y: np.sum((t - y)**2),
        with_respect_to="t",
        solution=answer_6a,
        mistakes={"factor ½": lambda t, y: t - y,
                  "y − t": lambda t, y: 2 * (y - t),
                  "value for derivative": lambda t, y: (t - y)**2},
        hints=(r"One term of the sum is $(t_k - y_k)^2$.",
               r"Its derivative with respect to $t_k$ is $2\,(t_k - y_k)$.",
               r"Nothing cancels the 2 now."),
    ),
    Code(
        tag="6.b",
        question=r"Now the target changes and the output does not. Find $\partial E/\partial y$ for $E = \frac12\|t - y\|^2$.",
        numbers=output_and_target,
        F=lambda t, y: np.sum((t - y)**2) / 2,
        with_respect_to="y",
        solution=answer_6b,
        mistakes={"sign": lambda t, y: t - y,
                  "factor 2": lambda t, y: 2 * (y - t),
                  "value for derivative": lambda t, y: (t - y)**2 / 2},
        hints=(r"With which sign does $y$ occur in the bracket?",
               r"The inner derivative is $-1$.",
               r"The answer is $-(t - y)$."),
    ),
)
