"""u = W·x + b and its four derivatives, each against three referees that share no code with them."""

import numpy as np
import oracles
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import nnmath as nn

SHAPES = [(1, 1), (1, 3), (3, 1), (2, 3), (4, 2)]

# name → the nnmath function, and the quantity that it is taken by
DERIVATIVES = {"du_db": "b", "du_dW": "W", "du_dx": "x"}


def random_layer(m, n, seed=0):
    rng = np.random.default_rng([seed, m, n])
    return {"W": rng.standard_normal((m, n)), "x": rng.standard_normal((n, 1)), "b": rng.standard_normal((m, 1))}


def cases():
    return [(name, m, n, k) for name in DERIVATIVES for m, n in SHAPES for k in range(m)]


def u_k(k, by, at):
    """u_k as a function of one of W, x, b, the others held fixed; written anew."""
    return lambda moved: oracles.layer(**{**at, by: moved})[k, 0]


@pytest.mark.parametrize("m, n", SHAPES)
@pytest.mark.parametrize("N", [1, 3])
def test_u_is_the_sum_over_entries(m, n, N):
    at = random_layer(m, n) | {"x": np.random.default_rng(N).standard_normal((n, N))}
    assert_allclose(nn.u(**at), oracles.layer(**at), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name, m, n, k", cases())
def test_derivatives_against_differences(name, m, n, k):
    at, by = random_layer(m, n), DERIVATIVES[name]
    claim = getattr(nn, name)(k, **at)
    assert_allclose(claim, oracles.central(u_k(k, by, at), at[by]), atol=1e-9)
    assert_allclose(claim, oracles.complex_step(u_k(k, by, at), at[by]), rtol=1e-15)
    assert_allclose(claim, nn.numerical_gradient(lambda v: nn.u(**{**at, by: v})[k], at[by]), atol=1e-9)


@pytest.mark.parametrize("name, m, n, k", cases())
def test_derivatives_are_proved_by_sympy(monkeypatch, name, m, n, k):
    oracles.let_symbols_in(monkeypatch)
    at = {"W": oracles.symbols("W", m, n), "x": oracles.symbols("x", n, 1), "b": oracles.symbols("b", m, 1)}
    by = DERIVATIVES[name]
    assert oracles.equal(getattr(nn, name)(k, **at), oracles.d(oracles.layer(**at)[k, 0], at[by]))


@pytest.mark.parametrize("m, n", SHAPES)
def test_the_derivative_through_f_is_proved_for_every_f(monkeypatch, m, n):
    oracles.let_symbols_in(monkeypatch)
    W, x, b = oracles.symbols("W", m, n), oracles.symbols("x", n, 1), oracles.symbols("b", m, 1)
    for k in range(m):
        F = oracles.layer(W, oracles.ANY_F(x), b)[k, 0]
        assert oracles.equal(nn.du_dx_through(k, W, x, b, oracles.ANY_F), oracles.d(F, x))


@pytest.mark.parametrize("f", oracles.ALL, ids=repr)
@pytest.mark.parametrize("m, n", SHAPES)
def test_the_derivative_through_each_f_against_differences(f, m, n):
    at = random_layer(m, n)
    formula = oracles.FORMULAS[f.name]
    for k in range(m):

        def F(x):
            return oracles.layer(at["W"], formula(x), at["b"])[k, 0]

        claim = nn.du_dx_through(k, **at, f=f)
        assert_allclose(claim, oracles.central(F, at["x"]), rtol=1e-6, atol=1e-9)
        if f in oracles.SMOOTH:
            assert_allclose(claim, oracles.complex_step(F, at["x"]), rtol=1e-13)


@pytest.mark.parametrize("m", [1, 2, 5])
def test_e_is_a_column_of_the_identity(m):
    for k in range(m):
        assert_array_equal(nn.e(k, m), np.eye(m)[:, [k]])


def test_column_stands_a_list_up():
    assert_array_equal(nn.column([1, 2.5, -3]), [[1], [2.5], [-3]])
    assert nn.column(np.float32([1, 2])).dtype == np.float32
    assert nn.column([1, 2]).dtype == np.float64


def test_float32_stays_and_integers_become_float64():
    single = {name: value.astype(np.float32) for name, value in random_layer(3, 2).items()}
    whole = {"W": np.array([[1, 2], [3, 4]]), "x": np.array([[1], [2]]), "b": np.array([[0], [1]])}
    for at, dtype in ((single, np.float32), (whole, np.float64)):
        assert nn.u(**at).dtype == dtype
        assert nn.du_dW(1, **at).dtype == dtype
        assert nn.du_db(1, **at).dtype == dtype
        assert nn.du_dx(1, **at).dtype == dtype
        for f in oracles.ALL:
            assert nn.du_dx_through(1, **at, f=f).dtype == dtype
    assert_array_equal(nn.u(**whole), [[5], [12]])


def test_the_arguments_stay_as_they_are_and_the_result_is_new():
    at = random_layer(3, 2)
    before = {name: value.copy() for name, value in at.items()}
    results = [nn.u(**at), *(getattr(nn, name)(1, **at) for name in DERIVATIVES), nn.du_dx_through(1, **at, f=nn.tanh)]
    for result in results:
        assert not any(np.shares_memory(result, value) for value in at.values())
        result += 1
    for name in at:
        assert_array_equal(at[name], before[name])
