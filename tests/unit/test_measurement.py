"""What the measurement promises where F is awkward: noisy, coarse, narrow, huge, or defined on one side only."""

from dataclasses import FrozenInstanceError
from itertools import count

import numpy as np
import pytest

import nnmath as nn
from nnmath.check.error_bounds import Series, _quantum
from nnmath.check.finite_difference import numerical_gradient
from nnmath.check.measurement import measure, measure_network

NEURON = nn.Network({1: [[1.0]]}, {1: [[0.5]]}, nn.identity)


def of_one(F, a=0.0):
    """(slope, bound, kink, rounding) of F at one number a."""
    found = measure(lambda v: F(v.item()), np.array([[a]]))
    return tuple(part.item() for part in (found.slopes, found.bounds, found.kinks, found.conditioning))


def test_a_measurement_is_not_changed_and_equals_itself_alone():
    found, again = (measure(np.sum, np.ones((2, 1))) for _ in range(2))
    assert found != again and found in {found}
    with pytest.raises(FrozenInstanceError):
        found.slopes = found.bounds


def test_kinks_between_the_shortest_steps_are_no_rounding():
    """A ReLU network with tiny weights and no biases has several this close."""

    def F(v):
        return 2.3 + 0.07 * np.sin(v[1]) + 0.006 * (max(0, v[0] + 3e-7) + max(0, v[0] - 4e-8))

    found = measure(F, np.zeros(2))
    assert np.abs(found.slopes - [0.006, 0.07]).max() < 1e-6 and found.bounds.max() < 1e-5 and not found.kinks.any()


# F in other numbers


@pytest.mark.parametrize("a", [1.0, 1.3, -2.7])
@pytest.mark.parametrize("scale", [2.0, 2.0**10, 2.0**60])
def test_a_point_in_other_units_is_measured_alike(a, scale):
    """Powers of two change no digit, so only the series of step sizes can."""
    slope, bound, _, rounding = of_one(lambda v: np.exp(v) + v**3, a)
    assert of_one(lambda v: np.exp(v / scale) + (v / scale) ** 3, a * scale) == (
        slope / scale,
        bound / scale,
        False,
        rounding / scale,
    )


@pytest.mark.parametrize("real, large", [(np.float16, 4e3), (np.float32, 1e8), (np.float64, 1e17)])
def test_where_rounding_hides_every_nudge_the_bound_says_so(real, large):
    slope, bound, *_ = of_one(lambda a: real(large + a / 8), 0.3)
    assert slope == 0 and 1 / 8 <= bound


@pytest.mark.parametrize(
    "F", [bool, int, lambda a: np.uint8(250 * (a > 0)), lambda a: np.int8(-128), lambda a: np.bool_(a > 0)]
)
def test_an_F_that_counts_or_tells_true_from_false_is_flat(F):
    assert of_one(F, 0.5)[0] == 0 and of_one(F, 0.5)[1] < 1e-2
    assert numerical_gradient(lambda v: F(v.item()), np.array([[0.5]])) == 0


def test_small_whole_numbers_are_subtracted_as_numbers():
    assert numerical_gradient(lambda v: np.uint8(10 - v.item()), np.array([[5.0]]), h=2) == -1  # 3 − 7 is not 252
    assert numerical_gradient(lambda v: v.item() > 5, np.array([[5.0]]), h=2) == 0.25


def test_a_slope_that_float32_shows_by_long_steps_alone_is_measured_by_them():
    """The short steps move nothing, and without noise a slope of 0 would be sure."""
    for size in (1e-2, 1e-4):
        slope, bound, *_ = of_one(lambda a: float(np.float32(1 + size * np.sin(a))), 1.0)
        assert abs(slope - size * np.cos(1.0)) <= bound <= size / 2


