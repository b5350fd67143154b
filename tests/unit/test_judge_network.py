"""A whole network judged: right gradients agree, and the mistakes are named however far they spread.

The tests read the fields of the verdicts; the sentences are in the golden file of the renderer.
"""

import re
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import nnmath as nn
from nnmath.check import mistakes, network_difference, sampling
from nnmath.check.judge import TOGETHER
from nnmath.check.mistakes.formulas import DOES_NOT_FIT

RNG = np.random.default_rng(3)
PASS = ("delta_L", "slope", "delta", "dE_dW", "dE_db")
N = 6


def with_biases(net):
    return net.replace(b={l: RNG.normal(size=b.shape) for l, b in net.b.items()})


NETS = {
    "different widths": with_biases(nn.Network.random((4, 3, 5, 2), nn.tanh, 1)),
    "square": with_biases(nn.Network.random((3, 3, 3, 3), nn.tanh, 2)),
    "square, N the width": with_biases(nn.Network.random((N, N, N, N), nn.tanh, 2)),
}


def example(net):
    return RNG.normal(size=(net.sizes[0], N)), RNG.normal(size=(net.sizes[-1], N))


def one_hot(m):
    return np.eye(m)[:, RNG.integers(m, size=N)]


# Other losses, one f a layer, weight decay: name → (network, loss, λ, targets)
LOSSES = {
    "mean": (nn.Network.random((4, 3, 5, 3), nn.tanh, 1), nn.squared_error.mean, 0.0, RNG.normal(size=(3, N))),
    "one f a layer, decay": (
        nn.Network.random((4, 3, 5, 3), {1: nn.tanh, 2: nn.sigmoid, 3: nn.identity}, 1),
        nn.squared_error,
        0.1,
        RNG.normal(size=(3, N)),
    ),
    "softmax": (
        nn.Network.random((4, 3, 5, 3), {1: nn.tanh, 2: nn.tanh, 3: nn.softmax}, 1),
        nn.cross_entropy,
        0.0,
        one_hot(3),
    ),
    "softmax, mean, decay": (
        nn.Network.random((4, 3, 5, 3), {1: nn.silu, 2: nn.softsign, 3: nn.softmax}, 1),
        nn.cross_entropy.mean,
        0.1,
        one_hot(3),
    ),
    "sigmoids": (
        nn.Network.random((4, 3, 5, 3), {1: nn.tanh, 2: nn.tanh, 3: nn.sigmoid}, 1),
        nn.binary_cross_entropy,
        0.0,
        RNG.integers(0, 2, size=(3, N)) * 1.0,
    ),
    "softmax, squared error": (
        nn.Network.random((4, 3, 5, 3), {1: nn.tanh, 2: nn.tanh, 3: nn.softmax}, 1),
        nn.squared_error,
        0.0,
        one_hot(3),
    ),
    "an own loss": (
        nn.Network.random((4, 3, 5, 3), nn.tanh, 1),
        nn.Loss("fourth power", lambda t, y: ((t - y) ** 4).sum(axis=0), lambda t, y: 4 * (t - y) ** 3),
        0.2,
        RNG.normal(size=(3, N)),
    ),
}
LOSSES = {name: (with_biases(net), *rest) for name, (net, *rest) in LOSSES.items()}


# Right gradients


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
def test_the_right_gradients_agree(net):
    x, y = example(net)
    verdict = nn.judge_network(nn.gradient(net, nn.forward(net, x), y), net, x, y)
    assert verdict.kind == "agrees" and verdict.diagnoses == verdict.notes == ()
    assert {part.kind for part in verdict.of.values()} == {"agrees"} and len(verdict.of) == 6


@pytest.mark.parametrize("case", LOSSES)
def test_the_right_gradients_of_every_loss_agree(case):
    net, loss, decay, y = LOSSES[case]
    x = RNG.normal(size=(4, N))
    verdict = nn.judge_network(nn.gradient(net, nn.forward(net, x), y, loss, decay), net, x, y, loss, decay)
    assert verdict.kind == "agrees" and all(part.digits == 6 for part in verdict.of.values())


@pytest.mark.parametrize("case", LOSSES)
def test_the_gradients_of_another_loss_do_not_agree(case):
    net, loss, decay, y = LOSSES[case]
    x = RNG.normal(size=(4, N))
    right = nn.gradient(net, nn.forward(net, x), y, loss, decay)
    for other, lam in ((loss, decay + 0.01), (loss.mean if not loss.averaged else nn.squared_error, decay)):
        assert nn.judge_network(right, net, x, y, other, lam).kind == "disagrees"


def test_a_network_without_biases_is_judged_by_its_weights():
    net = nn.Network(NETS["different widths"].W, None, nn.tanh)
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(right, net, x, y)
    assert verdict.kind == "agrees" and list(verdict.of) == [("W", 3), ("W", 2), ("W", 1)]
    wrong = mistakes.gradient_with_mistakes(net, nn.forward(net, x), y, {"slope": "f′ missing"})
    assert nn.judge_network(wrong, net, x, y).reasons == ("f′ missing",)
    with pytest.raises(ValueError, match="the network has no biases"):
        nn.judge_network((right.dE_dW, {1: np.zeros((3, 1))}), net, x, y)


