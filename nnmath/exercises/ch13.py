"""Exercises of Chapter 13: a dilated row, why the kernel is flipped, the gradients of a kernel that moves down two rows
at a time and leaves gaps between its columns, and a kernel of one weight."""

import numpy as np

from .model import Code, Pencil, Proof
from .numbers import integers, normal


def dilated_row(rng):
    a, b, c = rng.permutation([1.0, 2.0, 3.0])
    signs = rng.choice([-1.0, 1.0], size=2)
    return {"K": np.array([[a, b]]) * signs, "delta": integers(rng, 1, 3) * c}


def strided_layer(rng):
    return {"K": normal(rng, 2, 3), "x": normal(rng, 5, 8), "y": normal(rng, 2, 4)}


def met(i, j):
    """Where the 2 × 3 kernel lies at position i, j: two rows, and three columns with gaps."""
    return slice(2 * i, 2 * i + 2), slice(j, j + 5, 2)


def strided(K, x):
    """u of one map, entry by entry."""
    return np.array([[np.sum(K * x[met(i, j)]) for j in range(4)] for i in range(2)])


def strided_loss(K, x, y):
    return np.sum((strided(K, x) - y) ** 2) / 2


def answer_13a(K, delta):
    slopes = np.zeros((1, 5))
    slopes[:, 0:3] += K[0, 0] * delta
    slopes[:, 2:5] += K[0, 1] * delta
    return slopes


def answer_13c(K, x, y):
    slopes = np.zeros(K.shape)
    for i, j in np.ndindex(y.shape):
        pixels = x[2 * i : 2 * i + 2, j : j + 5 : 2]
        delta = np.sum(K * pixels) - y[i, j]
        slopes += delta * pixels
    return slopes


def answer_13d(K, x, y):
    slopes = np.zeros(x.shape)
    for i, j in np.ndindex(y.shape):
        rows, columns = slice(2 * i, 2 * i + 2), slice(j, j + 5, 2)
        delta = np.sum(K * x[rows, columns]) - y[i, j]
        slopes[rows, columns] += delta * K
    return slopes


def without_stride(K, x, y):
    """The patches of neighboring positions, as if the stride were 1."""
    delta = strided(K, x) - y
    return sum(delta[i, j] * x[i : i + 2, j : j + 5 : 2] for i, j in np.ndindex(delta.shape))


def without_gaps(K, x, y):
    """The patches of a kernel whose columns are neighbors."""
    delta = strided(K, x) - y
    return sum(delta[i, j] * x[2 * i : 2 * i + 2, j : j + 3] for i, j in np.ndindex(delta.shape))


def flipped_pass(K, x, y):
    """The backward pass with the kernel flipped once too often."""
    delta = strided(K, x) - y
    slopes = np.zeros(x.shape)
    for i, j in np.ndindex(delta.shape):
        slopes[met(i, j)] += delta[i, j] * K[::-1, ::-1]
    return slopes


def assigned(K, x, y):
    """Where two positions meet the same pixel, only the last one counts."""
    delta = strided(K, x) - y
    slopes = np.zeros(x.shape)
    for i, j in np.ndindex(delta.shape):
        slopes[met(i, j)] = delta[i, j] * K
    return slopes


