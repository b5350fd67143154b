"""δ and the gradients: proved for every f by sympy, against autograd on random networks, by hand, and in print."""

import autograd
import autograd.numpy as anp
import numpy as np
import oracles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from worked import pencil_and_paper, published

import nnmath as nn


def gradients(net, x, y):
    return nn.gradient(net, nn.forward(net, x), y)


@st.composite
def cases(draw, activations=oracles.ALL):
    """A network of depth 1 to 5, widths 1 to 9, and 1 to 7 examples. No u is within 1e-3 of a kink or a bend."""
    sizes = draw(st.lists(st.integers(1, 9), min_size=2, max_size=6))
    N = draw(st.integers(1, 7))
    f = draw(st.sampled_from(activations))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    for _ in range(100):
        net = nn.Network.random(sizes, f, int(rng.integers(2**32)))
        net = net.replace(b={l: rng.standard_normal((n, 1)) for l, n in enumerate(sizes) if l})
        x = rng.standard_normal((sizes[0], N))
        trace = nn.forward(net, x)
        if min(abs(u).min() for u in trace.u.values()) > 1e-3:
            return net, x, rng.standard_normal((sizes[-1], N))
    raise AssertionError("no network clear of the kinks found")


@given(cases())
@settings(deadline=None, derandomize=True, max_examples=200)
def test_whole_networks_against_autograd(case):
    net, x, y = case
    g = gradients(net, x, y)
    dE_dW, dE_db, dE_dx = oracles.autograd_gradient(net, x, y)
    scale = 1 + max(abs(v).max() for v in (*dE_dW.values(), *dE_db.values()))
    for l in range(1, net.L + 1):
        assert g.dE_dW[l].shape == net.W[l].shape and g.dE_db[l].shape == net.b[l].shape
        assert_allclose(g.dE_dW[l], dE_dW[l], rtol=1e-10, atol=1e-13 * scale)
        assert_allclose(g.dE_db[l], dE_db[l], rtol=1e-10, atol=1e-13 * scale)
    delta = nn.deltas(net, nn.forward(net, x), y)
    assert_allclose(net.W[1].T @ delta[1], dE_dx, rtol=1e-10, atol=1e-13 * scale)


LOSSES = {  # loss: what it is of the output u in autograd's numpy
    nn.squared_error: lambda u, y, f: anp.sum((f(u) - y) ** 2) / 2,
    nn.cross_entropy: lambda u, y, f: -anp.sum(y * anp.log(f(u))),
    nn.binary_cross_entropy: lambda u, y, f: -anp.sum(y * anp.log(f(u)) + (1 - y) * anp.log(1 - f(u))),
}
OUTPUTS = {  # what the last layer may be, so that the logarithms have a meaning
    nn.squared_error: (*oracles.ALL, nn.softmax),
    nn.cross_entropy: (nn.softmax, nn.sigmoid),
    nn.binary_cross_entropy: (nn.softmax, nn.sigmoid),
}


