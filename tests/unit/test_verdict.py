"""The judge: four kinds of verdict, the same words on every machine, a tolerance that neither cries wolf nor sleeps."""

import re

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnmath as nn
from nnmath.check.comparison import compare
from nnmath.check.measurement import Measurement

A = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])


def cubes(a):
    return np.sum(a**3)


def test_a_right_claim_agrees_and_says_how_far_it_was_seen():
    verdict = nn.judge(3 * A**2, cubes, A)
    assert verdict.kind == "agrees" and verdict.reasons == () and str(verdict) == "agrees: 6 entries, to 6 digits"
    assert str(nn.judge(3 * np.float32(A) ** 2, lambda a: np.sum(a**3), np.float32(A))).endswith("to 3 digits")


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
    assert nn.judge(off, F, a).kind == "nearly agrees"
    off[rng.integers(3), rng.integers(2)] += 2e-4 * np.abs(slopes).max()
    assert nn.judge(off, F, a).kind == "disagrees"


def test_a_wrong_claim_disagrees_and_the_worst_entry_is_shown():
    claim = 3 * A**2
    claim[1, 2] += 1
    verdict = nn.judge(claim, cubes, A)
    assert verdict.kind == "disagrees"
    assert (
        "[1, 2]" in str(verdict)
        and "claim 4" in str(verdict)
        and "measures 3" in str(verdict)
        and "1 of 6" in str(verdict)
    )
    assert verdict.reasons[0] == "one entry wrong"


def test_zero_slopes_say_nothing_and_a_claim_against_them_disagrees():
    zero = np.zeros((2, 3))
    assert nn.judge(zero, lambda a: np.sum(a**2), zero).kind == "inconclusive"
    assert nn.judge(zero + 1e-3, lambda a: np.sum(a**2), zero).kind == "disagrees"


def test_some_zeros_beside_others_are_no_such_case():
    assert nn.judge(np.array([[0.0, 0, 0], [1, 1, 1]]), lambda a: a[1].sum(), A).kind == "agrees"


@pytest.mark.parametrize(
    "F", [lambda a: np.abs(a).sum(), lambda a: np.maximum(a, 0).sum(), lambda a: np.abs(a).max() + np.abs(a).sum()]
)
def test_a_kink_is_said(F):
    at = nn.column([1, 0, -2])
    right = nn.numerical_gradient(F, at, h=0.5).round()
    assert nn.judge(right, F, at).kind == "not differentiable"


@pytest.mark.parametrize("away", [1e-4, 1e-2, 1.0])
def test_near_a_kink_there_is_a_slope(away):
    assert nn.judge(nn.column([1, 1, 0]), lambda a: np.maximum(a, 0).sum(), nn.column([1, away, -2])).kind == "agrees"


@pytest.mark.parametrize(
    "claim, reason",
    [
        (None, "no numbers"),
        (..., "unsolved stub"),
        ("a", "no numbers"),
        ([[1], [2, 3]], "no numbers"),
        (1j * A, "no numbers"),
        (np.nan * A, "not a number"),
        (np.inf * A, "not a number"),
        ((3 * A**2).T, "transposed"),
        ((3 * A**2).ravel(), "flat vector"),
        ((3 * A**2).sum(), "one scalar"),
        (np.ones((5, 5)), "another shape"),
        (0 * A, "zero returned"),
        (-3 * A**2, "sign"),
        (6 * A**2, "factor 2"),
        (1.5 * A**2, "factor ½"),
        (3 * A**2 / 7, "mean for sum"),
        (3 * A**2 * 2.3, "constant factor"),
        ((3 * A**2)[::-1], "rows in another order"),
        ((3 * A**2)[:, [1, 2, 0]], "columns in another order"),
    ],
)
def test_any_claim_gets_a_verdict_with_its_name(claim, reason):
    verdict = nn.judge(claim, cubes, A)
    assert verdict.kind == "disagrees" and verdict.reasons[0] == reason, verdict
    assert reason in nn.mistakes.catalogue


def test_a_factor_is_told():
    assert "5" in str(nn.judge(15 * A**2, cubes, A)) and "1/7 of the measured value" in str(
        nn.judge(3 * A**2 / 7, cubes, A)
    )