def programs():
    """Right gradients as people write them, in plain numpy: (gradients, network, x, y, loss, decay)."""
    rng = np.random.default_rng(32)
    net = nn.Network.random((4, 5, 3), nn.sigmoid, 2)
    x, y = rng.normal(size=(4, N)), np.eye(3)[:, rng.integers(0, 3, N)]
    h = 1 / (1 + np.exp(-net.W[1] @ x))
    u = net.W[2] @ h
    t = 1 / (1 + np.exp(-u))
    shares = np.exp(u) / np.exp(u).sum(axis=0)

    def back(d2, factor=1.0, lam=0.0):
        d1 = net.W[2].T @ d2 * h * (1 - h)
        return (
            {1: factor * d1 @ x.T + lam * net.W[1], 2: factor * d2 @ h.T + lam * net.W[2]},
            {1: factor * d1.sum(1, keepdims=True), 2: factor * d2.sum(1, keepdims=True)},
        )

    squared = (t - y) * t * (1 - t)
    linear, soft = (nn.Network(net.W, net.b, {1: nn.sigmoid, 2: f}) for f in (nn.identity, nn.softmax))
    yield "cross-entropy with sigmoids", (back(t - y), net, x, y, nn.binary_cross_entropy, 0.0)
    yield "1/(2m) times the sum of squares", (back(squared, 1 / N), net, x, y, nn.squared_error.mean, 0.0)
    yield "linear output", (back(u - y), linear, x, y, nn.squared_error, 0.0)
    yield "softmax and cross-entropy", (back(shares - y), soft, x, y, nn.cross_entropy, 0.0)
    yield "weight decay", (back(squared, lam=0.1), net, x, y, nn.squared_error, 0.1)
    twice_the_mean = nn.Loss(
        "mean of all squares", lambda t, y: ((t - y) ** 2).sum(axis=0) / 3, lambda t, y: 2 * (t - y) / 3
    )
    yield "mean over all elements of squares", (back(squared, 2 / N / 3), net, x, y, twice_the_mean.mean, 0.0)


@pytest.mark.parametrize("program", [pytest.param(case, id=name) for name, case in programs()])
def test_right_gradients_of_programs_in_plain_numpy_agree(program):
    assert nn.judge_network(*program).kind == "agrees"


@pytest.mark.parametrize(
    "name, said",
    [
        ("cross-entropy with sigmoids", "binary cross-entropy"),
        ("1/(2m) times the sum of squares", "mean of half the squared error"),
        ("linear output", "half the squared error and identity as the output's f"),
        ("softmax and cross-entropy", "cross-entropy and softmax as the output's f"),
        ("mean over all elements of squares", "the mean of the squared errors over all entries"),
    ],
)
def test_right_gradients_of_another_loss_are_recognized(name, said):
    gradients, net, x, y, _, _ = dict(programs())[name]
    verdict = nn.judge_network(gradients, nn.Network(net.W, net.b, nn.sigmoid), x, y)
    assert verdict.kind == "disagrees" and any(f"another loss, {said}" in note for note in verdict.notes)


@pytest.mark.parametrize(
    "scale, said",
    [
        (lambda m, N: 2 / (m * N), "the mean of the squared errors over all entries"),
        (lambda m, N: 1 / (m * N), "half the mean of the squared errors over all entries"),
        (lambda m, N: 2 / N, "the mean of the squared errors over the examples, without the ½"),
        (lambda m, N: 5 / (m * N), None),
    ],
)
@pytest.mark.parametrize("N", [7, 12345])  # the second makes a factor of many digits
def test_other_means_of_the_squared_errors_are_recognized_and_can_be_judged(scale, said, N):
    net = nn.Network.random((4, 5, 3), nn.sigmoid, seed=2)
    x, y = np.random.default_rng(3).normal(size=(4, N)), np.random.default_rng(4).normal(size=(3, N))
    c, right = scale(3, N), nn.gradient(net, nn.forward(net, x), y)
    right = (right.dE_dW, right.dE_db)
    claims = tuple({l: c * array for l, array in part.items()} for part in right)
    [told] = [note for note in nn.judge_network(claims, net, x, y).notes if "another loss" in note] or [None]
    assert told is None if said is None else said in told
    if said:
        factor = float(told.split("multiply them by ")[1].split()[0])
        scaled = tuple({l: factor * array for l, array in part.items()} for part in claims)
        assert nn.judge_network(scaled, net, x, y).kind == "agrees"


