"""One step, many steps, and where they lead."""

from itertools import islice

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from worked import pencil_and_paper, published

import nnmath as nn


def gradients(net, x, y):
    return nn.gradient(net, nn.forward(net, x), y)


def E_of(net, x, y):
    return nn.E(nn.forward(net, x).t, y)


def squared_norm(g):
    return sum(np.sum(v**2) for v in (*g.dE_dW.values(), *g.dE_db.values()))


def test_a_step_is_the_formula_for_every_entry():
    net, x, y, _ = pencil_and_paper()
    g = gradients(net, x, y)
    after = nn.step(net, g, eta=1 / 16)
    for l in (1, 2):
        for i in np.ndindex(net.W[l].shape):
            assert after.W[l][i] == net.W[l][i] - g.dE_dW[l][i] / 16
        for i in np.ndindex(net.b[l].shape):
            assert after.b[l][i] == net.b[l][i] - g.dE_db[l][i] / 16
    assert after.f == net.f


def test_by_hand():
    net, x, y, right = pencil_and_paper()
    g = gradients(net, x, y)
    assert squared_norm(g) == 477 / 1024
    assert round(right.E - squared_norm(g) / 16, 4) == 1.2209
    assert round(E_of(nn.step(net, g, 1 / 16), x, y), 4) == 1.2198
    assert round(E_of(nn.step(net, g, 1), x, y), 3) == 0.279


def test_the_seven_of_chapter_9():
    net, x, y = nn.Network.random((64, 32, 10), nn.sigmoid, seed=24), nn.digits().x[:, [7]], nn.one_hot([7], 10)
    g = gradients(net, x, y)
    before, steepness = E_of(net, x, y), squared_norm(g)
    assert (round(before, 3), round(steepness, 3), round(before - steepness / 2, 3)) == (1.298, 1.763, 0.416)
    assert round(E_of(nn.step(net, g, 0.5), x, y), 3) == 0.574


def test_in_print():
    """The example in print leaves the biases as they are."""
    net, x, y, printed = published()

    def without_biases(net):
        g = gradients(net, x, y)
        return nn.step(net, nn.Gradient(g.dE_dW, {l: 0 * v for l, v in g.dE_db.items()}), eta=0.5)

    after = without_biases(net)
    for l in (1, 2):
        assert_allclose(after.W[l], printed.W[l], rtol=0, atol=0.51e-8)
    assert_allclose(E_of(after, x, y), printed.E_after, rtol=1e-6)  # the weights in print give 0.29102777
    for _ in range(10_000 - 1):
        after = without_biases(after)
    assert_allclose(E_of(after, x, y), printed.E_after_10_000, rtol=2e-3)
    assert_allclose(nn.forward(after, x).t, printed.t_after_10_000, atol=1e-5)


@pytest.mark.parametrize("f", (nn.tanh, nn.sigmoid, nn.softplus, nn.softsign), ids=repr)
def test_the_slope_of_E_along_a_step_is_minus_the_squared_norm(f):
    rng = np.random.default_rng(5)
    net, x, y = nn.Network.random((3, 5, 2), f, seed=3), rng.standard_normal((3, 4)), rng.standard_normal((2, 4))
    g = gradients(net, x, y)
    slope = nn.numerical_gradient(lambda eta: E_of(nn.step(net, g, eta.item()), x, y), np.zeros(1))
    assert_allclose(slope.item(), -squared_norm(g), rtol=1e-7)


def test_descend_yields_the_start_and_then_a_state_a_step():
    net, x, y, _ = pencil_and_paper(columns=2)
    states = list(islice(nn.descend(net, x, y, eta=0.125), 4))
    assert states[0].net is net
    for state in states:
        assert state.E == E_of(state.net, x, y)
    for before, after in zip(states, states[1:]):
        expected = nn.step(before.net, gradients(before.net, x, y), 0.125)
        for l in (1, 2):
            assert_array_equal(after.net.W[l], expected.W[l])
            assert_array_equal(after.net.b[l], expected.b[l])


def test_descend_learns_xor():
    x, y = np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0, 1, 1, 0]])
    last = next(islice(nn.descend(nn.Network.random((2, 8, 1), nn.tanh, seed=0), x, y, eta=0.1), 2000, None))
    assert_array_equal(nn.forward(last.net, x).t > 0.5, y == 1)
    assert last.E < 0.01


def test_nothing_given_is_changed():
    net, x, y, _ = pencil_and_paper()
    g = gradients(net, x, y)
    given = [x, y, *net.W.values(), *net.b.values(), *g.dE_dW.values(), *g.dE_db.values()]
    before = [v.copy() for v in given]
    after = nn.step(net, g, 0.5)
    list(islice(nn.descend(net, x, y, 0.5), 3))
    for value, old in zip(given, before):
        assert_array_equal(value, old)
    for l in (1, 2):
        assert not np.shares_memory(after.W[l], net.W[l])


def test_float32_stays_float32():
    net, x, y, _ = published()
    single = nn.Network(*({l: v.astype(np.float32) for l, v in p.items()} for p in (net.W, net.b)), net.f)
    states = list(islice(nn.descend(single, x.astype(np.float32), y.astype(np.float32), 0.5), 3))
    assert states[2].net.W[1].dtype == states[2].net.b[2].dtype == np.float32