def test_suspects_are_named_only_when_they_explain_the_numbers():
    wrong = {"f′ missing": A + 1, "W for x": A - 1}
    assert nn.judge(A - 1, cubes, A, wrong).reasons[0] == "W for x"
    assert not set(nn.judge(A - 1.001, cubes, A, wrong).reasons) & set(wrong)
    assert nn.judge(3 * A**2, cubes, A, {"f′ missing": 3 * A**2}).kind == "agrees"


def test_a_part_is_named_only_where_the_rest_is_seen_to_be_right():
    """With weights this unequal one slope is seen, and a lost sign looks like one wrong entry. No reason is given."""
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
    F = lambda v: np.sum(c * v) + 1e-3 * np.sin(1e12 * v[0, 0])
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
        return np.sum(p["W"] ** 2) + np.sum(p["b"] ** 3)

    right = {"W": 2 * A, "b": 3 * at["b"] ** 2}
    assert nn.judge(right, F, at).kind == "agrees" and "8 entries in 2 arrays" in str(nn.judge(right, F, at))
    wrong = nn.judge({**right, "b": -3 * at["b"] ** 2}, F, at)
    assert wrong.kind == "disagrees" and " in b: " in str(wrong) and wrong.reasons[0] == "sign"
    assert (
        str(nn.judge({"W": 2 * A}, F, at)) == "agrees: 6 entries in 1 array, to 6 digits. No gradient was given for b."
    )
    assert nn.judge({"W": 2 * A, "B": right["b"]}, F, at).kind == "disagrees"
    assert nn.judge([2 * A], lambda p: np.sum(p[0] ** 2), [A]).kind == "agrees"


def test_what_is_measured_is_held_to_what_can_be_measured():
    rough = 3 * A**2 * (1 + 1e-10)
    assert nn.judge(rough, cubes, A).kind == "nearly agrees"
    assert nn.judge(rough, cubes, A, numerical_claim=True).kind == "agrees"
    assert nn.judge(3 * A**2 * (1 + 1e-6), cubes, A, numerical_claim=True).kind == "nearly agrees"
    assert nn.judge(3 * A**2 * (1 + 1e-3), cubes, A, numerical_claim=True).kind == "disagrees"


def test_check_raises_unless_it_agrees_and_carries_its_tag():
    passed = nn.check("3.1", 3 * A**2, cubes, A)
    assert str(passed) == "(3.1) agrees: 6 entries, to 6 digits"
    assert (passed.kind, passed.tag, passed.text, passed.reasons) == (
        "agrees",
        "3.1",
        "agrees: 6 entries, to 6 digits",
        (),
    )
    for claim, at in ((-3 * A**2, A), (0 * A, 0 * A)):
        with pytest.raises(AssertionError, match=r"\(3\.1\) (disagrees|inconclusive)"):
            nn.check("3.1", claim, cubes, at)


@pytest.mark.parametrize(
    "left, right", [(A, A + 1e-5), (A, A.T), (A, A[:1]), (0 * A, 0 * A), (A, np.nan * A), (A, -A), (1.0, 1.001)]
)
def test_same_raises_unless_both_sides_are_the_same(left, right):
    with pytest.raises(AssertionError, match=r"\(1\.1\) (disagrees|inconclusive)"):
        nn.same("1.1", left, right)


def test_same_says_how_far():
    assert str(nn.same("1.1", A, A * (1 + 1e-15))).endswith("to 12 digits")
    assert str(nn.same("1.1", A, A * (1 + 1e-8))).endswith("to 6 digits")


def test_the_html_is_escaped():
    html = nn.Verdict("disagrees", problem="<script>")._repr_html_()
    assert "<b>disagrees</b>" in html and "✗" in html and "&lt;script&gt;" in html and "<script>" not in html


def test_inputs_stay_as_they_were():
    claim, at = 3 * A**2, A.copy()
    kept = claim.copy()
    nn.judge(claim, cubes, at)
    assert (claim == kept).all() and (at == A).all()


@pytest.mark.parametrize(
    "times_too_small, reason", [(5, "mean for sum"), (128, "mean for sum"), (5750.3, "constant factor")]
)
def test_only_a_whole_number_of_examples_is_a_mean(times_too_small, reason):
    at = np.arange(1.0, 7.0).reshape(2, 3)
    assert nn.judge(3 * at**2 / times_too_small, lambda v: np.sum(v**3), at).reasons[0] == reason


