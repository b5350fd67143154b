"""Exercises of Chapter 14: overlapping blocks, pooling before or after f, and maps combined with shares."""

import numpy as np

from ..softmax import softmax
from .model import Code, Pencil, Proof
from .numbers import normal


def nine_entries(rng):
    """A picture whose largest entry is in two of the four overlapping blocks, and four δ of different sizes."""
    x = rng.permutation(np.arange(1.0, 10)).reshape(3, 3)
    top, edge = np.argwhere(x == 9)[0], [(0, 1), (1, 0), (1, 2), (2, 1)][rng.integers(4)]
    x[tuple(top)], x[edge] = x[edge], 9
    return {"x": x, "delta": (rng.permutation([1.0, 2, 4, 8]) * rng.choice([-1, 1], size=4)).reshape(2, 2)}


def overlapping(rng):
    return {"x": normal(rng, 4, 5), "beta": np.array([[1.5]]), "b": np.array([[-0.3]]), "y": normal(rng, 3, 4)}


def maps_and_shares(rng):
    return {"c": normal(rng, 3, 1), "x": normal(rng, 3, 6), "y": normal(rng, 1, 6), "lam": 0.4}


def answer_14a(x, delta):
    dE_dx = np.zeros((3, 3))
    for i, j in np.ndindex(2, 2):
        block = x[i : i + 2, j : j + 2]
        dE_dx[i : i + 2, j : j + 2] += delta[i, j] * (block == block.max())
    return dE_dx


def last_block_only(x, delta):
    dE_dx = np.zeros((3, 3))
    for i, j in np.ndindex(2, 2):
        dE_dx[np.nonzero(x == x[i : i + 2, j : j + 2].max())] = delta[i, j]
    return dE_dx


def mean_of_blocks(x, delta):
    return sum(delta[i, j] / 4 * np.pad(np.ones((2, 2)), ((i, 1 - i), (j, 1 - j))) for i, j in np.ndindex(2, 2))


def blocks_mean(x):
    return (x[:-1, :-1] + x[:-1, 1:] + x[1:, :-1] + x[1:, 1:]) / 4


def answer_14c(x, beta, b, y):
    t = np.tanh(beta * (x[:-1, :-1] + x[:-1, 1:] + x[1:, :-1] + x[1:, 1:]) / 4 + b)
    delta = (t - y) * (1 - t**2)
    dE_dx = np.zeros(x.shape)
    for i, j in np.ndindex(delta.shape):
        dE_dx[i : i + 2, j : j + 2] += beta * delta[i, j] / 4
    return dE_dx


def not_added(x, beta, b, y):
    t = np.tanh(beta * blocks_mean(x) + b)
    dE_dx = np.zeros(x.shape)
    for i, j in np.ndindex(t.shape):
        dE_dx[i : i + 2, j : j + 2] = beta * (t - y)[i, j] * (1 - t[i, j] ** 2) / 4
    return dE_dx


def without_slope(x, beta, b, y):
    delta = np.tanh(beta * blocks_mean(x) + b) - y
    return sum(beta / 4 * np.pad(delta, ((i, 1 - i), (j, 1 - j))) for i, j in np.ndindex(2, 2))


def answer_14d(c, x, y, lam):
    alpha = softmax(c)
    delta = alpha.T @ x - y
    dE_dalpha = x @ delta.T - lam * (np.log(alpha) + 1)
    return alpha * (dE_dalpha - np.sum(alpha * dE_dalpha))


def mixed_loss(c, x, y, lam):
    alpha = softmax(c)
    return np.sum((alpha.T @ x - y) ** 2) / 2 - lam * np.sum(alpha * np.log(alpha))


def of_alpha(c, x, y, lam):
    return x @ (softmax(c).T @ x - y).T - lam * (np.log(softmax(c)) + 1)


