"""The referee is held to account: its slopes, its bounds and its kinks, against mpmath and closed forms."""

import ast
import io
import re
import tracemalloc
from pathlib import Path

import mpmath
import numpy as np
import oracles
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnmath as nn
from nnmath.check import network_difference
from nnmath.check.finite_difference import numerical_gradient, numerical_jacobian
from nnmath.check.measurement import measure, measure_network
from nnmath.check.network_difference import numerical_gradient_of_network


@pytest.mark.parametrize("module", [nn.finite_difference, network_difference])
def test_the_referee_knows_none_of_the_formulas(module):
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"sys", "time", "dataclasses", "numpy", "collections.abc", "typing", "__future__"}


# gradient and jacobian


def test_gradient_is_exact_for_a_quadratic_with_whole_numbers():
    A = np.array([[2.0, 1.0], [1.0, 4.0]])
    at = np.array([[3.0], [-5.0]])
    assert (numerical_gradient(lambda v: (v.T @ A @ v).item() / 2, at, h=0.5) == A @ at).all()


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3)])
def test_gradient_has_the_shape_of_the_point(shape):
    at = np.arange(1.0, 1 + np.prod(shape, dtype=int)).reshape(shape)
    slopes = numerical_gradient(lambda v: np.sum(v**3), at)
    assert slopes.shape == shape
    np.testing.assert_allclose(slopes, 3 * at**2, rtol=1e-8)


def test_gradient_errs_by_a_sixth_of_the_third_derivative_times_h_squared():
    for h in (0.5, 0.25, 0.125):
        assert numerical_gradient(lambda v: v.item() ** 3, np.array([[1.0]]), h).item() - 3 == pytest.approx(
            h**2, rel=1e-12
        )


def test_the_default_step_grows_with_the_entry():
    assert numerical_gradient(lambda v: v.item() ** 2, np.array([[1e9]])).item() == pytest.approx(2e9, rel=1e-9)


def test_float32_takes_its_own_step():
    at = np.array([[1.0]], np.float32)
    slope = numerical_gradient(lambda v: np.exp(v).sum(), at)
    assert slope.dtype == np.float32 and slope.item() == pytest.approx(np.e, rel=2e-4)


@pytest.mark.parametrize("real", [np.float64, np.float32])
@pytest.mark.parametrize("a", [0.0, -0.5, 1.0, 3.0, -1000.0])
def test_the_default_step_is_the_power_of_two_next_to_what_is_said(real, a):
    seen = []
    numerical_gradient(lambda v: seen.append(v.item()) or 0.0, np.array([[a]], real))
    step = abs(seen[0] - a)
    assert np.frexp(step)[0] == 0.5 and seen[0] - a == a - seen[1]
    assert 0.7 < step / (np.cbrt(np.finfo(real).eps) * max(1, abs(a))) < 1.42


def test_jacobian_has_a_row_for_each_output():
    A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    np.testing.assert_allclose(numerical_jacobian(lambda x: A @ x, np.ones((3, 1))), A, rtol=1e-10)
    assert (numerical_jacobian(lambda x: A @ x, np.ones((3, 1)), h=1.0) == A).all()


@pytest.mark.parametrize("kind", [np.float16, np.longdouble, np.int8, bool])
def test_all_but_float32_is_taken_as_float64(kind):
    at = np.ones((2, 1), kind)
    for slopes in (
        numerical_gradient(lambda v: np.sum(v**2), at),
        numerical_jacobian(lambda v: v**2, at).diagonal()[:, np.newaxis],
    ):
        assert slopes.dtype == float
        np.testing.assert_allclose(slopes, [[2], [2]], rtol=1e-9)


def test_jacobian_takes_the_step_it_is_given():
    assert (
        numerical_jacobian(lambda v: v**3, nn.column([1, 2]), h=0.5) == np.diag([3 + 0.25, 12 + 0.25])
    ).all()  # errs by h²


@pytest.mark.parametrize(
    "F, at, words",
    [
        (lambda v: v, np.ones(3), "expected a column (n, 1)"),
        (lambda v: v, np.ones((3, 1, 1)), "expected a column (n, 1)"),
        (lambda v: v[:, :, np.newaxis], np.ones((3, 1)), "expected a column (m, 1)"),
        (lambda v: v, np.ones((1, 3)), "expected a column (n, 1)"),
        (lambda v: v.T, np.ones((3, 1)), "expected a column (m, 1)"),
        (lambda v: v[:, 0], np.ones((3, 1)), "expected a column (m, 1)"),
        (lambda v: v[:, :0], np.ones((3, 1)), "expected a column (m, 1)"),
        (lambda v: v / 0 * 0 if v[0, 0] != 1 else v, np.ones((3, 1)), "finite"),
    ],
)
def test_jacobian_wants_columns(F, at, words):
    with np.errstate(all="ignore"), pytest.raises(ValueError) as said:
        numerical_jacobian(F, at)
    assert words in str(said.value)


