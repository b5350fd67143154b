"""The judge: four kinds of verdict, the same words on every machine, a tolerance that neither cries wolf nor sleeps."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnmath as nn
from nnmath.measurement import Measurement
from nnmath.verdict import hold

A = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])


def cubes(a):
    return np.sum(a**3)


def test_a_right_claim_agrees_and_says_how_far_it_was_seen():
    verdict = nn.judge(3 * A**2, cubes, A)
    assert verdict.kind == "agrees" and verdict.reasons == () and str(verdict) == "agrees: 6 entries, to 6 digits"
    assert str(nn.judge(3 * np.float32(A)**2, lambda a: np.sum(a**3), np.float32(A))).endswith("to 3 digits")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.sampled_from([1e-3, 1.0, 30.0]))
def test_no_false_alarm_and_no_miss_against_autograd(seed, scale):
    rng = np.random.default_rng(seed)
    a, c = scale * rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    slopes = autograd.grad(lambda v: anp.sum(c * anp.tanh(v)) + anp.sum(v**2) / 3)(a)

    def F(v):
        return np.sum(c * np.tanh(v)) + np.sum(v**2) / 3

    assert nn.judge(slopes, F, a).kind == "agrees"
    off = slopes.copy()
    off[rng.integers(3), rng.integers(2)] += 1e-7 * np.abs(slopes).max()
    assert nn.judge(off, F, a).kind == "disagrees"


def test_a_wrong_claim_disagrees_and_the_worst_entry_is_shown():
    claim = 3 * A**2
    claim[1, 2] += 1
    verdict = nn.judge(claim, cubes, A)
    assert verdict.kind == "disagrees"
    assert "[1, 2]" in str(verdict) and "claim 4" in str(verdict) and "measures 3" in str(verdict) and "1 of 6" in str(verdict)
    assert verdict.reasons[0] == "one entry wrong"


def test_zero_slopes_say_nothing_and_a_claim_against_them_disagrees():
    zero = np.zeros((2, 3))
    assert nn.judge(zero, lambda a: np.sum(a**2), zero).kind == "says nothing"
    assert nn.judge(zero + 1e-3, lambda a: np.sum(a**2), zero).kind == "disagrees"


def test_some_zeros_beside_others_are_no_such_case():
    assert nn.judge(np.array([[0.0, 0, 0], [1, 1, 1]]), lambda a: a[1].sum(), A).kind == "agrees"


@pytest.mark.parametrize("F", [lambda a: np.abs(a).sum(), lambda a: np.maximum(a, 0).sum(), lambda a: np.abs(a).max() + np.abs(a).sum()])
def test_a_kink_is_said(F):
    assert nn.judge(np.ones((3, 1)), F, nn.column([1, 0, -2])).kind == "at a kink"


@pytest.mark.parametrize("away", [1e-4, 1e-2, 1.0])
def test_near_a_kink_there_is_a_slope(away):
    assert nn.judge(nn.column([1, 1, 0]), lambda a: np.maximum(a, 0).sum(), nn.column([1, away, -2])).kind == "agrees"


@pytest.mark.parametrize("claim, reason", [
    (None, "no numbers"), (..., "unsolved stub"), ("a", "no numbers"), ([[1], [2, 3]], "no numbers"), (1j * A, "no numbers"),
    (np.nan * A, "not a number"), (np.inf * A, "not a number"),
    ((3 * A**2).T, "transposed"), ((3 * A**2).ravel(), "flat vector"), ((3 * A**2).sum(), "one scalar"),
    (np.ones((5, 5)), "another shape"), (0 * A, "zero returned"), (-3 * A**2, "sign"), (6 * A**2, "factor 2"),
    (1.5 * A**2, "factor ½"), (3 * A**2 / 7, "mean for sum"), (3 * A**2 * 2.3, "constant factor"),
    ((3 * A**2)[::-1], "rows in another order"), ((3 * A**2)[:, [1, 2, 0]], "columns in another order"),
])
def test_any_claim_gets_a_verdict_with_its_name(claim, reason):
    verdict = nn.judge(claim, cubes, A)
    assert verdict.kind == "disagrees" and verdict.reasons[0] == reason, verdict
    assert reason in nn.mistakes.catalogue


def test_a_factor_is_told():
    assert "5" in str(nn.judge(15 * A**2, cubes, A)) and "7 times too small" in str(nn.judge(3 * A**2 / 7, cubes, A))


def test_suspects_are_named_only_when_they_explain_the_numbers():
    wrong = {"f′ missing": A + 1, "W for x": A - 1}
    assert nn.judge(A - 1, cubes, A, wrong).reasons[0] == "W for x"
    assert not set(nn.judge(A - 1.001, cubes, A, wrong).reasons) & set(wrong)
    assert nn.judge(3 * A**2, cubes, A, {"f′ missing": 3 * A**2}).kind == "agrees"


def test_a_part_is_named_only_where_the_rest_is_seen_to_be_right():
    """With weights this unequal only one slope is seen, and a lost sign looks like one wrong entry: no reason is given."""
    c = np.array([[3.0, 1e-18], [2e-18, 1e-18]])
    at = np.ones((2, 2))
    assert nn.judge(-c, lambda v: np.sum(c * v), at).reasons == ()
    c = np.array([[3.0, 1.0], [2.0, 5.0]])
    assert nn.judge(np.where(c == 3, -3, c), lambda v: np.sum(c * v), at).reasons == ("one entry wrong",)
    c = np.array([[0.0], [0.0], [1.0]])
    assert nn.judge(0.7 * c, lambda v: np.sum(c * v), np.ones((3, 1))).reasons == ("one entry wrong",)


def test_no_order_is_named_where_one_entry_is_measured_badly():
    """The first entry is rough: its tolerance is no measure for the others, whose rows were not exchanged."""
    c = np.array([[1.0, 2.0], [3.0, 4.0]])
    F = lambda v: np.sum(c * v) + 1e-3 * np.sin(1e12 * v[0, 0])    # noqa: E731
    assert "rows in another order" not in nn.judge(c[::-1] * 1.0001, F, np.ones((2, 2))).reasons
    assert nn.judge(c[::-1], lambda v: np.sum(c * v), np.ones((2, 2))).reasons == ("rows in another order",)


def test_the_nearest_explanation_comes_first():
    """All three lie within a wide tolerance (float16); the order of the suspects must not decide."""
    claim = (6.0 * A).astype(np.float16)
    wrong = {"f′ twice": claim * 1.004, "f′ missing": claim * 1.0, "W for x": claim * 0.997}
    assert nn.judge(claim, cubes, A, wrong).reasons[0] == "f′ missing"


def test_a_bad_function_or_point_raises():
    with pytest.raises(ValueError, match="F gave shape"):
        nn.judge(A, lambda a: a, A)
    with pytest.raises(ValueError, match="NaN or infin|finite"):
        nn.judge(A, cubes, np.nan * A)
    with pytest.raises(TypeError, match="real"):
        nn.judge(A, cubes, 1j * A)
    with pytest.raises(ValueError, match="empty"):
        nn.judge(A, cubes, np.zeros((0, 3)))


def test_dicts_and_lists_of_arrays_say_where():
    at = {"W": A, "b": nn.column([1, 2])}

    def F(p):
        return np.sum(p["W"]**2) + np.sum(p["b"]**3)

    right = {"W": 2 * A, "b": 3 * at["b"]**2}
    assert nn.judge(right, F, at).kind == "agrees" and "8 entries in 2 arrays" in str(nn.judge(right, F, at))
    wrong = nn.judge({**right, "b": -3 * at["b"]**2}, F, at)
    assert wrong.kind == "disagrees" and "'b'" in str(wrong) and wrong.reasons[0] == "sign"
    assert nn.judge({"W": 2 * A}, F, at).kind == "disagrees"
    assert nn.judge([2 * A], lambda p: np.sum(p[0]**2), [A]).kind == "agrees"


def test_what_is_measured_is_held_to_what_can_be_measured():
    rough = 3 * A**2 * (1 + 1e-10)
    assert nn.judge(rough, cubes, A).kind == "disagrees"
    assert nn.judge(rough, cubes, A, measured=True).kind == "agrees"
    assert nn.judge(3 * A**2 * (1 + 1e-6), cubes, A, measured=True).kind == "disagrees"


def test_check_raises_unless_it_agrees_and_carries_its_tag():
    assert str(nn.check("3.1", 3 * A**2, cubes, A)) == "(3.1) agrees: 6 entries, to 6 digits"
    for claim, at in ((-3 * A**2, A), (0 * A, 0 * A)):
        with pytest.raises(AssertionError, match=r"\(3\.1\) (disagrees|says nothing)"):
            nn.check("3.1", claim, cubes, at)


@pytest.mark.parametrize("left, right", [(A, A + 1e-5), (A, A.T), (A, A[:1]), (0 * A, 0 * A), (A, np.nan * A), (A, -A), (1.0, 1.001)])
def test_same_raises_unless_both_sides_are_the_same(left, right):
    with pytest.raises(AssertionError, match=r"\(1\.1\) (disagrees|says nothing)"):
        nn.same("1.1", left, right)


def test_same_says_how_far():
    assert str(nn.same("1.1", A, A * (1 + 1e-15))).endswith("to 12 digits")
    assert str(nn.same("1.1", A, A * (1 + 1e-8))).endswith("to 6 digits")


def test_the_html_says_the_same_and_is_escaped():
    verdict = nn.judge(None, cubes, A)
    html = verdict._repr_html_()
    assert "<b>disagrees</b>" in html and "✗" in html
    assert "&lt;" in nn.Verdict("agrees", "agrees: <script>")._repr_html_()


def test_inputs_stay_as_they_were():
    claim, at = 3 * A**2, A.copy()
    kept = claim.copy()
    nn.judge(claim, cubes, at)
    assert (claim == kept).all() and (at == A).all()


@pytest.mark.parametrize("times_too_small, reason", [(5, "mean for sum"), (128, "mean for sum"), (5750.3, "constant factor")])
def test_only_a_whole_number_of_examples_is_a_mean(times_too_small, reason):
    at = np.arange(1.0, 7.0).reshape(2, 3)
    assert nn.judge(3 * at**2 / times_too_small, lambda v: np.sum(v**3), at).reasons[0] == reason


def test_no_order_of_rows_is_named_where_a_wrong_entry_hides_behind_a_badly_measured_one():
    right = np.array([[1e4, 1.0], [1e4, 0.0]])
    noise = np.array([[3.0, 1e-6], [3.0, 1e-6]])
    truth = Measurement(right, noise, np.zeros((2, 2), bool), np.zeros((2, 2)))
    assert hold(np.array([[1e4, 2.0], [1e4, 1.0]]), truth).reasons == ()
    assert hold(right[::-1], truth).reasons == ("rows in another order",)
