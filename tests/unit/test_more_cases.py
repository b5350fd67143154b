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


# Where nothing but the whole of what is claimed leads to the line: (call, what the verdict must say)

MIXED = {"W1": RNG.normal(size=(3, 7)), "b1": RNG.normal(size=(1, 7)), "W2": RNG.normal(size=(7, 2))}
LABELS, ROWS, STEPS = RNG.integers(0, 4, 30), RNG.normal(size=(30, 7)), RNG.normal(size=(5, 3, 1))
CLASSES, MASK = RNG.normal(size=(7, 4)), (RNG.random((20, 7)) < 0.6) / 0.6
MIDDLE, GOAL = RNG.normal(size=(20, 3)), RNG.normal(size=(20, 2))


def dropped(p, masked=True, slope=lambda h: h > 0):
    """Squared error of a layer with dropout, and its gradient."""
    z = MIDDLE @ p["W1"] + p["b1"]
    h = np.maximum(z, 0) * MASK
    d = 2 * (h @ p["W2"] - GOAL) / 20
    dz = d @ p["W2"].T * slope(z) * (MASK if masked else 1)
    return np.sum((h @ p["W2"] - GOAL) ** 2) / 20, {"W1": MIDDLE.T @ dz, "b1": dz.sum(0, keepdims=True), "W2": h.T @ d}


def hinge(W, data=ROWS, labels=LABELS):
    S = data @ W
    M = np.maximum(0, S - S[np.arange(len(S)), labels][:, None] + 0.5)
    M[np.arange(len(S)), labels] = 0
    return np.sum(M**2) + 0.05 * np.sum(W**2), M


def hinge_gradient(W, data=ROWS, labels=LABELS, true_class=True):
    D = 2 * hinge(W, data, labels)[1]
    if true_class:
        D[np.arange(len(D)), labels] -= D.sum(axis=1)
    return data.T @ D + 0.1 * W


def recurrent(U, carry=True):
    """A sum over the steps of a plain recurrent layer, and its gradient with or without what is handed back in time."""
    hs = [np.zeros((3, 1))]
    for x in STEPS:
        hs.append(np.tanh(U @ hs[-1] + x))
    back, g = np.zeros((3, 1)), np.zeros_like(U)
    for t in range(len(STEPS), 0, -1):
        dz = (hs[t] ** 2 * 3 + (back if carry else 0)) * (1 - hs[t] ** 2)
        g, back = g + dz @ hs[t - 1].T, U.T @ dz
    return sum(np.sum(h**3) for h in hs), g


def overwriting(d, x):
    """A backward pass of tanh that works in the array that it is given."""
    d *= 1 - np.tanh(x) ** 2
    return d


INNER = RNG.normal(size=(3, 3)) / 2
gelu = lambda u: u / (1 + np.exp(-1.702 * u))
UNITS, UPSTREAM = RNG.normal(size=(4, 5)), RNG.normal(size=(4, 5))
FLAT = RNG.normal(size=20)
LEADS = {
    "a small array in a small sample": (
        lambda: nn.judge(
            {"big": np.cos(TABLE), "small": np.full(2, 9.0)},
            lambda p: np.sum(np.sin(p["big"])) + np.sum(p["small"] ** 2),
            {"big": TABLE, "small": V[:2]},
            sample=2,
        ),
        "disagrees in small",
    ),
    "sampled, one entry of many": (
        lambda: nn.judge(3 * SIGNAL**2 + 1e-3 * (np.arange(30) == 17), lambda v: np.sum(v**3), SIGNAL, sample=2),
        "entry [17]",
    ),
    "a kink beside a wrong entry": (
        lambda: nn.judge(np.array([0.3, 5.0, 1.0]), lambda v: np.sum(np.abs(v)), np.array([0.0, 1.0, 2.0])),
        "Only entry [1] is wrong",
    ),
    "loss and gradient together, with a wrong sign": (
        lambda: nn.judge(lambda p: (dropped(p)[0], {**dropped(p)[1], "b1": -dropped(p)[1]["b1"]}), dropped, MIXED),
        "the wrong sign",
    ),
    "dropout's mask left out": (
        lambda: nn.judge(lambda p: dropped(p, masked=False)[1], dropped, MIXED),
        "The last array of the point, W2, agrees, so look at the step that leads back from it to b1",
    ),
    "ReLU's mask left out": (
        lambda: nn.judge(lambda p: dropped(p, slope=np.ones_like)[1], dropped, MIXED),
        "The last array of the point, W2, agrees",
    ),
    "the true class of a squared hinge": (
        lambda: nn.judge(hinge_gradient(CLASSES, true_class=False), lambda W: hinge(W)[0], CLASSES),
        "the term for the true class",
    ),
    "nothing handed back in time": (
        lambda: nn.judge(recurrent(INNER, carry=False)[1], lambda U: recurrent(U)[0], INNER),
        "check a single example or a single time step",
    ),
    "… and with one step it agrees": (
        lambda: nn.judge_backward(lambda x: np.tanh(x), lambda d, x: d * (1 - np.tanh(x) ** 2), STEPS[0]),
        "agrees",
    ),
    "a backward pass that overwrites": (
        lambda: nn.judge_backward(np.tanh, overwriting, UNITS),
        "backward changes the upstream derivative",
    ),
    "GELU without its input": (
        lambda: nn.judge(
            UPSTREAM * (gelu(UNITS) / UNITS) * (1 + 1.702 * (1 - gelu(UNITS) / UNITS)),
            lambda u: np.sum(UPSTREAM * gelu(u)),
            UNITS,
        ),
        "depends on the parameter",
    ),
    "a column of predictions against flat targets": (
        lambda: nn.judge(
            {"w": MIDDLE.T @ (MIDDLE @ V[:3, None] - FLAT[:, None]) / 10},
            lambda p: np.mean((FLAT - MIDDLE @ p["w"]) ** 2),
            {"w": V[:3, None]},
        ),
        "Make the flat one a column",
    ),
    "only some of the arrays": (
        lambda: nn.judge({"b1": 2 * dropped(MIXED)[1]["b1"]}, dropped, MIXED),
        "No gradient was given for W1 and W2.",
    ),
    "a flat vector with names": (
        lambda: nn.judge(
            np.r_[np.cos(TABLE).ravel(), 2 * V**2],
            lambda v: np.sum(np.sin(v[:24])) + np.sum(v[24:] ** 3),
            np.r_[TABLE.ravel(), V],
            shapes={"table": (8, 3), "v": 4},
        ),
        "disagrees in v (entries 24 to 27, 4)",
    ),
}


