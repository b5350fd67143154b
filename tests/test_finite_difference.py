"""The referee is held to account: its slopes, its bounds and its kinks, against mpmath and closed forms."""

import ast
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnmath as nn
from nnmath.finite_difference import gradient, jacobian, measure


def test_the_referee_knows_none_of_the_formulas():
    tree = ast.parse(Path(nn.finite_difference.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"dataclasses", "numpy"}


# gradient and jacobian ----------------------------------------------------------------------------------------------

def test_gradient_is_exact_for_a_quadratic_with_whole_numbers():
    A = np.array([[2.0, 1.0], [1.0, 4.0]])
    at = np.array([[3.0], [-5.0]])
    assert (gradient(lambda v: (v.T @ A @ v).item() / 2, at, h=0.5) == A @ at).all()


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3)])
def test_gradient_has_the_shape_of_the_point(shape):
    at = np.arange(1.0, 1 + np.prod(shape, dtype=int)).reshape(shape)
    slopes = gradient(lambda v: np.sum(v**3), at)
    assert slopes.shape == shape
    np.testing.assert_allclose(slopes, 3 * at**2, rtol=1e-8)


def test_gradient_errs_by_a_sixth_of_the_third_derivative_times_h_squared():
    for h in (0.5, 0.25, 0.125):
        assert gradient(lambda v: v.item()**3, np.array([[1.0]]), h).item() - 3 == pytest.approx(h**2, rel=1e-12)


def test_the_default_step_grows_with_the_entry():
    assert gradient(lambda v: v.item()**2, np.array([[1e9]])).item() == pytest.approx(2e9, rel=1e-9)


def test_float32_takes_its_own_step():
    at = np.array([[1.0]], np.float32)
    slope = gradient(lambda v: np.exp(v).sum(), at)
    assert slope.dtype == np.float32 and slope.item() == pytest.approx(np.e, rel=2e-4)


def test_jacobian_has_a_row_for_each_output():
    A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    np.testing.assert_allclose(jacobian(lambda x: A @ x, np.ones((3, 1))), A, rtol=1e-10)
    assert (jacobian(lambda x: A @ x, np.ones((3, 1)), h=1.0) == A).all()


@pytest.mark.parametrize("F, at, words", [
    (lambda v: v, np.ones(3), "expected a column (n, 1)"),
    (lambda v: v, np.ones((1, 3)), "expected a column (n, 1)"),
    (lambda v: v.T, np.ones((3, 1)), "expected a column (m, 1)"),
    (lambda v: v / 0 * 0 if v[0, 0] != 1 else v, np.ones((3, 1)), "finite"),
])
def test_jacobian_wants_columns(F, at, words):
    with np.errstate(all="ignore"), pytest.raises(ValueError) as said:
        jacobian(F, at)
    assert words in str(said.value)


def test_the_point_is_not_changed():
    at = np.array([[1.0, 2.0]])
    for referee in (gradient, measure):
        referee(lambda v: np.sum(v**2), at)
        assert (at == [[1.0, 2.0]]).all()


# measure: the slope and its bound -----------------------------------------------------------------------------------

CURVES = {    # F in numpy, F in mpmath
    "square": (lambda v: v**2, lambda a: a**2),
    "cube + 1e6": (lambda v: v**3 + 1e6, lambda a: a**3 + 10**6),
    "exp": (np.exp, mpmath.exp),
    "tanh": (np.tanh, mpmath.tanh),
    "steep tanh": (lambda v: np.tanh(1e3 * v), lambda a: mpmath.tanh(1000 * a)),
    "fast sine": (lambda v: np.sin(1e3 * v), lambda a: mpmath.sin(1000 * a)),
    "narrow bump": (lambda v: np.exp(-(1e2 * v)**2), lambda a: mpmath.exp(-(100 * a)**2)),
    "1 / (1 + a²)": (lambda v: 1 / (1 + v**2), lambda a: 1 / (1 + a**2)),
    "near its minimum": (lambda v: (np.tanh(v) - np.tanh(0.5))**2, lambda a: (mpmath.tanh(a) - np.tanh(0.5).item())**2),
}


@pytest.mark.parametrize("name", CURVES)
@settings(max_examples=40, deadline=None)
@given(a=st.floats(-3, 3))
def test_the_bound_holds(name, a):
    F, exact = CURVES[name]
    with mpmath.workdps(60):
        truth = float(mpmath.diff(exact, mpmath.mpf(a)))
    found = measure(lambda v: F(v).item(), np.array([[a]]))
    assert abs(found.slopes.item() - truth) <= found.bounds.item() + 4e-16 * abs(truth)
    assert not found.kinks.item()


@pytest.mark.parametrize("name, size", [("exp", 1e-10), ("tanh", 1e-10), ("square", 1e-13), ("steep tanh", 1e-7)])
def test_the_bound_is_of_use(name, size):
    F, _ = CURVES[name]
    found = measure(lambda v: F(v).item(), np.array([[1e-4]]))
    assert found.bounds.item() <= size * max(1, abs(found.slopes.item()))


def test_affine_functions_are_exact_up_to_rounding():
    c = np.array([[3.0, -7.0, 0.0]])
    found = measure(lambda v: (c * v).sum(), np.array([[0.1, 20.0, -5.0]]))
    np.testing.assert_allclose(found.slopes, c, atol=1e-13)
    assert found.bounds.max() < 1e-12


