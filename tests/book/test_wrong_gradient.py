"""An engineer's own code: plain numpy, rows as examples, dicts and lists, float32. Verdicts are right, reasons true."""

import re

import numpy as np
import pytest

import nnmath as nn

RNG = np.random.default_rng(4)
N = 8
X, LABELS = RNG.normal(size=(N, 5)), RNG.integers(0, 3, N)
Y = np.eye(3)[LABELS]
PARAMS = {
    "W1": RNG.normal(size=(5, 7)) / 2,
    "b1": RNG.normal(size=7) / 3,
    "W2": RNG.normal(size=(7, 3)) / 2,
    "b2": RNG.normal(size=3) / 3,
}


def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(p):
    """Two layers, ReLU, softmax; the mean over the rows."""
    hidden = np.maximum(X @ p["W1"] + p["b1"], 0)
    return -np.mean(np.log(softmax(hidden @ p["W2"] + p["b2"])[np.arange(N), LABELS]))


def backward(mask=lambda hidden: hidden > 0, error=lambda t: (t - Y) / N):
    hidden = np.maximum(X @ PARAMS["W1"] + PARAMS["b1"], 0)
    d = error(softmax(hidden @ PARAMS["W2"] + PARAMS["b2"]))
    below = (d @ PARAMS["W2"].T) * mask(hidden)
    return {"W1": X.T @ below, "b1": below.sum(axis=0), "W2": hidden.T @ d, "b2": d.sum(axis=0)}


RIGHT = backward()
LAST = {"W2": RIGHT["W2"], "b2": RIGHT["b2"]}


def judge(claim):
    return nn.judge(claim, cross_entropy, PARAMS)


def test_the_right_one_agrees():
    assert str(judge(RIGHT)) == "agrees: 66 entries in 4 arrays, to 6 digits"


@pytest.mark.parametrize(
    "spoiled, reasons, where",
    [
        ({"error": lambda t: (Y - t) / N}, ("sign",), ()),
        ({"error": lambda t: Y - t}, ("constant factor",), ()),  # −8
        ({"error": lambda t: 2 * (t - Y) / N}, ("factor 2",), ()),
        ({"error": lambda t: t - Y}, ("constant factor",), ()),
        ({"error": lambda t: (t - Y) / N**2}, ("mean for sum", "constant factor"), ()),
        ({"error": lambda t: (t - Y) * t * (1 - t) / N}, ("sums not zero",), ()),
        ({"error": lambda t: t / N}, ("sums not zero",), ()),
        ({"mask": lambda hidden: hidden >= 0}, ("lower rank",), ("W2", "b2")),
    ],
)
def test_a_mistake_in_the_pass_is_seen_and_no_cause_is_guessed(spoiled, reasons, where):
    """Without the network only the numbers speak; which arrays are right shows how far down the pass was right."""
    verdict = judge(backward(**spoiled))
    assert verdict.kind == "disagrees" and verdict.reasons == reasons
    assert str(verdict).endswith("agrees: W2, b2.)") == bool(where)


