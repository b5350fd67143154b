"""Why a claim is wrong: each hypothesis is held against the numbers, and named only where it gives them."""

from itertools import permutations

import numpy as np

from .mistakes import catalogue

SEEN = 100      # tolerances that a slope must be away from zero to show a factor or a sign
SHARP = 1e-3    # of the largest slope: where an entry is measured more badly than this, many hypotheses fit


def explanations(claim, slopes, tolerance, suspects):
    """(name, sentence) of each hypothesis that gives the claim's numbers, the nearest first, those about this network
    before the general ones. What may be the truth as well explains nothing."""
    if not claim.any():
        return [("zero returned", sentence("zero returned"))]
    fit = {name: wrong for name, wrong in suspects.items() if np.shape(wrong) == claim.shape
           and near(claim, wrong, tolerance) and not near(slopes, wrong, tolerance)}
    found = _ranked(fit, claim, tolerance)
    return found + [(name, told) for name, told in _general(claim, slopes, tolerance) if name not in fit]


def explanation_of_shape(claim, slopes, suspects):
    """The name of the mistake that gives these numbers in this other shape, or just "another shape"."""
    close = 1e-5 * np.abs(slopes).max()
    for name, wrong in suspects.items():
        if np.shape(wrong) == claim.shape and near(claim, wrong, close):
            return name
    if slopes.any():    # zeros fit everything
        for name, fits in _SHAPES.items():
            if fits(claim, slopes, close):
                return name
    return "another shape"


def sentence(name):
    """What the catalogue says of a mistake."""
    known = catalogue.get(name)
    return f"This is “{name}”. {known.tempting} {known.symptom}" if known else f"This is what “{name}” gives."


def near(a, b, tolerance):
    return bool(np.all(np.isfinite(b)) and np.all(np.abs(a - b) <= tolerance))


def worst(miss):
    """The first entry within 1 % of the largest miss, so that ties fall alike everywhere."""
    return tuple(int(i) for i in np.argwhere(miss >= 0.99 * miss.max())[0])


def entry(index):
    return f"entry [{', '.join(str(int(i)) for i in index)}]" if len(index) else "the one entry"


# Another shape ------------------------------------------------------------------------------------------------------

def _exchanged(claim, slopes, close):
    """Whether the claim is slopes with its axes in another order."""
    orders = permutations(range(slopes.ndim)) if slopes.ndim <= 4 else []    # of many axes there are too many orders
    return any(claim.shape == slopes.transpose(order).shape and near(claim, slopes.transpose(order), close)
               for order in orders)


def _same_entries(claim, slopes, close):
    return claim.size == slopes.size and near(claim.ravel(), slopes.ravel(), close)


def _same_total(claim, slopes, close):
    """One number alike tells something only where it is no chance zero."""
    return abs(slopes.sum()) > 1000 * close and abs(claim.sum() - slopes.sum()) <= close


def _sums_up(claim, slopes, close):
    return claim.ndim == 2 and any(axis_sum.size == slopes.size and near(axis_sum.ravel(), slopes.ravel(), close)
                                   for axis_sum in (claim.sum(axis=1), claim.sum(axis=0)))


def _is_vector(array):
    return 1 < array.size == max(array.shape)


_SHAPES = {
    "transposed": _exchanged,
    "flat vector": lambda c, s, close: c.ndim < s.ndim and _same_entries(c, s, close),
    "an axis too many": lambda c, s, close: c.ndim > s.ndim and _same_entries(c, s, close),
    "one scalar": lambda c, s, close: c.size == 1 and _same_total(c, s, close),
    "not summed over examples": lambda c, s, close: _is_vector(s) and _sums_up(c, s, close),
    "sum over the wrong axis": lambda c, s, close: _is_vector(s) and _is_vector(c) and c.size != s.size
                                                   and _same_total(c, s, close),
}


# The right shape ----------------------------------------------------------------------------------------------------

def _ranked(fit, claim, tolerance):
    """The suspects that fit, the nearest first; those that give the very same numbers are told in one breath."""
    if not fit:
        return []
    # rounded, so that ties fall alike everywhere
    far = {name: round(float(np.max(np.abs(claim - wrong) / tolerance)), 2) for name, wrong in fit.items()}
    nearest = fit[min(far, key=far.get)]
    eps = np.finfo(claim.dtype).eps if claim.dtype.kind == "f" else np.finfo(float).eps
    rounding = min(16 * eps, 1e-4) * np.abs(nearest).max()
    first, *twins = [name for name, wrong in fit.items() if near(nearest, wrong, rounding)]
    also = f" Here the same numbers come of {' and of '.join(f'“{name}”' for name in twins)}." if twins else ""
    rest = [name for name in sorted(far, key=far.get) if name not in (first, *twins)]
    return [(first, sentence(first) + also), *((name, sentence(name)) for name in [*twins, *rest])]