def test_no_order_of_rows_is_named_where_a_wrong_entry_hides_behind_a_badly_measured_one():
    right = np.array([[1e4, 2.0], [1e4, 0.0]])
    noise = np.array([[3.0, 1e-6], [3.0, 1e-6]])
    truth = measured(right, noise)
    assert compare(np.array([[1e4, 4.0], [1e4, 2.0]]), truth).reasons == ()
    assert compare(right[::-1], truth).reasons == ("rows in another order",)


# The slopes and how far they may be off, written by hand

EPS = np.finfo(float).eps


def measured(slopes, bounds=0.0, conditioning=0.0, kinks=False):
    slopes = np.asarray(slopes, float)
    jumps = 2.0 * np.asarray(kinks)  # from 1 less than the slope to 1 more
    return Measurement(slopes, *(np.broadcast_to(part, slopes.shape) for part in (bounds, jumps, conditioning, 1.0)))


@pytest.mark.parametrize(
    "off, dtype, bounds, conditioning, from_slopes, kind",
    [
        (0.9e-8, float, 1e-8, 0, False, "agrees"),
        (1.1e-8, float, 1e-8, 0, False, "nearly agrees"),  # the referee's own bound
        (8 * EPS, float, 0, 0, False, "agrees"),
        (1e-13, float, 0, 0, False, "nearly agrees"),  # conditioning of a sum
        (3e6 * EPS, float, 0, 1e6, False, "agrees"),
        (1e8 * EPS, float, 0, 1e6, False, "nearly agrees"),  # a rounding of the point
        (1e-11, float, 0, 0, True, "agrees"),
        (1e-8, float, 0, 0, True, "nearly agrees"),  # a claim made from differences
        (6e-7, np.float32, 0, 0, False, "agrees"),
        (5e-5, np.float32, 0, 0, False, "nearly agrees"),
        (1e-5, np.float32, 0, 0, True, "agrees"),
        (0, int, 0, 0, False, "agrees"),
        (0, int, 0, 0, True, "agrees"),
    ],
)
def test_how_far_a_right_claim_may_be_off(off, dtype, bounds, conditioning, from_slopes, kind):
    claim = (np.array([1.0, 1.0]) + [0, off]).astype(dtype)
    assert compare(claim, measured([1.0, 1.0], bounds, conditioning), numerical_claim=from_slopes).kind == kind


def test_terms_as_large_as_the_largest_slope_may_have_been_summed():
    truth = measured([1e3, 1e-3])
    assert compare(np.array([1e3, 1e-3 + 1e-12]), truth).kind == "agrees"
    assert compare(np.array([1e3, 1e-3 + 1e-10]), truth).kind == "nearly agrees"


@pytest.mark.parametrize(
    "bound, said",
    [
        (0.9e-6, "agrees: 2 entries, to 6 digits"),
        (1.1e-6, "agrees: 2 entries, to 3 digits"),
        (0.9e-3, "agrees: 2 entries, to 3 digits"),
        (1.1e-3, "inconclusive: the derivative at entry [1] cannot be measured to 3 digits relative to the largest"),
        (1.0, "inconclusive: the gradient is zero at this point, or too small to be told apart from rounding errors"),
    ],
)
def test_to_how_many_digits_it_was_seen(bound, said):
    """The worst entry counts, beside the largest slope."""
    slopes = np.array([50.0, 1.0])
    assert str(compare(slopes, measured(slopes, [bound * 1.0, bound * 50]))).startswith(said)


@pytest.mark.parametrize("bound, kind", [(0.9e-2, "agrees"), (1.1e-2, "inconclusive")])
def test_two_digits_are_enough_in_single_precision(bound, kind):
    verdict = compare(np.float32([50.0, 1.0]), measured([50.0, 1.0], 50 * bound))
    assert verdict.kind == kind and verdict.digits == (2 if kind == "agrees" else None)
    assert ("an error of less than 1% of the largest one could go unnoticed" in str(verdict)) == (kind == "agrees")
    assert ("judge_torch" in str(verdict)) == (kind == "agrees")
    assert compare(np.float32([50.0, 2 + 50 * bound]), measured([50.0, 1.0], 50 * bound)).kind == "disagrees"