@st.composite
def losses(draw):
    """A network with an activation for each layer, perhaps without biases, a loss with targets, and a weight decay."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=5))
    sizes[-1] = max(sizes[-1], 2)  # a softmax of one score is 1, and 1 − t is 0
    N, loss, L = draw(st.integers(1, 5)), draw(st.sampled_from(list(LOSSES))), len(sizes) - 1
    f = {l: draw(st.sampled_from(oracles.ALL)) for l in range(1, L)} | {L: draw(st.sampled_from(OUTPUTS[loss]))}
    biases, mean, decay = draw(st.booleans()), draw(st.booleans()), draw(st.sampled_from([0.0, 0.3]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    for _ in range(100):
        W = nn.Network.random(sizes, f, int(rng.integers(2**32))).W
        net = nn.Network(W, {l: rng.standard_normal((len(W[l]), 1)) for l in W} if biases else None, f)
        x = rng.standard_normal((sizes[0], N))
        us = nn.forward(net, x).u.values()
        if all(((u == 0) | (abs(u) > 1e-3)).all() for u in us):  # behind a ReLU and without biases u is often just 0
            y = rng.dirichlet(np.ones(sizes[-1]), size=N).T
            return net, x, y, loss, mean, decay
    raise AssertionError("no network clear of the kinks found")


@given(losses())
@settings(deadline=None, derandomize=True, max_examples=200)
def test_activations_for_each_layer_losses_and_decay_against_autograd(case):
    net, x, y, loss, mean, decay = case

    def E(W, b):
        t = x
        for l in range(1, net.L + 1):
            u = anp.dot(W[l], t) + (b[l] if b else 0)
            f = lambda u, l=l: oracles.FORMULAS[net.f[l].name](u, anp)
            t = f(u) if l < net.L else None
        total = LOSSES[loss](u, y, f) / (x.shape[1] if mean else 1)
        return total + decay / 2 * sum(anp.sum(W[l] ** 2) for l in W)

    chosen = loss.mean if mean else loss
    trace = nn.forward(net, x)
    g = nn.gradient(net, trace, y, chosen, decay)
    assert_allclose(nn.objective(net, trace, y, chosen, decay), E(net.W, net.b), rtol=1e-11)
    for part, truth in (
        (g.dE_dW, autograd.grad(E, 0)(net.W, net.b)),
        (g.dE_db, autograd.grad(E, 1)(net.W, net.b) if net.b else {}),
    ):
        assert part.keys() == truth.keys()
        scale = 1 + max((abs(v).max() for v in truth.values()), default=0)
        for l in part:
            assert_allclose(part[l], truth[l], rtol=1e-9, atol=1e-12 * scale)


def test_without_biases_there_are_none_anywhere():
    net, x, y, _ = published()
    bare = nn.Network(net.W, None, net.f)
    assert bare.b == {} and nn.Network(net.W, {}, net.f).b == {}
    zero = nn.Network(net.W, {l: 0 * b for l, b in net.b.items()}, net.f)
    trace = nn.forward(bare, x)
    assert_array_equal(trace.t, nn.forward(zero, x).t)
    assert_array_equal(nn.forward_from(bare, 1, trace.u[1]), trace.t)
    g, with_zeros = nn.gradient(bare, trace, y), gradients(zero, x, y)
    assert g.dE_db == {}
    for l in bare.W:
        assert_array_equal(g.dE_dW[l], with_zeros.dE_dW[l])
    after = nn.step(bare, g, 0.5)
    assert after.b == {} and after.W[1].shape == (2, 2)
    with pytest.raises(ValueError, match="layer 1 is not in the network's b; expected no layers, because it has none"):
        bare.replace(b={1: [[0], [0]]})


def test_biases_are_not_decayed_and_a_decay_of_float32_stays():
    net, x, y, _ = published()
    g, decayed = gradients(net, x, y), nn.gradient(net, nn.forward(net, x), y, decay=0.25)
    for l in net.W:
        assert_array_equal(decayed.dE_db[l], g.dE_db[l])
        assert_allclose(decayed.dE_dW[l] - g.dE_dW[l], net.W[l] / 4, rtol=1e-13)
    squares = sum((W**2).sum() for W in net.W.values())
    trace = nn.forward(net, x)
    assert_allclose(nn.objective(net, trace, y, decay=0.25), nn.E(trace.t, y) + squares / 8, rtol=1e-15)
    single = nn.Network(*({l: v.astype(np.float32) for l, v in p.items()} for p in (net.W, net.b)), net.f)
    x, y = x.astype(np.float32), y.astype(np.float32)
    assert nn.gradient(single, nn.forward(single, x), y, decay=0.25).dE_dW[1].dtype == np.float32


@given(cases())
@settings(deadline=None, derandomize=True, max_examples=25)
def test_whole_networks_against_differences(case):
    net, x, y = case
    g = gradients(net, x, y)
    for l in range(1, net.L + 1):
        for moved, claim in (("W", g.dE_dW[l]), ("b", g.dE_db[l])):

            def E(v):
                W, b = {**net.W}, {**net.b}
                (W if moved == "W" else b)[l] = v
                t = x
                for above in range(1, net.L + 1):
                    t = oracles.FORMULAS[net.f[above].name](W[above] @ t + b[above])
                return np.sum((t - y) ** 2) / 2

            at = getattr(net, moved)[l]
            assert_allclose(claim, oracles.central(E, at), rtol=1e-5, atol=1e-6 * (1 + abs(claim).max()))
            if all(f in oracles.SMOOTH for f in net.f.values()):
                assert_allclose(claim, oracles.complex_step(E, at), rtol=1e-9, atol=1e-12 * (1 + abs(claim).max()))


@given(cases(activations=(nn.tanh, nn.sigmoid, nn.softplus, nn.softsign)))
@settings(deadline=None, derandomize=True, max_examples=25)
def test_delta_is_the_gradient_by_u(case):
    net, x, y = case
    trace = nn.forward(net, x)
    delta = nn.deltas(net, trace, y)
    assert sorted(delta) == list(range(1, net.L + 1))
    for l in delta:
        measured = nn.numerical_gradient(lambda u: nn.E(nn.forward_from(net, l, u), y), trace.u[l])
        assert_allclose(delta[l], measured, rtol=1e-5, atol=1e-7 * (1 + abs(delta[l]).max()))


@pytest.mark.parametrize(
    "sizes, N", [((1, 1), 1), ((1, 3), 1), ((3, 1), 2), ((2, 3, 1), 1), ((3, 1, 2), 2), ((4, 2), 1), ((1, 2, 1, 2), 1)]
)
def test_the_gradients_are_proved_for_every_f_by_sympy(monkeypatch, sizes, N):
    oracles.let_symbols_in(monkeypatch)
    pairs = list(enumerate(zip(sizes, sizes[1:]), start=1))
    net = nn.Network(
        {l: oracles.symbols(f"W{l}", m, n) for l, (n, m) in pairs},
        {l: oracles.symbols(f"b{l}", m, 1) for l, (n, m) in pairs},
        oracles.ANY_F,
    )
    x, y = oracles.symbols("x", sizes[0], N), oracles.symbols("y", sizes[-1], N)
    E = oracles.error(oracles.run(net.W, net.b, x, oracles.ANY_F)[1][net.L], y)
    g = gradients(net, x, y)
    for l in net.W:
        assert oracles.equal(g.dE_dW[l], oracles.d(E, net.W[l]))
        assert oracles.equal(g.dE_db[l], oracles.d(E, net.b[l]))


def test_by_hand():
    net, x, y, right = pencil_and_paper()
    delta, g = nn.deltas(net, nn.forward(net, x), y), gradients(net, x, y)
    for l in (1, 2):
        assert_array_equal(delta[l], right.delta[l])
        assert_array_equal(g.dE_dW[l], right.dE_dW[l])
        assert_array_equal(g.dE_db[l], right.dE_db[l])
    assert sum(np.sum(v**2) for v in (*g.dE_dW.values(), *g.dE_db.values())) == 477 / 1024


def test_by_hand_with_two_columns():
    net, x, y, right = pencil_and_paper(columns=2)
    delta, g = nn.deltas(net, nn.forward(net, x), y), gradients(net, x, y)
    for l in (1, 2):
        assert_array_equal(delta[l], right.delta[l])
        assert_array_equal(g.dE_db[l], right.dE_db[l])
        columns = [gradients(net, x[:, [n]], y[:, [n]]).dE_dW[l] for n in (0, 1)]
        assert_array_equal(g.dE_dW[l], columns[0] + columns[1])


def test_in_print():
    net, x, y, printed = published()
    trace = nn.forward(net, x)
    delta, g = nn.deltas(net, trace, y), gradients(net, x, y)
    for value, digits in [
        (trace.u[1][0, 0], printed.net_h1),
        (trace.x[1][0, 0], printed.out_h1),
        (trace.x[1][1, 0], printed.out_h2),
        (trace.u[2][0, 0], printed.net_o1),
        (trace.t[0, 0], printed.out_o1),
        (trace.t[1, 0], printed.out_o2),
        (nn.E(trace.t, y), printed.E),
        (delta[2][0, 0], printed.delta_o1),
        (g.dE_dW[2][0, 0], printed.dE_dw5),
        (g.dE_dW[1][0, 0], printed.dE_dw1),
    ]:
        assert abs(value - digits) <= 0.51e-9, (value, digits)


def test_a_wrong_target_of_the_right_size_is_seen():
    """The gradient is zero just where t = y, and nowhere else."""
    net, x, _, _ = published()
    t = nn.forward(net, x).t
    assert not any(v.any() for v in gradients(net, x, t).dE_dW.values())
    assert all(v.any() for v in gradients(net, x, t + 0.1).dE_dW.values())


def test_float32_stays_float32():
    net, x, y, _ = published()
    single = nn.Network(*({l: v.astype(np.float32) for l, v in p.items()} for p in (net.W, net.b)), net.f)
    g = gradients(single, x.astype(np.float32), y.astype(np.float32))
    double = gradients(net, x, y)
    for l in (1, 2):
        assert g.dE_dW[l].dtype == g.dE_db[l].dtype == np.float32
        assert_allclose(g.dE_dW[l], double.dE_dW[l], rtol=1e-4)
        assert double.dE_dW[l].dtype == np.float64


def test_the_arguments_stay_as_they_are_and_the_results_are_new():
    net, x, y, _ = pencil_and_paper(columns=2)
    trace = nn.forward(net, x)
    given = [y, *trace.u.values(), *trace.x.values(), *net.W.values(), *net.b.values()]
    before = [v.copy() for v in given]
    g = nn.gradient(net, trace, y)
    for result in (*nn.deltas(net, trace, y).values(), *g.dE_dW.values(), *g.dE_db.values()):
        assert not any(np.shares_memory(result, v) for v in given)
    for value, old in zip(given, before):
        assert_array_equal(value, old)
