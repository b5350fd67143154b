"""What is seen in the numbers where no mistake gives them, and what the verdict advises then."""

import time

import numpy as np
import pytest

import nnmath as nn
from nnmath.check.comparison import LINEAR, compare
from nnmath.check.diagnosis import Case, readings
from nnmath.check.error_bounds import Series, _quantum
from nnmath.check.measurement import measure
from nnmath.check.next_steps import FEW, ONE_EXAMPLE, ONE_LAYER, PASS_THE_FUNCTION

RNG = np.random.default_rng(5)
S = RNG.normal(size=(6, 5))
sigmoid = lambda z: 1 / (1 + np.exp(-z))
windows = np.lib.stride_tricks.sliding_window_view


def names(claim, slopes, at=None, tolerance=1e-9):
    found = readings(
        Case(np.asarray(claim, float), np.asarray(slopes, float), np.full(np.shape(slopes), tolerance), at)
    )
    assert all(one.is_reading for one in found)
    return [one.name for one in found]


# Zeros


@pytest.mark.parametrize("lost, told", [(1, False), (2, True), (7, True)])
def test_zeros_that_the_claim_has_lost(lost, told):
    slopes = S.copy()
    slopes.flat[:lost] = 0
    assert (names(S * RNG.uniform(-1, 2, S.shape), slopes) == ["zeros lost"]) == told


@pytest.mark.parametrize("gained, told", [(1, False), (2, True), (7, True)])
def test_zeros_that_the_claim_alone_has(gained, told):
    claim = S * RNG.uniform(-1, 2, S.shape)
    claim.flat[:gained] = 0
    assert (names(claim, S) == ["zeros too many"]) == told


def test_zeros_of_both_are_none():
    slopes, claim = S.copy(), S * RNG.uniform(-1, 2, S.shape)
    slopes[0] = claim[0] = 0
    assert names(claim, slopes) == []


# Sums


def test_right_sums_along_the_axes_that_a_kernel_is_turned_along():
    slopes = RNG.normal(size=(2, 3, 4, 4))
    claim = slopes.copy()
    claim += (extra := RNG.normal(size=slopes.shape)) - extra.mean(axis=(2, 3), keepdims=True)
    verdict = nn.judge(claim, lambda a: np.sum(a**2 / 2), slopes)
    assert verdict.reasons == ("right sums",) and "along axes 2 and 3, the claim is right" in str(verdict)
    assert names(claim + 1e-3, slopes) == []


@pytest.mark.parametrize("count, told", [(7, False), (8, True)])
def test_a_single_right_sum_may_be_chance_where_few_are_added(count, told):
    slopes = np.arange(1.0, count + 1)
    claim = slopes + np.where(np.arange(count) % 2, 0.3, -0.3) * np.arange(count)
    claim -= (claim.sum() - slopes.sum()) / count
    assert ("right sums" in names(claim, slopes)) == told


def test_sums_that_are_zero_apart_from_weight_decay():
    at, part = RNG.normal(size=(6, 4)), RNG.normal(size=(6, 4))
    data = part - part.mean(axis=1, keepdims=True)
    assert names(part + 0.3 * at, data + 0.3 * at, at) == ["sums not zero"]
    assert names(part + 0.3 * at, part**3 + 0.3 * at, at) == []


# Rank


@pytest.mark.parametrize("claimed", [1, 2, 4])
def test_a_lower_rank_is_seen(claimed):
    low = RNG.normal(size=(6, claimed)) @ RNG.normal(size=(claimed, 5))
    found = readings(Case(low, S, np.full(S.shape, 1e-9)))
    assert [one.name for one in found] == ["lower rank"] and f"rank {claimed}," in found[0].seen


def test_no_lower_rank_where_the_slopes_have_as_low_a_one_up_to_their_error():
    one = np.outer(S[:, 0], S[0])
    noise = 1e-6 * S
    assert names(np.outer(S[:, 1], S[1]), one + noise, tolerance=1e-4) == []
    assert names(np.outer(S[:, 1], S[1]), one + S, tolerance=1e-4) == ["lower rank"]