@pytest.mark.parametrize(
    "name, claim, reason",
    [
        ("W2", RIGHT["W2"].T, "transposed"),
        ("W2", RIGHT["W2"].ravel(), "flat vector"),
        ("W2", 1.5 * RIGHT["W2"], "constant factor"),
        ("W2", np.r_[0 * RIGHT["W2"][:1], RIGHT["W2"][1:]], "zero where wrong"),
        ("W2", RIGHT["W2"] * [1, 1, 0], "zero where wrong"),
        ("W2", RIGHT["W2"][::-1], "rows in another order"),
        ("W2", RIGHT["W2"][:, ::-1], "columns in another order"),
        ("W2", RIGHT["W2"][np.newaxis], "an axis too many"),
        ("W2", RIGHT["W2"].reshape(3, 7), "another shape"),
        ("W2", 0 * RIGHT["W2"].ravel(), "another shape"),
        ("W2", np.abs(RIGHT["W2"]), "sums not zero"),
        ("W2", np.clip(RIGHT["W2"], -0.05, 0.05), "clipped"),
        ("b2", RIGHT["b2"][:, np.newaxis], "an axis too many"),
        ("b2", RIGHT["b2"][np.newaxis], "an axis too many"),
        ("b2", RIGHT["b2"][::-1], "rows in another order"),
        ("b2", RIGHT["b2"] * [1, 1, 0], "one entry wrong"),
        ("b2", RIGHT["b2"] * [1, np.nan, 1], "not a number"),
        ("b2", None, "no numbers"),
        ("b2", ..., "unsolved stub"),
        ("b2", "b2", "no numbers"),
        ("b2", np.sum, "no numbers"),
        ("b2", RIGHT["b2"] + 0j, "no numbers"),
        ("b2", np.ones((3, 3, 3)), "another shape"),
    ],
)
def test_one_array_wrong_is_named_and_the_others_are_said_to_be_right(name, claim, reason):
    verdict = judge({**RIGHT, name: claim})
    assert verdict.kind == "disagrees" and verdict.reasons[:1] == ((reason,) if reason else ())
    assert str(verdict).startswith(f"disagrees in {name}: ") and "(Agrees: W1, " in str(verdict)


def test_two_wrong_arrays_are_both_told():
    told = str(judge({**RIGHT, "b1": -RIGHT["b1"], "W2": 2 * RIGHT["W2"]}))
    assert "wrong sign" in told and told.startswith("disagrees in b1: ")
    assert told.endswith("(Also disagrees: W2 (“factor 2”); agrees: W1, b2.)")


# Shapes that the numbers explain

ROWS = RNG.normal(size=(6, 2))  # a slope by each example and each of two biases


def by_bias(b):
    return np.sum(ROWS * b)


@pytest.mark.parametrize(
    "claim, reason",
    [
        (ROWS, "not summed over examples"),
        (ROWS.T, "not summed over examples"),
        (ROWS.sum(axis=1), "sum over the wrong axis"),
        (ROWS.sum(), "one scalar"),
        (ROWS.sum() + 0.1, "another shape"),
        (ROWS + 0.1, "another shape"),
        (0.0, "another shape"),
        (ROWS.sum(axis=1) + 0.1, "another shape"),
        (ROWS.sum(axis=0)[np.newaxis] + 0.1, "another shape"),
    ],
)
def test_a_shape_is_explained_only_where_the_numbers_fit(claim, reason):
    for flat in (True, False):
        at = np.array([0.3, -0.2]) if flat else nn.column([0.3, -0.2])
        verdict = nn.judge(claim, by_bias if flat else lambda b: by_bias(b.T), at)
        assert verdict.kind == "disagrees" and verdict.reasons == (reason,)


def test_slopes_that_sum_to_zero_do_not_explain_a_scalar_zero():
    """As with a softmax: one number, zero, is no sum seen."""
    assert nn.judge(0.0, lambda a: a[0] - a[1], np.ones(2)).reasons == ("another shape",)


@pytest.mark.parametrize("order", [(0, 2, 1), (2, 1, 0), (1, 2, 0)])
def test_axes_of_a_kernel_exchanged(order):
    kernel = RNG.normal(size=(3, 3, 3))
    verdict = nn.judge(2 * kernel.transpose(order), lambda k: np.sum(k**2), kernel)
    assert verdict.reasons == ("transposed",)


def test_a_loop_over_windows():
    signal, kernel, target = RNG.normal(size=12), RNG.normal(size=4), RNG.normal(size=9)
    answer = lambda k: np.tanh(np.array([signal[i : i + 4] @ k for i in range(9)]))
    F = lambda k: np.sum((answer(k) - target) ** 2) / 2
    d = (answer(kernel) - target) * (1 - answer(kernel) ** 2)
    right = sum(d[i] * signal[i : i + 4] for i in range(9))
    assert nn.judge(right, F, kernel).kind == "agrees"
    assert nn.judge(right[::-1], F, kernel).reasons == ("rows in another order",)
    for wrong in (
        sum(d[i] * signal[i : i + 4] for i in range(8)),
        d[8] * signal[8:],
        sum(d[i] * signal[i + 1 : i + 5] for i in range(8)),
    ):
        verdict = nn.judge(wrong, F, kernel)
        assert verdict.kind == "disagrees" and verdict.reasons == ()


