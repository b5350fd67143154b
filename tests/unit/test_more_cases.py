"""A second set of wrong gradients as people write them, with other losses, layouts and sizes than the given ones.

Each right gradient agrees or nearly agrees; each wrong one is told something that leads to its line.
"""

import numpy as np
import pytest

import nnmath as nn

RNG = np.random.default_rng(31)
X, Y = RNG.normal(size=(40, 6)), RNG.normal(size=(40, 2))
COUNTS = RNG.poisson(3, 25)
Z = RNG.normal(size=(25, 4)) / 2
W, V, K = RNG.normal(size=(6, 2)), RNG.normal(size=4) / 3, RNG.normal(size=5)
SIGNAL, TABLE = RNG.normal(size=30), RNG.normal(size=(8, 3))
WORDS, PAIRS = np.array([2, 5, 2, 0, 7, 2, 5]), np.array([[1, 1, 4], [4, 6, 0]])
UP = RNG.normal(size=(7, 3))
PIXELS = RNG.normal(size=(5, 3, 4, 4))
windows = np.lib.stride_tricks.sliding_window_view


def huber(W):
    r = X @ W - Y
    return np.sum(np.where(np.abs(r) < 1, r**2 / 2, np.abs(r) - 0.5)) / 40 + 0.3 * np.sum(W**2)


def huber_gradient(W, decay=0.6):
    return X.T @ np.clip(X @ W - Y, -1, 1) / 40 + decay * W


def poisson(v):
    return np.sum(np.exp(Z @ v) - COUNTS * (Z @ v))


def poisson_gradient(v):
    return Z.T @ (np.exp(Z @ v) - COUNTS)


def lasso(W):
    return np.sum((X @ W - Y) ** 2) + 0.7 * np.sum(np.abs(W))


def correlation(k):
    return np.sum(np.tanh(windows(SIGNAL, 5) @ k))


def correlation_gradient(k):
    return windows(SIGNAL, 5).T @ (1 - np.tanh(windows(SIGNAL, 5) @ k) ** 2)


def embedding(T):
    return np.sum(UP * np.sin(T[WORDS]))


def embedding_gradient(T, add=np.add.at):
    g = np.zeros_like(T)
    add(g, WORDS, UP * np.cos(T[WORDS]))
    return g


def once(g, index, part):
    g[index] += part


def attention(S):
    e = np.exp(S - S.max(axis=1, keepdims=True))
    return np.sum(X[:3, :4] * e / e.sum(axis=1, keepdims=True))