def test_a_weight_decay_that_was_not_told_is_found_with_its_factor():
    gradients, net, x, y, loss, _ = dict(programs())["weight decay"]
    verdict = nn.judge_network(gradients, net, x, y, loss)
    assert verdict.reasons == ("weight decay",) and dict(verdict.diagnoses[0].evidence)["λ"] == pytest.approx(
        0.1, rel=1e-5
    )
    assert "the argument decay" in str(verdict)
    assert {key for key, part in verdict.of.items() if part.kind == "agrees"} == {("b", 1), ("b", 2)}


def test_cross_entropy_of_full_size():
    """25×401 and 10×26 parameters, 100 examples, in the layout of a well-known course: rows are examples."""
    rng, m = np.random.default_rng(0), 100
    X, Y = rng.random((m, 400)), np.eye(10)[rng.integers(0, 10, m)]
    net = nn.Network(
        {1: rng.uniform(-0.12, 0.12, (25, 400)), 2: rng.uniform(-0.12, 0.12, (10, 25))},
        {1: rng.uniform(-0.12, 0.12, (25, 1)), 2: rng.uniform(-0.12, 0.12, (10, 1))},
        nn.sigmoid,
    )
    a2 = 1 / (1 + np.exp(-(X @ net.W[1].T + net.b[1].T)))
    h = 1 / (1 + np.exp(-(a2 @ net.W[2].T + net.b[2].T)))

    def back(d3):
        d2 = d3 @ net.W[2] * a2 * (1 - a2)
        return {1: d2.T @ X / m, 2: d3.T @ a2 / m}, {1: d2.sum(0)[:, None] / m, 2: d3.sum(0)[:, None] / m}

    loss = nn.binary_cross_entropy.mean
    assert nn.judge_network(back(h - Y), net, X.T, Y.T, loss, sample=20).kind == "agrees"
    wrong = nn.judge_network(back((h - Y) * h * (1 - h)), net, X.T, Y.T, loss, sample=20)
    assert wrong.kind == "disagrees" and wrong.whole and wrong.reasons == ("f′ where it cancels",)


# One mistake

# These need equal widths, or N equal to the width.
UNFIT = {
    "different widths": {
        ("delta", name)
        for name in (
            "next layer's δ",
            "W for Wᵀ",
            "W of the previous layer",
            "W⁻¹ for Wᵀ",
            "parenthesis misplaced",
            "∘ before ·",
        )
    },
    "square": {("delta", "∘ before ·")},
    "square, N the width": set(),
}
RIGHT = {("slope", "1 − x² for f′")}  # for tanh
OTHER_NAMES = {
    ("slope", "relu′ from the output"): ("step for f′",),
    ("delta", "relu′ from the output"): ("step for f′",),
}


@pytest.mark.parametrize("case", NETS)
@pytest.mark.parametrize(
    "formula, name",
    [(formula, name) for formula in PASS for name in mistakes.names(formula)[1:] if (formula, name) not in RIGHT],
)
def test_one_mistake_explains_all_that_it_spoiled(case, formula, name):
    net = NETS[case]
    x, y = example(net)
    if (formula, name) in UNFIT[case]:
        with pytest.raises(DOES_NOT_FIT):
            mistakes.gradient_with_mistake(net, nn.forward(net, x), y, formula, name)
        return
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, formula, name)
    verdict = nn.judge_network(wrong, net, x, y)
    assert verdict.kind == "disagrees" and verdict.whole
    assert verdict.reasons == OTHER_NAMES.get((formula, name), (name,))


@pytest.mark.parametrize("case", ["softmax", "softmax, mean, decay", "sigmoids", "one f a layer, decay"])
def test_the_mistakes_of_other_losses_and_of_decay_are_named(case):
    net, loss, decay, y = LOSSES[case]
    x = RNG.normal(size=(4, N))
    trace = nn.forward(net, x)
    formulas = {
        "softmax": ["softmax_cross_entropy"],
        "softmax, mean, decay": ["softmax_cross_entropy", "decay", "bias_decay"],
        "sigmoids": ["cross_entropy"],
        "one f a layer, decay": ["decay", "bias_decay"],
    }[case]
    for formula in formulas:
        for name in mistakes.names(formula)[1:]:
            wrong = mistakes.gradient_with_mistakes(net, trace, y, {formula: name}, loss, decay)
            verdict = nn.judge_network(wrong, net, x, y, loss, decay)
            expected = "1/N twice" if name == "mean for sum" and loss.averaged else name
            assert verdict.whole and verdict.reasons == (expected,), (formula, name, verdict)


def backward(net, x, y, slope=None, last=None, upper=lambda W, gradient: W, start=lambda t, y: t - y, share=1.0):
    """A whole backward pass as a reader would write it, with parts that can be replaced by wrong ones."""
    slope = slope or {l: (lambda u, a, f=f: f.prime(u)) for l, f in net.f.items()}
    slope = slope if isinstance(slope, dict) else dict.fromkeys(net.W, slope)
    trace = nn.forward(net, x)
    u, a, L = trace.u, trace.x, net.L
    d = start(a[L], y) * (last or slope[L])(u[L], a[L])
    dW, db = {}, {}
    for l in range(L, 0, -1):
        dW[l], db[l] = share * d @ a[l - 1].T, share * d.sum(axis=1, keepdims=True)
        if l > 1:
            d = (upper(net.W[l], dW[l]).T @ d) * slope[l - 1](u[l - 1], a[l - 1])
    return dW, db