# Ratios


def test_a_factor_that_varies_within_limits():
    ratios = RNG.uniform(0.2, 0.25, S.shape)
    verdict = nn.judge(ratios * S, lambda a: np.sum(a**2 / 2), S)
    assert verdict.reasons == ("factor that varies",)
    assert names(S / ratios, S) == ["factor that varies"]
    assert names(ratios * S * np.where(np.arange(30).reshape(S.shape) == 7, -1, 1), S) == []
    assert names(RNG.uniform(0.5, 1.5, S.shape) * S, S) == []
    assert names(RNG.uniform(0.01, 0.99, S.shape) * S, S) == []  # too wide to mean anything


@pytest.mark.parametrize(
    "claim, slope, within",
    [
        (lambda u: sigmoid(u) + sigmoid(u) * (1 - sigmoid(u)), lambda u: sigmoid(u) * (1 + u * (1 - sigmoid(u))), 1),
        (lambda u: 1 - u**2, lambda u: 1 - np.tanh(u) ** 2, 0),
    ],
)
def test_a_ratio_that_depends_on_the_parameter(claim, slope, within):
    u = RNG.permutation(np.linspace(-1.3, 1.2, 16)).reshape(4, 4)
    R = RNG.normal(size=u.shape)
    assert names(R * claim(u), R * slope(u), u) == ["depends on the parameter"]
    shuffled = RNG.permutation(u.ravel()).reshape(u.shape)
    assert names(R * claim(shuffled), R * slope(u), u) == []


def test_seven_entries_in_order_may_be_chance():
    u = np.linspace(-1, 1, 7)
    assert names(np.exp(u) * 3, np.exp(u) * (2 + u), u) != ["depends on the parameter"]


@pytest.mark.parametrize("power, what", [(1, "the parameter"), (-1, "1 over the parameter"), (2, "the square")])
def test_a_power_of_the_parameter(power, what):
    at = RNG.normal(size=(3, 4))
    found = readings(Case(2 * at**power * (at**2 + 1), at**2 + 1, np.full(at.shape, 1e-9), at))
    assert found[0].name == "power of the parameter" and what in found[0].seen


def test_the_value_in_place_of_its_derivative():
    at = RNG.normal(size=6)
    assert nn.judge(at, lambda u: np.sum(np.exp(u)), at).reasons == ("value for derivative",)


# What to do next


def two_layers(p, X=RNG.normal(size=(9, 4)), y=RNG.normal(size=(9, 3))):
    h = np.tanh(X @ p["W1"] + p["b1"])
    d = h @ p["W2"] + p["b2"] - y
    return np.sum(d**2) / 2, h, d, X


POINT = {
    "W1": RNG.normal(size=(4, 5)),
    "b1": RNG.normal(size=5),
    "W2": RNG.normal(size=(5, 3)),
    "b2": RNG.normal(size=3),
}


def gradients(p, slope=lambda h: 1 - h**2, also_b=True):
    _, h, d, X = two_layers(p)
    right, wrong = d @ p["W2"].T * (1 - h**2), d @ p["W2"].T * slope(h)
    return {"W1": X.T @ wrong, "b1": (wrong if also_b else right).sum(0), "W2": h.T @ d, "b2": d.sum(0)}


loss = lambda p: two_layers(p)[0]
odd = lambda h: np.cos(3 * h) - h


def test_the_step_back_from_the_last_right_array_is_named():
    text = str(nn.judge(gradients(POINT, odd), loss, POINT))
    assert "The last arrays of the point, W2 and b2, agree, so look at the step that leads back from them" in text
    assert ONE_EXAMPLE not in text


def test_a_right_bias_clears_what_is_handed_back():
    text = str(nn.judge(gradients(POINT, odd, also_b=False), loss, POINT))
    assert "Because b1 agrees, what is passed back to that layer seems to be right" in text