@pytest.mark.parametrize("seed", range(40))
def test_near_the_optimum_the_truth_is_not_turned_down(seed):
    """E is about 1e-18 there, but (t − y)² is rounded by ε |t| |t − y|: a bound from ε |E| alone turns the truth down."""
    rng = np.random.default_rng(seed)
    W, x = rng.normal(size=(3, 4)), rng.normal(size=(4, 1))
    y = np.tanh(W @ x) + 1e-9 * rng.normal(size=(3, 1))
    with mpmath.workdps(50):
        exact = np.frompyfunc(mpmath.mpf, 1, 1)
        t = np.frompyfunc(mpmath.tanh, 1, 1)(exact(W) @ exact(x))
        truth = (((t - exact(y)) * (1 - t**2)) @ exact(x).T).astype(float)
    assert nn.judge(truth, lambda V: np.sum((np.tanh(V @ x) - y)**2) / 2, W).kind == "agrees"


@pytest.mark.parametrize("a, truth", [(0.003, -2 * 1e4 * 0.003 * np.exp(-0.09)), (-0.02, 2 * 1e4 * 0.02 * np.exp(-4))])
def test_two_plateaus_of_equal_height_are_no_slope_of_zero(a, truth):
    found = measure(lambda v: np.exp(-(1e2 * v)**2).item(), np.array([[a]]))
    assert found.slopes.item() == pytest.approx(truth, rel=1e-8)


def test_an_F_that_rounds_to_float32_is_trusted_no_further_than_that():
    for F in (lambda v: np.sin(v.astype(np.float32)).sum(), lambda v: float(np.float32(np.sin(v).sum())),
              lambda v: float(np.sin(v.astype(np.float32)).sum())):
        found = measure(F, np.array([[1.0]]))
        assert abs(found.slopes.item() - np.cos(1.0)) <= found.bounds.item() < 1e-3
        assert found.bounds.item() > 1e-8


def test_a_float32_point_moves_in_float64():
    found = measure(lambda v: np.sin(v).item(), np.array([[1.0]], np.float32))
    assert found.slopes.item() == pytest.approx(np.cos(1.0), rel=1e-10)


def test_F_may_end_near_the_point_but_not_at_it():
    found = measure(lambda v: np.log(v).sum(), np.array([[1e-3]]))    # the warnings of log are not the reader's
    assert found.slopes.item() == pytest.approx(1e3, rel=1e-8)
    with pytest.raises(ValueError, match="F is not finite within"):
        measure(lambda v: 1.0 if v.item() >= 1 else np.nan, np.array([[1.0]]))
    with pytest.raises(ValueError, match="F gave nan"):
        measure(lambda v: np.nan, np.array([[1.0]]))


@pytest.mark.parametrize("value", [None, "1", np.ones(2), 1j])
def test_F_must_give_one_real_number(value):
    with pytest.raises(ValueError, match="expected one real number"):
        measure(lambda v: value, np.array([[1.0]]))


def test_an_array_of_one_entry_is_one_number():
    for shape in ((), (1,), (1, 1), (1, 1, 1)):
        assert measure(lambda v: np.full(shape, v.sum() * 2), np.array([[1.0]])).slopes.item() == pytest.approx(2, rel=1e-12)


def test_roundings_bound_what_a_moved_point_does_to_each_slope():
    rng = np.random.default_rng(3)
    for _ in range(10):
        A, a = rng.normal(size=(4, 4)), rng.normal(size=(4, 1))
        H = A.T @ A
        found = measure(lambda v: (v.T @ H @ v).item() / 2, a)
        moved = np.abs(H) @ np.abs(a)
        assert (found.roundings >= moved * (1 - 1e-6)).all()
        assert (found.roundings <= 50 * np.abs(H).max() * np.abs(a).sum()).all()


# measure: kinks -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, F, kink", [
    ("|a|", abs, True),
    ("relu", lambda a: max(a, 0.0), True),
    ("relu beside a curve", lambda a: max(a, 0.0) + np.sin(3 * a), True),
    ("a small kink in a steep curve", lambda a: 1e-3 * abs(a) + np.exp(5 * a), True),
    ("relu, the kink a little away", lambda a: max(a - 1e-3, 0.0) + a, False),
    ("relu, the kink far away", lambda a: max(a - 0.3, 0.0) + a**2, False),
    ("a |a|: the second derivative jumps", lambda a: a * abs(a) + a, False),
    ("softsign", lambda a: a / (1 + abs(a)), False),
    ("softsign, its second derivative near by", lambda a: (a - 1e-7) / (1 + abs(a - 1e-7)), False),
    ("cosine", np.cos, False),
    ("steep", lambda a: np.tanh(300 * a), False),
    ("constant", lambda a: 7.0, False),
])
def test_kinks(name, F, kink):
    assert measure(lambda v: F(v.item()), np.array([[0.0]])).kinks.item() is kink


def test_a_kink_is_found_where_it_is():
    found = measure(lambda v: np.maximum(v, 0).sum(), np.array([[1.0, 0.0, -1.0]]))
    assert found.kinks.tolist() == [[False, True, False]]
