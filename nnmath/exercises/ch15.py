"""Exercises of Chapter 15: counting parameters, what is the same after a shift, and a network with means of whole
maps."""

import numpy as np

from ..softmax import cross_entropy, softmax
from .model import Code, Pencil, Proof
from .numbers import normal


def sizes(rng):
    h, a = [(6, 3), (8, 3), (7, 4)][rng.integers(3)]
    return {"h": h, "a": a, "M": int(rng.integers(2, 4))}


def answer_15a(h, a, M):
    side = (h - a + 1) // 2
    return np.array([M * (a * a + 1), 2 * (M * side**2 + 1)])


def network(rng):
    """Two maps of one picture, and four classes."""
    return {"K": normal(rng, 2, 2, 3), "b": normal(rng, 2, 1), "W": normal(rng, 4, 2), "x": normal(rng, 5, 6)}


def network_and_target(rng):
    return {**network(rng), "y": np.eye(4)[:, [rng.integers(4)]]}


def network_and_class(rng):
    return {**network(rng), "k": int(rng.integers(4))}


def patches(x):
    return np.lib.stride_tricks.sliding_window_view(x, (2, 3))


def tanh_maps(K, b, x):
    return np.tanh(np.einsum("mab,ijab->mij", K, patches(x)) + b[:, :, None])


def scores(K, b, W, x):
    return W @ tanh_maps(K, b, x).mean(axis=(1, 2))[:, None]


def answer_15c(K, b, W, x, y):
    patches = np.lib.stride_tricks.sliding_window_view(x, (2, 3))
    x1 = np.tanh(np.einsum("mab,ijab->mij", K, patches) + b[:, :, None])
    t = np.exp(W @ x1.mean(axis=(1, 2))[:, None])
    delta2 = t / t.sum() - y
    delta1 = (W.T @ delta2)[:, :, None] / x1[0].size * (1 - x1**2)
    return np.einsum("mij,ijab->mab", delta1, patches)


def from_delta(K, b, W, x, y, slope):
    """∂E/∂K where the derivative of the maps is `slope`."""
    delta2 = softmax(scores(K, b, W, x)) - y
    return np.einsum("mij,ijab->mab", (W.T @ delta2)[:, :, None] / 16 * slope, patches(x))


def last_place(K, b, W, x, y):
    slope = (1 - tanh_maps(K, b, x) ** 2) * (np.arange(16).reshape(4, 4) == 15)
    return from_delta(K, b, W, x, y, slope)


def answer_15d(K, b, W, x, k):
    patches = np.lib.stride_tricks.sliding_window_view(x, (2, 3))
    x1 = np.tanh(np.einsum("mab,ijab->mij", K, patches) + b[:, :, None])
    delta1 = W[k][:, None, None] / x1[0].size * (1 - x1**2)
    slopes = np.zeros(x.shape)
    for m, i, j in np.ndindex(x1.shape):
        slopes[i : i + 2, j : j + 3] += delta1[m, i, j] * K[m]
    return slopes


def spread_back(delta, K):
    """The sum of the kernels, each times its δ, laid on their patches."""
    return sum(
        delta[m, i, j] * np.pad(K[m], ((i, 3 - i), (j, 3 - j))) for m in range(2) for i in range(4) for j in range(4)
    )


