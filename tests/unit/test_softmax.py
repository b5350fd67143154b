"""Softmax, the losses and their derivatives: by hand, by sympy, by complex steps, and in 50 digits at extreme u."""

import mpmath
import numpy as np
import oracles
import pytest
import sympy
from numpy.testing import assert_allclose, assert_array_equal

import nnmath as nn

U = np.log(np.array([[1.0], [2.0], [5.0]]))
T = np.array([[1 / 8], [1 / 4], [5 / 8]])
Y = np.array([[0.0], [0.0], [1.0]])
RNG = np.random.default_rng(3)
SCORES, SHARES = RNG.normal(size=(4, 5)), RNG.dirichlet(np.ones(4), size=5).T
PROBABILITIES = RNG.random((4, 5))


def test_the_shares_worked_by_hand():
    assert_allclose(nn.softmax(U), T, rtol=4e-16)
    assert_allclose(64 * nn.softmax.jacobian(U), [[7, -2, -5], [-2, 12, -10], [-5, -10, 15]], rtol=1e-14)
    assert_allclose(nn.cross_entropy.dE_du(nn.softmax, U, Y), [[1 / 8], [1 / 4], [-3 / 8]], rtol=1e-15)
    assert_allclose(nn.cross_entropy.of_u(nn.softmax, U, Y), np.log(8) - np.log(5), rtol=1e-15)
    assert_allclose(nn.cross_entropy(T, Y), np.log(8) - np.log(5), rtol=1e-15)


def softmax_formula(u):
    return np.exp(u) / np.exp(u).sum(axis=0)