# Points and functions as they come


@pytest.mark.parametrize(
    "at, claim",
    [
        ([1, 2], [2, 4]),
        ([1.0, 2.0], np.array([2, 4])),
        ([[1, 2], [3, 4]], [[2, 4], [6, 8]]),
        (np.array([1, 2]), [2, 4]),
        (3, 6),
        (3.0, np.float32(6)),
        ((1, 2), (2, 4)),
    ],
)
def test_plain_numbers_are_a_point(at, claim):
    F = lambda a: np.sum(a**2)
    assert nn.judge(claim, F, at).kind == "agrees"
    assert nn.judge(-np.asarray(claim), F, at).reasons == ("sign",)


def test_lists_in_a_list_are_arrays_of_their_own():
    F = lambda p: np.sum(p[0] ** 2) + np.sum(p[1] ** 2)
    assert str(nn.judge([[2, 4], [6]], F, [[1, 2], [3]])) == "agrees: 3 entries in 2 arrays, to 6 digits"


@pytest.mark.parametrize(
    "claim, reasons",
    [(-6, ("sign",)), (12, ("factor 2",)), (3, ("factor ½",)), (30, ()), (6.01, ()), ([6], ("an axis too many",))],
)
def test_of_one_entry_only_the_plainest_factors_are_named(claim, reasons):
    verdict = nn.judge(claim, lambda a: a**2, 3.0)
    assert verdict.kind == "disagrees" and verdict.reasons == reasons and "1 of 1" not in str(verdict)


@pytest.mark.parametrize("wrap", [np.float32, lambda v: [v], lambda v: np.array([[v]]), lambda v: np.array([v])])
def test_F_may_give_its_number_in_any_wrapping(wrap):
    assert (
        nn.judge(LAST, lambda p: wrap(cross_entropy(PARAMS | p)), {"W2": PARAMS["W2"], "b2": PARAMS["b2"]}).kind
        == "agrees"
    )


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1e-6, 1e6, 1e30, 1e150])
def test_any_scale_of_F(scale):
    a, c = RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2))
    F = lambda v: scale * np.sum(c * np.sin(v))
    assert nn.judge(scale * c * np.cos(a), F, a).kind == "agrees"
    assert nn.judge(2 * scale * c * np.cos(a), F, a).reasons == ("factor 2",)


def test_F_that_writes_into_its_argument_does_no_harm():
    def F(p):
        p["b"] -= 1
        p["W"] *= 2
        return np.sum(p["W"] ** 2) + np.sum(p["b"] ** 2)

    W, b = RNG.normal(size=(2, 2)), RNG.normal(size=2)
    kept = W.copy(), b.copy()
    assert nn.judge({"W": 8 * W, "b": 2 * (b - 1)}, F, {"W": W, "b": b}).kind == "agrees"
    assert (W == kept[0]).all() and (b == kept[1]).all()

    def shifts(a):
        a -= 1
        return np.sum(a**2)

    assert nn.judge(2 * (b - 1), shifts, b).kind == "agrees"


def test_F_that_draws_lots_or_counts_is_turned_away():
    draw, counted = np.random.default_rng(0), []
    with pytest.raises(ValueError, match="at the same point; expected a function of the point alone"):
        nn.judge(np.ones(3), lambda a: np.sum(a * draw.integers(0, 2, 3)), np.ones(3))
    with pytest.raises(ValueError, match="at the same point"):
        nn.judge(np.ones(3), lambda a: counted.append(1) or np.sum(a) + len(counted), np.ones(3))