def attention_gradient(S):
    e = np.exp(S - S.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p * (X[:3, :4] - np.sum(p * X[:3, :4], axis=1, keepdims=True))


SCORES = RNG.normal(size=(3, 4))
RIGHT = {
    "huber with decay": (huber_gradient(W), huber, W),
    "poisson": (poisson_gradient(V), poisson, V),
    "lasso": (2 * X.T @ (X @ W - Y) + 0.7 * np.sign(W), lasso, W),
    "correlation": (correlation_gradient(K), correlation, K),
    "embedding": (embedding_gradient(TABLE), embedding, TABLE),
    "attention": (attention_gradient(SCORES), attention, SCORES),
    "channels": (
        2 * PIXELS.sum(axis=(0, 2, 3)),
        lambda b: 2 * np.sum(PIXELS * b[:, np.newaxis, np.newaxis]),
        np.ones(3),
    ),
    "entropy with a small constant": (np.log(V**2) + 1, lambda p: np.sum(p * np.log(p + 1e-9)), V**2),
    "in nanometers": (2e9 * (V * 1e9), lambda v: np.sum((1e9 * v) ** 2), V),
    "a loss of a million": (poisson_gradient(V), lambda v: 1e6 + poisson(v), V),
}
WRONG = {  # name: claim, F, at, the reason
    "decay without its 2": (huber_gradient(W, 0.3), huber, W, "weight decay"),
    "decay on the intercept": (
        huber_gradient(W) + 0.2 * W * (np.arange(6) == 0)[:, np.newaxis],
        lambda W: huber(W),
        W,
        None,
    ),
    "sign of the lasso": (2 * X.T @ (X @ W - Y) - 0.7 * np.sign(W), lasso, W, "weight decay"),
    "mean of forty": (40 * huber_gradient(W), huber, W, "constant factor"),
    "mean of twenty-five": (poisson_gradient(V) / 25, poisson, V, "mean for sum"),
    "the square's 2": (X.T @ (X @ W - Y), lambda W: np.sum((X @ W - Y) ** 2), W, "factor ½"),
    "target minus output": (-poisson_gradient(V), poisson, V, "sign"),
    "kernel reversed": (correlation_gradient(K)[::-1], correlation, K, "rows in another order"),
    "kernels reversed": (
        (3 * PIXELS[..., :3, :3] ** 2)[..., ::-1, ::-1],
        lambda k: np.sum(k**3),
        PIXELS[..., :3, :3],
        "reversed along an axis",
    ),
    "channels exchanged": (
        (3 * PIXELS[:3] ** 2).transpose(1, 0, 2, 3),
        lambda k: np.sum(k**3),
        PIXELS[:3],
        "transposed",
    ),
    "columns first": ((3 * TABLE**2).ravel("F"), lambda v: np.sum(v**3), TABLE.ravel(), "memory order"),
    "repeated words": (embedding_gradient(TABLE, once), embedding, TABLE, "some rows wrong"),
    "repeated words, equal parts": (
        np.where(np.isin(np.arange(8), WORDS)[:, np.newaxis], np.cos(TABLE), 0),
        lambda T: np.sum(np.sin(T[WORDS])),
        TABLE,
        "counted once",
    ),
    "repeated in a batch": (
        np.where(np.isin(np.arange(8), PAIRS)[:, np.newaxis], 2 * TABLE, 0),
        lambda T: np.sum(T[PAIRS] ** 2),
        TABLE,
        "counted once",
    ),
    "softmax entry by entry": (SCORES * 0 + X[:3, :4] * 0.2, attention, SCORES, "sums not zero"),
    "softmax over everything": (
        attention_gradient(SCORES),
        lambda S: np.sum(X[:3, :4] * np.exp(S)) / np.sum(np.exp(S)),
        SCORES,
        "sums zero",
    ),
    "clipped gradient": (
        np.clip(poisson_gradient(V), -1, 1) if np.ptp(poisson_gradient(V)) > 2 else poisson_gradient(V) + 9,
        poisson,
        V,
        None,
    ),
    "clipped at the top": (np.minimum(3 * TABLE**2, 1.0), lambda T: np.sum(T**3), TABLE, "clipped"),
    "whole numbers": (
        (9 * np.sin(TABLE)).astype(int),
        lambda T: -9 * np.sum(np.cos(T)),
        TABLE,
        "truncated to integers",
    ),
    "never filled": (
        np.where(np.arange(8)[:, np.newaxis] < 6, 3 * TABLE**2, 0),
        lambda T: np.sum(T**3),
        TABLE,
        "zero where wrong",
    ),
    "mask forgotten": (3 * TABLE**2, lambda T: np.sum((T * (T > 0)) ** 3), TABLE, "zero forgotten"),
    "a constant broadcast": (3 * TABLE**2 + 0.1, lambda T: np.sum(T**3), TABLE, "constant added"),
    "not summed over positions": (
        2 * PIXELS.sum(axis=0),
        lambda b: 2 * np.sum(PIXELS * b[:, np.newaxis, np.newaxis]),
        np.ones(3),
        "not summed over examples",
    ),
    "summed to one number": (np.array(3 * (V**2).sum()), lambda v: np.sum(v**3), V, "one scalar"),
    "only one example": (X[:1].T @ (X[:1] @ W - Y[:1]), lambda W: np.sum((X @ W - Y) ** 2) / 2, W, None),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gradient_is_not_called_wrong(name):
    verdict = nn.judge(*RIGHT[name])
    assert verdict.kind in ("agrees", "nearly agrees"), verdict
    wrong = RIGHT[name][0].copy()
    wrong.flat[0] += np.abs(wrong).max() / 10
    assert nn.judge(wrong, *RIGHT[name][1:]).kind == "disagrees"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_is_told_its_reason(name):
    claim, F, at, reason = WRONG[name]
    verdict = nn.judge(claim, F, at)
    assert verdict.kind == "disagrees" and (reason is None or verdict.reasons[:1] == (reason,)), verdict


def test_the_number_of_wrong_entries_is_counted_in_one_way():
    text = str(nn.judge(*WRONG["never filled"][:3]))
    assert "[6, :]" in text and "[7, :]" in text and "row 7" not in text