@pytest.mark.parametrize("name", LEADS)
def test_a_verdict_leads_to_the_line(name):
    call, said = LEADS[name]
    verdict = call()
    assert said in str(verdict), verdict
    assert verdict._repr_html_().count("<li>") == str(verdict).count("\n")


def test_the_programs_of_these_cases_are_right_where_they_should_be():
    assert nn.judge(lambda p: dropped(p)[1], dropped, MIXED).kind == "agrees"
    assert nn.judge(hinge_gradient(CLASSES), lambda W: hinge(W)[0], CLASSES).kind == "agrees"
    assert nn.judge(recurrent(INNER)[1], lambda U: recurrent(U)[0], INNER).kind == "agrees"


def test_the_number_of_wrong_entries_is_counted_in_one_way():
    text = str(nn.judge(*WRONG["never filled"][:3]))
    assert "[6, :]" in text and "[7, :]" in text and "row 7" not in text


# Deep networks of ReLUs, whose kinks leave little room for steps


def deep(p, x, labels):
    """The loss, all layers' outputs and the probabilities of a ReLU network with softmax, in the precision of x."""
    a, last = [x], len(p) // 2
    for l in range(1, last + 1):
        z = a[-1] @ p[f"W{l}"].astype(x.dtype) + p[f"b{l}"].astype(x.dtype)
        a.append(np.maximum(0, z) if l < last else z)
    e = np.exp(a[-1] - a[-1].max(axis=1, keepdims=True))
    probabilities = e / e.sum(axis=1, keepdims=True)
    return -np.log(probabilities[range(len(x)), labels]).mean(), a, probabilities


def deep_gradient(p, x, labels, slope_below=0.0):
    _, a, d = deep(p, x, labels)
    d[range(len(x)), labels] -= 1
    d, g = d / len(x), {}
    for l in range(len(p) // 2, 0, -1):
        g[f"W{l}"], g[f"b{l}"] = a[l - 1].T @ d, d.sum(axis=0)
        d = (d @ p[f"W{l}"].T) * np.where(a[l - 1] > 0, 1, slope_below).astype(x.dtype)
    return g


@pytest.mark.parametrize(
    "scale, dtype, sizes, seed", [(0.05, float, [6, 8, 6, 6, 6, 8, 4], 2), (0.4, np.float32, [6, 8, 6, 4], 1)]
)
def test_deep_relus_with_tiny_weights_or_in_single_precision(scale, dtype, sizes, seed):
    rng = np.random.default_rng(seed)
    x, labels, p = rng.normal(size=(2, 6)).astype(dtype), np.array([1, 3]), {}
    for l, (n, m) in enumerate(zip(sizes, sizes[1:]), 1):
        p |= {f"W{l}": (scale * rng.normal(size=(n, m))).astype(dtype), f"b{l}": np.zeros(m, dtype)}
    F = lambda p: deep(p, x, labels)[0]
    assert nn.judge(deep_gradient(p, x, labels), F, p, sample="all").kind == "agrees"
    assert nn.judge(deep_gradient(p, x, labels, 0.1), F, p, sample="all").kind == "disagrees"