def test_F_that_is_zero_up_to_rounding_is_no_game_of_chance():
    flip = iter(np.tile([0.0, 1e-17], 10_000))
    assert nn.judge(np.array([1.0, -1.0]), lambda a: a[0] - a[1] + next(flip), np.ones(2)).kind == "agrees"


@pytest.mark.parametrize("F", [lambda a: 3.0, lambda a: np.round(a).sum()])
def test_F_that_no_nudge_moves_is_asked_whether_it_uses_its_argument(F):
    verdict = nn.judge(np.ones(2), F, np.array([0.3, 0.7]))
    assert verdict.kind == "disagrees" and verdict.reasons == () and "Does F use its argument" in str(verdict)


def test_says_nothing_tells_whose_fault_it_is():
    a = np.array([1.0, 2.0])
    square = lambda v: np.sum(v**2)
    assert "a float16 has too few digits" in str(nn.judge((2 * a).astype(np.float16), square, a))
    assert "cannot be measured to 3 digits" in str(
        nn.judge(np.array([2, 4]), lambda v: 1e13 + 1e3 * square(v) / 1e3, a)
    )
    assert "the gradient is zero at this point" in str(nn.judge(0 * a, square, 0 * a))


@pytest.mark.parametrize(
    "F, error, told",
    [
        (lambda p: None, ValueError, "F gave None; expected one real number"),
        (lambda p: p["W2"], ValueError, r"F gave shape \(7, 3\) and dtype float64; expected one real number"),
        (lambda p: np.nan, ValueError, "F gave nan at a point near the one asked for"),
        (3.0, TypeError, "F is a float; expected a function of the point"),
    ],
)
def test_a_bad_F_is_told(F, error, told):
    with pytest.raises(error, match=told):
        nn.judge(LAST, F, {"W2": PARAMS["W2"], "b2": PARAMS["b2"]})


def test_a_bad_point_is_told_with_its_key():
    with pytest.raises(TypeError, match=r"at\['b'\]: at has dtype <U1; expected real numbers"):
        nn.judge({"a": 1, "b": 1}, lambda p: p["a"], {"a": 1.0, "b": "b"})
    with pytest.raises(ValueError, match="the edge of what F can take"):
        nn.judge(np.ones(1), lambda a: np.sum(np.sqrt(a)), np.zeros(1))


@pytest.mark.parametrize(
    "claim, told",
    [
        ({}, r"the claim has nothing for 'W2'; expected just \['W2', 'b2'\]"),
        ({**LAST, "b3": 1}, "the claim has one too many, 'b3'"),
        (list(LAST.values()), "the claim is a list; expected a dict with all of"),
    ],
)
def test_arrays_under_other_names(claim, told):
    verdict = nn.judge(claim, lambda p: cross_entropy(PARAMS | p), {"W2": PARAMS["W2"], "b2": PARAMS["b2"]})
    assert verdict.reasons == ("other arrays",)
    assert re.search(told, str(verdict))


def test_suspects_are_built_like_the_claim():
    at = {"W2": PARAMS["W2"], "b2": PARAMS["b2"]}
    F = lambda p: cross_entropy(PARAMS | p)
    wrong = {"W2": RIGHT["W2"] + 1, "b2": RIGHT["b2"] * 3.3 + 1}
    assert nn.judge(wrong, F, at, suspects={"f′ missing": wrong}).reasons[0] == "f′ missing"
    assert nn.judge(wrong, F, at, suspects={"f′ missing": LAST, "my own": {"W2": wrong["W2"]}}).reasons[0] == "my own"
    with pytest.raises(TypeError, match=r"suspects\['f′ missing'\] is a ndarray; expected arrays under the same keys"):
        nn.judge(wrong, F, at, suspects={"f′ missing": wrong["W2"]})
    with pytest.raises(TypeError, match=r"suspects\['f′ missing'\] has dtype object"):
        nn.judge(wrong["W2"], lambda W: F(at | {"W2": W}), at["W2"], suspects={"f′ missing": None})


