"""The reasons, from slopes and tolerances written by hand: named where the numbers show them, and nowhere else."""

import numpy as np
import pytest

from nnmath.check.diagnosis import Case, causes, of_shape, readings, worst
from nnmath.check.mistakes import catalogue
from nnmath.check.render import entry

SLOPES = np.array([[3.0, 1.0], [2.0, 5.0]])


def explained(claim, slopes, tolerance, suspects=()):
    claim, slopes = np.asarray(claim), np.asarray(slopes, float)
    claim = claim if claim.dtype.kind == "f" else claim.astype(float)
    case = Case(claim, slopes, np.broadcast_to(tolerance, slopes.shape), suspects=dict(suspects))
    found = causes(case) or readings(case)
    same = "Here {} would give the same numbers."
    return [
        (
            d.name,
            " ".join(
                filter(
                    None,
                    [
                        d.seen,
                        d.cause,
                        same.format(" and ".join(f"“{n}”" for n in d.same_numbers)) if d.same_numbers else "",
                    ],
                )
            ),
        )
        for d in found
    ]


def names(claim, slopes, tolerance, suspects=()):
    return [name for name, _ in explained(claim, slopes, tolerance, suspects)]


def seconds(*entries):
    """Rows whose first entries are alike and large: only the second ones tell them apart."""
    return np.array([[1e4, entry] for entry in entries])


# Suspects


def test_a_name_brings_what_the_catalogue_says_of_it():
    told = explained(2 * SLOPES, SLOPES, 1e-9, {"W for x": 2 * SLOPES, "my own": 2 * SLOPES + 1e-10})
    assert told[1] == ("my own", "This is what “my own” gives.")
    for name, claim in (
        ("W for x", 2 * SLOPES),
        ("transposed", SLOPES.T),
        ("zero returned", 0 * SLOPES),
        ("rows in another order", SLOPES[::-1]),
        ("columns in another order", SLOPES[:, ::-1]),
    ):
        found = told if name == "W for x" else explained(claim, SLOPES, 1e-9)
        assert found[0] == (name, f"This is the “{name}” mistake. {catalogue[name].tempting} {catalogue[name].symptom}")


def test_a_miss_counts_by_what_its_entry_can_show():
    """The first suspect is off by less, but where the slope is well known."""
    claim, tolerance = np.array([7.0, 8.0, 9.0]), np.array([0.1, 1.0, 1.0])
    suspects = {"W for x": claim + [0.09, 0, 0], "x for W": claim + [0, 0.5, 0], "u for x": claim + [0, 0, 0.2]}
    assert names(claim, [1, 1, 2], tolerance, suspects) == ["u for x", "x for W", "W for x"]


def test_of_suspects_equally_near_the_catalogue_gives_the_order():
    """Rounding moves the third digit of a distance; it must not decide on another machine."""
    claim = np.array([7.0, 8.0])
    assert names(claim, [1, 2], 1.0, {"W for x": claim + 0.402, "x for W": claim - 0.399}) == ["W for x", "x for W"]
    assert names(claim, [1, 2], 1.0, {"W for x": claim + 0.30, "x for W": claim - 0.26}) == ["x for W", "W for x"]


@pytest.mark.parametrize(
    "dtype, apart, same",
    [
        (float, 4e-16, True),
        (float, 1e-12, False),
        (np.float32, 4e-7, True),
        (np.float32, 1e-3, False),
        (np.float16, 5e-5, True),
        (np.float16, 1e-3, False),
        (int, 4e-16, True),
        (int, 1e-12, False),
    ],
)
@pytest.mark.parametrize("scale", [1, 1000])
def test_the_same_numbers_are_the_same_up_to_rounding(dtype, apart, same, scale):
    """Two suspects that differ by `apart` of their size, both within a wide tolerance."""
    claim = np.array([3, 2]) * scale
    suspects = {"W for x": claim * 1.0, "x for W": claim * (1 + apart), "u for x": claim * 1.01}
    told = explained(claim.astype(dtype), [scale, scale * 5], scale * 0.1, suspects)
    assert [name for name, _ in told] == ["W for x", "x for W", "u for x"]
    assert told[0][1].endswith(" Here “x for W” would give the same numbers." if same else catalogue["W for x"].symptom)