def test_the_point_is_not_changed():
    at = np.array([[1.0, 2.0]])
    for referee in (numerical_gradient, measure):
        referee(lambda v: np.sum(v**2), at)
        assert (at == [[1.0, 2.0]]).all()


# measure: the slope and its bound

CURVES = {  # F in numpy, F in mpmath
    "square": (lambda v: v**2, lambda a: a**2),
    "cube + 1e6": (lambda v: v**3 + 1e6, lambda a: a**3 + 10**6),
    "exp": (np.exp, mpmath.exp),
    "tanh": (np.tanh, mpmath.tanh),
    "steep tanh": (lambda v: np.tanh(1e3 * v), lambda a: mpmath.tanh(1000 * a)),
    "fast sine": (lambda v: np.sin(1e3 * v), lambda a: mpmath.sin(1000 * a)),
    "narrow bump": (lambda v: np.exp(-((1e2 * v) ** 2)), lambda a: mpmath.exp(-((100 * a) ** 2))),
    "1 / (1 + a²)": (lambda v: 1 / (1 + v**2), lambda a: 1 / (1 + a**2)),
    "near its minimum": (
        lambda v: (np.tanh(v) - np.tanh(0.5)) ** 2,
        lambda a: (mpmath.tanh(a) - np.tanh(0.5).item()) ** 2,
    ),
}


@pytest.mark.parametrize("name", CURVES)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(a=st.floats(-3, 3))
def test_the_bound_holds(name, a):
    F, exact = CURVES[name]
    with mpmath.workdps(60):
        truth = float(mpmath.diff(exact, mpmath.mpf(a)))
    found = measure(lambda v: F(v).item(), np.array([[a]]))
    least = np.finfo(float).tiny  # no float is exact below it
    assert abs(found.slopes.item() - truth) <= found.bounds.item() + 4e-16 * abs(truth) + least
    assert not found.kinks.item()


@pytest.mark.parametrize("name, size", [("exp", 1e-10), ("tanh", 1e-10), ("square", 1e-13), ("steep tanh", 1e-7)])
def test_the_bound_is_of_use(name, size):
    F, _ = CURVES[name]
    found = measure(lambda v: F(v).item(), np.array([[1e-4]]))
    assert found.bounds.item() <= size * max(1, abs(found.slopes.item()))


@pytest.mark.parametrize("real, size", [(np.float64, 1e-9), (np.float32, 1e-3)])
@pytest.mark.parametrize("seed", range(20))
def test_each_of_many_entries_has_a_bound_that_holds_and_is_of_use(real, size, seed):
    """Entries from flat to steep, in an F that rounds to this precision."""
    steep = np.array([[1e-2], [1.0], [30.0], [1e3]])
    a = np.random.default_rng(seed).uniform(-1, 1, (4, 1)) / steep
    found, truth = measure(lambda v: real(np.tanh(steep * v).sum()), a), steep / np.cosh(steep * a) ** 2
    assert (np.abs(found.slopes - truth) <= found.bounds + 4e-16 * truth).all()
    assert (found.bounds <= size * truth).all() and not found.kinks.any()


def test_affine_functions_are_exact_up_to_rounding():
    c = np.array([[3.0, -7.0, 0.0]])
    found = measure(lambda v: (c * v).sum(), np.array([[0.1, 20.0, -5.0]]))
    np.testing.assert_allclose(found.slopes, c, atol=1e-13)
    assert found.bounds.max() < 1e-12


@pytest.mark.parametrize("seed", range(40))
def test_near_the_optimum_the_truth_is_not_turned_down(seed):
    """E is about 1e-18, but (t − y)² is rounded by ε |t| |t − y|. A bound from ε |E| alone rejects the truth."""
    rng = np.random.default_rng(seed)
    W, x = rng.normal(size=(3, 4)), rng.normal(size=(4, 1))
    y = np.tanh(W @ x) + 1e-9 * rng.normal(size=(3, 1))
    with mpmath.workdps(50):
        exact = np.frompyfunc(mpmath.mpf, 1, 1)
        t = np.frompyfunc(mpmath.tanh, 1, 1)(exact(W) @ exact(x))
        truth = (((t - exact(y)) * (1 - t**2)) @ exact(x).T).astype(float)
    assert nn.judge(truth, lambda V: np.sum((np.tanh(V @ x) - y) ** 2) / 2, W).kind == "agrees"


