"""Exercises of Chapter 1: finite differences."""

import numpy as np

from .model import Code, Pencil, Proof
from .numbers import integers


def point_and_step(rng):
    return {"s": int(rng.integers(2, 4)), "h": int(rng.integers(1, 3))}


def factors(rng):
    return {"x": integers(rng, 4, 1) + rng.uniform(-0.4, 0.4, size=(4, 1)).round(2)}  # away from 0


def answer_1a(s, h):
    return ((s + h) ** 3 - (s - h) ** 3) / (2 * h) - ((s + h) ** 2 - (s - h) ** 2) / (2 * h)


def answer_1b(x):
    return np.prod(x) / x


EXERCISES = (
    Pencil(
        tag="1.a",
        question=r"Find the central difference of $F(s) = s^3 - s^2$ at the point $s$ with the step $h$ given below, "
        r"and compare it with the derivative $F'(s)$. (The answer is the central difference.)",
        numbers=point_and_step,
        solution=answer_1a,
        worked=r"By (1.2) the central difference of $s^3$ is $3s^2 + h^2$. That of $s^2$ is $\left((s+h)^2 - "
        r"(s-h)^2\right)/2h = 4sh/2h = 2s$, which is exact. The difference of the two is $3s^2 - 2s + h^2$, "
        r"and it is $h^2$ larger than $F'(s) = 3s^2 - 2s$.",
        mistakes={
            "this is the derivative": lambda s, h: 3 * s**2 - 2 * s,
            "this is the forward difference": lambda s, h: 3 * s**2 + 3 * s * h + h**2 - 2 * s - h,
            "factor 2": lambda s, h: 2 * (3 * s**2 + h**2 - 2 * s),
        },
        hints=(
            r"You need $F(s + h)$ and $F(s - h)$.",
            r"Divide the difference of the two by $2h$, the distance between the two points.",
        ),
    ),
    Code(
        tag="1.b",
        question=r"For the product $F(x) = x_1 x_2 \cdots x_n$, find $\partial F/\partial x$.",
        numbers=factors,
        F=lambda x: np.prod(x),
        with_respect_to="x",
        solution=answer_1b,
        mistakes={
            "this is F in every entry": lambda x: np.prod(x) * np.ones_like(x),
            "multiplied by x_i instead of divided": lambda x: np.prod(x) * x,
            "sign": lambda x: -np.prod(x) / x,
        },
        hints=(
            r"Hold all factors fixed except $x_i$. What kind of function of $x_i$ is $F$?",
            r"$\partial F/\partial x_i$ is the product of all other factors.",
            r"No entry of $x$ is 0, so the product of all other factors is $F(x)/x_i$.",
        ),
    ),
    Proof(
        tag="1.c",
        question=r"Prove that the central difference of $F(s) = a s^2 + b s + c$ equals $F'(s)$ for every $h \ne 0$ "
        r"and every $s$. For which $a$, $b$, and $c$ is this also true of the forward difference?",
        hints=(
            r"Expand $F(s + h)$ and $F(s - h)$ in powers of $h$.",
            r"Which terms have the same sign in both expansions?",
        ),
        proof=r"We have $F(s \pm h) = F(s) \pm h\,(2as + b) + a h^2$. Subtracting the two, we are left with "
        r"$2h\,(2as + b)$, and division by $2h$ gives $2as + b = F'(s)$."
        "\n\n"
        r"The forward difference is $\left(F(s + h) - F(s)\right)/h = 2as + b + ah$. It equals $F'(s)$ for "
        r"every $h$ exactly if $a = 0$, that is, if $F$ is affine.",
    ),
)
