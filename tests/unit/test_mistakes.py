"""The catalogue: every wrong formula is wrong, runs as it is shown, is caught and is named."""

import re

import numpy as np
import pytest

import nnmath as nn
from nnmath.check import mistakes
from nnmath.check.mistakes.convolution import first_in_block, winners
from nnmath.pooling import up

RNG = np.random.default_rng(11)
LAYER = {"k": 2, "W": RNG.normal(size=(4, 3)), "x": RNG.normal(size=(3, 1)), "b": RNG.normal(size=(4, 1))}
SQUARE = nn.Network.random((3, 3, 3, 3), nn.tanh, 5)  # every formula runs where all widths are equal
X, Y = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3))
B = np.array([[0.5], [-0.7], [0.2]])
_rng = np.random.default_rng(16)
SKIP = {"W": _rng.normal(size=(3, 3)), "x": _rng.normal(size=(3, 2)), "v": _rng.normal(size=(3, 2))}


def symbols(net=SQUARE, x=X, y=Y, l=2):
    trace = nn.forward(net, x)
    return {
        "W": net.W,
        "b": {1: B, 2: B, 3: B},
        "lam": 0.3,
        "f": net.f,
        "u": trace.u,
        "x": trace.x,
        "t": trace.t,
        "y": y,
        "L": net.L,
        "l": l,
        "eta": 0.1,
        "delta": nn.deltas(net, trace, y),
    }


def questions():
    """(formula, symbols, F, at): what each formula claims, with F written plainly."""
    W, x, b, k = LAYER["W"], LAYER["x"], LAYER["b"], LAYER["k"]
    s = symbols()
    softmax = lambda v: np.exp(v) / np.exp(v).sum()
    u = RNG.normal(size=(4, 1))
    t = nn.sigmoid(s["u"][3])
    first, second = RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2))
    cross = lambda v: -np.sum(0.3 * np.log(nn.sigmoid(v)) + 0.7 * np.log(1 - nn.sigmoid(v)))
    other = symbols(nn.Network.random((3, 3, 3, 3), nn.softsign, 5))
    scores, shares = s["u"][3], np.exp(s["u"][3]) / np.exp(s["u"][3]).sum(axis=0)
    one_hot = np.eye(3)[:, [2, 0, 1]]
    return {
        "du_db": (LAYER, lambda b: (W @ x + b)[k], b),
        "du_dW": (LAYER, lambda W: (W @ x + b)[k], W),
        "du_dx": (LAYER, lambda x: (W @ x + b)[k], x),
        "du_dx_through": ({**LAYER, "f": nn.tanh}, lambda x: (W @ np.tanh(x) + b)[k], x),
        "dE_dt": ({"t": s["t"], "y": Y}, lambda t: np.sum((t - Y) ** 2) / 2, s["t"]),
        "dE_db": (s, lambda b: nn.E(nn.forward(SQUARE.replace(b={2: b}), X).t, Y), SQUARE.b[2]),
        "dE_dW": (s, lambda W: nn.E(nn.forward(SQUARE.replace(W={2: W}), X).t, Y), SQUARE.W[2]),
        "delta": (s, lambda u: nn.E(nn.forward_from(SQUARE, 2, u), Y), s["u"][2]),
        "delta_L": (s, lambda u: nn.E(np.tanh(u), Y), s["u"][3]),
        "softmax": ({"k": 1, "t": softmax(u)}, lambda u: softmax(u)[1], u),
        "cross_entropy": ({"f": nn.sigmoid, "u": s["u"][3], "t": t, "y": np.full_like(t, 0.3)}, cross, s["u"][3]),
        "slope": (other, lambda u: nn.softsign(u).sum(), other["u"][2]),
        "softmax_cross_entropy": (
            {"u": scores, "t": shares, "y": one_hot},
            lambda u: -np.sum(one_hot * np.log(np.exp(u) / np.exp(u).sum(axis=0))),
            scores,
        ),
        "decay": (s, lambda W: 0.15 * np.sum(W**2), s["W"][2]),
        "bias_decay": (s, lambda b: 0.0 * b.sum(), B),
        **pictures(),
        "skip": (SKIP, lambda x: np.sum(SKIP["v"] * (SKIP["W"] @ x + x)), SKIP["x"]),
        "two_batches": ({"first": first, "second": second}, lambda a: np.sum(a * (first + second)), np.ones((3, 2))),
        "next_batch": ({"first": first, "second": second}, lambda a: np.sum(a * second), np.ones((3, 2))),
    }