@pytest.mark.parametrize("a, truth", [(0.003, -2 * 1e4 * 0.003 * np.exp(-0.09)), (-0.02, 2 * 1e4 * 0.02 * np.exp(-4))])
def test_two_plateaus_of_equal_height_are_no_slope_of_zero(a, truth):
    found = measure(lambda v: np.exp(-((1e2 * v) ** 2)).item(), np.array([[a]]))
    assert found.slopes.item() == pytest.approx(truth, rel=1e-8)


def test_an_F_that_rounds_to_float32_is_trusted_no_further_than_that():
    for F in (
        lambda v: np.sin(v.astype(np.float32)).sum(),
        lambda v: float(np.float32(np.sin(v).sum())),
        lambda v: float(np.sin(v.astype(np.float32)).sum()),
    ):
        found = measure(F, np.array([[1.0]]))
        assert abs(found.slopes.item() - np.cos(1.0)) <= found.bounds.item() < 1e-3
        assert found.bounds.item() > 1e-8


def test_a_float32_point_moves_in_float64():
    found = measure(lambda v: np.sin(v).item(), np.array([[1.0]], np.float32))
    assert found.slopes.item() == pytest.approx(np.cos(1.0), rel=1e-10)


def test_F_may_end_near_the_point_but_not_at_it():
    found = measure(lambda v: np.log(v).sum(), np.array([[1e-3]]))  # the warnings of log are not the reader's
    assert found.slopes.item() == pytest.approx(1e3, rel=1e-8)
    with pytest.raises(ValueError, match="F is not finite within"):
        measure(lambda v: 1.0 if v.item() >= 1 else np.nan, np.array([[1.0]]))
    with pytest.raises(ValueError, match="F gave nan"):
        measure(lambda v: np.nan, np.array([[1.0]]))


@pytest.mark.parametrize(
    "value, gave",
    [
        (None, "None"),
        ("1", "shape () and dtype <U1"),
        (1j, "shape () and dtype complex128"),
        ([None], "shape (1,) and dtype object"),
        (np.ones(2), "shape (2,) and dtype float64"),
        (np.ones(0), "shape (0,) and dtype float64"),
    ],
)
def test_F_must_give_one_real_number(value, gave):
    with pytest.raises(ValueError, match=re.escape(f"F gave {gave}; expected one real number")):
        measure(lambda v: value, np.array([[1.0]]))


def test_an_array_of_one_entry_is_one_number():
    for shape in ((), (1,), (1, 1), (1, 1, 1)):
        assert measure(lambda v: np.full(shape, v.sum() * 2), np.array([[1.0]])).slopes.item() == pytest.approx(
            2, rel=1e-12
        )


def test_conditioning_bound_what_a_moved_point_does_to_each_slope():
    rng = np.random.default_rng(3)
    for _ in range(10):
        A, a = rng.normal(size=(4, 4)), rng.normal(size=(4, 1))
        H = A.T @ A
        found = measure(lambda v: (v.T @ H @ v).item() / 2, a)
        moved = np.abs(H) @ np.abs(a)
        assert (found.conditioning >= moved * (1 - 1e-6)).all()
        assert (found.conditioning <= 50 * np.abs(H).max() * np.abs(a).sum()).all()


def test_conditioning_are_exact_where_all_bends_are_one():
    """F = (c·a)² / 2: Σ_j |∂²F/∂a_i∂a_j| |a_j| = |c_i| Σ_j |c_j a_j|, here 3 + 10 times 1 and 2."""
    c = nn.column([1, -2])
    found = measure(lambda v: (c.T @ v).item() ** 2 / 2, nn.column([3, 5]))
    np.testing.assert_allclose(found.conditioning, [[13], [26]], rtol=1e-6)
    net = nn.Network({1: [[3, 5]]}, {1: [[0]]}, nn.identity)
    found = measure_network(lambda l, u, n: u[0] ** 2 / 2, net, {0: c})
    np.testing.assert_allclose(found["W", 1].conditioning, [[13, 26]], rtol=1e-6)
    np.testing.assert_allclose(found["b", 1].conditioning, [[0]], atol=1e-12)