@pytest.mark.parametrize("coarse, kind", [(1, "agrees"), (2, "inconclusive")])
def test_two_digits_are_enough_where_more_than_three_quarters_are_known_to_three(coarse, kind):
    slopes, bounds = np.r_[np.ones(8), np.zeros(9)], np.full(17, 0.9e-3)  # the zeros show nothing
    bounds[:coarse] = 0.9e-2
    verdict = compare(slopes, measured(slopes, bounds))
    assert verdict.kind == kind and ("judge_torch" in str(verdict)) is False
    assert verdict.digits == (2 if kind == "agrees" else None)


@pytest.mark.parametrize("known, kind", [(10, "agrees"), (9, "inconclusive")])
def test_an_entry_that_is_hardly_measured_is_left_out_beside_ten_that_are_known(known, kind):
    slopes, bounds = np.ones(known + 1), np.full(known + 1, 0.9e-3)
    bounds[2] = 0.3
    verdict = compare(slopes, measured(slopes, bounds))
    assert verdict.kind == kind
    if kind == "agrees":
        assert str(verdict) == (
            "agrees: 10 entries, to 3 digits. The derivative at entry [2] cannot be measured to 2 digits, so nothing "
            "was compared there."
        )
        bounds[4], more = 0.3, np.r_[slopes, np.ones(11)]
        assert "entry [2] and 1 more cannot" in str(compare(more, measured(more, np.r_[bounds, bounds[:11] * 0])))
    wrong = slopes + 0.4 * (np.arange(known + 1) == 2)
    assert compare(wrong, measured(slopes, bounds)).kind == "disagrees"


@pytest.mark.parametrize("known, kind", [(3, "agrees"), (2, "inconclusive")])
def test_in_single_precision_three_entries_that_are_known_are_enough(known, kind):
    slopes, bounds = np.ones(known + 1), np.r_[np.full(known, 0.9e-2), 0.3]
    verdict = compare(slopes.astype(np.float32), measured(slopes, bounds))
    assert verdict.kind == kind and compare(slopes, measured(slopes, bounds)).kind == "inconclusive"
    assert kind == "inconclusive" or (verdict.compared, verdict.entries, verdict.digits) == (3, 3, 2)


def test_what_is_left_out_sets_no_scale_and_zeros_are_no_witnesses():
    small = np.r_[100.0, np.full(30, 1e-3)]
    assert compare(small, measured(small, np.r_[30.0, np.full(30, 1e-4)])).kind == "inconclusive"
    assert compare(small, measured(small, np.r_[30.0, np.full(30, 1e-7)])).kind == "agrees"
    zeros = np.r_[1.0, np.ones(9), np.zeros(30)]
    assert compare(zeros, measured(zeros, np.r_[0.3, np.full(39, 1e-5)])).kind == "inconclusive"


def test_too_few_digits_are_the_claims_only_where_the_referee_has_enough():
    half = np.float16([50.0, 1.0])
    assert "a float16 has too few digits" in str(compare(half, measured([50.0, 1.0], 1e-6)))
    assert "a float16 has too few digits" in str(compare(half, measured([50.0, 1.0]), numerical_claim=True))
    assert "float16" not in str(compare(half, measured([50.0, 1.0], 0.1)))


@pytest.mark.parametrize(
    "kinks, where, sides",
    [([0, 0, 1], "entry [2]", "0 and 2"), ([0, 1, 1], "2 entries, such as [1],", "0 and 2 there")],
)
def test_all_kinks_are_counted_and_the_first_is_shown(kinks, where, sides):
    """A second kink is no entry that agrees: whatever is claimed there was not compared."""
    assert str(compare(np.where(kinks, 3.0, 1.0), measured(np.ones(3), kinks=kinks))) == (
        f"not differentiable: at {where} the derivatives from the left and from the right differ ({sides}), so there "
        f"is nothing to compare the claim with. Move the point a little. All other entries agree to 6 digits."
    )


def test_beside_a_kink_nothing_is_said_of_what_was_not_sampled():
    slopes, kinks = np.array([1.0, np.nan, 1]), [1, 0, 0]
    said = str(compare(np.array([1.0, 7, 1]), measured(slopes, 0 * slopes + 1e-9, kinks=kinks)))
    assert said.endswith("Move the point a little. All other entries of the sample agree to 6 digits.")
    assert str(compare(np.ones(2), measured(np.ones(2), kinks=[1, 1]))).endswith("a little.")