EXERCISES = (
    Pencil(
        tag="14.a",
        question=r"Blocks may overlap. A $3\times3$ picture $x$ contains four overlapping $2\times2$ blocks, which "
        r"begin in rows 1 and 2 and columns 1 and 2, and $u_{ij}$ is the largest entry of the block that "
        r"begins at row $i$ and column $j$. The $\delta$ of each $u_{ij}$ is given. Find $\partial E/\partial x$.",
        numbers=nine_entries,
        solution=answer_14a,
        worked=r"Each $\delta_{ij}$ goes to the largest entry of its own block. An entry that is the largest in "
        r"several blocks has several paths to $E$, and their $\delta$ are added.",
        mistakes={
            "one path only": last_block_only,
            "mean for maximum": mean_of_blocks,
            "sign": lambda x, delta: -answer_14a(x, delta),
        },
        hints=(
            r"Write down the four blocks, and mark the largest entry of each.",
            r"In which blocks is the 9? Along how many paths does it reach $E$?",
        ),
    ),
    Proof(
        tag="14.b",
        question=r"Let $f$ be strictly increasing and differentiable (tanh, for example). It acts on a picture $u$ "
        r"whose blocks are pooled by their maximum. Prove that it makes no difference, either to the output or, if no "
        r"block has a tie, to $\partial E/\partial u$, whether $f$ acts before the maximum or after it. Then find a "
        r"block of two numbers that shows that this is false for the mean.",
        hints=(
            r"If $u_1 \ge u_2$, which of $f(u_1)$ and $f(u_2)$ is larger?",
            r"Follow $\delta$ back along both orders. Where is $f'$ taken?",
        ),
        proof=r"Let $u_w$ be the largest entry of a block. Since $f$ is increasing, $f(u_w) \ge f(u_k)$ for every "
        r"entry $u_k$ of the block, so the maximum of the $f(u_k)$ is $f(u_w)$, which is $f$ of the maximum. Call the "
        r"derivative of $E$ with respect to this output $g$. If $f$ acts after the maximum, it takes $u_w$, and "
        r"$g\,f'(u_w)$ goes back to entry $w$. If $f$ acts before it, $g$ goes back to the largest "
        r"$f(u_k)$, which is $w$ again because $f$ is strictly increasing, and then it is multiplied by $f'(u_w)$. All "
        r"other entries get 0 in both orders. (With $f$ after the maximum, $f$ has to be computed for a quarter of the "
        r"entries only.) For the mean take tanh and the block $(0, 2)$: the mean of $\tanh 0$ and $\tanh 2$ is "
        r"$\frac12\tanh 2 \approx 0.48$, while $\tanh 1 \approx 0.76$.",
    ),
    Code(
        tag="14.c",
        question=r"Here the means are taken over overlapping blocks. A $4\times5$ picture $x$ becomes a $3\times4$ "
        r"picture via $u_{ij} = \frac{\beta}{4}\,(x_{ij} + x_{i,j+1} + x_{i+1,j} + x_{i+1,j+1}) + b$. "
        r"Then $t = \tanh(u)$ and $E = \frac12\sum_{ij}(t_{ij} - y_{ij})^2$. Find $\partial E/\partial x$. "
        r"($\beta$ and $b$ are $1\times1$ matrices.)",
        numbers=overlapping,
        F=lambda x, beta, b, y: np.sum((np.tanh(beta * blocks_mean(x) + b) - y) ** 2) / 2,
        with_respect_to="x",
        solution=answer_14c,
        mistakes={
            "one path only": not_added,
            "1/s² missing": lambda x, beta, b, y: 4 * answer_14c(x, beta, b, y),
            "β missing": lambda x, beta, b, y: answer_14c(x, beta, b, y) / beta,
            "f′ missing": without_slope,
        },
        hints=(
            r"In how many blocks is a corner of the picture, an entry at its edge, an entry inside?",
            r"Start with zeros. Let every block *add* its $\frac{\beta}{4}\,\delta_{ij}$ to its four entries.",
        ),
    ),
    Code(
        tag="14.d",
        question=r"Three maps, one in each row of $x$, are combined into $t = \alpha^T x$ with the shares $\alpha = "
        r"\operatorname{softmax}(c)$. We would like only a few maps to have large shares. A penalty "
        r"$\lambda\sum_i|\alpha_i|$ is of no use, because this sum is always 1. The *entropy* $-\sum_i \alpha_i \log "
        r"\alpha_i$ does better: it is 0 if one map has a share of 1. Find $\partial E/\partial c$ for $E = \frac12\|t "
        r"- y\|^2 - \lambda\sum_i \alpha_i \log \alpha_i$.",
        numbers=maps_and_shares,
        F=mixed_loss,
        with_respect_to="c",
        solution=answer_14d,
        mistakes={
            "softmax entry by entry": lambda c, x, y, lam: softmax(c) * (1 - softmax(c)) * of_alpha(c, x, y, lam),
            "softmax forgotten": of_alpha,
            "penalty forgotten": lambda c, x, y, lam: answer_14d(c, x, y, 0),
            "penalty with the wrong sign": lambda c, x, y, lam: answer_14d(c, x, y, -lam),
        },
        hints=(
            r"Find $\partial E/\partial \alpha$ first, as if the shares were free numbers. The penalty adds to it.",
            r"The derivative of $-\alpha_i \log \alpha_i$ is $-\log \alpha_i - 1$.",
            r"Then (14.11) takes you from $\alpha$ to $c$, whatever $\partial E/\partial \alpha$ is.",
        ),
    ),
)
