"""What may be handed to the check: functions, parts, flat vectors, samples, layers, and points of any type."""

import subprocess
import sys
from collections import UserDict
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import nnmath as nn

RNG = np.random.default_rng(11)
A, V = RNG.normal(size=(3, 4)), RNG.normal(size=5)


def cubes(a):
    return np.sum(np.asarray(a) ** 3)


# A claim that is a function


def test_a_function_is_called_at_the_point():
    assert nn.judge(lambda a: 3 * a**2, cubes, A).kind == "agrees"
    assert nn.judge(lambda a: (cubes(a), 3 * a**2), cubes, A).kind == "agrees"
    assert nn.judge(lambda a: -3 * a**2, cubes, A).reasons == ("sign",)
    assert nn.judge(3 * A**2, lambda a: (cubes(a), 3 * a**2), A).kind == "agrees"  # F may return its gradient, too


def test_a_function_that_adds_to_what_it_keeps_is_found():
    kept = np.zeros_like(A)

    def gradient(a):
        kept[...] += 3 * a**2
        return kept

    verdict = nn.judge(gradient, cubes, A)
    assert verdict.kind == "disagrees" and verdict.reasons == ("not repeatable",) and "twice the first" in str(verdict)


def test_a_random_function_is_found():
    verdict = nn.judge(lambda a: 3 * a**2 + RNG.normal(size=a.shape), cubes, A)
    assert verdict.reasons == ("not repeatable",) and "random" in str(verdict)


def test_a_function_that_returns_one_array_over_and_over_is_told():
    kept = np.zeros_like(A)

    def gradient(a):
        np.multiply(3, a**2 * (1 + 1e-9 * RNG.normal()), out=kept)
        return kept

    assert "Return a copy" in str(nn.judge(gradient, cubes, A, numerical_claim=True))


def test_a_function_that_changes_the_point_is_told():
    def gradient(a):
        right = 3 * a**2
        a *= 0
        return right

    assert "changes the point" in str(nn.judge(gradient, cubes, A)) and A.all()


def test_a_function_that_changes_F_is_found():
    upstream = RNG.normal(size=V.shape)

    def gradient(v):
        upstream.__imul__(1 - np.tanh(v) ** 2)
        return upstream

    verdict = nn.judge(gradient, lambda v: np.sum(upstream * np.tanh(v)), V)
    assert verdict.kind == "disagrees" and verdict.reasons[0] in ("F changed", "not repeatable")


def test_a_function_that_stops_gets_a_verdict():
    verdict = nn.judge(lambda a: a.no_such_name, cubes, A)
    assert verdict.kind == "disagrees" and "your function stopped with AttributeError" in str(verdict)


# Parts, flat vectors, counts


def test_gradients_for_some_arrays_are_judged_and_the_others_named():
    at = {"W": A, "b": V, "name": "relu", "layers": 3, "seed": None}
    F = lambda p: cubes(p["W"]) + cubes(p["b"]) + 0 * (p["name"] == "relu") * p["layers"]
    verdict = nn.judge({"W": 3 * A**2}, F, at)
    assert (
        verdict.kind == "agrees"
        and verdict.compared == A.size
        and str(verdict).endswith("No gradient was given for b.")
    )


def test_a_flat_vector_speaks_of_its_arrays():
    shapes = {"W": (3, 4), "b": (5,)}
    at = np.r_[A.ravel(), V]
    right = 3 * at**2
    assert nn.judge(right, cubes, at, shapes=shapes).kind == "agrees"
    wrong = np.r_[(3 * A**2).ravel("F"), 3 * V**2]
    verdict = nn.judge(wrong, cubes, at, shapes=shapes)
    assert verdict.path == "W (entries 0 to 11, 3×4)" and verdict.reasons[0] == "memory order"
    assert "Agrees: b (entries 12 to 16, 5)" in str(verdict)
    with pytest.raises(ValueError, match="shapes has 12 entries in all; expected 17"):
        nn.judge(right, cubes, at, shapes={"W": (3, 4)})


def test_a_factor_is_named_after_what_the_caller_counts():
    verdict = nn.judge(3 * A**2 / 12, cubes, A, counts={"examples": 4, "outputs": 3})
    assert "12 is the number of examples times the number of outputs" in str(verdict)


# Samples


