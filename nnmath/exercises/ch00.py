"""Exercises of Chapter 0: one layer, its parameters, and layers without an activation function."""

import numpy as np

from .model import Pencil, Proof
from .numbers import integers


def small_layer(rng):
    return {"W": integers(rng, 2, 3), "x": integers(rng, 3, 1), "b": integers(rng, 2, 1)}


def sizes(rng):
    n, h, m = (int(size) for size in rng.permutation(np.arange(2, 8))[:3])  # three different sizes
    return {"n": n, "h": h, "m": m}


def answer_0a(W, x, b):
    return W @ x + b


def answer_0b(n, h, m):
    return (h * n + h) + (m * h + m)


EXERCISES = (
    Pencil(
        tag="0.a",
        question=r"A layer has the weights, the input, and the biases below. Find $u = W\cdot x + b$.",
        numbers=small_layer,
        solution=answer_0a,
        worked=r"Output $k$ is $u_k = W_{k1}x_1 + W_{k2}x_2 + W_{k3}x_3 + b_k$.",
        mistakes={
            "the biases are missing": lambda W, x, b: W @ x,
            "the biases are subtracted": lambda W, x, b: W @ x - b,
        },
        hints=(
            r"Each output uses one row of $W$, all of $x$, and one entry of $b$.",
            r"For $u_1$, multiply the entries of row 1 by $x_1$, $x_2$, and $x_3$, add the three products, and add "
            r"$b_1$.",
        ),
    ),
    Pencil(
        tag="0.b",
        question=r"A network has $n$ inputs, one hidden layer with $h$ units, and $m$ outputs. How many parameters "
        r"does it have? Write a function that computes the number for any $n$, $h$, and $m$.",
        numbers=sizes,
        solution=answer_0b,
        worked=r"The hidden layer has $h\,n$ weights and $h$ biases, and the output layer has $m\,h$ weights and $m$ "
        r"biases. The inputs have no parameters of their own.",
        mistakes={
            "the biases are missing": lambda n, h, m: h * n + m * h,
            "the inputs have no biases": lambda n, h, m: n + (h * n + h) + (m * h + m),
            "no weights lead past the hidden layer": lambda n, h, m: (h * n + h) + (m * h + m) + m * n,
        },
        hints=(
            r"How many weights and how many biases does a layer with $n$ inputs and $h$ outputs have?",
            r"The hidden layer has $h\,n + h$ parameters. Its $h$ outputs are the inputs of the last layer.",
        ),
    ),
    Proof(
        tag="0.c",
        question=r"Prove that a network of $L$ layers without activation functions computes an affine function of "
        r"its input, for every $L \ge 1$. Suppose one of its hidden layers has only $r$ units. What does "
        r"this mean for the rank (the largest number of linearly independent rows) of the matrix that the whole "
        r"network multiplies its input by?",
        hints=(
            r"Use induction on $L$. Equation (0.3) is the step from one layer to two.",
            r"The matrix of the whole network is a product of all weight matrices. What is the largest possible "
            r"rank of a product?",
        ),
        proof=r"For $L = 1$ the network is $W^1 x + b^1$, which is affine. Suppose that $L - 1$ layers compute $Ax + "
        r"a$. Then $L$ layers compute $W^L (Ax + a) + b^L = (W^L A)\,x + (W^L a + b^L)$, which is affine "
        r"again. By induction this is true for every $L$, and the matrix of the network is the product $W^L "
        r"W^{L-1} \cdots W^1$."
        "\n\n"
        r"The rank of a product is at most the rank of each of its factors. If a hidden layer has $r$ units, "
        r"one factor has $r$ rows, and its rank is at most $r$. So the rank of the whole matrix is at most "
        r"$r$. Without $f$, a narrow layer therefore makes a network weaker, and no number of further layers "
        r"can repair it.",
    ),
)