def test_what_runs_off_a_networks_numbers_is_said_without_a_warning():
    net = nn.Network({1: [[1.0]]}, {1: [[0.5]]}, nn.identity)
    found = measure_network(lambda l, u, n: np.log(u[0]), net, {0: nn.column([1])})  # log ends 1.5 away, a step is 4
    assert found["W", 1].slopes.item() == pytest.approx(1 / 1.5, rel=1e-8)
    with pytest.raises(ValueError, match="F is not finite within 2e-10 of the point"):
        measure_network(lambda l, u, n: np.where(u[0] < 1.5, np.nan, u[0]), net, {0: nn.column([1])})


# measure: kinks


@pytest.mark.parametrize(
    "name, F, kink",
    [
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
    ],
)
def test_kinks(name, F, kink):
    assert measure(lambda v: F(v.item()), np.array([[0.0]])).kinks.item() is kink


def test_a_kink_is_found_where_it_is():
    found = measure(lambda v: np.maximum(v, 0).sum(), np.array([[1.0, 0.0, -1.0]]))
    assert found.kinks.tolist() == [[False, True, False]]


# numerical_gradient_of_network and measure_network


def case(f=nn.tanh, sizes=(4, 5, 3, 2), N=3, dtype=float):
    net, rng = nn.Network.random(sizes, f, 5), np.random.default_rng(6)
    b = {l: rng.normal(size=b.shape).astype(dtype) for l, b in net.b.items()}
    net = nn.Network({l: W.astype(dtype) for l, W in net.W.items()}, b, f)
    x, y = rng.normal(size=(sizes[0], N)).astype(dtype), rng.normal(size=(sizes[-1], N)).astype(dtype)
    return net, x, y, lambda l, u, n: np.sum((nn.forward_from(net, l, u) - y[:, n]) ** 2, axis=0) / 2


def plain(net, x, y):
    """Every layer's slopes by the plain loop, in float64."""
    net = nn.Network(*({l: a.astype(float) for l, a in part.items()} for part in (net.W, net.b)), net.f)
    return (
        {l: numerical_gradient(lambda W: nn.E(nn.forward(net.replace(W={l: W}), x).t, y), net.W[l]) for l in net.W},
        {l: numerical_gradient(lambda b: nn.E(nn.forward(net.replace(b={l: b}), x).t, y), net.b[l]) for l in net.b},
    )


@pytest.mark.parametrize("dtype", [float, np.float32])
@pytest.mark.parametrize("N", [1, 3])
def test_of_network_is_the_plain_loop_by_another_way(N, dtype):
    net, x, y, F = case(N=N, dtype=dtype)
    for fast, slow in zip(numerical_gradient_of_network(F, net, nn.forward(net, x).x), plain(net, x, y)):
        for l in net.W:
            assert fast[l].shape == slow[l].shape and fast[l].dtype == float
            np.testing.assert_allclose(fast[l], slow[l], rtol=1e-6 if dtype is np.float32 else 1e-8, atol=1e-9)