@pytest.mark.parametrize("sample", [1, 7])
def test_a_sample_takes_entries_of_every_array_and_measures_the_others_together(sample):
    at = {"W": RNG.normal(size=(20, 20)), "b": RNG.normal(size=30)}
    F = lambda p: np.sum(np.sin(p["W"])) + cubes(p["b"])
    right = {"W": np.cos(at["W"]), "b": 3 * at["b"] ** 2}
    verdict = nn.judge(right, F, at, sample=sample)
    assert verdict.kind == "agrees" and [part.compared for part in verdict.arrays] == [sample, sample]
    assert "along one random direction" in str(verdict)


@pytest.mark.parametrize("seed", range(3))
def test_one_wrong_entry_in_four_hundred_is_found_by_halving(seed):
    at = RNG.normal(size=(20, 20))
    wrong = np.cos(at)
    i = tuple(RNG.integers(0, 20, 2))
    wrong[i] += 1e-3
    verdict = nn.judge(wrong, lambda a: np.sum(np.sin(a)), at, sample=2, seed=seed)
    assert verdict.kind == "disagrees" and verdict.worst.index == i


def test_where_a_direction_cannot_be_measured_the_probability_of_a_miss_is_told():
    at = np.ones(50)
    F = lambda a: np.sum(a) + 1e-2 * np.sin(1e13 * np.sum(a[10:]))
    verdict = nn.judge(np.ones(50), F, at, sample=5)
    assert "there is a 90% chance that this sample misses it" in str(verdict)


@pytest.mark.parametrize("sample", [0, -1, 1.5, "some", True])
def test_a_bad_sample_is_told(sample):
    with pytest.raises(ValueError, match="sample is .*; expected a whole number from 1 up"):
        nn.judge(3 * A**2, cubes, A, sample=sample)


def test_all_entries_are_measured_up_to_a_thousand():
    at = RNG.normal(size=300)
    assert nn.judge(3 * at**2, cubes, at).compared == 300
    assert nn.judge(3 * at**2, cubes, at, sample="all").compared == 300


def test_a_large_array_is_explained_faster_than_it_is_measured():
    from time import perf_counter

    from nnmath.check.diagnosis import Case, causes

    slopes = RNG.normal(size=(5000, 4))
    start = perf_counter()
    found = causes(Case(slopes[RNG.permutation(5000)], slopes, np.full(slopes.shape, 1e-9)))
    assert found[0].name == "rows in another order" and perf_counter() - start < 5


def test_parameters_that_are_all_zero_are_mentioned():
    at = {"W": A, "b": np.zeros(5)}
    F = lambda p: cubes(p["W"]) + np.sum(np.sin(p["b"]))
    verdict = nn.judge({"W": 3 * A**2, "b": np.ones(5)}, F, at)
    assert verdict.kind == "agrees" and "For b: All these parameters are 0" in str(verdict)


def test_nothing_agrees_over_zeros():
    assert nn.judge(0 * A, lambda a: 0.0 * np.sum(a), A).kind == "inconclusive"


# Points of any type


class Pair(NamedTuple):
    W: Any
    b: Any


@dataclass
class Model:
    W: Any
    b: Any
    name: str = "mine"


POINTS = {
    "tuple": ((A, V), tuple),
    "list": ([A, V], list),
    "NamedTuple": (Pair(A, V), Pair),
    "dataclass": (Model(A, V), Model),
    "dict": ({"W": A, "b": V}, dict),
    "UserDict": (UserDict(W=A, b=V), UserDict),
}


@pytest.mark.parametrize("name", POINTS)
def test_F_gets_the_type_that_the_point_has(name):
    at, kind = POINTS[name]
    seen = set()

    def F(p):
        seen.add(type(p))
        W, b = (p["W"], p["b"]) if hasattr(p, "items") else (p.W, p.b) if hasattr(p, "W") else p
        return cubes(W) + cubes(b)

    claims = {dict: {"W": 3 * A**2, "b": 3 * V**2}, UserDict: {"W": 3 * A**2, "b": 3 * V**2}}
    claim = claims.get(kind, (3 * A**2, 3 * V**2) if kind is not Model else Model(3 * A**2, 3 * V**2))
    verdict = nn.judge(claim, F, at)
    assert verdict.kind == "agrees" and verdict.compared == 17 and seen == {kind}


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_matrix_stays_a_matrix():
    W = np.matrix(RNG.normal(size=(3, 3)))
    assert nn.judge(4 * W * W.T * W, lambda W: float(np.trace(W.T * W * W.T * W)), W).kind == "agrees"