def _general(claim, slopes, tolerance):
    """What shows in the numbers alone."""
    sharp = tolerance.max() <= SHARP * np.abs(slopes).max()
    if sharp and _exchanged(claim, slopes, tolerance):
        return [("transposed", sentence("transposed"))]
    return _a_factor(claim, slopes, tolerance) or _a_part(claim, slopes, tolerance) \
        or (_an_order(claim, slopes, tolerance) if sharp else [])


def _a_factor(claim, slopes, tolerance):
    """claim = c · slopes with c told from the numbers themselves; one single entry shows only the plainest."""
    size = np.abs(slopes).max()
    seen = np.count_nonzero(np.abs(slopes) > SEEN * tolerance)
    if seen < min(2, slopes.size):
        return []
    c = float(np.sum(claim * (slopes / size)) / np.sum((slopes / size)**2) / size)
    if abs(c) < 1e-6 or abs(c - 1) < 1e-4 or not near(claim, c * slopes, tolerance * max(1, abs(c)) * 4 + 1e-9 * np.abs(claim)):
        return []
    for name, value in (("sign", -1.0), ("factor 2", 2.0), ("factor ½", 0.5)):
        if abs(c - value) < 1e-4 * abs(value):
            return [(name, sentence(name))]
    return _a_count(c) if slopes.size > 1 else []


def _a_count(c):
    """A factor c that may be a number of examples, or some constant."""
    ratio = max(c, 1 / c)
    whole = round(ratio)
    if not 3 <= whole <= 10_000 or abs(ratio - whole) > min(0.01, 1e-4 * whole):    # large ratios are near some whole one
        return [("constant factor", f"Every entry is {c:.4g} times the right one. "
                                    f"{catalogue['constant factor'].tempting}")]
    if c < 1:
        return [("mean for sum", f"Every entry is {whole} times too small: did you take the mean over N = {whole} examples "
                                 f"where the sum is meant, or divide by N twice?"), ("constant factor", "")]
    return [("constant factor", f"Every entry is {whole} times too big: with N = {whole} examples, "
                                f"did you sum where you meant the mean?")]


def _a_part(claim, slopes, tolerance):
    """All right but one entry, one row or one column, and each of the others seen to be right: where a slope is measured
    too badly to show as large a miss, relative to its size, it may be as wrong. Zeros claimed as zeros are right."""
    miss = np.abs(claim - slopes)
    wrong, rest = miss > tolerance, (miss <= tolerance) & ((claim != 0) | (slopes != 0))
    share = np.max(miss[wrong] / np.maximum(np.abs(claim), np.abs(slopes))[wrong])
    seen = np.minimum(share, 1) * np.abs(slopes) > SEEN * tolerance
    if claim.size < 3 or not seen.any() or (rest & ~seen).any():
        return []
    at = worst(miss)
    if wrong.sum() == 1:
        return [("one entry wrong", f"Only {entry(at)} is wrong. {catalogue['one entry wrong'].tempting}")]
    for axis, name in enumerate(("row", "column")):
        if claim.ndim == 2 and claim.shape[axis] > 2 and wrong.take(at[axis], axis).sum() == wrong.sum():
            return [(f"one {name} wrong", f"Only {name} {at[axis] + 1} is wrong. {catalogue[f'one {name} wrong'].tempting}")]
    return []


def _an_order(claim, slopes, tolerance):
    """The right rows or columns, elsewhere; a flat vector is one column."""
    if claim.ndim == 1:
        claim, slopes, tolerance = (array[:, np.newaxis] for array in (claim, slopes, tolerance))
    if claim.ndim != 2:
        return []
    for name, a, b, far in (("rows in another order", claim, slopes, tolerance),
                            ("columns in another order", claim.T, slopes.T, tolerance.T)):
        alike = np.array([[near(given, row, miss) for row, miss in zip(b, far)] for given in [*a, *b]])
        claimed, right = alike[:len(a)], alike[len(a):]    # each row must come as often as it should
        if claimed.any(axis=1).all() and (claimed.sum(axis=0) == right.sum(axis=0)).all():
            return [(name, sentence(name))]
    return []