TANH = NETS["different widths"]
SIGMOID = with_biases(nn.Network.random((3, 4, 2), nn.sigmoid, 8))
LEAKY = with_biases(nn.Network.random((3, 6, 2), nn.leaky_relu, 8))


@pytest.mark.parametrize(
    "net, slope, name",
    [
        (TANH, lambda u, a: 1 + a**2, "1 + x² for f′"),
        (TANH, lambda u, a: 1 - u**2, "1 − u² for f′"),
        (TANH, lambda u, a: a * (1 - a), "x(1 − x) for f′"),
        (TANH, lambda u, a: 1 - np.tanh(a) ** 2, "f′ at f(u)"),
        (TANH, lambda u, a: 1, "f′ missing"),
        (TANH, lambda u, a: a, "f for f′"),
        (TANH, lambda u, a: (1 - a**2) ** 2, "f′ twice"),
        (TANH, lambda u, a: 1 - a, "1 − x for f′"),
        (SIGMOID, lambda u, a: u * (1 - u), "u(1 − u) for f′"),
        (SIGMOID, lambda u, a: a, "f for f′"),
        (SIGMOID, lambda u, a: a * (1 + a), "x(1 + x) for f′"),
        (SIGMOID, lambda u, a: nn.sigmoid(a) * (1 - nn.sigmoid(a)), "f′ at f(u)"),
        (SIGMOID, lambda u, a: 1 - a**2, "1 − x² for f′"),
        (LEAKY, lambda u, a: (u > 0) * 1.0, "step for f′"),
    ],
)
@pytest.mark.parametrize("where", ["in every layer", "in the hidden layers", "in the output layer"])
def test_a_wrong_helper_is_found_wherever_it_is_used(net, slope, name, where):
    x, y = example(net)
    right = lambda u, a: net.f[1].prime(u)
    parts = {
        "in every layer": {"slope": slope},
        "in the hidden layers": {"slope": slope, "last": right},
        "in the output layer": {"slope": right, "last": slope},
    }[where]
    verdict = nn.judge_network(backward(net, x, y, **parts), net, x, y)
    if name == "f′ missing" and where == "in the output layer":
        name = "output's f′ forgotten"
    assert verdict.whole and verdict.reasons == (name,)
    layers = {
        "in every layer": range(net.L, 0, -1),
        "in the hidden layers": range(net.L - 1, 0, -1),
        "in the output layer": [net.L],
    }[where]
    assert dict(verdict.diagnoses[0].evidence)["layers"] == tuple(layers)
    assert (
        name == "output's f′ forgotten"
        or (net.L > 2 or where == "in every layer") == (where in verdict.diagnoses[0].seen)
        or net.L == 2
    )


def test_a_mistake_in_one_layer_is_placed_there():
    net = NETS["square"]
    x, y = example(net)
    trace = nn.forward(net, x)
    right = nn.gradient(net, trace, y)
    for formula, name, kind in (
        ("dE_dW", "output for input", "W"),
        ("dE_dW", "f′ twice", "W"),
        ("dE_db", "last example only", "b"),
    ):
        wrong = mistakes.gradient_with_mistake(net, trace, y, formula, name)
        claim = (
            ({**right.dE_dW, 2: wrong.dE_dW[2]}, right.dE_db)
            if kind == "W"
            else (right.dE_dW, {**right.dE_db, 2: wrong.dE_db[2]})
        )
        verdict = nn.judge_network(claim, net, x, y)
        assert verdict.whole and verdict.reasons == (name,) and verdict.diagnoses[0].evidence[0] == ("layers", (2,))
        assert "in layer 2" in verdict.diagnoses[0].seen
        assert [key for key, part in verdict.of.items() if part.kind == "disagrees"] == [(kind, 2)]


def test_one_array_alone_is_told_its_mistake_where_no_mistake_explains_all():
    """The weights of layer 2 have the mistake of a formula that would have spoiled their biases too."""
    net = NETS["square"]
    x, y = example(net)
    trace = nn.forward(net, x)
    right = nn.gradient(net, trace, y)
    for formula, name in (("delta", "W for Wᵀ"), ("delta", "x inside δ"), ("delta_L", "f′ at f(u)")):
        wrong = mistakes.gradient_with_mistake(net, trace, y, formula, name)
        verdict = nn.judge_network(({**right.dE_dW, 2: wrong.dE_dW[2]}, right.dE_db), net, x, y)
        assert verdict.kind == "disagrees" and not verdict.whole
        assert verdict.reasons == verdict.of["W", 2].reasons[:1] == (name,)


# Several mistakes