def test_an_array_that_stands_out_is_named():
    claims = gradients(POINT)
    noisy = {name: claim * (1 + 0.1 * RNG.normal(size=claim.shape)) for name, claim in claims.items()}
    assert "All arrays are wrong, so look at what they share" in str(nn.judge(noisy, loss, POINT))
    noisy["W2"] = RNG.normal(size=(5, 3)) * 30 * np.abs(noisy["W2"]).max()
    assert "All arrays are wrong, but W2 is much farther off" in str(nn.judge(noisy, loss, POINT))


def test_a_lone_array_gets_an_experiment_and_a_function_is_not_asked_for_again():
    at = RNG.normal(size=7)
    F, claim = lambda v: np.sum(np.sin(v)), np.cos(at) + RNG.normal(size=7)
    assert str(nn.judge(claim, F, at)).endswith(f"{ONE_EXAMPLE} {PASS_THE_FUNCTION}")
    assert str(nn.judge(lambda v: claim, F, at)).endswith(ONE_EXAMPLE)
    assert ONE_EXAMPLE not in str(nn.judge(2 * np.cos(at), F, at))


def test_a_few_wrong_entries_are_no_matter_of_examples():
    at = RNG.normal(size=(5, 5))
    claim = np.cos(at)
    claim[[0, 1, 2], [3, 1, 4]] += 1
    claim[3, 2] += 0.5
    text = str(nn.judge(claim, lambda v: np.sum(np.sin(v)), at))
    assert text.endswith(FEW) and ONE_EXAMPLE not in text


@pytest.mark.parametrize("entries", [250, 1000])
def test_explaining_takes_no_longer_than_measuring(entries):
    """In processor time, and it takes a hundredth: nothing in the explanation is quadratic."""
    at = RNG.normal(size=entries)
    start = time.process_time()
    truth = measure(lambda v: np.sum(np.sin(v)), at)
    measured = time.process_time()
    assert compare(np.cos(at) + RNG.normal(size=entries), truth, at=at).kind == "disagrees"
    assert time.process_time() - measured < measured - start


# A column against a flat array


def test_F_that_broadcasts_a_column_against_a_flat_array():
    X, y = RNG.normal(size=(6, 3)), RNG.normal(size=6)
    at = {"W": RNG.normal(size=(3, 1)), "b": np.zeros(1)}
    d = 2 * (X @ at["W"] + at["b"] - y[:, np.newaxis]) / 6
    claim = {"W": X.T @ d, "b": d.sum(0)}
    bad = lambda p: np.mean((X @ p["W"] + p["b"] - y) ** 2)
    good = lambda p: np.mean((X @ p["W"] + p["b"] - y[:, np.newaxis]) ** 2)
    said = str(nn.judge(claim, bad, at))
    assert "an array of shape (6, 1) and one of shape (6,), and NumPy broadcasts the two to shape (6, 6)" in said
    assert nn.judge(claim, good, at).kind == "agrees"
    assert "broadcasts" not in str(nn.judge({**claim, "W": claim["W"] + RNG.normal(size=(3, 1))}, good, at))


def test_a_claim_that_broadcasts_is_told_by_its_shape():
    assert nn.judge(RNG.normal(size=(3, 6)), lambda W: np.sum(W**2), np.ones((3, 1))).reasons == ("broadcast",)
    assert nn.judge(RNG.normal(size=(3, 2)), lambda W: np.sum(W**2), np.ones((3, 1))).reasons == ("another shape",)


# What is not to be called wrong


def test_a_claim_that_F_overwrites_is_the_claim_as_it_was_given():
    """As where F calls backward() and torch adds to .grad."""
    at, kept = np.array([1.0, 2.0, 3.0]), np.array([9.0, 9.0, 9.0])

    def F(v):
        kept[:] = 2 * v
        return np.sum(v**2)

    assert nn.judge(kept, F, at).worst.claimed == 9
    assert (
        nn.judge({"a": [kept.copy(), kept]}, lambda p: F(p["a"][1]) + np.sum(p["a"][0]), {"a": [at, at]}).kind
        == "disagrees"
    )