def test_names_that_give_the_same_numbers_are_told_in_one_breath():
    """On a ReLU network the mask x ≥ 0 lets everything pass, as without a mask. The numbers cannot tell them apart."""
    net = nn.Network.random((4, 3, 5, 2), nn.relu, 1)
    x, y = RNG.normal(size=(4, 6)), RNG.normal(size=(2, 6))
    trace = nn.forward(net, x)
    delta = nn.deltas(net, trace, y)
    known = nn.mistakes.suspects("delta", l=1, W=net.W, delta=delta, u=trace.u, x=trace.x, f=net.f, eta=0.1)
    F = lambda u: nn.E(nn.forward_from(net, 1, u), y)
    verdict = nn.judge((net.W[2].T @ delta[2]) * (trace.x[1] >= 0), F, trace.u[1], known)
    assert verdict.reasons[:2] == ("f′ missing", "relu′ from the output")
    assert "Here “relu′ from the output” would give the same numbers." in str(verdict)
    assert nn.judge((net.W[2].T @ delta[2]) * (trace.x[1] > 0), F, trace.u[1], known).kind == "agrees"


class Unreadable:
    def __array__(self, *_, **__):
        raise RuntimeError("detach me first")


def test_what_numpy_cannot_read_gets_a_verdict():
    verdict = nn.judge(Unreadable(), lambda a: np.sum(a), np.ones(2))
    assert verdict.reasons == ("no numbers",)
    assert "the claim is a Unreadable, which NumPy cannot read (detach me first)" in str(verdict)


@pytest.mark.parametrize(
    "layers, error, told",
    [
        (lambda g: 3, TypeError, "gradients is a int; expected a Gradient, or a pair of dicts"),
        (lambda g: ([1], [2]), TypeError, r"dE_dW is a list; expected a dict with the layers 1 to 2 as keys"),
        (
            lambda g: ({0: 1, 1: 2}, g.dE_db),
            ValueError,
            r"dE_dW has the layers 0, 1; expected 1 to 2, counted as on the page",
        ),
    ],
)
def test_gradients_of_a_network_under_other_layers(layers, error, told):
    net = nn.Network.random((2, 3, 2), nn.tanh, 1)
    x, y = RNG.normal(size=(2, 4)), RNG.normal(size=(2, 4))
    with pytest.raises(error, match=told):
        nn.judge_network(layers(nn.gradient(net, nn.forward(net, x), y)), net, x, y)


# Arrays within arrays


def squares(p):
    """Σ a² over all arrays, however they are nested."""
    return (
        sum(map(squares, p.values() if isinstance(p, dict) else p))
        if isinstance(p, (dict, list))
        else np.sum(np.asarray(p) ** 2)
    )


def twice(p):
    """The gradient of squares, built like the point."""
    if isinstance(p, dict):
        return {key: twice(part) for key, part in p.items()}
    return [twice(part) for part in p] if isinstance(p, (list, tuple)) else 2 * np.asarray(p)


V = np.array([1.0, -2.0])


@pytest.mark.parametrize(
    "at, said",
    [
        ([V, 3.0], "3 entries in 2 arrays"),
        ((V, V), "4 entries in 2 arrays"),
        ([[1, 2], [3, 4]], "4 entries"),
        ([[1, 2], [3]], "3 entries in 2 arrays"),
        ([[1, 2], 3], "3 entries in 2 arrays"),
        ([1, [2]], "2 entries in 2 arrays"),
        (((1, 2), (3, 4)), "4 entries"),
        ([[[1], [2]], [[3], [4]]], "4 entries"),
        ([[[1], [2]], [[3], [4, 5]]], "5 entries in 3 arrays"),
        ({"a": V}, "2 entries in 1 array"),
        ([V], "2 entries in 1 array"),
        ({1: V, "b": 3}, "3 entries in 2 arrays"),
        ({"a": {"b": V, "c": V}, "d": [V, [1.0]]}, "7 entries in 4 arrays"),
        ({"a": [1, 2], "b": (3, 4)}, "4 entries in 2 arrays"),
    ],
)
def test_what_is_one_array_and_what_are_several(at, said):
    assert str(nn.judge(twice(at), squares, at)) == f"agrees: {said}, to 6 digits"