@pytest.mark.parametrize(
    "parts, names",
    [
        ({"share": -2.0}, ("y − t", "factor 2")),
        ({"share": -1 / N}, ("y − t", "mean for sum")),
        ({"start": lambda t, y: 2 * (y - t)}, ("y − t", "factor 2")),
        (
            {"last": lambda u, a: 1, "upper": lambda W, gradient: W - 0.3 * gradient},
            ("output's f′ forgotten", "already updated W"),
        ),
        ({"slope": lambda u, a: 1, "start": lambda t, y: y - t}, ("f′ missing", "y − t")),
        ({"slope": lambda u, a: 1 - np.tanh(a) ** 2, "share": 1 / N}, ("f′ at f(u)", "mean for sum")),
        ({"upper": lambda W, gradient: W + 0.3 * gradient, "share": -1.0}, ("already updated W", "y − t")),
        (
            {"slope": lambda u, a: 1 + a**2, "upper": lambda W, gradient: W - 0.3 * gradient},
            ("1 + x² for f′", "already updated W"),
        ),
    ],
)
def test_two_mistakes_at_once_are_both_named(parts, names):
    x, y = example(TANH)
    verdict = nn.judge_network(backward(TANH, x, y, **parts), TANH, x, y, eta=0.3)
    assert verdict.whole and set(verdict.reasons) == set(names) and len(verdict.reasons) == 2


def test_two_mistakes_in_different_layers_are_both_named_and_placed():
    x, y = example(TANH)
    right = nn.gradient(TANH, nn.forward(TANH, x), y)
    dE_dW, dE_db = {**right.dE_dW, 1: -right.dE_dW[1]}, {**right.dE_db, 3: right.dE_db[3] / N}
    verdict = nn.judge_network((dE_dW, dE_db), TANH, x, y)
    assert [key for key, part in verdict.of.items() if part.kind != "agrees"] == [("b", 3), ("W", 1)]
    assert [(one.name, one.evidence[0]) for one in verdict.diagnoses] == [
        ("mean for sum", ("layers", (3,))),
        ("sign", ("layers", (1,))),
    ]


def test_the_learning_rate_of_an_early_update_is_found_from_the_numbers():
    for eta in (0.01, 0.7):
        x, y = example(TANH)
        early = backward(TANH, x, y, upper=lambda W, gradient, eta=eta: W - eta * gradient)
        told, not_told = nn.judge_network(early, TANH, x, y, eta=eta), nn.judge_network(early, TANH, x, y)
        assert told.reasons == not_told.reasons == ("already updated W",)
        assert dict(not_told.diagnoses[0].evidence)["learning rate"] == pytest.approx(eta, rel=1e-6)
        assert "learning rate" not in dict(told.diagnoses[0].evidence)


def test_names_that_give_the_same_numbers_are_all_told():
    net = nn.Network({1: [[2, 1]]}, {1: [[1]]}, nn.identity)
    x, y = [[1, 2], [0, 1]], [[0, 3]]
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(({1: right.dE_dW[1] / 2}, {1: right.dE_db[1] / 2}), net, x, y)  # N = 2
    assert verdict.reasons == ("factor ½",) and "mean for sum" in verdict.diagnoses[0].same_numbers


def test_two_numbers_are_not_explained_by_two_constants():
    """Any two numbers are some multiples of any two others, so such a pair of factors explains nothing."""
    net = nn.Network({1: [[2.0]], 2: [[1.5]]}, {1: [[0.3]], 2: [[0.1]]}, nn.tanh)
    verdict = nn.judge_network(({1: [[0.3]], 2: [[0.7]]}, {1: [[0.11]], 2: [[0.5]]}), net, [[0.4]], [[-0.3]])
    assert verdict.kind == "disagrees" and not verdict.whole


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_not_explained(seed):
    rng, net = np.random.default_rng([seed, 1]), TANH  # the weights were drawn with seed 1
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    spoiled = tuple(
        {l: array * (1 + 0.1 * rng.normal(size=array.shape)) for l, array in part.items()}
        for part in (right.dE_dW, right.dE_db)
    )
    verdict = nn.judge_network(spoiled, net, x, y)
    assert verdict.kind == "disagrees" and not verdict.whole and verdict.reasons == ()


# Layers of several kinds


def pictures():
    layers = {1: nn.Convolution(), 2: nn.MeanPooling(2), 3: nn.Dense()}
    net = nn.MixedNetwork.random(layers, {1: (2, 2, 3, 3), 3: (3, 8)}, {1: nn.tanh, 2: nn.identity, 3: nn.softmax}, 0)
    net = net.replace(b={l: RNG.normal(size=b.shape) for l, b in net.b.items()})
    return net, RNG.normal(size=(2, 6, 6, 2)), np.eye(3)[:, [0, 2]]


