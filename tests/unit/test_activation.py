"""Every f and f′: the right formula, to the last digits, silently, wherever u may lie."""

import mpmath
import numpy as np
import oracles
import pytest
import sympy
from numpy.testing import assert_allclose, assert_array_equal

import nnmath as nn

EPS, TINY = np.finfo(float).eps, np.finfo(float).tiny
EVERYWHERE = np.concatenate(
    [
        np.linspace(-1000, 1000, 401),
        np.linspace(-40, 40, 321),
        np.linspace(-1, 1, 81),
        [s * 10.0**p for s in (-1, 1) for p in range(-300, 3, 7)],
        np.nextafter(0, [-1, 1]),
    ]
)


def exact_sigmoid(u):
    return 1 / (1 + mpmath.exp(-u))


EXACT = {  # in 50 digits: f and f′
    "identity": (lambda u: u, lambda u: mpmath.mpf(1)),
    "sigmoid": (lambda u: 1 / (1 + mpmath.exp(-u)), lambda u: mpmath.sech(u / 2) ** 2 / 4),
    "tanh": (mpmath.tanh, lambda u: mpmath.sech(u) ** 2),
    "relu": (lambda u: max(u, mpmath.mpf(0)), lambda u: mpmath.mpf(u > 0)),
    "leaky_relu": (lambda u: max(u, mpmath.mpf(0.01) * u), lambda u: mpmath.mpf(1 if u > 0 else 0.01)),
    "silu": (lambda u: u / (1 + mpmath.exp(-u)), lambda u: exact_sigmoid(u) + u * mpmath.sech(u / 2) ** 2 / 4),
    "softplus": (lambda u: mpmath.log1p(mpmath.exp(u)), lambda u: 1 / (1 + mpmath.exp(-u))),
    "softsign": (lambda u: u / (1 + abs(u)), lambda u: 1 / (1 + abs(u)) ** 2),
}


@pytest.mark.parametrize("which", [0, 1], ids=["f", "f′"])
@pytest.mark.parametrize("f", oracles.ALL, ids=repr)
def test_within_8_eps_of_50_digits_and_silent(f, which):
    with np.errstate(all="raise"):
        values = (f, f.prime)[which](EVERYWHERE)
    assert values.shape == EVERYWHERE.shape and np.isfinite(values).all()
    with mpmath.workdps(50):
        for u, value in zip(EVERYWHERE, values):
            with mpmath.workdps(1000 if f.name == "tanh" and which == 0 else 50):  # tanh(1e-300) by e^u needs them
                truth = EXACT[f.name][which](mpmath.mpf(float(u)))
            least = 1000 * TINY if f is nn.silu else TINY  # silu multiplies a σ that underflowed by u
            if abs(truth) >= least:
                # silu′ is a sum of two terms that cancel near u = −1.278; no formula keeps more digits than they have
                size = max(abs(truth), exact_sigmoid(u)) if f is nn.silu and which else abs(truth)
                assert abs(mpmath.mpf(float(value)) - truth) <= 8 * EPS * size, f"{f}: u = {u!r}"
            else:
                assert abs(mpmath.mpf(float(value)) - truth) <= least, f"{f}: u = {u!r}"


@pytest.mark.parametrize("f", oracles.ALL, ids=repr)
def test_prime_is_the_derivative_by_sympy(f):
    slope = sympy.diff(oracles.SYMBOLIC[f.name], oracles.u)
    for u in (-7.3, -2.0, -0.4, 0.3, 1.0, 5.5):
        assert_allclose(f(np.array(u)), float(oracles.SYMBOLIC[f.name].evalf(30, subs={oracles.u: u})), rtol=1e-14)
        assert_allclose(f.prime(np.array(u)), float(slope.evalf(30, subs={oracles.u: u})), rtol=1e-13)


@pytest.mark.parametrize("f", oracles.ALL, ids=repr)
def test_prime_is_the_derivative_by_differences(f):
    at = np.array([[-3.1, -1.0, -0.2], [0.1, 0.7, 4.0]])
    formula = oracles.FORMULAS[f.name]
    for i in np.ndindex(at.shape):

        def F(u):
            return formula(u)[i]

        slopes = np.zeros_like(at)
        slopes[i] = f.prime(at)[i]
        assert_allclose(slopes, oracles.central(F, at), rtol=1e-7, atol=1e-9)
        if f in oracles.SMOOTH:
            assert_allclose(slopes, oracles.complex_step(F, at), rtol=1e-12)


@pytest.mark.parametrize("f", oracles.ALL, ids=repr)
def test_known_values(f):
    at_zero = {
        "identity": 0,
        "sigmoid": 0.5,
        "tanh": 0,
        "relu": 0,
        "leaky_relu": 0,
        "softplus": np.log(2),
        "softsign": 0,
        "silu": 0,
    }
    slope_at_zero = {
        "identity": 1,
        "sigmoid": 0.25,
        "tanh": 1,
        "relu": 0,
        "leaky_relu": 0.01,
        "softplus": 0.5,
        "softsign": 1,
        "silu": 0.5,
    }
    assert f(np.zeros((1, 1))).item() == at_zero[f.name]
    assert f.prime(np.zeros((1, 1))).item() == slope_at_zero[f.name]


def test_only_the_two_relus_have_a_kink():
    assert {f.name: f.kinks for f in oracles.ALL if f.kinks} == {"relu": (0.0,), "leaky_relu": (0.0,)}


@pytest.mark.parametrize("f", oracles.ALL, ids=repr)
def test_entry_by_entry_new_and_of_the_same_dtype(f):
    for dtype in (np.float32, np.float64):
        at = np.array([[-2, -0.5, 3], [0.25, 1, -4]], dtype=dtype)
        for g in (f, f.prime):
            values = g(at)
            assert values.dtype == dtype and values.shape == at.shape
            assert not np.shares_memory(values, at)
            assert_array_equal(values, [[g(at[i : i + 1, j : j + 1]).item() for j in range(3)] for i in range(2)])
        assert_array_equal(at, np.array([[-2, -0.5, 3], [0.25, 1, -4]], dtype=dtype))


@pytest.mark.parametrize("f", oracles.ALL, ids=repr)
def test_float32_is_silent_and_as_exact(f):
    at = np.linspace(-1000, 1000, 2001, dtype=np.float32)
    eps, tiny = np.finfo(np.float32).eps, np.finfo(np.float32).tiny
    with np.errstate(all="raise"):
        values, slopes = f(at), f.prime(at)
    assert_allclose(values, f(at.astype(float)), rtol=8 * eps, atol=100 * tiny)  # silu multiplies a tiny σ by u
    assert_allclose(slopes, f.prime(at.astype(float)), rtol=8 * eps, atol=eps if f is nn.silu else tiny)


def test_an_activation_of_your_own():
    square = nn.Activation("square", lambda u: u**2, lambda u: 2 * u)
    assert_array_equal(square(np.array([3.0])), [9])
    assert_array_equal(square.prime(np.array([3.0])), [6])
    assert repr(square) == "square" and square.kinks == ()