EXERCISES = (
    Pencil(
        tag="13.a",
        question=r"A picture with a single row of five pixels meets a dilated kernel of two weights: $u_j = "
        r"K_0\,x_j + K_1\,x_{j+2}$ for $j = 1, 2, 3$. (Pixels and outputs are "
        r"numbered from 1 and weights from 0.) The $\delta$ of the three outputs is given. Which outputs "
        r"does $x_3$ reach? Find $\partial E/\partial x$ as a row.",
        numbers=dilated_row,
        solution=answer_13a,
        mistakes={
            "kernel flipped": lambda K, delta: answer_13a(K[:, ::-1], delta),
            "one path only": lambda K, delta: np.hstack([K[0, 0] * delta, K[0, 1] * delta[:, 1:]]),
            "sign": lambda K, delta: -answer_13a(K, delta),
        },
        hints=(
            r"$x_1$ occurs in $u_1$ only. Write down where each of the other four occurs.",
            r"$x_3$ occurs in $u_3$ with the weight $K_0$ and in $u_1$ with the weight $K_1$.",
        ),
        worked=r"The pixels $x_1$ and $x_2$ occur once, with $K_0$, and $x_4$ and $x_5$ once, with $K_1$. Only "
        r"$x_3$ reaches two outputs. So the answer is $(\delta_1 K_0,\ \delta_2 K_0,\ \delta_3 K_0 + \delta_1 K_1,\ "
        r"\delta_2 K_1,\ \delta_3 K_1)$.",
    ),
    Proof(
        tag="13.b",
        question=r"Suppose that the flip is forgotten, so that in (13.7) the kernel $K$ itself slides over "
        r"$\tilde\delta$. Prove that the result is right for every $\delta$ if and only if $K_{ab} = K_{A-a,\,B-b}$ "
        r"for all $a$ and $b$, that is, if the kernel looks the same after half a turn. Does every symmetric kernel, "
        r"$K = K^T$, have this property?",
        hints=(
            r"One direction is short. For the other, take a $\delta$ that is 1 at a single position $ij$ and 0 "
            r"elsewhere.",
            r"Then $\tilde\delta$ has its only 1 in row $i + A$ and column $j + B$, and each of the two sums has a "
            r"single term.",
        ),
        proof=r"If $K_{ab} = K_{A-a,\,B-b}$ for all $a$ and $b$, then $K$ is its own flipped kernel $\tilde K$, and "
        r"the two sums are the same. For the converse, let $\delta$ be 1 at one position $ij$ and 0 elsewhere. Then "
        r"$\tilde\delta_{p+a,\,q+b}$ is 1 for $a = i + A - p$ and $b = j + B - q$ only. So the right result at pixel "
        r"$pq$ is $\tilde K_{ab}$ with these two offsets, and the other one is $K_{ab}$. As $p$ runs over the rows of "
        r"the patch, from $i$ to $i + A$, the offset $a$ takes all values from $A$ to 0, and so does $b$ from $B$ to "
        r"0. If the two results agree at all pixels, then $K_{ab} = \tilde K_{ab} = K_{A-a,\,B-b}$ for all $a$ and "
        r"$b$. A symmetric matrix may well change: half a turn makes $\begin{pmatrix} 1 & 2 \\ 2 & 3 \end{pmatrix}$ "
        r"into $\begin{pmatrix} 3 & 2 \\ 2 & 1 \end{pmatrix}$. A kernel of ones stays as it is, and so does every "
        r"kernel that is symmetric from left to right and from top to bottom.",
    ),
    Code(
        tag="13.c",
        question=r"A kernel moves down two rows at a time, and there are gaps between its columns: $u_{ij} = \sum_{ab} "
        r"K_{ab}\,x_{2i+a,\,j+2b}$, where all indices start from 0, as in code. There is one map and no bias; $K$, "
        r"$x$, and $y$ are ordinary matrices, and $E = \frac12\|u - y\|^2$. Derive $\partial E/\partial K$ entry by "
        r"entry, and write it as a function.",
        numbers=strided_layer,
        F=strided_loss,
        with_respect_to="K",
        solution=answer_13c,
        mistakes={
            "stride forgotten": without_stride,
            "gaps forgotten": without_gaps,
            "last place only": lambda K, x, y: (strided(K, x) - y)[-1, -1] * x[met(1, 3)],
            "gradient flipped": lambda K, x, y: answer_13c(K, x, y)[::-1, ::-1],
            "mean over places": lambda K, x, y: answer_13c(K, x, y) / 8,
        },
        hints=(
            r"What is $\partial u_{ij}/\partial K_{ab}$? Which pixel does $K_{ab}$ meet at position $i, j$?",
            r"Here $\delta = u - y$. The weight reaches $E$ through all the positions, so add up.",
            r"$\partial E/\partial K_{ab} = \sum_{ij} \delta_{ij}\,x_{2i+a,\,j+2b}$. In code, each position "
            r"contributes $\delta_{ij}$ times the pixels that the kernel meets there.",
        ),
    ),
    Code(
        tag="13.d",
        question=r"Take the layer and the loss of Exercise 13.c. Which $u_{ij}$ does $x_{pq}$ reach? "
        r"Derive $\partial E/\partial x$, and write it as a function. (Can you also say what becomes of the flipped "
        r"kernel?)",
        numbers=strided_layer,
        F=strided_loss,
        with_respect_to="x",
        solution=answer_13d,
        mistakes={
            "kernel flipped": flipped_pass,
            "assigned, not added": assigned,
            "sign": lambda K, x, y: -answer_13d(K, x, y),
        },
        hints=(
            r"$x_{pq}$ occurs in $u_{ij}$ if $p = 2i + a$ and $q = j + 2b$ for some weight $K_{ab}$.",
            r"$\partial E/\partial x_{pq} = \sum_i \sum_b \delta_{i,\,q-2b}\,K_{p-2i,\,b}$, with the terms for which "
            r"both factors exist.",
            r"In code, start with zeros in the shape of $x$. Each position adds $\delta_{ij}\,K$ to the pixels that "
            r"the kernel meets there. (It is the flipped kernel on $\delta$ again, once you have put a row of zeros "
            r"between the rows of $\delta$ and a column of zeros between neighboring columns of the kernel.)",
        ),
    ),
    Proof(
        tag="13.e",
        question=r"A convolution has $1\times1$ kernels, $C$ input maps, and $M$ output maps. Show that it is a "
        r"dense layer with an $M\times C$ matrix, applied to every pixel of every picture as if each pixel were an "
        r"example of its own. What do (13.10) and the formulas of Chapters 7 and 8 say about its gradients?",
        hints=(
            r"The only offset is $a = b = 0$. What is left of (12.7)?",
            r"Arrange the pixels of all $N$ pictures as $h w N$ columns with $C$ entries.",
        ),
        proof=r"With $a = b = 0$ only, (12.7) is $u^m_{ij} = \sum_c K^{mc}_{00}\,x^c_{ij} + b^m$. Let $W$ be the "
        r"matrix with $W_{mc} = K^{mc}_{00}$, and let the column $x_{ij}$ hold the $C$ numbers that belong to one "
        r"pixel. Then $u_{ij} = W x_{ij} + b$ for every pixel of every picture: a dense layer with $h w N$ "
        r"examples. By (13.10) the gradients are $\partial E/\partial W_{mc} = \sum_n \sum_{ij} "
        r"\delta^m_{ijn}\,x^c_{ijn}$, which is entry $m, c$ of $\delta\,x^T$ with these columns; $\partial "
        r"E/\partial b^m = \sum_n \sum_{ij} \delta^m_{ijn}$, the sum of row $m$ of $\delta$; and $\partial "
        r"E/\partial x^c_{pq} = \sum_m \delta^m_{pq} W_{mc}$, which is $W^T\delta$, column by column. These are the "
        r"formulas of Chapters 7 and 8. There is nothing to flip in a kernel with one weight.",
    ),
)