# The numbers alone


@pytest.mark.parametrize("tolerance, sharp", [(1e-3, True), (0.02, False)])
def test_an_order_is_named_only_where_the_slopes_are_sharp(tolerance, sharp):
    for name, claim in (("transposed", SLOPES.T), ("rows in another order", SLOPES[::-1])):
        assert names(claim, SLOPES, tolerance) == [name] * sharp


@pytest.mark.parametrize(
    "c, reasons",
    [
        (-1, ["sign"]),
        (2, ["factor 2"]),
        (0.5, ["factor ½"]),
        (2.001, ["constant factor"]),
        (-2, ["constant factor"]),
        (3, ["constant factor"]),
        (1 / 3, ["mean for sum", "constant factor"]),
        (1 / 5.0003, ["mean for sum", "constant factor"]),
        (1 / 5.003, ["constant factor"]),
        (1 / 2.5, ["constant factor"]),
        (1.001, ["constant factor"]),
        (1 + 5e-5, []),
        (0, ["zero returned"]),
    ],
)
def test_a_factor(c, reasons):
    for slopes in ([7.0, 3.0, -2.0], [7.0, 3.0]):
        assert names(c * np.array(slopes), slopes, 1e-9) == reasons


def test_a_factor_says_what_it_is():
    told = lambda c: explained(c * SLOPES, SLOPES, 1e-9)[0][1]
    assert told(-1).startswith("Every entry has the right size and the wrong sign. ")
    assert told(2).startswith("Every entry is twice the measured value. ")
    assert told(0.5).startswith("Every entry is half the measured value. ")
    assert told(3).startswith("Every entry is 3 times the measured value. If you have 3 examples")
    assert told(1 / 3).startswith("Every entry is 1/3 of the measured value. If you have 3 examples")
    assert told(-3).startswith("Every entry is −3 times the measured value, so the sign is wrong as well. ")
    assert told(-2.5).startswith("Every entry is −2.5 times the measured value. ")


@pytest.mark.parametrize("tolerance, seen", [(1e-4, True), ([1e-4, 1e-4, 0.1], True), ([1e-4, 0.1, 0.1], False)])
def test_a_factor_is_seen_in_two_slopes(tolerance, seen):
    """0.5 and 0.3 are just five and three tolerances of 0.1: they show no factor."""
    slopes = np.array([1.0, 0.5, 0.3])
    assert names(2 * slopes, slopes, tolerance) == ["factor 2"] * seen


def test_a_factor_is_found_though_the_slopes_are_off_by_their_tolerance():
    true, off = np.array([1.0, 0.5, 0.25]), np.array([0.95, -0.95, 0.0])
    for c, reason in ((10, "constant factor"), (-1, "sign")):
        assert names(c * true, true + 1e-4 * off, 1e-4) == [reason]
        assert names(c * true, true + 2e-3 * off, 1e-4) == []


@pytest.mark.parametrize("off, reasons", [(5e-10, ["constant factor"]), (1e-6, [])])
def test_a_factor_is_found_in_a_claim_of_nine_digits(off, reasons):
    slopes = np.array([1.0, -2.0, 3.0])
    assert names(7 * slopes * (1 + off * np.array([1, -1, 1])), slopes, 1e-14) == reasons


def test_what_is_no_more_than_noise_is_no_tiny_factor():
    assert names([1e-9, 3e-9], [1.0, 2.0], 1e-8) == []


def test_no_factor_however_small_the_numbers():
    assert names([3e-12, -5e-12, 1e-12], [1e-12, 2e-12, 4e-12], 1e-24) == []