def test_a_network_with_a_convolution_is_judged():
    net, x, y = pictures()
    right = nn.gradient(net, nn.forward(net, x), y, nn.cross_entropy, 0.1)
    verdict = nn.judge_network(right, net, x, y, nn.cross_entropy, 0.1)
    assert verdict.kind == "agrees" and list(verdict.of) == [("W", 3), ("b", 3), ("W", 1), ("b", 1)]
    assert nn.judge_network(right, net, x, y, nn.cross_entropy, 0.1, sample=2).of["W", 1].compared == 2
    assert nn.judge_network(right, net, x, y, nn.cross_entropy).kind == "disagrees"
    with pytest.raises(ValueError, match="dE_dW has the layers 2; expected 1, 3"):
        nn.judge_network(({2: right.dE_dW[1]}, {}), net, x, y, nn.cross_entropy)


@pytest.mark.parametrize(
    "spoil, name",
    [
        (lambda K: K[:, :, ::-1, ::-1], "gradient flipped"),
        (lambda K: K.swapaxes(0, 1), "maps swapped"),
        (lambda K: K / 16, "mean over places"),
        (lambda K: -K, "sign"),
    ],
)
def test_a_wrong_gradient_of_a_kernel_is_named(spoil, name):
    net, x, y = pictures()
    right = nn.gradient(net, nn.forward(net, x), y, nn.cross_entropy)
    verdict = nn.judge_network(({**right.dE_dW, 1: spoil(right.dE_dW[1])}, right.dE_db), net, x, y, nn.cross_entropy)
    assert [key for key, one in verdict.of.items() if one.kind == "disagrees"] == [("W", 1)] and verdict.reasons == (
        name,
    )


def test_of_a_slow_network_with_a_convolution_a_sample_is_measured_that_says_so(monkeypatch):
    monkeypatch.setattr(sampling, "ALWAYS", 10)
    monkeypatch.setattr(sampling, "SECONDS", 0.0)
    net, x, y = pictures()
    right = nn.gradient(net, nn.forward(net, x), y, nn.cross_entropy)
    verdict = nn.judge_network(right, net, x, y, nn.cross_entropy)
    assert {key: one.compared for key, one in verdict.of.items()} == {
        ("W", 3): 2,
        ("b", 3): 2,
        ("W", 1): 2,
        ("b", 1): 2,
    }
    assert verdict.kind == "agrees" and verdict.notes == (TOGETHER,)
    whole = nn.judge_network(right, net, x, y, nn.cross_entropy, sample="all")
    assert all(one.compared == one.entries for one in whole.of.values())
    for n in range(0, right.dE_dW[1].size, 7):  # one wrong entry, which a sample of two would hardly ever hold
        wrong = right.dE_dW[1].copy()
        wrong.flat[n] += 0.01 * np.abs(wrong).max()
        verdict = nn.judge_network(({**right.dE_dW, 1: wrong}, right.dE_db), net, x, y, nn.cross_entropy)
        assert [key for key, one in verdict.of.items() if one.kind == "disagrees"] == [("W", 1)]


def test_a_network_whose_outputs_are_pictures_is_judged():
    net = nn.MixedNetwork.random({1: nn.Convolution()}, {1: (2, 1, 2, 2)}, nn.tanh, 0)
    x, y = RNG.normal(size=(1, 4, 4, 3)), RNG.normal(size=(18, 3))
    right = nn.gradient(net, nn.forward(net, x), y)
    assert nn.judge_network(right, net, x, y).kind == "agrees"
    assert nn.judge_network(({1: -right.dE_dW[1]}, right.dE_db), net, x, y).of["W", 1].kind == "disagrees"


def test_a_network_without_parameters_is_refused():
    net = nn.MixedNetwork({1: nn.MaxPooling(2)}, {}, None, nn.identity)
    with pytest.raises(ValueError, match=r"the network has no parameters.*expected at least one W\[l\]"):
        nn.judge_network(({}, {}), net, np.ones((1, 4, 4, 2)), np.ones((4, 2)))


@pytest.mark.parametrize("sample", [0, "half", 2.5])
def test_a_sample_that_is_no_number_is_refused(sample):
    net, x, y = pictures()
    right = nn.gradient(net, nn.forward(net, x), y, nn.cross_entropy)
    with pytest.raises((TypeError, ValueError), match="sample"):
        nn.judge_network(right, net, x, y, nn.cross_entropy, sample=sample)


# Sampling


def test_a_sample_has_entries_of_every_array():
    net = nn.Network.random((40, 15, 10), nn.sigmoid, 1)
    rng = np.random.default_rng(0)
    x, y = rng.random((40, 8)), rng.random((10, 8))
    right = nn.gradient(net, nn.forward(net, x), y)
    assert nn.judge_network(right, net, x, y, sample=5).kind == "agrees"
    for part in ("W", "b"):
        for l in (1, 2):
            claims = {"W": dict(right.dE_dW), "b": dict(right.dE_db)}
            claims[part][l] = np.full_like(claims[part][l], 1e6)
            for sample in (1, 5, 20):
                verdict = nn.judge_network((claims["W"], claims["b"]), net, x, y, sample=sample)
                assert [key for key, one in verdict.of.items() if one.kind == "disagrees"] == [(part, l)]