def test_of_several_arrays_the_one_seen_worst_tells_how_far():
    assert str(nn.judge([2 * V, np.float32([2000])], squares, [V, np.array([1e3])])) == (
        "agrees: 3 entries in 2 arrays, to 3 digits"
    )
    assert str(nn.judge([np.float32([2000]), 2 * V], squares, [np.array([1e3]), V])) == (
        "agrees: 3 entries in 2 arrays, to 3 digits"
    )


@pytest.mark.parametrize(
    "claim, said",
    [
        (
            [2.0, 1.0, 0.0, 8.0],
            r"not differentiable in array [1]: at the one entry the derivatives .* "
            r"(Agrees: [0], [3]; inconclusive: [2].)",
        ),
        (
            [2.0, 1.0, 1.0, 8.0],
            r"disagrees in array [2]: at the one entry you claim 1, .* (Agrees: [0], [3]; not differentiable: [1].)",
        ),
        (
            [3.0, 1.0, 1.0, 8.0],
            r"disagrees in array [0]: at the one entry you claim 3, .* "
            r"(Also disagrees: [2]; agrees: [3]; not differentiable: [1].)",
        ),
        (
            [3.0, 1.0, 1.0, 9.0],
            r"disagrees in array [0]: at the one entry you claim 3, .* "
            r"(Also disagrees: [2], [3]; not differentiable: [1].)",
        ),
    ],
)
def test_the_worst_speaks_first(claim, said):
    """A kink in the second of four arrays, and a third one whose slope is 0."""
    F = lambda p: p[0] ** 2 + np.abs(p[1]) + p[2] ** 2 + p[3] ** 2
    begins, ends = said.split(".*")
    told = str(nn.judge(claim, F, [np.array(1.0), np.array(0.0), np.array(0.0), np.array(4.0)]))
    assert told.startswith(begins) and told.endswith(ends.strip())


def test_a_kink_says_more_than_nothing():
    told = nn.judge([0.0, 0.0, 1.0], lambda p: p[0] ** 2 + p[1] ** 2 + np.abs(p[2]), [np.array(0.0)] * 3)
    assert told.kind == "not differentiable" and "agrees" not in str(told)
    told = nn.judge(
        [0.0, 0.0, 1.0], lambda p: p[0] ** 2 + p[1] ** 2 + np.abs(p[2]), [np.array(0.0), np.array(0.0), np.array(1.0)]
    )
    assert str(told).startswith("inconclusive in array [0]: the gradient is zero at this point") and str(told).endswith(
        " (Also inconclusive: [1]; agrees: [2].)"
    )


def test_every_array_is_listed():
    at = [np.array(float(i)) for i in range(1, 9)]
    assert str(nn.judge([2.5, *twice(at[1:])], squares, at)).endswith("(Agrees: [1], [2], [3], [4], [5], [6], [7].)")
    assert str(nn.judge([2.5, *twice(at[1:7])], squares, at[:7])).endswith("(Agrees: [1], [2], [3], [4], [5], [6].)")
    assert str(nn.judge([2.5], squares, at[:1])).endswith("you claim 2.5, but the referee measures 2.")