def pictures():
    """The same for convolution and pooling, with F written as loops over places."""
    rng = np.random.default_rng(4)
    K, x, b, beta = (
        rng.normal(size=(2, 2, 3, 3)),
        rng.normal(size=(2, 4, 4, 2)),
        rng.normal(size=(2, 1)),
        rng.normal(size=(2, 1)),
    )
    delta, blocks = (
        rng.normal(size=(2, 2, 2, 2)),
        rng.normal(size=(2, 2, 2, 2)),
    )  # the derivatives that come from later layers
    conv, mean, maximum = nn.Convolution(), nn.MeanPooling(2), nn.MaxPooling(2)
    layer = {"conv": conv, "delta": delta, "K": K, "x": x, "b": b}
    pool = {"mean": mean, "maximum": maximum, "delta": blocks, "beta": beta, "x": x, "s": 2}

    def convolved(K, x, b):
        return sum(
            np.sum(delta[m, i, j] * (np.einsum("cab,cabn->n", K[m], x[:, i : i + 3, j : j + 3]) + b[m]))
            for m in range(2)
            for i in range(2)
            for j in range(2)
        )

    def pooled(x, best, beta=np.ones((2, 1))):
        return sum(
            blocks[c, i, j, n] * beta[c, 0] * best(x[c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, n])
            for c in range(2)
            for i in range(2)
            for j in range(2)
            for n in range(2)
        )

    return {
        "dE_dK": (layer, lambda K: convolved(K, x, b), K),
        "dE_dx_conv": (layer, lambda x: convolved(K, x, b), x),
        "dE_db_conv": (layer, lambda b: convolved(K, x, b), b),
        "dE_dx_mean": (pool, lambda x: pooled(x, np.mean, beta), x),
        "dE_dbeta": (pool, lambda beta: pooled(x, np.mean, beta), beta),
        "dE_dx_max": (pool, lambda x: pooled(x, np.max), x),
    }


PAIRS = [(formula, name) for formula in mistakes.FORMULAS for name in mistakes.names(formula)[1:]]


def test_there_are_enough_and_all_are_explained():
    assert len(mistakes.catalogue) >= 25
    assert set(questions()) == set(mistakes.FORMULAS)
    for name, mistake in mistakes.catalogue.items():
        assert (
            isinstance(name, str)
            and mistake.name == name
            and mistake.tempting.endswith((".", "?"))
            and mistake.symptom.endswith((".", "?"))
        )


def test_a_mistake_cannot_be_changed():
    with pytest.raises(AttributeError):
        mistakes.catalogue["sign"].symptom = "another one"


@pytest.mark.parametrize("formula", mistakes.FORMULAS)
def test_the_right_form_agrees(formula):
    symbols, F, at = questions()[formula]
    right = mistakes.value(formula, "correct", **symbols)
    if formula == "bias_decay":
        assert not right.any()  # biases are not decayed, so there is nothing to measure
    else:
        assert nn.judge(right, F, at).kind == "agrees"


TWINS = {
    ("slope", "relu′ from the output"): "step for f′",  # u > 0 is x ≥ 0 for an f with the sign of u
    ("decay", "weight decay missing"): "zero returned",
}


@pytest.mark.parametrize("formula, name", PAIRS)
def test_every_mistake_is_caught_and_named(formula, name):
    symbols, F, at = questions()[formula]
    wrong = mistakes.value(formula, name, **symbols)
    verdict = nn.judge(wrong, F, at, mistakes.suspects(formula, **symbols))
    assert verdict.kind == "disagrees"
    assert verdict.reasons[0] == TWINS.get((formula, name), name), verdict