def test_a_list_that_F_takes_in_two_ways_is_told():
    with pytest.raises(ValueError, match="for the numbers as a list and .* for an array"):
        nn.judge([1.0, 1.0], lambda a: np.mean(2 * a) + len(2 * a), [1.0, 2.0])
    assert nn.judge([2.0, 4.0], lambda a: a[0] ** 2 + a[1] ** 2, [1.0, 2.0]).kind == "agrees"


@pytest.mark.parametrize(
    "call",
    [
        lambda: nn.judge(3 * A**2, cubes, A),
        lambda: nn.judge(1e-300 * np.ones(2), lambda a: 1e-300 * np.sum(a), np.ones(2)),
        lambda: nn.same("1.1", np.array([1e-300, 1.0]), np.array([1e-300, 1.0])),
        lambda: nn.judge(2e200 * V, lambda v: np.sum((1e100 * v) ** 2), V),
    ],
)
def test_numpy_set_to_raise_makes_no_difference(call):
    with np.errstate(all="raise"):
        assert call().kind == "agrees"


@pytest.mark.filterwarnings("error")
def test_no_warning_leaks_for_huge_values():
    assert nn.judge(np.array([1.0]), lambda v: np.sum(np.exp(v) / np.exp(v) * v), np.array([700.0])).kind == "agrees"


def test_hidden_entries_of_a_masked_array_are_not_judged():
    hidden = np.ma.MaskedArray(3 * A**2, mask=A > 0)
    assert "masked" in str(nn.judge(hidden, cubes, A))
    with pytest.raises(TypeError, match="hides"):
        nn.judge(3 * A**2, cubes, np.ma.MaskedArray(A, mask=A > 0))
    with pytest.raises(TypeError, match="the left side: a masked array hides"):
        nn.same("1.1", hidden, hidden)
    assert nn.judge(np.ma.MaskedArray(3 * A**2), cubes, A).kind == "agrees"


def test_small_integers_are_compared_as_numbers():
    assert nn.same("1.1", np.int8([-128]), np.int8([-128])).kind == "agrees"
    assert nn.judge(np.int8([-128]), lambda a: -128 * a[0], np.ones(1)).kind == "agrees"


@pytest.mark.parametrize("suspects", [["sign"], ("sign",), "sign", 3])
def test_suspects_are_a_dict(suspects):
    with pytest.raises(TypeError, match="suspects is a .*; expected a dict from names"):
        nn.judge(3 * A**2, cubes, A, suspects)


def test_F_may_stop_at_a_long_step():
    """A temperature of 0 or a negative one is no point of F, but it is far from this one."""

    def F(T):
        if T[0] <= 0:
            raise ValueError("the temperature must be positive")
        return 1 / T[0]

    assert nn.judge(np.array([-0.25]), F, np.array([2.0])).kind == "agrees"
    with pytest.raises(ValueError, match="the temperature must be positive"):
        nn.judge(np.ones(1), lambda T: F(T - 2.0), np.array([2.0 + 1e-13]))


# One layer, other frameworks, tests, a command


def layer(x, W, b):
    return np.tanh(x @ W + b)


def layer_backward(upstream, x, W, b):
    d = upstream * (1 - layer(x, W, b) ** 2)
    return d @ W.T, x.T @ d, d.sum(axis=0)