@pytest.mark.parametrize("tolerance, reasons", [(1e-6, ["one entry wrong"]), (0.1, [])])
def test_the_rest_is_right_only_where_as_large_a_miss_would_show(tolerance, reasons):
    """One entry is off by a thousandth. Where the others are only known to a ten-thousandth, they may be, too."""
    slopes = np.array([1000.0, 1000.0, 1000.0, 1000.0])
    assert names(slopes + [1, 0, 0, 0], slopes, tolerance) == reasons


@pytest.mark.parametrize("rough, reasons", [(0, ["one entry wrong"]), (1, [])])
def test_all_of_the_rest_is_seen(rough, reasons):
    """Six slopes, one lost; where another one is known to a tenth only, it may be lost as well."""
    tolerance = np.where(np.arange(6) > 5 - rough, 0.1, 1e-6)
    assert names([0, 1, 1, 1, 1, 1], np.ones(6), tolerance) == reasons


def test_a_slope_is_seen_a_hundred_tolerances_from_zero_whatever_the_miss():
    assert names([-1.0, 1, 1, 1], np.ones(4), 0.015) == []


@pytest.mark.parametrize(
    "claim, slopes, told",
    [
        ([1.0, 5.0], [1.0, 2.0], None),  # of two entries neither is “the rest”
        ([1.0, 5.0, 3.0], [1.0, 2.0, 3.0], "Only entry [1] is wrong. "),
        ([[1, 9], [2, 2], [5, 0]], [[1, 9], [2, 2], [3, 4]], "Only row [2, :] is wrong. "),
        ([[1, 9, 4], [2, 2, 4]], [[1, 9, 5], [2, 2, 7]], "Only column [:, 2] is wrong. "),
        ([[4, 9, 1], [4, 2, 2]], [[5, 9, 1], [7, 2, 2]], "Only column [:, 0] is wrong. "),
        ([[1, 5, 0], [2, 2, 2]], [[1, 9, 6], [2, 2, 2]], None),  # of two rows neither is “the rest”
        ([[5], [6], [3], [4]], [[1], [2], [3], [4]], "All wrong entries are in 2 of 4 rows: [0, :], [1, :]. "),
        ([[5, 6, 3, 4]], [[1, 2, 3, 4]], "All wrong entries are in 2 of 4 columns: [:, 0], [:, 1]. "),
        ([[5], [6], [9], [4]], [[1], [2], [3], [4]], None),  # these are the most
        ([[1, 5], [6, 2], [3, 4]], [[1, 9], [2, 2], [3, 4]], None),
    ],
)
def test_one_part_is_wrong(claim, slopes, told):
    found = explained(np.array(claim, float), slopes, 1e-9)
    assert [text.startswith(told) for _, text in found] == [True] if told else found == []


def test_each_row_comes_as_often_as_it_should():
    rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert names(rows[[1, 2, 0]], rows, 1e-9) == ["rows in another order"]
    assert names(rows[[0, 0, 0]], rows, 1e-9) == []
    assert names(rows[[2, 0, 0, 1]], rows[[0, 0, 1, 2]], 1e-9) == ["rows in another order"]


def test_each_claimed_row_is_one_of_the_right_ones():
    """0.75 lies within 0.9 of both 0 and 1.5: counting alone would take it for two rows, and 50 for none."""
    assert names(seconds(0.75, 50, 10.75, 60), seconds(0, 1.5, 10, 11.5), 0.9) == []


def test_rows_are_counted_by_the_tolerance_of_their_own_place():
    """The 2nd and the 4th slope are known to 10 only: another row fits there, too, and no row fits elsewhere."""
    tolerance = np.array([[0.01, 0.01], [0.01, 10], [0.01, 0.01], [0.01, 10]])
    assert names(seconds(5, 0, 105, 100), seconds(0, 5, 100, 105), tolerance) == ["rows in another order"]