def by_hand():
    """{(formula, name): (symbols, wrong numbers)}: each mistake once more, entry by entry or as a sum over indices."""
    rng, W, x, b = np.random.default_rng(12), LAYER["W"], LAYER["x"], LAYER["b"]
    w, z, o = W[2].reshape(3, 1), np.zeros((4, 3)), np.zeros(3)
    sech2 = lambda v: 1 / np.cosh(v) ** 2
    deep = nn.Network.random((3, 3, 3, 3, 3), nn.tanh, 6)  # at layer 3, where l − 1 is no 1; five examples: no width
    five = symbols(deep, rng.normal(size=(3, 5)), rng.normal(size=(3, 5)), l=3)
    y, u, (_, _, x2, x3, t) = five["y"], five["u"], five["x"].values()
    u3 = u[3]
    (W3, W4), (d3, d4), p = (five["W"][3], five["W"][4]), (five["delta"][3], five["delta"][4]), sech2(u[3])
    outer = lambda left, right: np.einsum("kn,jn->kj", left, right)
    back = lambda W, d: np.einsum("ki,kn->in", W, d)
    total, product, error, slope = np.einsum("kn->k", d3).reshape(3, 1), outer(d3, x2), t - y, 1 - t**2
    right = back(W4, d4) * p
    three = symbols()  # one mistake runs only where N is the width above
    softened, one, two = nn.column([0.5, 0.2, 0.3]), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    s = 1 / (1 + np.exp(-u[4]))
    groups = [
        (
            "du_db",
            LAYER,
            {
                "transposed": [[0, 0, 1, 0]],
                "index off by one": [[0], [0], [0], [1]],
                "every row": [[1], [1], [1], [1]],
                "value for derivative": [[0], [0], [b[2, 0]], [0]],
                "zero returned": [[0], [0], [0], [0]],
            },
        ),
        (
            "du_dW",
            LAYER,
            {
                "transposed": np.array([o, o, x[:, 0], o]).T,
                "index off by one": [o, o, o, x[:, 0]],
                "every row": [x[:, 0]] * 4,
                "one row only": [x[:, 0]],
                "W for x": [o, o, W[2], o],
                "zero returned": z,
            },
        ),
        (
            "du_dx",
            LAYER,
            {
                "transposed": [W[2]],
                "index off by one": W[3].reshape(3, 1),
                "every row": (W[0] + W[1] + W[2] + W[3]).reshape(3, 1),
                "x for W": x,
                "column for row": [[W[i, 2]] for i in range(4)],
                "sign": -w,
            },
        ),
        (
            "du_dx_through",
            {**LAYER, "f": nn.tanh},
            {
                "f′ missing": w,
                "f′ twice": w * sech2(x) ** 2,
                "f′ at f(u)": w * sech2(np.tanh(x)),
                "f for f′": w * np.tanh(x),
                "· for ∘": [[sum(W[2, j] * sech2(x[j, 0]) for j in range(3))]],
                "zero returned": 0 * x,
            },
        ),
        (
            "dE_dt",
            {"t": t, "y": y},
            {
                "value for derivative": 0.5 * error * error,
                "y − t": -error,
                "factor 2": error + error,
                "factor ½": 0.5 * error,
                "mean for sum": 0.2 * error,
            },
        ),
        (
            "dE_db",
            five,
            {
                "mean for sum": total / 5,
                "1/N twice": total / 25,
                "sum over the wrong axis": [d3[0] + d3[1] + d3[2]],
                "one scalar": d3[0].sum() + d3[1].sum() + d3[2].sum(),
                "not summed over examples": d3,
                "last example only": d3[:, 4].reshape(3, 1),
                "next layer's δ": np.einsum("kn->k", d4).reshape(3, 1),
            },
        ),
        (
            "dE_dW",
            five,
            {
                "transposed": outer(x2, d3),
                "f′ twice": outer(d3 * p, x2),
                "mean for sum": product / 5,
                "1/N twice": product / 25,
                "last example only": np.outer(d3[:, 4], x2[:, 4]),
                "output for input": outer(d3, x3),
                "u for x": outer(d3, u[2]),
                "next layer's δ": outer(d4, x2),
                "sign": -product,
            },
        ),
        (
            "delta",
            five,
            {
                "f′ missing": back(W4, d4),
                "f′ twice": right * p,
                "f′ at f(u)": back(W4, d4) * sech2(x3),
                "relu′ from the output": np.where(x3 < 0, 0, back(W4, d4)),
                "mask of δ": np.where(back(W4, d4) < 0, 0, back(W4, d4)),
                "next layer's δ": d4 * p,
                "W for Wᵀ": back(W4.T, d4) * p,
                "W of the previous layer": back(W3, d4) * p,
                "W⁻¹ for Wᵀ": np.linalg.inv(W4) @ d4 * p,
                "parenthesis misplaced": np.einsum("ki,kn,kn->in", W4, d4, p),
                "already updated W": back(W4 - 0.1 * outer(d4, x3), d4) * p,
                "x inside δ": right * x3,
                "sign": -right,
            },
        ),
        (
            "delta",
            three,
            {"∘ before ·": np.einsum("ik,ki,kn->in", sech2(three["u"][2]), three["W"][3], three["delta"][3])},
        ),
        (
            "delta_L",
            five,
            {
                "f′ twice": slope**2 * error,
                "f′ at f(u)": sech2(t) * error,
                "y − t": -slope * error,
                "factor 2": slope * (error + error),
                "factor ½": 0.5 * slope * error,
                "mean for sum": 0.2 * slope * error,
                "output's f′ forgotten": error,
            },
        ),
        (
            "slope",
            five,
            {
                "f′ missing": 1 + 0 * u3,
                "f′ twice": p * p,
                "f′ at f(u)": sech2(x3),
                "f for f′": x3,
                "sign": -p,
                "x(1 − x) for f′": x3 - x3**2,
                "1 − x² for f′": (1 - x3) * (1 + x3),
                "u(1 − u) for f′": u3 - u3**2,
                "1 − u² for f′": (1 - u3) * (1 + u3),
                "x(1 + x) for f′": x3 + x3**2,
                "1 + x² for f′": 2 - (1 - x3) * (1 + x3),
                "1 − x for f′": -(x3 - 1),
                "step for f′": np.heaviside(u3, 0),
                "relu′ from the output": np.heaviside(x3, 1),
            },
        ),
        (
            "softmax",
            {"k": 1, "t": softened},
            {"softmax entry by entry": [[0], [0.16], [0]], "sign": [[0.1], [-0.16], [0.06]], "f for f′": softened},
        ),
        (
            "cross_entropy",
            {"f": nn.sigmoid, "u": u[4], "t": s, "y": y},
            {
                "f′ where it cancels": s * (1 - s) * (s - y),
                "output's f′ forgotten": (1 - y) / (1 - s) - y / s,
                "one class only": y * s - y,
                "y − t": y - s,
                "factor 2": (s - y) + (s - y),
                "mean for sum": 0.2 * (s - y),
            },
        ),
        (
            "softmax_cross_entropy",
            {
                "u": nn.column([0, np.log(3)]) + np.zeros((2, 2)),
                "t": np.array([[0.25, 0.25], [0.75, 0.75]]),
                "y": np.array([[1.0, 0], [0, 1]]),
            },
            {
                "f′ where it cancels": [[-9 / 64, 3 / 64], [9 / 64, -3 / 64]],
                "softmax entry by entry": [[-0.75, 0], [0, -0.25]],
                "output's f′ forgotten": [[-4, 0], [0, -4 / 3]],
                "softmax over the wrong axis": [[-0.5, 0.5], [0.5, -0.5]],
                "softmax over the whole batch": [[-7 / 8, 1 / 8], [3 / 8, -5 / 8]],
                "y not subtracted": [[0.25, 0.25], [0.75, 0.75]],
                "y − t": [[0.75, -0.25], [-0.75, 0.25]],
                "factor 2": [[-1.5, 0.5], [1.5, -0.5]],
                "mean for sum": [[-0.375, 0.125], [0.375, -0.125]],
            },
        ),
        (
            "decay",
            five,
            {
                "weight decay missing": 0 * W3,
                "weight decay doubled": 0.6 * W3,
                "weight decay halved": 0.15 * W3,
                "weight decay over N": 0.06 * W3,
                "weight decay times N": 1.5 * W3,
                "weight decay subtracted": -0.3 * W3,
            },
        ),
        ("bias_decay", five, {"bias decayed": [[0.15], [-0.21], [0.06]]}),
        ("two_batches", {"first": one, "second": two}, {"last example only": two}),
        ("next_batch", {"first": one, "second": two}, {"gradient not reset": one + two}),
    ]
    groups += [*pictures_by_hand(), skip_by_hand()]
    return {(formula, name): (given, wrong) for formula, given, some in groups for name, wrong in some.items()}