EXERCISES = (
    Pencil(
        tag="15.a",
        question=r"A picture of $h\times h$ pixels is convolved with $M$ kernels of $a\times a$ weights (stride 1, no "
        r"padding). The largest entry of each $2\times2$ block is kept, and a dense layer turns what is left into 2 "
        r"outputs. Each map has a bias, and so does each output. How many parameters does the convolution have, and "
        r"how many does the dense layer have? Answer with a list of the two numbers.",
        numbers=sizes,
        solution=answer_15a,
        worked=r"The convolution has $M(a^2 + 1)$ parameters. Its maps have $h - a + 1$ rows, half as many are left "
        r"after the maximum, and with $n = (h - a + 1)/2$ the dense layer has $2\,(M n^2 + 1)$.",
        mistakes={
            "biases forgotten": lambda h, a, M: np.array([M * a * a, 2 * M * ((h - a + 1) // 2) ** 2]),
            "maps as large as the picture": lambda h, a, M: np.array([M * (a * a + 1), 2 * (M * (h // 2) ** 2 + 1)]),
            "maximum forgotten": lambda h, a, M: np.array([M * (a * a + 1), 2 * (M * (h - a + 1) ** 2 + 1)]),
        },
        hints=(
            r"How many rows and columns does one map have, and how many are left after the maximum?",
            r"The maximum has no parameters. The dense layer has a weight for each of its inputs and each output.",
        ),
    ),
    Proof(
        tag="15.b",
        question=r"A network consists of a convolution with $k\times k$ kernels (stride 1, no padding), the largest "
        r"entry of each whole map, and dense layers. In a picture, all rows and columns within $k$ pixels of the "
        r"border are paper, that is, 0. The picture is then shifted in such a way that this condition still holds. "
        r"Prove that none of the outputs changes. Is this also true with the mean of each whole map?",
        hints=(
            r"Sort the patches into those that contain ink and those that do not. What is $u$ for the others?",
            r"Where do the patches with ink go when the picture moves? Can one of them leave the picture, or enter it?",
        ),
        proof=r"A patch without ink gives $u = b$, whatever the kernel is, and in a corner of the picture there is "
        r"such a patch, before the shift and after it. Because of the wide margin each patch that contains some ink "
        r"lies within the picture, before and after, so when the picture moves, these patches move along and give the "
        r"same $u$ at a different position. So the map contains the same numbers at different positions, namely those "
        r"of the patches with ink, and $b$. Hence their maximum is the same, and with it everything that the dense "
        r"layers compute. The number of entries of the map is fixed and so is the number of patches with ink, so $b$ "
        r"occurs equally often, and the mean is the same as well.",
    ),
    Code(
        tag="15.c",
        question=r"Here is a small network whose kernels are not square and in which each whole map is averaged. A "
        r"$5\times6$ picture $x$ is convolved with two $2\times3$ kernels, which are stored in `K` with shape "
        r"(2, 2, 3), so that "
        r"$u^m_{ij} = \sum_{ab} K^m_{ab}\,x_{i+a,\,j+b} + b_m$. The number $s_m$ is the *mean* of $\tanh(u^m_{ij})$ "
        r"over all $4\times4$ positions, the outputs are $t = \operatorname{softmax}(W s)$, and $E$ is the "
        r"cross-entropy. Find $\partial E/\partial K$, in the shape of `K`.",
        numbers=network_and_target,
        F=lambda K, b, W, x, y: cross_entropy.of_u(softmax, scores(K, b, W, x), y),
        with_respect_to="K",
        solution=answer_15c,
        mistakes={
            "1/s² missing": lambda K, b, W, x, y: 16 * answer_15c(K, b, W, x, y),
            "f′ missing": lambda K, b, W, x, y: from_delta(K, b, W, x, y, np.ones((2, 4, 4))),
            "last place only": last_place,
            "gradient flipped": lambda K, b, W, x, y: answer_15c(K, b, W, x, y)[:, ::-1, ::-1],
        },
        hints=(
            r"Begin at the end: $\delta$ of $W s$ is $t - y$. Then $W^T$ takes it back to $s$.",
            r"All 16 entries of a map have the same share in its mean. What does each of them receive?",
            r"After $f'$ you have a $\delta^m_{ij}$ for each position, and each weight adds up its products with $x$.",
        ),
    ),
    Code(
        tag="15.d",
        question=r"Where does this network look? Take the network of Exercise 15.c with the scores $u = W s$, and "
        r"find the derivative of the score $u_k$ of one class with respect to the picture, $\partial u_k/\partial x$.",
        numbers=network_and_class,
        F=lambda K, b, W, x, k: scores(K, b, W, x)[k, 0],
        with_respect_to="x",
        solution=answer_15d,
        mistakes={
            "kernel flipped": lambda K, b, W, x, k: spread_back(
                W[k][:, None, None] / 16 * (1 - tanh_maps(K, b, x) ** 2), K[:, ::-1, ::-1]
            ),
            "f′ missing": lambda K, b, W, x, k: spread_back(W[k][:, None, None] / 16 * np.ones((2, 4, 4)), K),
            "1/s² missing": lambda K, b, W, x, k: 16 * answer_15d(K, b, W, x, k),
            "one map only": lambda K, b, W, x, k: spread_back(
                (W[k] * [1, 0])[:, None, None] / 16 * (1 - tanh_maps(K, b, x) ** 2), K
            ),
        },
        hints=(
            r"No softmax and no target occur here. What plays the part of $\delta$ at the scores?",
            r"Each $\delta^m_{ij}$ adds $\delta^m_{ij} K^m$ to the patch to which the kernel was applied there.",
        ),
    ),
)
