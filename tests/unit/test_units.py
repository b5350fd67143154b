"""The user's own units: smooth functions that are no networks, with inputs, outputs and offsets from tiny to huge."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import nnmath as nn

A = np.random.default_rng(0).normal(size=(4, 4))
SPD = A @ A.T + 4 * np.eye(4)
FUNCTIONS = {  # of four numbers of size 1
    "polynomial": lambda v: v[0] ** 3 - 2 * v[1] * v[2] + v[3] ** 2 * v[0] + v[1],
    "rational": lambda v: (v[0] + 2 * v[1]) / (3 + v[2] ** 2) + v[3] / (2 + v[0] ** 2),
    "log-determinant": lambda v: anp.linalg.slogdet(SPD + anp.outer(v, v))[1],
    "eigenvalue": lambda v: anp.linalg.eigh(SPD + anp.outer(v, v))[0][-1],
    "norm": lambda v: anp.sqrt(anp.sum((A @ v) ** 2) + 1),
    "softmax": lambda v: anp.exp(v[0]) / anp.sum(anp.exp(v)) + v[1] * v[2],
    "log-sum-exp": lambda v: anp.log(anp.sum(anp.exp(A @ v))),
    "waves": lambda v: anp.sin(3 * v[0]) * anp.cos(2 * v[1]) + anp.sin(v[2] * v[3]),
    "euler steps": lambda v: anp.sum(_steps(v)),
}


def _steps(v):
    for _ in range(5):
        v = v + 0.1 * anp.tanh(A @ v)
    return v


def case(name, seed, unit, size, offset):
    """F in these units, the point, and the true gradient."""
    rng = np.random.default_rng(seed)
    at, f = rng.uniform(0.3, 1.5, 4) * rng.choice([-1, 1], 4), FUNCTIONS[name]
    return lambda v: size * f(v / unit) + offset, at * unit, autograd.grad(f)(at) * size / unit


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("unit", [1e-8, 1e-6, 1e-3, 1.0, 1e3, 1e9])
@pytest.mark.parametrize("size", [1e-8, 1.0, 1e9])
def test_a_right_gradient_agrees_in_any_units_and_a_wrong_one_does_not(name, unit, size):
    F, at, right = case(name, 1, unit, size, 0.0)
    assert nn.judge(right, F, at).kind == "agrees"
    for factor in (1.001, -1):
        wrong = right * np.where(np.arange(4) == np.argmax(np.abs(right)), factor, 1)
        assert nn.judge(wrong, F, at).kind == "disagrees"


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_an_offset_widens_the_tolerance_and_a_right_gradient_is_never_called_wrong(name, unit, offset):
    F, at, right = case(name, 2, unit, 1.0, offset)
    assert nn.judge(right, F, at).kind in ("agrees", "inconclusive")
    assert nn.judge(-right, F, at).kind == "disagrees"


def test_an_offset_that_hides_an_entry_is_mentioned():
    """F moves by 1e-7 when the second number does, and is itself rounded to that."""
    F, at = lambda v: 1e9 + v[0] + 1e-9 * v[1], np.array([1.0, 2.0])
    verdict = nn.judge(np.array([1.0, 2e-9]), F, at)
    assert verdict.kind == "agrees" and verdict.digits == 3
    assert "1 entry is too small to be seen beside the rounding of F" in str(verdict)
    assert "rounding" not in str(nn.judge(np.array([1.0, 1e-3]), lambda v: 1e9 + v[0] + 1e-3 * v[1], at))


@pytest.mark.parametrize(
    "F, gradient, at",
    [
        (
            lambda t: np.sin(2 * np.pi * t / 86400),
            lambda t: 2 * np.pi / 86400 * np.cos(2 * np.pi * t / 86400),
            1.7e9 + 12345.0,
        ),
        (
            lambda x: np.sin(2 * np.pi * 0.3 / x),
            lambda x: -2 * np.pi * 0.3 / x**2 * np.cos(2 * np.pi * 0.3 / x),
            5.5e-2,
        ),
        (lambda x: (1 + (x / 5e-7) ** 2) ** -1, lambda x: -2 * x / 5e-7**2 * (1 + (x / 5e-7) ** 2) ** -2, 4.1e-7),
        (lambda c: np.log(c), lambda c: 1 / c, 4.7e-9),
        (lambda p: p * np.log(p) + (1 - p) * np.log(1 - p), lambda p: np.log(p / (1 - p)), 1e-9),
        (
            lambda x: np.exp(-(((x - 1.7e9) / 40) ** 2)),
            lambda x: -2 * (x - 1.7e9) / 1600 * np.exp(-(((x - 1.7e9) / 40) ** 2)),
            1.7e9 + 17.0,
        ),
    ],
    ids=["time of day", "phase", "line shape", "capacitor", "probability", "bump far away"],
)
def test_a_quantity_of_its_own_size(F, gradient, at):
    assert nn.judge(gradient(at), F, at).kind == "agrees"
    assert nn.judge(1.1 * gradient(at), F, at).kind == "disagrees"