def test_an_array_within_a_dict_is_told_with_both_keys():
    at = {"layer": {"W": V, "b": V}, "rest": V}
    told = nn.judge({"layer": {"W": 2 * V, "b": -2 * V}, "rest": 6 * V}, squares, at)
    assert str(told).startswith("disagrees in layer['b']: at entry [1] you claim 4, but the referee measures −4; ")
    assert str(told).endswith(" (Also disagrees: rest (“constant factor”); agrees: layer['W'].)")
    assert told.reasons == ("sign",)
    suspects = {"my own": {"layer": {"W": 2 * V, "b": V + 9}, "rest": V}}
    assert nn.judge({"layer": {"W": 2 * V, "b": V + 9}, "rest": 2 * V}, squares, at, suspects).reasons == ("my own",)


@pytest.mark.parametrize(
    "claim, at, reason, said",
    [
        (None, {"a": V}, "no numbers", "the claim is None; expected a dict with all of ['a']. "),
        (..., [V, V], "unsolved stub", "the claim is …; expected a list with all of [0, 1]. "),
        (3.0, {"a": V}, "no numbers", "the claim is a float; expected a dict with all of ['a']. "),
        (3.0, [V], "no numbers", "the claim is a float; expected a list with all of [0]. "),
        ("ab", [V, V], "no numbers", "the claim is a str; expected a list with all of [0, 1]. "),
        ([V], {"a": V}, "other arrays", "the claim is a list; expected a dict with all of ['a']. "),
        ((V,), {"a": V}, "other arrays", "the claim is a tuple; expected a dict with all of ['a']. "),
        (V, {"a": V}, "other arrays", "the claim is a ndarray; expected a dict with all of ['a']. "),
        ({0: V}, [V], "other arrays", "the claim is a dict; expected a list with all of [0]. "),
        ({"b": V}, {"a": V}, "other arrays", "the claim has nothing for 'a'; expected just ['a']. "),
        ({"b": V, "a": V}, {"a": V}, "other arrays", "the claim has one too many, 'b'; expected just ['a']. "),
        ([V], [V, V], "other arrays", "the claim has nothing for 1; expected just [0, 1]. "),
        ([V, V, V], [V, V], "other arrays", "the claim has one too many, 2; expected just [0, 1]. "),
    ],
)
def test_claims_built_in_another_way_than_the_point(claim, at, reason, said):
    verdict = nn.judge(claim, squares, at)
    assert (
        verdict.kind == "disagrees" and verdict.reasons == (reason,) and str(verdict).startswith(f"disagrees: {said}")
    )


def test_the_rows_of_an_array_are_arrays_too():
    assert nn.judge(np.array([[2.0, -4.0], [2.0, -4.0]]), squares, [V, V]).kind == "agrees"
    assert nn.judge((2 * V, 2 * V), squares, [V, V]).kind == "agrees"
    assert nn.judge(np.array([2.0, 6.0]), squares, [np.array(1.0), np.array(3.0)]).kind == "agrees"


@pytest.mark.parametrize("at", [[], {}, (), {"a": {}}])
def test_a_point_without_an_array_is_turned_away(at):
    with pytest.raises(ValueError, match="at holds no array; expected at least one to nudge"):
        nn.judge(at, squares, at)


def test_a_suspect_of_a_list_may_be_shorter():
    """What it does not hold it does not explain."""
    short = {"my own": [V + 9], "other": (V, V + 7)}
    assert nn.judge([V + 9, 2 * V], squares, [V, V], short).reasons == ("my own",)
    assert nn.judge([2 * V, V + 9], squares, [V, V], short).reasons == ()
    assert nn.judge([2 * V, V + 7], squares, [V, V], short).reasons == ("other",)


def test_F_sees_each_point_as_it_was_given():
    """A dict stays a dict and a list a list, in their order, and only one array is nudged at a time."""
    seen = []

    def F(p):
        seen.append(p)
        return squares(p)

    nn.judge({"a": 2 * V, "b": [2 * V]}, F, {"a": V, "b": [V]})
    for p in seen:
        assert list(p) == ["a", "b"] and isinstance(p["b"], list)
        assert sum(np.any(part != V) for part in (p["a"], p["b"][0])) <= 1
    assert any((p["a"] != V).any() for p in seen) and any((p["b"][0] != V).any() for p in seen)