def skip_by_hand():
    """The mistakes in the rule of u = W·x + x, entry by entry."""
    W, x, v = SKIP["W"], SKIP["x"], SKIP["v"]
    each = lambda entry: [[entry(j, n) for n in range(2)] for j in range(3)]
    column = lambda j, n: sum(W[k, j] * v[k, n] for k in range(3))
    wrong = {
        "one path only": each(column),
        "one path twice": each(lambda j, n: column(j, n) + column(j, n)),
        "paths not added": [[column(j, 0), column(j, 1), v[j, 0], v[j, 1]] for j in range(3)],
        "W for Wᵀ": each(lambda j, n: sum(W[j, k] * v[k, n] for k in range(3)) + v[j, n]),
        "outer derivative missing": each(lambda j, n: W[0, j] + W[1, j] + W[2, j] + 1),
        "value for derivative": each(lambda j, n: sum(W[j, k] * x[k, n] for k in range(3)) + x[j, n]),
    }
    return "skip", SKIP, wrong


def pictures_by_hand():
    """The mistakes in convolution and pooling once more, entry by entry."""
    layer, pool = pictures()["dE_dK"][0], pictures()["dE_dx_mean"][0]
    K, x, delta, blocks, beta = layer["K"], layer["x"], layer["delta"], pool["delta"], pool["beta"]

    def entries(shape, entry):
        return np.array([entry(*index) for index in np.ndindex(shape)]).reshape(shape)

    def of_K(m, c, a, b, places=range(2)):
        return sum(delta[m, i, j] @ x[c, i + a, j + b] for i in places for j in places)

    def of_x(kernel):
        return lambda c, p, q, n: sum(
            delta[m, p - a, q - b, n] * kernel(m, c, a, b)
            for m in range(2)
            for a in range(3)
            for b in range(3)
            if 0 <= p - a < 2 and 0 <= q - b < 2
        )

    def of_block(share):
        return entries(x.shape, lambda c, p, q, n: share(c, p % 2, q % 2) * blocks[c, p // 2, q // 2, n])

    total = entries((2, 1), lambda m, _: sum(delta[m, i, j, n] for i in range(2) for j in range(2) for n in range(2)))
    down = entries(
        (2, 1),
        lambda c, _: sum(
            blocks[c, i, j, n] * x[c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, n].sum() / 4
            for i in range(2)
            for j in range(2)
            for n in range(2)
        ),
    )
    return [
        (
            "dE_dK",
            layer,
            {
                "gradient flipped": entries(K.shape, lambda m, c, a, b: of_K(m, c, 2 - a, 2 - b)),
                "rows and columns swapped": entries(K.shape, lambda m, c, a, b: of_K(m, c, b, a)),
                "maps swapped": entries(K.shape, lambda m, c, a, b: of_K(c, m, a, b)),
                "last place only": entries(K.shape, lambda m, c, a, b: of_K(m, c, a, b, [1])),
                "mean over places": entries(K.shape, of_K) / 4,
                "sign": -entries(K.shape, of_K),
            },
        ),
        (
            "dE_dx_conv",
            layer,
            {
                "flip forgotten": entries(x.shape, of_x(lambda m, c, a, b: K[m, c, 2 - a, 2 - b])),
                "rows and columns swapped": entries(x.shape, of_x(lambda m, c, a, b: K[m, c, b, a])),
                "maps swapped": entries(x.shape, of_x(lambda m, c, a, b: K[c, m, a, b])),
                "sign": -entries(x.shape, of_x(lambda m, c, a, b: K[m, c, a, b])),
            },
        ),
        (
            "dE_db_conv",
            layer,
            {
                "not summed over places": delta[..., 0] + delta[..., 1],
                "last place only": delta[:, 1, 1, [0]] + delta[:, 1, 1, [1]],
                "mean over places": total / 4,
                "one scalar": total[0, 0] + total[1, 0],
            },
        ),
        (
            "dE_dx_mean",
            pool,
            {
                "1/s² missing": of_block(lambda c, i, j: beta[c, 0]),
                "β missing": of_block(lambda c, i, j: 0.25),
                "δ not spread": of_block(lambda c, i, j: beta[c, 0] if i == j == 0 else 0),
            },
        ),
        ("dE_dbeta", pool, {"1/s² missing": 4 * down, "mean over places": down / 4}),
        (
            "dE_dx_max",
            pool,
            {
                "δ to all entries": of_block(lambda c, i, j: 1),
                "mean for maximum": of_block(lambda c, i, j: 0.25),
                "δ to the first entry": of_block(lambda c, i, j: i == j == 0),
            },
        ),
    ]


BY_HAND = by_hand()


@pytest.mark.parametrize("formula, name", PAIRS)
def test_every_mistake_gives_the_numbers_that_its_name_says(formula, name):
    given, wrong = BY_HAND[formula, name]
    claim = mistakes.value(formula, name, **given)
    assert np.shape(claim) == np.shape(wrong)
    np.testing.assert_allclose(claim, wrong, rtol=1e-12, atol=1e-14)


def test_the_unit_after_the_last_is_the_first():
    last = {**LAYER, "k": 3}
    assert (mistakes.value("du_db", "index off by one", **last) == [[1], [0], [0], [0]]).all()
    assert (mistakes.value("du_dW", "index off by one", **last)[0] == LAYER["x"][:, 0]).all()
    assert (mistakes.value("du_dx", "index off by one", **last)[:, 0] == LAYER["W"][0]).all()


def test_no_form_is_lost():
    """A misspelled formula would take a mistake out of every dropdown, and no one would see it."""
    assert set(BY_HAND) == set(PAIRS)


@pytest.mark.parametrize("formula", ["du_dx_through", "delta", "delta_L", "dE_dW"])
def test_without_suspects_nothing_is_guessed(formula):
    """A reason that is given without knowing the network must be a true saying about the numbers."""
    symbols, F, at = questions()[formula]
    right = mistakes.value(formula, "correct", **symbols)
    assert nn.judge(right + RNG.normal(size=right.shape), F, at).reasons == ()


def test_at_one_example_the_order_of_the_products_does_not_matter():
    s = symbols(x=X[:, :1], y=Y[:, :1])
    right = mistakes.value("delta", "correct", **s)
    assert np.allclose(mistakes.value("delta", "∘ before ·", **s), right, rtol=1e-14)


def test_the_pencil_network():
    net = nn.Network(
        {1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, {1: nn.column([0, 2]), 2: nn.column([1, 2])}, nn.softsign
    )
    s = symbols(net, nn.column([1, 3]), nn.column([1, 0]), l=1) | {"eta": 1.0}
    by_hand = {
        "W for Wᵀ": (5 / 32, -1 / 128),
        "parenthesis misplaced": (13 / 128, -11 / 64),
        "f′ missing": (1 / 2, -1 / 2),
        "already updated W": (27 / 256, -49 / 2048),
        "correct": (1 / 8, -1 / 32),
    }
    for name, numbers in by_hand.items():
        assert tuple(mistakes.value("delta", name, **s)[:, 0]) == numbers
    assert np.allclose(mistakes.value("delta", "f′ at f(u)", **s)[:, 0], (2 / 9, -8 / 49), rtol=1e-15)


def test_back_propagation_with_every_formula_right_is_back_propagation():
    trace = nn.forward(SQUARE, X)
    right = nn.gradient(SQUARE, trace, Y)
    for formula in ("delta_L", "delta", "dE_dW", "dE_db"):
        same = mistakes.gradient_with_mistake(SQUARE, trace, Y, formula, "correct")
        assert all(
            (same.dE_dW[l] == right.dE_dW[l]).all() and (same.dE_db[l] == right.dE_db[l]).all() for l in right.dE_dW
        )


def test_one_formula_is_replaced_in_every_layer_and_no_other():
    """Along the way down each sign that was lost turns the next δ, too: two lost signs are none."""
    trace = nn.forward(SQUARE, X)
    right = nn.gradient(SQUARE, trace, Y)

    def factors(*more, **named):
        """What each ∂E/∂W^l and ∂E/∂b^l was multiplied by, from layer 1 up."""
        wrong = mistakes.gradient_with_mistake(SQUARE, trace, Y, *more, **named)
        return [
            [float(np.median(part[l] / true[l])) for l in (1, 2, 3)]
            for part, true in ((wrong.dE_dW, right.dE_dW), (wrong.dE_db, right.dE_db))
        ]

    assert factors() == factors("delta") == [[1, 1, 1], [1, 1, 1]]
    assert factors("delta", "sign") == [[1, -1, 1], [1, -1, 1]]
    assert factors("delta_L", "factor 2") == [[2, 2, 2], [2, 2, 2]]
    assert factors("dE_dW", "sign") == [[-1, -1, -1], [1, 1, 1]]
    assert np.allclose(factors("dE_db", "mean for sum"), [[1, 1, 1], [1 / 3, 1 / 3, 1 / 3]])
    assert factors("delta", "already updated W", eta=0) == [[1, 1, 1], [1, 1, 1]]
    assert (
        factors("delta", "already updated W")
        == factors("delta", "already updated W", eta=1)
        != factors("delta", "already updated W", eta=2)
    )
    assert factors(name="f′ missing") == factors("delta", "f′ missing") != factors()


def test_the_number_of_examples_is_read_from_the_deltas_where_no_y_is_given():
    delta = {2: np.array([[1.0, 2, 3, 6], [4, 4, 4, 4]])}
    assert (mistakes.value("dE_db", "1/N twice", l=2, delta=delta) == [[12 / 16], [1]]).all()


def test_unknown_formulas_and_names_are_errors():
    with pytest.raises(ValueError, match="'nothing' is not a formula of the catalogue; expected one of du_db"):
        mistakes.names("nothing")
    with pytest.raises(ValueError, match="'W for x' is not a mistake in the formula 'du_db'; expected one of"):
        mistakes.value("du_db", "W for x")
    with pytest.raises(ValueError, match="not a formula of back-propagation"):
        mistakes.gradient_with_mistake(SQUARE, nn.forward(SQUARE, X), Y, "du_db", "correct")


def test_what_is_right_is_no_suspect():
    """Nor is what would have raised: with these widths W cannot stand for Wᵀ."""
    s = symbols(nn.Network.random((4, 3, 5, 2), nn.tanh, 1), RNG.normal(size=(4, 6)), RNG.normal(size=(2, 6)), l=2)
    known = mistakes.suspects("delta", **s)
    assert "f′ missing" in known and not {"correct", "W for Wᵀ", "W⁻¹ for Wᵀ", "∘ before ·"} & set(known)


def test_every_name_in_a_formula_is_explained():
    for formula in mistakes.FORMULAS:
        assert mistakes.names(formula)[0] == "correct" and set(mistakes.names(formula)[1:]) <= set(mistakes.catalogue)


def test_the_code_that_is_shown_is_the_code_that_is_run():
    assert mistakes.form("delta", "W for Wᵀ")[1] == "(W[l+1] @ delta[l+1]) * f[l].prime(u[l])"
    for formula, (symbols, _, _) in questions().items():
        m = 4 if formula.startswith("du") or formula == "softmax" else 3
        known = {
            "np": np,
            "e": nn.e,
            "up": up,
            "first_in_block": first_in_block,
            "winners": winners,
            "m": m,
            "N": 3,
        } | symbols
        if isinstance(known.get("f"), nn.Activation) and "l" in known:
            known["f"] = dict.fromkeys((1, 2, 3), known["f"])
        for name in mistakes.names(formula):
            np.testing.assert_array_equal(
                eval(mistakes.form(formula, name)[1], known), mistakes.value(formula, name, **symbols)
            )


def test_texts_are_plain_sentences():
    """No raw markup, no hyphen for a minus sign, no Python list, and nothing about other chapters."""
    for mistake in mistakes.catalogue.values():
        for text in (mistake.tempting, mistake.symptom):
            assert text[0].isupper() or text[0] in "“fδ" or text.startswith("numpy"), text
            assert not re.search(r"[\\^_${}]|chapter|\[|-\d|\d-", text), text


def test_relus_mask_from_its_output_lets_everything_pass():
    """x ≥ 0 holds for all that a ReLU gives: the numbers are those of a mask forgotten, and both are told."""
    net = nn.Network.random((3, 3, 3, 3), nn.relu, 5)
    s = symbols(net)
    claim = mistakes.value("delta", "relu′ from the output", **s)
    assert (claim == mistakes.value("delta", "f′ missing", **s)).all()
    verdict = nn.judge(claim, lambda u: nn.E(nn.forward_from(net, 2, u), Y), s["u"][2], mistakes.suspects("delta", **s))
    assert verdict.kind == "disagrees" and "relu′ from the output" in verdict.reasons
    assert "“f′ missing” mistake." in str(verdict) and "“relu′ from the output”" in str(verdict)