def test_a_sampled_agreement_says_what_may_have_been_missed():
    x, y = example(TANH)
    right = nn.gradient(TANH, nn.forward(TANH, x), y)
    verdict = nn.judge_network(right, TANH, x, y, sample=5)
    assert verdict.of["W", 2].compared == 5 and verdict.of["W", 2].entries == 15 and verdict.of["b", 1].compared == 3
    assert any("W[2]" in note and "66.7%" in note for note in verdict.notes)


def test_zero_biases_are_mentioned_where_a_decayed_bias_would_hide():
    net = nn.Network.random((4, 3, 2), nn.tanh, 1)
    x, y = example(net)
    assert nn.judge_network(nn.gradient(net, nn.forward(net, x), y), net, x, y).notes == ()
    right = nn.gradient(net, nn.forward(net, x), y, decay=0.1)
    assert any("b[1], b[2]" in note for note in nn.judge_network(right, net, x, y, decay=0.1).notes)


# What cannot be explained, and what is no gradient


@pytest.mark.parametrize(
    "net, x, y, kind",
    [
        (NETS["square"], np.zeros((3, 2)), np.zeros((3, 2)), "inconclusive"),
        (
            nn.Network({1: [[1, 1]], 2: [[1]]}, {1: [[-2]], 2: [[1]]}, nn.relu),
            [[1], [1]],
            [[3]],
            "not differentiable",
        ),  # in layer 1
        (nn.Network({1: [[1, 1]]}, {1: [[-2]]}, nn.relu), [[1], [1]], [[3]], "not differentiable"),
    ],
)
def test_right_gradients_are_never_explained_by_a_mistake(net, x, y, kind):
    """Where slopes are zero many a wrong formula gives zeros too."""
    verdict = nn.judge_network(nn.gradient(net, nn.forward(net, x), y), net, x, y)
    assert verdict.kind == kind and verdict.reasons == ()


def test_one_wrong_gradient_beside_some_that_say_nothing_is_wrong():
    net = nn.Network.random((2, 3, 2), nn.tanh, 1)
    x, y = np.zeros((2, 3)), np.zeros((2, 3))  # every slope is zero here
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(({**right.dE_dW, 1: np.ones((3, 2))}, right.dE_db), net, x, y)
    assert (
        verdict.kind == "disagrees"
        and verdict.of["b", 2].kind == "inconclusive"
        and verdict.of["W", 1].kind == "disagrees"
    )


def test_memory_and_progress_are_handed_on(monkeypatch):
    net = NETS["different widths"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    with pytest.raises(ValueError, match="memory is 0"):
        nn.judge_network(right, net, x, y, memory=0)
    clock, told = iter(np.arange(0, 1e6, 2.0)), []
    monkeypatch.setattr(network_difference.time, "monotonic", lambda: next(clock))
    nn.judge_network(right, net, x, y, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (15 + 20 + 12, 15 + 20 + 12)


def test_float32_gradients_are_explained_in_their_own_precision():
    net = NETS["square"]
    x, y = example(net)
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, "delta", "W for Wᵀ")
    single = tuple({l: value.astype(np.float32) for l, value in part.items()} for part in (wrong.dE_dW, wrong.dE_db))
    verdict = nn.judge_network(single, net, x, y)
    assert verdict.whole and verdict.reasons == ("W for Wᵀ",)


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("noise, named", [(1e-13, True), (1e-9, False)])
def test_a_mistake_explains_numbers_up_to_rounding_whatever_their_size(size, noise, named):
    net = nn.Network.random((3, 3, 3), nn.identity, 1)
    x, y = (size * a for a in example(net))
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, "delta", "W for Wᵀ")
    pair = tuple(
        {l: value * (1 + noise * np.cos(np.arange(value.size)).reshape(value.shape)) for l, value in part.items()}
        for part in (wrong.dE_dW, wrong.dE_db)
    )
    verdict = nn.judge_network(pair, net, x, y)
    assert (verdict.whole and verdict.reasons == ("W for Wᵀ",)) == named


@pytest.mark.parametrize("net", [NETS["square"], nn.Network.random((3, 2), nn.tanh, 1)], ids=["square", "one layer"])
@pytest.mark.parametrize("claim", [None, "one", [[1], [2, 3]], 1j, np.ones(2)])
def test_a_claim_that_is_no_gradient_is_not_explained(net, claim):
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(({**right.dE_dW, 1: claim}, right.dE_db), net, x, y)
    assert verdict.kind == "disagrees" and verdict.reasons == verdict.of["W", 1].reasons[:1] and not verdict.whole


def test_slopes_of_zero_are_explained_with_the_others():
    net = nn.Network.random((2, 3), nn.tanh, 1)
    x, y = np.zeros((2, 5)), np.ones((3, 5))  # ∂E/∂W = 0
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, "delta_L", "mean for sum")
    verdict = nn.judge_network(wrong, net, x, y)
    assert verdict.whole and verdict.reasons == ("mean for sum",)