@pytest.mark.parametrize("sample", [3, 30])
def test_the_rest_of_a_sample_is_compared_in_the_claim_s_own_precision(sample):
    at = RNG.normal(size=(20, 30))
    claim = (np.cos(at) * 3).astype(np.float32)
    verdict = nn.judge(claim, lambda a: 3 * np.sum(np.sin(a)), at, sample=sample)
    assert verdict.kind == "agrees" and "one random direction" in str(verdict)


def test_a_small_array_is_sampled_as_well_as_a_large_one():
    from nnmath.check.sampling import _shared

    assert _shared([10025, 260], 500) == [250, 250]
    assert _shared([10025, 26, 5], 500) == [469, 26, 5]
    assert _shared([10, 20], 500) == [10, 20] and _shared([1000, 1000, 1], 1) == [2, 2, 1]


def test_a_part_of_F_that_is_flat_near_the_point_is_not_rounded():
    """Unit 1 is switched off by 7e-6; its bias has the derivative 0 there, and a kink so far away."""
    at = np.array([0.3, -7e-6, 0.2])
    F = lambda v: 2.3 + 0.01 * np.sum(np.maximum(v, 0)) + 1e-3 * np.sin(v[0])
    right = np.array([0.01 + 1e-3 * np.cos(0.3), 0, 0.01])
    assert nn.judge(right, F, at).kind == "agrees"


def test_the_rounding_of_F_is_that_of_the_entry_that_changes_it_least():
    here, unit = 1.0, 2e-7
    up = here + unit * np.array([[9, 3, 1, 0], [9, 3, 2, 1e-3]])
    up[0, -1] = here
    rows = Series(up, 2 * here - up, np.ones((2, 4)), here)
    np.testing.assert_array_equal(_quantum(rows), [0, 0])


def test_a_float32_claim_nearly_agrees_where_it_is_rounding_beside_other_arrays():
    at = {"bias": np.ones(3), "W": RNG.normal(size=(3, 4))}
    F = lambda p: np.sum(p["W"] ** 2) + 0 * p["bias"].sum()
    claim = {"bias": np.full(3, 1e-7, np.float32), "W": (2 * at["W"]).astype(np.float32)}
    assert nn.judge(claim, F, at).kind == "nearly agrees"
    assert nn.judge({**claim, "bias": np.full(3, 1e-3, np.float32)}, F, at).kind == "disagrees"
    assert nn.judge({**claim, "bias": np.full(3, 1e-7)}, F, at).kind == "disagrees"


# A layer's backward pass


def conv(x, W):
    return np.einsum("nchwij,kcij->nkhw", windows(x, W.shape[2:], (2, 3)), W)


def backward(turn):
    def of(d, x, W):
        pad = np.pad(d, ((0, 0), (0, 0), (W.shape[2] - 1,) * 2, (W.shape[3] - 1,) * 2))
        return conv(pad, turn(W)), np.einsum("nchwij,nkhw->kcij", windows(x, W.shape[2:], (2, 3)), d)

    return of


@pytest.mark.parametrize(
    "turn, how",
    [
        (lambda W: W.transpose(1, 0, 2, 3), "axes 2 and 3 reversed"),
        (lambda W: W[:, :, ::-1, ::-1], "its axes 0 and 1 exchanged"),
        (lambda W: W, "its axes 0 and 1 exchanged and axes 2 and 3 reversed"),
        (lambda W: W.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1], None),
    ],
)
def test_a_backward_pass_that_an_input_would_suit_in_another_order(turn, how):
    x, W = RNG.normal(size=(2, 2, 4, 5)), RNG.normal(size=(2, 2, 2, 3))
    verdict = nn.judge_backward(conv, backward(turn), x, W)
    assert verdict.kind == ("disagrees" if how else "agrees")
    if how and "exchanged" in how:
        assert f"if input 1 had {how}." in str(verdict) and LINEAR not in str(verdict)
    assert ONE_LAYER not in str(verdict)