@pytest.mark.parametrize("F", [lambda a: float(np.float32(np.sin(a))), lambda a: float(np.sin(np.float32(a)))])
def test_float32_within_is_not_trusted_where_its_steps_are_those_of_the_ladder(F):
    """Near 0 sin a rounds to multiples of the shortest steps, so each of these measures 1, and not cos a."""
    for a in np.linspace(-0.05, 0.05, 101):
        slope, bound, *_ = of_one(F, a)
        assert abs(slope - np.cos(a)) <= bound < 1e-2


@pytest.mark.parametrize("here", [1.0, 1e6, -1e-6])
@pytest.mark.parametrize(
    "up, down, quantum",
    [
        ([9, 3, 0, 0], [-8, -2, 0, 0], 2),  # in units of 2e-7 |here|, a rounding or two to float32
        ([9, 1, 0, 0], [-8, -2, 0, 0], 1),
        ([9, 1, 1, 1], [-8, -2, -1, 0], 1),
        ([9, 1, 0, 0], [-8, -2, -1, -1], 1),
        ([9, 3, 2, 1], [-8, -2, -1, -1], 0),  # short steps show something
        ([9, 0, 2, 1], [-8, -2, -1, -1], 0),  # a long step that ends as high as it began shows nothing of the kind
        ([0, 0, 0, 0], [0, 0, 0, 0], 0),
        ([9000, 900, 0, 0], [-8, 0, 0, 0], 8),
        ([9000, 900, 0, 0], [-800, -800, 0, 0], 0),  # no rounding, but stairs
    ],
)
def test_the_quantum_is_the_least_change_where_the_shortest_steps_show_none(here, up, down, quantum):
    unit = 2e-7 * abs(here)
    found = _quantum(Series(here + unit * np.array([up]), here + unit * np.array([down]), np.ones((1, 4)), here))
    np.testing.assert_allclose(found, [quantum * unit], rtol=1e-3)


# F that is not a function of the point


def drifting(scale, by):
    calls = count()
    return lambda a: scale * (1 + by * next(calls))


@pytest.mark.parametrize("scale", [1e-9, 1.0, -1e9])
def test_rounding_may_differ_from_call_to_call_but_no_more(scale):
    of_one(drifting(scale, 1e-10))  # threads that add in another order do as much
    with pytest.raises(ValueError, match="and then"):
        of_one(drifting(scale, 1e-5))


def test_lots_are_seen_where_F_ends_near_by():
    calls = count()
    with pytest.raises(ValueError, match="and then"):
        of_one(lambda a: np.nan if a > 1 else 1 + next(calls) / 100, 0.5)


# F that ends near the point


def at_the_edge(reach):
    """One F seen both ways, defined as far as reach from the point 1."""
    yield lambda: measure(lambda v: v.item() if abs(v.item() - 1) <= reach else np.inf, np.array([[1.0]]))
    yield lambda: measure_network(
        lambda l, u, n: np.where(np.abs(u[0] - 1.5) <= reach, u[0], np.inf), NEURON, {0: nn.column([1])}
    )["W", 1]


def test_F_must_be_finite_as_far_as_the_message_says():
    for run in at_the_edge(reach=2.4e-10):
        found = run()
        assert abs(found.slopes.item() - 1) <= found.bounds.item() < 1e-4
    for run in at_the_edge(reach=2e-10):
        with pytest.raises(ValueError, match="within 2e-10 of the point"):
            run()


def test_a_small_kink_is_seen_where_F_ends_near_by():
    assert of_one(lambda a: 1 + 1e-8 * abs(a) + (0 if abs(a) < 3 else np.nan))[2]
    assert of_one(lambda a: 1 + 1e-8 * abs(a) + (0 if abs(a) < 3 else np.inf))[2]


# Several entries


def test_one_rough_entry_does_not_spoil_the_others():
    found = measure(lambda v: np.sum(v[:3]) + 1e-3 * np.sin(1e12 * v[3, 0]), np.ones((4, 1)))
    assert found.bounds[:3].max() < 1e-12 < 1e-3 < found.bounds[3, 0]