LOSSES = {  # name: (loss, f, E as a function of u, written anew, for complex numbers too, y)
    "squared error": (nn.squared_error, nn.tanh, lambda u, y: ((np.tanh(u) - y) ** 2).sum() / 2, PROBABILITIES),
    "squared error of shares": (
        nn.squared_error,
        nn.softmax,
        lambda u, y: ((softmax_formula(u) - y) ** 2).sum() / 2,
        SHARES,
    ),
    "cross-entropy": (nn.cross_entropy, nn.softmax, lambda u, y: -(y * np.log(softmax_formula(u))).sum(), SHARES),
    "cross-entropy of a sigmoid": (
        nn.cross_entropy,
        nn.sigmoid,
        lambda u, y: (y * np.log(1 + np.exp(-u))).sum(),
        SHARES,
    ),
    "binary": (
        nn.binary_cross_entropy,
        nn.sigmoid,
        lambda u, y: (y * np.log(1 + np.exp(-u)) + (1 - y) * np.log(1 + np.exp(u))).sum(),
        PROBABILITIES,
    ),
    "binary of shares": (
        nn.binary_cross_entropy,
        nn.softmax,
        lambda u, y: -(y * np.log(softmax_formula(u)) + (1 - y) * np.log(1 - softmax_formula(u))).sum(),
        PROBABILITIES,
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_and_its_delta_by_complex_steps(name):
    loss, f, E, y = LOSSES[name]
    assert_allclose(loss.of_u(f, SCORES, y), E(SCORES, y), rtol=1e-13)
    assert_allclose(loss(f(SCORES), y), E(SCORES, y), rtol=1e-13)
    delta = oracles.complex_step(lambda u: E(u, y), SCORES)
    assert_allclose(loss.dE_du(f, SCORES, y), delta, rtol=1e-12, atol=1e-14)
    assert_allclose(loss.dE_du(f, SCORES, y, f(SCORES)), delta, rtol=1e-12, atol=1e-14)
    assert_allclose(f.vjp(SCORES, loss.dE_dt(f(SCORES), y)), delta, rtol=1e-12, atol=1e-14)  # P5 without shortcuts
    assert_allclose(loss.per_example(f, SCORES, y), [E(SCORES[:, [n]], y[:, [n]]) for n in range(5)], rtol=1e-13)


@pytest.mark.parametrize("name", LOSSES)
def test_a_mean_is_the_sum_over_N(name):
    loss, f, E, y = LOSSES[name]
    assert_allclose(loss.mean(f(SCORES), y), E(SCORES, y) / 5, rtol=1e-13)
    assert_allclose(loss.mean.of_u(f, SCORES, y), E(SCORES, y) / 5, rtol=1e-13)
    assert_allclose(loss.mean.dE_du(f, SCORES, y), loss.dE_du(f, SCORES, y) / 5, rtol=1e-15)
    assert_allclose(loss.mean.dE_dt(f(SCORES), y), loss.dE_dt(f(SCORES), y) / 5, rtol=1e-15)
    assert_array_equal(loss.mean.per_example(f, SCORES, y), loss.per_example(f, SCORES, y))
    assert loss.scale(5) == 1 and loss.mean.scale(5) == 1 / 5


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_the_jacobian_and_delta_are_proved_by_sympy(m):
    u, y = sympy.symbols(f"u:{m}", real=True), sympy.symbols(f"y:{m}", positive=True)
    total = sum(map(sympy.exp, u))
    t = [sympy.exp(one) / total for one in u]
    J = sympy.Matrix(t).jacobian(u)
    assert sympy.simplify(J - (sympy.diag(*t) - sympy.Matrix(t) * sympy.Matrix(t).T)) == sympy.zeros(m, m)
    E = -sum(y[k] * sympy.log(t[k]) for k in range(m))
    for at in RNG.integers(-3, 4, size=(3, m)):
        values = dict(zip(u, map(int, at)))
        here = np.array(at, float)[:, np.newaxis]
        assert_allclose(nn.softmax.jacobian(here), np.array(J.subs(values).evalf(30), float), rtol=1e-13, atol=1e-16)
        shares = {one: sympy.Rational(k + 1, m * (m + 1) // 2) for k, one in enumerate(y)}
        slopes = np.array([[float(sympy.diff(E, one).subs(values | shares).evalf(30))] for one in u])
        target = np.array([[float(value)] for value in shares.values()])
        assert_allclose(nn.cross_entropy.dE_du(nn.softmax, here, target), slopes, rtol=1e-12, atol=1e-15)


def test_the_rows_of_the_jacobian_add_to_0_and_a_constant_changes_nothing():
    assert_allclose(nn.softmax.jacobian(SCORES[:, :1]).sum(axis=1), 0, atol=4e-16)
    assert_allclose(nn.softmax(SCORES + 7.5), nn.softmax(SCORES), rtol=1e-14)
    assert_allclose(nn.softmax(SCORES).sum(axis=0), 1, rtol=1e-15)


def test_the_vjp_is_the_transposed_jacobian_times_v_in_each_column():
    v = RNG.normal(size=SCORES.shape)
    columns = [nn.softmax.jacobian(SCORES[:, [n]]).T @ v[:, [n]] for n in range(5)]
    assert_allclose(nn.softmax.vjp(SCORES, v), np.hstack(columns), rtol=1e-13, atol=1e-16)
    for f in oracles.ALL:
        columns = [f.jacobian(SCORES[:, [n]]).T @ v[:, [n]] for n in range(5)]
        assert_allclose(f.vjp(SCORES, v), np.hstack(columns), rtol=1e-15)


EXTREME = np.array(
    [[1000, 0, -1000, 745, 40, -40, 1e-8], [0, 1000, 1000, -745, 0, 0, 0], [-1000, 3, 999, 0, -1, 1, -1]]
)


@pytest.mark.parametrize("k", [0, 1, 2])
def test_cross_entropy_in_50_digits_at_extreme_u(k):
    y = np.zeros_like(EXTREME)
    y[k] = 1
    with np.errstate(all="raise"):
        values, delta = (
            nn.cross_entropy.per_example(nn.softmax, EXTREME, y),
            nn.cross_entropy.dE_du(nn.softmax, EXTREME, y),
        )
        binary = nn.binary_cross_entropy.per_example(nn.sigmoid, EXTREME, y)
        slopes = nn.binary_cross_entropy.dE_du(nn.sigmoid, EXTREME, y)
    with mpmath.workdps(1000):
        for n, column in enumerate(EXTREME.T):
            u = [mpmath.mpf(float(one)) for one in column]
            t = [mpmath.exp(one) / sum(map(mpmath.exp, u)) for one in u]
            assert abs(values[n] + float(mpmath.log(t[k]))) <= 1e-13 * max(1, abs(values[n]))
            assert_allclose(delta[:, n], [float(t[j] - (j == k)) for j in range(3)], rtol=1e-13, atol=1e-15)
            s = [1 / (1 + mpmath.exp(-one)) for one in u]
            truth = -sum(mpmath.log(s[j] if j == k else 1 - s[j]) for j in range(3))
            assert abs(binary[n] / float(truth) - 1) <= 1e-14
            assert_allclose(slopes[:, n], [float(s[j] - (j == k)) for j in range(3)], rtol=1e-13, atol=1e-15)


def test_a_huge_difference_of_scores_is_no_nan():
    u, y = np.array([[1e308], [-1e308]]), np.array([[1.0], [0.0]])
    with np.errstate(all="raise"):
        assert_array_equal(nn.softmax(u), y)
        assert nn.cross_entropy.of_u(nn.softmax, u, y) == 0
        assert nn.cross_entropy.of_u(nn.softmax, u, 1 - y) == np.inf  # 2e308, which is more than a float64 can be


def test_float32_stays_float32():
    u, y = SCORES.astype(np.float32), SHARES.astype(np.float32)
    assert nn.softmax(u).dtype == nn.softmax.vjp(u, y).dtype == nn.softmax.jacobian(u[:, :1]).dtype == np.float32
    for loss, f, _, _ in LOSSES.values():
        for one in (loss, loss.mean):
            assert one.dE_du(f, u, y).dtype == one.dE_dt(f(u), y).dtype == one.per_example(f, u, y).dtype == np.float32


def test_E_of_huge_values_is_infinite_and_silent():
    with np.errstate(all="raise"):
        assert nn.E([[1e200]], [[-1e200]]) == np.inf
        assert_array_equal(nn.dE_dt([[1e200]], [[-1e200]]), [[2e200]])
        assert nn.E([[1e-200]], [[0]]) == 0


def test_softmax_says_why_it_has_no_prime():
    for call in (lambda: nn.softmax.prime(U), lambda: nn.du_dx_through(0, np.ones((1, 3)), U, [[0]], nn.softmax)):
        with pytest.raises(TypeError, match="softmax has no f′, because .* softmax.jacobian.* softmax.vjp"):
            call()
    with pytest.raises(TypeError, match=r"f\[1\] is softmax; expected an activation that acts entry by entry"):
        nn.Network.random((2, 3, 3), nn.softmax, 0)
    with pytest.raises(ValueError, match=r"u has shape \(3,\); expected \(any, any\). In this book a vector"):
        nn.softmax([1, 2, 3])


@pytest.mark.parametrize("loss", [nn.cross_entropy, nn.cross_entropy.mean])
@pytest.mark.parametrize(
    "y, words",
    [
        ([[1.0], [1.0], [0.0]], r"y holds \[1.0, 1.0, 0.0\] in column 0, which adds to 2; expected shares from 0 to 1"),
        ([[2.0], [0.0], [-1.0]], r"which adds to 1; expected shares from 0 to 1 that add to 1"),
        ([[0.5], [0.5], [1e-4]], r"adds to 1.0001"),
        ([[0], [2], [1]], r"For class numbers write one_hot\(labels, 3\)"),
        ([2], r"y has shape \(1,\); expected \(3, 1\)"),
        ([[2]], r"y has shape \(1, 1\); expected \(3, 1\)"),
    ],
)
def test_targets_that_are_no_shares(loss, y, words):
    for call in (
        lambda: loss(T, y),
        lambda: loss.dE_dt(T, y),
        lambda: loss.of_u(nn.softmax, U, y),
        lambda: loss.dE_du(nn.softmax, U, y),
    ):
        with pytest.raises(ValueError, match=words):
            call()


def test_targets_that_are_no_probabilities():
    for y in ([[0.0], [1.5], [1.0]], [[0.0], [-0.5], [1.0]]):
        with pytest.raises(ValueError, match="expected probabilities from 0 to 1"):
            nn.binary_cross_entropy.dE_du(nn.sigmoid, U, y)


def test_a_logarithm_of_0_is_refused_and_the_way_out_named():
    t = np.array([[0.0], [1.0], [0.0]])
    for loss in (nn.cross_entropy, nn.binary_cross_entropy):
        for call in (loss, loss.dE_dt):
            with pytest.raises(ValueError, match="takes its logarithm; expected positive numbers.*loss.of_u"):
                call(t, Y)
    assert nn.cross_entropy(t, [[0], [1], [0]]) == 0  # 0 · log 0 does not occur


def test_a_loss_of_your_own():
    fourth = nn.Loss("fourth power", lambda t, y: ((t - y) ** 4).sum(axis=0), lambda t, y: 4 * (t - y) ** 3)
    E = lambda u: ((np.tanh(u) - SHARES) ** 4).sum()
    assert_allclose(fourth(np.tanh(SCORES), SHARES), E(SCORES), rtol=1e-14)
    assert_allclose(fourth.dE_du(nn.tanh, SCORES, SHARES), oracles.complex_step(E, SCORES), rtol=1e-12)
    assert repr(fourth) == "fourth power" and repr(fourth.mean) == "mean of fourth power"