TABLE, STACK = np.arange(1.0, 13).reshape(4, 3) ** 2, np.arange(1.0, 25).reshape(2, 3, 4) ** 2
SQUARE, FLAT = np.arange(1.0, 17).reshape(4, 4) ** 2, np.arange(1.0, 13) ** 2
MOVES = [
    ("transposed", SQUARE, lambda numbers: numbers.T),
    ("memory order", TABLE, lambda numbers: numbers.ravel("F").reshape(4, 3)),
    ("memory order", TABLE, lambda numbers: numbers.ravel().reshape((4, 3), order="F")),
    ("memory order", FLAT, lambda numbers: numbers.reshape(4, 3).ravel("F")),
    ("reversed along an axis", STACK, lambda numbers: numbers[:, ::-1, ::-1]),
]


@pytest.mark.parametrize("name, slopes, move", MOVES)
def test_a_slope_that_is_moved_takes_its_tolerance_along(name, slopes, move):
    """One slope is known coarsely and is off by as much. The claim has the right number, in another place, where the
    slope is known to many digits."""
    tolerance = np.full(slopes.shape, 1e-9)
    coarse = np.unravel_index(1, slopes.shape)
    tolerance[coarse], measured = 0.01, slopes.copy()
    measured[coarse] += 0.009
    assert names(move(slopes), measured, tolerance) == [name]
    claim = move(slopes)
    claim.flat[-2 if move(tolerance).flat[-2] < 0.01 else -3] += 0.009  # where the slope is known to many digits
    assert name not in names(claim, measured, tolerance)


# Another shape

COUNT = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize(
    "claim, slopes, reason",
    [
        (COUNT.transpose(0, 2, 1), COUNT, "transposed"),
        (COUNT.transpose(2, 0, 1), COUNT, "transposed"),
        (COUNT.reshape(2, 1, 3, 4).transpose(1, 0, 3, 2), COUNT.reshape(2, 1, 3, 4), "transposed"),
        (COUNT.reshape(4, 3, 2), COUNT, "another shape"),
        (COUNT.reshape(6, 4), COUNT, "flat vector"),
        (5e-4, [1, -0.9995], "another shape"),
        (0.02, [1, -0.98], "one scalar"),  # a sum this small may be chance
        ([[1.0, 2.0]], [3], "another shape"),
        ([1.0, 2.0], [[3]], "another shape"),  # and so may one number alike
        ([1.0, 2.0], 3, "another shape"),
        ([[1.0, 2.0]], 3, "another shape"),
        ([3.0], 3, "an axis too many"),
    ],
)
def test_another_shape(claim, slopes, reason):
    assert of_shape(np.asarray(claim), np.asarray(slopes, float), {}).name == reason


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_a_shape_fits_beside_the_largest_slope(scale):
    slopes = scale * np.array([[3.0, 1.0, 2.0]])
    assert of_shape(slopes.T * (1 + 1e-8), slopes, {}).name == "transposed"
    assert of_shape(slopes.T * (1 + 1e-3), slopes, {}).name == "another shape"


def test_a_suspect_of_another_shape_is_named_where_its_numbers_fit():
    slopes, claim = np.array([1.0, 2.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
    suspects = {
        "one scalar": 3.0,
        "x for W": [1, 2],
        "every row": claim + 0.1,
        "W for x": claim.tolist(),
        "u for x": claim,
    }
    assert of_shape(claim, slopes, suspects).name == "W for x"
    assert of_shape(claim + 0.2, slopes, suspects).name == "another shape"


# Entries


@pytest.mark.parametrize(
    "miss, at",
    [([0.5, 0.995, 1.0], (1,)), ([0.5, 0.98, 1.0], (2,)), ([[0, 0], [3, 3]], (1, 0)), ([0, 0], (0,)), (2, ())],
)
def test_the_worst_is_the_first_within_a_hundredth(miss, at):
    assert worst(np.array(miss)) == at


def test_an_entry_in_words():
    assert entry((1, np.int64(2))) == "entry [1, 2]" and entry(()) == "the one entry"