@pytest.mark.parametrize(
    "options, error, words",
    [
        ({"loss": "mse"}, TypeError, "loss is 'mse'; expected a Loss"),
        ({"decay": "a"}, TypeError, "decay"),
        ({"decay": [1, 2]}, ValueError, "decay has shape (2,)"),
        ({"eta": np.nan}, ValueError, "eta"),
        ({"sample": 0}, ValueError, "sample is 0"),
    ],
)
def test_options_that_mean_nothing_are_errors(options, error, words):
    net = NETS["square"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    with pytest.raises(error, match=re.escape(words)):
        nn.judge_network(right, net, x, y, **options)
    with pytest.raises(TypeError, match="net is a list; expected a Network"):
        nn.judge_network(right, [], x, y)


@pytest.mark.parametrize("seed", range(20))
def test_a_programs_own_errstate_does_no_harm(seed):
    """At 400 x some units are so saturated that their δ times an input underflows."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(TANH.sizes[0], N)), rng.normal(size=(TANH.sizes[-1], N))
    with np.errstate(all="raise"):
        nn.gradient(TANH, nn.forward(TANH, 400 * x), y, decay=0.1)
        assert nn.judge_network(nn.gradient(TANH, nn.forward(TANH, x), y), TANH, x, y).kind == "agrees"
        assert nn.judge_network(backward(TANH, 400 * x, y, slope=lambda u, a: 1), TANH, 400 * x, y).kind == "disagrees"


def test_a_target_of_another_shape_is_an_error():
    net = NETS["square"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    with pytest.raises(ValueError, match=r"y has shape \(3, 1\); expected \(3, 6\)"):
        nn.judge_network(right, net, x, y[:, :1])


def test_a_missing_layer_is_said():
    net = NETS["square"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network((right.dE_dW, {1: right.dE_db[1]}), net, x, y)
    assert verdict.of["b", 2].reasons == ("no numbers",) and verdict.kind == "disagrees"


@pytest.mark.parametrize(
    "gradients, error, words",
    [
        (None, TypeError, "gradients is a NoneType; expected a Gradient, or a pair of dicts (dE_dW, dE_db)"),
        ("ab", TypeError, "gradients is a str; expected a Gradient"),
        ({1: 0, 2: 0}, TypeError, "gradients is a dict; expected a Gradient"),
        (({},), TypeError, "gradients is a tuple; expected a Gradient"),
        (({}, {}, {}), TypeError, "gradients is a tuple; expected a Gradient"),
        ([[], {}], TypeError, "dE_dW is a list; expected a dict with the layers 1 to 3 as keys"),
        ([{}, np.ones(3)], TypeError, "dE_db is a ndarray; expected a dict with the layers 1 to 3 as keys"),
        (({0: 1}, {}), ValueError, "dE_dW has the layers 0; expected 1 to 3"),
        (({}, {3: 1, 4: 1}), ValueError, "dE_db has the layers 3, 4; expected 1 to 3"),
    ],
)
def test_what_is_no_pair_of_dicts_is_an_error(gradients, error, words):
    net = NETS["square"]
    with pytest.raises(error, match=re.escape(words)):
        nn.judge_network(gradients, net, *example(net))


def test_a_verdict_on_a_network_is_not_changed():
    verdict = nn.NetworkVerdict("agrees", {})
    with pytest.raises(FrozenInstanceError):
        verdict.kind = "disagrees"


def test_its_words_are_the_same_in_the_terminal_and_in_a_notebook():
    x, y = example(TANH)
    for parts in ({}, {"slope": lambda u, a: 1}, {"share": -2.0}, {"upper": lambda W, gradient: 0.3 * W}):
        verdict = nn.judge_network(backward(TANH, x, y, **parts), TANH, x, y)
        page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", verdict._repr_html_())).strip()
        for line in str(verdict).split("\n"):
            assert re.sub(r"\s+", " ", line).strip().replace(verdict.kind, "", 1).strip(" :") in page.replace(
                "&#x27;", "'"
            ).replace("&quot;", '"')


def test_arrays_of_one_kind_share_a_line():
    net = with_biases(nn.Network.random((3,) * 9, nn.tanh, 2))  # 16 arrays
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    assert str(nn.judge_network(right, net, x, y)).count("\n") == 0
    said = str(nn.judge_network(({**right.dE_dW, 4: -right.dE_dW[4]}, right.dE_db), net, x, y))
    assert said.count("\n") == 2 and all(f"{part}[{l}]" in said for part in "Wb" for l in range(1, 9))
    everything = str(nn.judge_network(backward(net, x, y, slope=lambda u, a: 1), net, x, y))
    assert everything.count("\n") == 1 and all(f"{part}[{l}]" in everything for part in "Wb" for l in range(1, 9))