def test_what_was_not_measured_is_left_out():
    """Two of five slopes are not known: a claim may be anything there, but what is known is told and explained."""
    slopes = np.array([1.0, np.nan, 3.0, np.nan, 2.0])
    truth, right = measured(slopes, 0 * slopes + 1e-9), np.array([1.0, 7, 3, 8, 2])
    assert str(compare(right, truth)) == "agrees: 3 entries sampled from 5, to 6 digits"
    assert str(compare(right.astype(np.float32), truth)) == "agrees: 3 entries sampled from 5, to 3 digits"
    assert compare(2 * right, truth).reasons == ("factor 2",)
    wrong = np.array([4.0, 7, 4, 8, 4])
    suspects = {
        "one scalar": 4.0,
        "x for W": np.ones(3),
        "W for x": np.array([4.0, 0, 4, 0, 4]),
        "u for x": 4.1 * np.ones(5),
    }
    verdict = compare(wrong, truth, suspects)
    assert verdict.reasons == ("W for x",)
    assert str(verdict).startswith(
        "disagrees: at entry [0] you claim 4, but the referee measures 1; 3 of 3 entries sampled from 5 differ. "
    )


# Words


@pytest.mark.parametrize(
    "claim, slopes, said",
    [
        (
            [1.0, 5.0],
            [1.0, 2.0],
            "disagrees: at entry [1] you claim 5, but the referee measures 2; 1 of 2 entries differs.",
        ),
        (
            [1.0, 2.00001],
            [1.0, 2.0],
            "nearly agrees: at entry [1] you claim 2, and the referee measures 2 (they differ by 1e−05); "
            "1 of 2 entries differs, by at most 5e−06 of the largest entry. Typical causes are a small constant "
            "inside F, such as log(p + 1e-7), numbers stored in float32 somewhere, or a sum that is cut short.",
        ),
        (7.0, 5.0, "disagrees: at the one entry you claim 7, but the referee measures 5."),
        (
            [0.0, 1.0],
            [0.0, 0.0],
            "disagrees: at entry [1] you claim 1, but the referee measures 0; 1 of 2 entries differs. "
            "Every measured derivative is 0. Does F use its argument, and does it do more than count or round?",
        ),
    ],
)
def test_the_words_of_a_claim_that_no_reason_explains(claim, slopes, said):
    assert str(compare(np.array(claim), measured(slopes))) == said


def test_of_several_reasons_the_nearest_is_told_and_all_are_named():
    claim = np.array([4.0, 9.0])
    verdict = compare(claim, measured([1.0, 2.0], 0.01), suspects={"x for W": claim + 0.002, "W for x": claim})
    assert verdict.reasons == ("W for x", "x for W")
    assert "“W for x” mistake." in str(verdict) and "“x for W" not in str(verdict)


@pytest.mark.parametrize(
    "claim, said",
    [
        (None, "the claim is None; expected real numbers of shape (2, 3). "),
        (..., "the claim is …; expected real numbers of shape (2, 3). "),
        ("a", "the claim is a str; expected real numbers of shape (2, 3). "),
        ({}, "the claim is a dict; expected real numbers of shape (2, 3). "),
        (1j * A, "the claim is an array of dtype complex128; expected real numbers of shape (2, 3). "),
        ([[1], [2, 3]], "the claim is a list, which NumPy cannot read (setting an array element"),
        (A.T, "the claim has shape (3, 2); expected (2, 3). "),
        (np.where(A == -2, np.nan, A), "the claim is nan at entry [0, 1]. "),
        (-np.inf * A**0, "the claim is -inf at entry [0, 0]. "),
    ],
)
def test_the_words_for_a_claim_that_is_no_fit_array(claim, said):
    verdict = nn.judge(claim, cubes, A)
    assert str(verdict).startswith(f"disagrees: {said}")
    assert f" This is the “{verdict.reasons[0]}” mistake. " in str(verdict)


@pytest.mark.parametrize(
    "kind, sign",
    [
        ("agrees", "✓"),
        ("disagrees", "✗"),
        ("inconclusive", "?"),
        ("not differentiable", "∧"),
        ("not answered yet", "…"),
        ("nearly agrees", "≈"),
    ],
)
def test_each_kind_has_its_sign_and_is_bold_once(kind, sign):
    html = nn.Verdict(kind, digits=6, compared=2, problem=f"here, and {kind} there")._repr_html_()
    assert f">{sign}</span> <b>{kind}</b>: " in html and html.count("<b>") == 1
    colors = re.findall("solid (#[0-9A-F]{6});.*color:(#[0-9A-F]{6});", html)
    assert len(colors) == 1 and len(set(colors[0])) == 1


