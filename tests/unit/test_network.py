"""Forward, forward_from and E, entry by entry, and the example worked by hand."""

import numpy as np
import oracles
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from worked import pencil_and_paper

import nnmath as nn


def random_case(sizes, f, N, seed=0):
    rng = np.random.default_rng(seed)
    net = nn.Network.random(sizes, f, seed).replace(
        b={l: rng.standard_normal((n, 1)) for l, n in enumerate(sizes) if l}
    )
    return net, rng.standard_normal((sizes[0], N)), rng.standard_normal((sizes[-1], N))


@pytest.mark.parametrize("sizes", [(1, 1), (3, 2), (2, 4, 3), (5, 1, 4, 2)])
@pytest.mark.parametrize("f", oracles.ALL, ids=repr)
def test_forward_is_the_loop_over_entries(f, sizes):
    net, x, _ = random_case(sizes, f, N=3)
    trace = nn.forward(net, x)
    us, xs = oracles.run(net.W, net.b, x, oracles.FORMULAS[f.name])
    assert sorted(trace.u) == list(range(1, len(sizes))) and sorted(trace.x) == list(range(len(sizes)))
    for l in trace.u:
        assert_allclose(trace.u[l], us[l], rtol=1e-12, atol=1e-14)
    for l in trace.x:
        assert_allclose(trace.x[l], xs[l], rtol=1e-12, atol=1e-14)
    assert trace.t is trace.x[net.L]


@pytest.mark.parametrize("l", [1, 2, 3])
def test_forward_from_is_the_rest_of_the_network(l):
    net, x, _ = random_case((2, 4, 3, 5), nn.tanh, N=6)
    trace = nn.forward(net, x)
    assert_array_equal(nn.forward_from(net, l, trace.u[l]), trace.t)
    moved = trace.u[l] + 1
    t = np.tanh(moved)
    for above in range(l + 1, 4):
        t = np.tanh(oracles.layer(net.W[above], t, net.b[above]))
    assert_allclose(nn.forward_from(net, l, moved), t, rtol=1e-13)


def test_the_error_is_half_the_sum_of_squares(monkeypatch):
    rng = np.random.default_rng(1)
    t, y = rng.standard_normal((2, 3, 4))
    assert_allclose(nn.E(t, y), oracles.error(t, y), rtol=1e-14)
    assert isinstance(nn.E(t, y), float)
    assert_allclose(nn.dE_dt(t, y), oracles.central(lambda t: oracles.error(t, y), t), atol=1e-9)
    assert_allclose(nn.dE_dt(t, y), oracles.complex_step(lambda t: oracles.error(t, y), t), rtol=1e-14)
    oracles.let_symbols_in(monkeypatch)
    t, y = oracles.symbols("t", 2, 2), oracles.symbols("y", 2, 2)
    assert oracles.equal(nn.dE_dt(t, y), oracles.d(oracles.error(t, y), t))


def test_by_hand_forward():
    net, x, y, right = pencil_and_paper()
    trace = nn.forward(net, x)
    for l in (1, 2):
        assert_array_equal(trace.u[l], right.u[l])
        assert_array_equal(trace.x[l], right.x[l])
    assert nn.E(trace.t, y) == right.E == 5 / 4


def test_by_hand_forward_with_two_columns():
    net, x, y, right = pencil_and_paper(columns=2)
    trace = nn.forward(net, x)
    for l in (1, 2):
        assert_array_equal(trace.u[l], right.u[l])
        assert_array_equal(trace.x[l], right.x[l])
    assert nn.E(trace.t, y) == right.E == 25 / 16
    assert nn.E(trace.t[:, [1]], y[:, [1]]) == 5 / 16


def test_the_columns_do_not_mix():
    net, x, _ = random_case((3, 4, 2), nn.sigmoid, N=5)
    alone = [nn.forward(net, x[:, [n]]).t for n in range(5)]
    assert_allclose(nn.forward(net, x).t, np.hstack(alone), rtol=1e-14)


def test_sizes_and_L():
    net = nn.Network.random((3, 4, 2), nn.tanh, seed=0)
    assert net.sizes == (3, 4, 2) and net.L == 2
    assert {l: W.shape for l, W in net.W.items()} == {1: (4, 3), 2: (2, 4)}


def test_random_is_seeded_and_scaled():
    one, again, other = (nn.Network.random((400, 300, 2), nn.tanh, seed) for seed in (1, 1, 2))
    assert_array_equal(one.W[1], again.W[1])
    assert not np.array_equal(one.W[1], other.W[1])
    assert abs(one.W[1].std() * np.sqrt(400) - 1) < 0.01
    assert abs(one.W[2].std() * np.sqrt(300) - 1) < 0.1
    assert abs(one.W[1].mean()) < 1e-3
    assert not one.b[1].any() and not one.b[2].any()


def test_replace_changes_the_layers_named_only():
    net = nn.Network.random((2, 3, 2), nn.tanh, seed=0)
    changed = net.replace(W={2: np.ones((2, 3))}, b={1: np.ones((3, 1))})
    assert_array_equal(changed.W[2], np.ones((2, 3)))
    assert_array_equal(changed.b[1], np.ones((3, 1)))
    assert_array_equal(changed.W[1], net.W[1])
    assert_array_equal(changed.b[2], net.b[2])
    assert changed.f == net.f


def test_the_order_of_the_keys_is_not_the_order_of_the_layers():
    net, x, _ = random_case((3, 4, 2), nn.tanh, N=2)
    shuffled = nn.Network({2: net.W[2], 1: net.W[1]}, {2: net.b[2], 1: net.b[1]}, net.f)
    assert_array_equal(nn.forward(shuffled, x).t, nn.forward(net, x).t)
    assert shuffled.sizes == (3, 4, 2)


def test_frozen():
    net = nn.Network.random((2, 2), nn.tanh, seed=0)
    for thing, name in ((net, "W"), (nn.forward(net, np.ones((2, 1))), "u")):
        with pytest.raises(AttributeError):
            setattr(thing, name, {})


def test_float32_stays_and_integers_become_float64():
    net, x, y = random_case((3, 4, 2), nn.sigmoid, N=3)
    single = nn.Network(
        {l: v.astype(np.float32) for l, v in net.W.items()}, {l: v.astype(np.float32) for l, v in net.b.items()}, net.f
    )
    trace = nn.forward(single, x.astype(np.float32))
    assert {v.dtype for v in [*trace.u.values(), *trace.x.values()]} == {np.dtype(np.float32)}
    assert nn.forward_from(single, 1, trace.u[1]).dtype == np.float32
    whole = nn.Network({1: [[1, 2]]}, {1: [[3]]}, nn.identity)
    assert nn.forward(whole, [[1], [1]]).t.dtype == np.float64
    assert nn.forward(whole, [[1], [1]]).t.item() == 6


def test_the_arguments_stay_as_they_are():
    net, x, y = random_case((3, 4, 2), nn.relu, N=3)
    before = x.copy(), {l: v.copy() for l, v in net.W.items()}
    trace = nn.forward(net, x)
    u1 = trace.u[1].copy()
    nn.forward_from(net, 1, trace.u[1]), nn.E(trace.t, y), nn.dE_dt(trace.t, y)
    assert_array_equal(x, before[0])
    assert_array_equal(trace.u[1], u1)
    for l in net.W:
        assert_array_equal(net.W[l], before[1][l])