INPUTS = RNG.normal(size=(6, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4)


def test_the_backward_pass_of_a_layer():
    verdict = nn.judge_backward(layer, layer_backward, *INPUTS)
    assert verdict.kind == "agrees" and [part.entries for part in verdict.arrays] == [18, 12, 4]
    cached = nn.judge_backward(lambda *p: (layer(*p), p), lambda d, p: layer_backward(d, *p), *INPUTS)
    assert cached.kind == "agrees"
    one = nn.judge_backward(np.tanh, lambda d, u: d * (1 - np.tanh(u) ** 2), A)
    assert one.kind == "agrees" and one.entries == A.size


def test_a_wrong_backward_pass_is_told_input_by_input():
    def mean(*given):
        dx, dW, db = layer_backward(*given)
        return dx, dW, db / 6

    verdict = nn.judge_backward(layer, mean, *INPUTS, counts={"examples": 6})
    assert [part.kind for part in verdict.arrays] == ["agrees", "agrees", "disagrees"] and "number of examples" in str(
        verdict
    )


def test_a_backward_pass_that_writes_into_what_it_is_given_is_told():
    def in_place(upstream, u):
        upstream *= 1 - np.tanh(u) ** 2
        return upstream

    assert "backward changes the upstream derivative" in str(nn.judge_backward(np.tanh, in_place, A))


@pytest.mark.parametrize("jit", [False, True], ids=["", "jit"])
def test_jax_in_one_line(jit):
    jax = pytest.importorskip("jax")

    @jax.custom_vjp
    def wrong_tanh(u):
        return jax.numpy.tanh(u)

    wrong_tanh.defvjp(lambda u: (jax.numpy.tanh(u), u), lambda u, v: (v * (1 - u**2),))
    at = {"W": jax.numpy.asarray([[0.5, -1.0, 2.0]]), "layers": [(jax.numpy.asarray([[0.25]]),)]}
    for f, kind in ((jax.numpy.tanh, "agrees"), (wrong_tanh, "disagrees")):
        loss = lambda p: (f(p["W"] @ jax.numpy.ones((3, 1)) + p["layers"][0][0]) ** 2).sum()
        assert nn.judge_jax(jax.jit(loss) if jit else loss, at).kind == kind


def test_torch_in_one_line():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)).double()
    x, y = torch.randn(5, 3).double(), torch.randint(0, 2, (5,))
    kept = {name: p.detach().clone() for name, p in model.named_parameters()}
    loss = lambda: torch.nn.functional.cross_entropy(model(x), y)
    assert nn.judge_torch(loss, model).kind == "agrees"
    assert all(torch.equal(kept[name], p) and p.grad is None for name, p in model.named_parameters())

    class Swish(torch.autograd.Function):
        @staticmethod
        def forward(ctx, u):
            ctx.save_for_backward(u)
            return u * torch.sigmoid(u)

        @staticmethod
        def backward(ctx, d):
            return 2 * d * (torch.sigmoid(ctx.saved_tensors[0]) + 0 * d)

    u = torch.randn(4, dtype=torch.float64, requires_grad=True)
    assert nn.judge_torch(lambda: Swish.apply(u).sum(), {"u": u}).kind == "disagrees"
    with pytest.raises(ValueError, match="no tensor requires a gradient"):
        nn.judge_torch(loss, [torch.ones(2)])
    tensor = torch.from_numpy(V)
    verdict = nn.judge({"v": 3 * tensor**2}, lambda p: (p["v"] ** 3).sum(), {"v": tensor})
    assert verdict.kind == "agrees"


def test_an_assertion_for_tests():
    assert nn.assert_gradient(3 * A**2, cubes, A).kind == "agrees"
    with pytest.raises(AssertionError, match="twice the measured value"):
        nn.assert_gradient(6 * A**2, cubes, A)
    almost = 3 * A**2 * (1 + 1e-6 * np.abs(A) / np.abs(A).max())
    with pytest.raises(AssertionError, match="nearly agrees"):
        nn.assert_gradient(almost, cubes, A)
    assert nn.assert_gradient(almost, cubes, A, nearly=True).kind == "nearly agrees"


@pytest.mark.parametrize(
    "gradient, code, said",
    [
        ("lambda a: 3 * a**2", 0, "agrees: 3 entries, to 6 digits"),
        ("lambda a: -3 * a**2", 1, "wrong sign"),
        (None, 2, "has no gradient or grad"),
    ],
)
def test_the_command(tmp_path, gradient, code, said):
    file = tmp_path / "mine.py"
    lines = ["import numpy as np", "loss = lambda a: np.sum(a**3)", "at = np.array([1.0, 2.0, -1.0])"]
    file.write_text("\n".join([*lines, f"gradient = {gradient}" if gradient else ""]))
    run = subprocess.run(
        [sys.executable, "-m", "nnmath", "check", str(file)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"},
    )
    assert run.returncode == code and said in run.stdout + run.stderr