def test_a_verdict_cannot_be_changed_and_shows_its_words():
    verdict = nn.Verdict("agrees", digits=6, compared=2, entries=2)
    assert (
        repr(verdict) == str(verdict) == "agrees: 2 entries, to 6 digits"
        and verdict.reasons == ()
        and verdict.tag == ""
    )
    with pytest.raises(AttributeError):
        verdict.kind = "disagrees"
    with pytest.raises(ValueError, match="kind is 'right'; expected one of agrees, nearly agrees"):
        nn.Verdict("right")


def test_only_a_claim_that_was_measured_is_held_to_less():
    rough, at = 3 * A**2 * (1 + 1e-10), {"a": A}
    assert nn.check("1.1", rough, cubes, A, numerical_claim=True).kind == "agrees"
    with pytest.raises(AssertionError, match="nearly agrees"):
        nn.check("1.1", rough, cubes, A)
    assert nn.judge({"a": rough}, lambda p: cubes(p["a"]), at, numerical_claim=True).kind == "agrees"
    assert nn.judge({"a": rough}, lambda p: cubes(p["a"]), at).kind == "nearly agrees"


@pytest.mark.parametrize(
    "left, right, said",
    [
        (A, A[:1], "disagrees: the left side has shape (2, 3), the right side (1, 3)"),
        (A, A + [[0, 0, 0], [0, np.nan, 0]], "disagrees: a side holds NaN or infinity"),
        (np.inf * A, A, "disagrees: a side holds NaN or infinity"),
        (0, [0], "disagrees: the left side has shape (), the right side (1,)"),
        ([0, 0], [0.0, 0], "inconclusive: both sides are zero, so a wrong formula would pass as well"),
        ([0, 0], [0, 2], "disagrees: at entry [1] the left side is 0, the right side 2"),
        ([0, 2], [0, 0], "disagrees: at entry [1] the left side is 2, the right side 0"),
        ([1, 2.0], [1, 2 + 3e-6], "disagrees: at entry [1] the left side is 2, the right side 2"),
        ([3.0, 1, 1], [3.0, 2, 3], "disagrees: at entry [2] the left side is 1, the right side 3"),
        (1, 2, "disagrees: at the one entry the left"),
    ],
)
def test_the_words_of_two_sides_that_differ(left, right, said):
    with pytest.raises(AssertionError, match=r"^\(1\.1\) " + re.escape(said)):
        nn.same("1.1", left, right)


@pytest.mark.parametrize("off, digits", [(0, 12), (1.8e-12, 12), (3e-12, 6), (1.8e-6, 6)])
def test_two_sides_are_the_same_beside_their_largest_entry(off, digits):
    for left, right in (([2.0, 0.001], [2.0, 0.001 + off]), ([-2.0, off], [-2, 0.0])):
        assert str(nn.same("1.1", left, right)) == f"(1.1) agrees: 2 entries, to {digits} digits"


@pytest.mark.parametrize(
    "left, right", [(1, 1), (True, 1), ([False, True], [False, True]), ([0, 1], np.array([False, True]))]
)
def test_whole_numbers_and_truth_values_are_numbers(left, right):
    assert str(nn.same("1.1", left, right)).endswith("to 12 digits")


@pytest.mark.parametrize(
    "left, right, told",
    [
        ([[1], [2, 3]], A, "the left side is a ragged list; expected an array of real numbers"),
        (A, [[1], [2, 3]], "the right side is a ragged list; expected an array of real numbers"),
        (A, 1j * A, "the right side has dtype complex128 and shape (2, 3); expected an array of real numbers"),
        (A[:0], A, "the left side has dtype float64 and shape (0, 3); expected an array of real numbers"),
        (None, A, "the left side has dtype object and shape ()"),
    ],
)
def test_a_side_that_is_no_array_of_numbers_raises(left, right, told):
    with pytest.raises(TypeError, match="^" + re.escape(told)):
        nn.same("1.1", left, right)