def test_of_network_measures_what_autograd_finds():
    net, x, y, F = case()
    dE_dW, dE_db = numerical_gradient_of_network(F, net, nn.forward(net, x).x)
    truth_W, truth_b, _ = oracles.autograd_gradient(net, x, y)
    for l in net.W:
        np.testing.assert_allclose(dE_dW[l], truth_W[l], rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(dE_db[l], truth_b[l], rtol=1e-7, atol=1e-9)


def test_measure_network_is_measure_by_another_way():
    net, x, y, F = case()
    found = measure_network(F, net, nn.forward(net, x).x)
    assert list(found) == [(name, l) for l in net.W for name in "Wb"]
    for l in net.W:
        slow = measure(lambda W: nn.E(nn.forward(net.replace(W={l: W}), x).t, y), net.W[l])
        fast = found["W", l]
        assert (np.abs(fast.slopes - slow.slopes) <= fast.bounds + slow.bounds).all() and not fast.kinks.any()
        assert (fast.bounds <= 1e-8 * np.abs(slow.slopes).max()).all()
        np.testing.assert_allclose(fast.conditioning, slow.conditioning, rtol=1e-3)


def test_measure_network_sees_a_kink():
    net, x, y, F = case(f=nn.relu)
    net.b[2][1] -= nn.forward(net, x).u[2][1, 0]  # u² of the second unit is 0 for the first example
    kinks = {key: part.kinks for key, part in measure_network(F, net, nn.forward(net, x).x).items()}
    assert (np.argwhere(kinks["b", 2]) == [[1, 0]]).all() and kinks["b", 2].sum() == 1 and not kinks["b", 3].any()


def test_whatever_the_memory_the_slopes_are_the_same_and_it_is_kept():
    net, x, y, F = case(sizes=(6, 64, 50, 2), N=500)
    trace = nn.forward(net, x)
    everything, _ = numerical_gradient_of_network(F, net, trace.x, sample=40)
    tracemalloc.start()
    little, _ = numerical_gradient_of_network(
        F, net, trace.x, sample=40, memory=100_000
    )  # less than one copy of 64 × 500 numbers
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    own = sum(8 * 4 * W.size for W in net.W.values())  # the parameters and their slopes, twice
    assert peak < 100_000 + own + 8 * 4 * 500 * 64  # and u^l with its inputs
    for l in net.W:
        np.testing.assert_allclose(little[l], everything[l], rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("referee, moves", [(numerical_gradient_of_network, 2), (measure_network, 32)])
@pytest.mark.parametrize("N", [1, 20, 500])
def test_the_copies_fill_the_memory_and_no_more(referee, moves, N):
    """F fills some eight arrays of float64 in the widest layer from l on, which has 50 units up to layer 2, then 2."""
    net, x, y, F = case(sizes=(3, 40, 50, 2), N=N)
    columns, sample = {1: [], 2: [], 3: []}, 60 if N < 500 else 4

    def counted(l, u, n):
        columns[l].append(len(n))
        return F(l, u, n)

    referee(counted, net, nn.forward(net, x).x, memory=1_000_000, sample=sample)
    for l, widest in ((1, 50), (2, 50), (3, 2)):
        fit = 1_000_000 // (64 * widest)
        one = moves * N  # the copies that one parameter takes
        examples = min(N, fit)  # where they do not all fit, the examples are cut
        assert max(columns[l]) <= (fit if one <= fit else moves * examples)
        if referee is numerical_gradient_of_network:
            number = min(sample, net.W[l].size) + min(sample, net.b[l].size)
            assert sum(columns[l]) == number * one  # no copy is run twice
            assert len(columns[l]) == (-(-number // (fit // one)) if one <= fit else number * -(-N // fit))


def test_by_default_a_small_network_takes_a_few_runs():
    net, x, y, F = case(sizes=(6, 64, 2), N=10)
    runs = []
    numerical_gradient_of_network(lambda *a: runs.append(a) or F(*a), net, nn.forward(net, x).x)
    assert len(runs) <= 20  # for 578 parameters


def test_examples_that_do_not_fit_together_are_added_up():
    net, x, y, F = case(N=7)
    whole, parts = (
        numerical_gradient_of_network(F, net, nn.forward(net, x).x, memory=m) for m in (10**6, 64 * 5 * 2)
    )  # two at a time
    for l in net.W:
        np.testing.assert_allclose(parts[0][l], whole[0][l], rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(parts[1][l], whole[1][l], rtol=1e-8, atol=1e-9)


def test_the_step_of_a_large_weight_is_large():
    net = nn.Network({1: [[1e6, 1e-6]]}, {1: [[0]]}, nn.identity)
    dE_dW, _ = numerical_gradient_of_network(lambda l, u, n: u[0] ** 2 / 2, net, {0: nn.column([1, 1])})
    np.testing.assert_allclose(dE_dW[1][0, 0], 1e6, rtol=1e-9)  # with the step of a small one: 1e-5


def test_the_least_sample_and_the_least_memory():
    net, x, y, F = case()
    dE_dW, dE_db = numerical_gradient_of_network(F, net, nn.forward(net, x).x, sample=1, memory=1)
    assert all(np.isfinite(dE_dW[l]).sum() == np.isfinite(dE_db[l]).sum() == 1 for l in net.W)  # of every array


@pytest.mark.parametrize("referee", [numerical_gradient_of_network, measure_network])
def test_a_sample_is_chosen_by_seed_which_is_0_by_default(referee):
    net, x, y, F = case(sizes=(4, 30, 2))

    def seen(**seed):
        found = referee(F, net, nn.forward(net, x).x, sample=9, **seed)
        return np.isnan(found[0][1] if referee is numerical_gradient_of_network else found["W", 1].slopes).tolist()

    assert seen() == seen(seed=0) != seen(seed=1) == seen(seed=1)


def test_a_sample_is_measured_and_the_rest_is_nan():
    net, x, y, F = case()
    trace = nn.forward(net, x)
    (all_W, all_b), (some_W, some_b) = (
        numerical_gradient_of_network(F, net, trace.x),
        numerical_gradient_of_network(F, net, trace.x, sample=7, seed=1),
    )
    for l in net.W:
        for everything, some in ((all_W[l], some_W[l]), (all_b[l], some_b[l])):
            seen = ~np.isnan(some)
            assert seen.sum() == min(7, everything.size)
            np.testing.assert_allclose(some[seen], everything[seen], rtol=1e-9, atol=1e-12)
    other, _ = numerical_gradient_of_network(F, net, trace.x, sample=7, seed=2)
    assert not np.array_equal(np.isnan(other[1]), np.isnan(some_W[1]))


def test_progress_of_the_judges_measurement_is_told_too(monkeypatch):
    net, x, y, F = case()
    clock, told = iter(np.arange(0, 1e6, 2.0)), []
    monkeypatch.setattr(network_difference.time, "monotonic", lambda: next(clock))
    measure_network(F, net, nn.forward(net, x).x, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told) and told[-1] == (25 + 18 + 8, 25 + 18 + 8)


def test_progress_is_told_after_a_second_and_at_the_end(monkeypatch):
    net, x, y, F = case(sizes=(6, 64, 2), N=500)
    clock, told = iter(np.arange(0, 1e6, 0.3)), []
    monkeypatch.setattr(network_difference.time, "monotonic", lambda: next(clock))
    numerical_gradient_of_network(F, net, nn.forward(net, x).x, progress=lambda done, total: told.append((done, total)))
    total = sum(W.size for W in net.W.values()) + sum(b.size for b in net.b.values())
    assert len(told) > 3 and told[-1] == (total, total) and told == sorted(told)
    clock, told = iter(np.arange(0, 1e6, 0.3)), []
    numerical_gradient_of_network(F, net, nn.forward(net, x).x, progress=lambda done, total: told.append(next(clock)))
    waits = np.diff(told[:-1])  # the last is told at the end, however soon
    assert len(waits) > 3 and waits.min() > 1 and waits.max() < 2.5 and told[0] > 1
    clock, told = iter(np.zeros(10**6)), []
    numerical_gradient_of_network(F, net, nn.forward(net, x).x, progress=lambda done, total: told.append((done, total)))
    assert told == []


@pytest.mark.parametrize(
    "terminal, text", [(True, "\r5 of 1,000 parameters\r1,000 of 1,000 parameters\n"), (False, "")]
)
def test_tell_writes_on_a_terminal_alone(monkeypatch, terminal, text):
    stream, seen = io.StringIO(), []
    stream.isatty, stream.flush = lambda: terminal, lambda: seen.append(stream.getvalue())
    monkeypatch.setattr("sys.stderr", stream)
    network_difference.report_progress(5, 1000), network_difference.report_progress(1000, 1000)
    assert stream.getvalue() == text
    assert "".join(seen[-1:]) == text and len(seen) == 2 * terminal  # at once, not when the buffer is full


@pytest.mark.parametrize(
    "change, words",
    [
        ({"F": lambda l, u, n: 1.0}, "F gave shape (); expected"),
        ({"F": lambda l, u, n: np.ones(len(n) + 1)}, "one share of E for each column"),
        ({"F": lambda l, u, n: np.full(len(n), np.nan)}, "not finite"),
        ({"x": {0: np.ones((3, 2)), 1: None, 2: None}}, "x[0] has shape (3, 2); expected (4, N)"),
        ({"x": {0: np.ones((5, 2)), 1: None, 2: None}}, "x[0] has shape (5, 2); expected (4, N)"),
        ({"x": {0: np.ones(4), 1: None, 2: None}}, "x[0] has shape (4,); expected (4, N)"),
        ({"x": {0: np.ones((4, 3, 1)), 1: None, 2: None}}, "x[0] has shape (4, 3, 1); expected (4, N)"),
        ({"x": {0: np.ones((4, 3)), 1: np.ones((4, 3)), 2: None}}, "x[1] has shape (4, 3); expected (5, N)"),
        ({"sample": 0}, "sample is 0; expected at least 1"),
        ({"memory": 0}, "memory is 0; expected at least 1"),
    ],
)
@pytest.mark.parametrize("referee", [numerical_gradient_of_network, measure_network])
def test_a_bad_network_is_turned_away(referee, change, words):
    net, x, y, F = case()
    with pytest.raises(ValueError, match=re.escape(words)):
        referee(**{"F": F, "net": net, "x": nn.forward(net, x).x, **change})