def test_a_slope_that_goes_on_changing_is_no_kink_whatever_stands_beside():
    """max(a, 0)^1.03 has slope 0 at 0, though no step is short enough to show it."""
    found = measure(lambda v: max(v[0], 0) ** 1.03 + v[1], np.zeros(2))
    assert not found.kinks.any()


# The best step size


@pytest.mark.parametrize("F, slope", [(np.sin, np.cos), (np.exp, np.exp), (lambda a: np.float32(np.sin(a)), np.cos)])
def test_the_slope_is_that_of_the_best_rung(F, slope):
    """Shorter steps measure it too, within the bound, but four times as badly."""
    found = [(of_one(F, a), slope(a)) for a in np.linspace(-2, 2, 100)]
    assert np.median([abs(slope - truth) / bound for (slope, bound, *_), truth in found]) < 0.05


@pytest.mark.parametrize("a", [-2.0, -0.3, 1.7])
def test_conditioning_are_exact_for_one_entry_however_F_bends(a):
    for F, bend in (
        (np.exp, np.exp(a)),
        (np.sin, np.sin(a)),
        (lambda a: 1 / (1 + a**2), (6 * a**2 - 2) / (1 + a**2) ** 3),
    ):
        assert of_one(F, a)[3] == pytest.approx(abs(a * bend), rel=1e-5)


def test_conditioning_have_three_digits_in_float32():
    for a in np.linspace(0.1, 2, 100):
        assert of_one(lambda a: np.float32(np.exp(a)), a)[3] == pytest.approx(a * np.exp(a), rel=1e-3)


@pytest.mark.parametrize(
    "real, width, level", [(np.float64, 1e-5, 0), (np.float64, 1e-5, 1), (np.float32, 1e-5, 0), (np.float32, 1e-3, 1)]
)
@pytest.mark.parametrize("x", [0.3, 1.0, 2.0])
def test_the_flat_land_around_a_narrow_bump_is_not_taken_for_its_slope(real, width, level, x):
    """All but the shortest steps end far away, on one height at either side: a slope of 0 at step after step."""
    slope, bound, *_ = of_one(lambda a: real(np.exp(-((a / width) ** 2)) + level), width * x)
    truth = -2 * x * np.exp(-(x**2)) / width
    assert abs(slope - truth) <= bound <= abs(truth) / 1000


# Kinks in the noise


@pytest.mark.parametrize(
    "real, base, curve, size",
    [
        (np.float64, 1e10, np.cos, 1.73e-4),
        (np.float64, 1e12, lambda a: np.exp(-(a**2)), 1.1e-2),
        (np.float64, 1e12, lambda a: np.hypot(1, a), 4e-3),
        (np.float32, 1e3, lambda a: np.exp(-(a**2)), 1.1e-2),
        (np.float32, 1e4, lambda a: np.exp(-(a**2)), 1e-1),
        (np.float64, 8e8, lambda a: np.hypot(1, a), 1.14e-5),
    ],
)
def test_a_bend_that_noise_hides_is_no_kink(real, base, curve, size):
    """Seen over long steps alone they look like kinks: from far away a hyperbola is |a|."""
    assert not of_one(lambda a: real(base + size * curve(a / size)))[2]


@pytest.mark.parametrize("real, base", [(np.float64, 1e5), (np.float64, 1e8), (np.float32, 1e-2), (np.float32, 1e-1)])
def test_a_kink_is_seen_above_the_noise(real, base):
    for kink in (abs, lambda a: max(a, 0), lambda a: a if a > 0 else a / 10):
        assert of_one(lambda a: real(base + 1e-3 * kink(a)))[2]


def test_a_kink_is_seen_where_F_comes_back_to_its_height():
    assert of_one(lambda a: 1 + abs(a) - a**2)[2]  # at a = ±1, just where two steps end
