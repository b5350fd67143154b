"""A claim held against the referee: four kinds of verdict, and the reason where one explains the numbers."""

from dataclasses import dataclass
from html import escape

import numpy as np

from . import measurement
from .mistakes import catalogue

DIGITS = ((6, 1e-6), (3, 1e-3))    # the fixed rungs: a measured bound would differ from machine to machine
_RUNGS = [f"to {digits} digits" for digits, _ in DIGITS]
_BADGES = {"agrees": ("✓", "#00663A"), "disagrees": ("✗", "#A3123A"), "says nothing": ("?", "#6B4E00"),
           "at a kink": ("∧", "#5A3D8A"), "not answered yet": ("…", "#4A4A4A")}


@dataclass(frozen=True)
class Verdict:
    """What came of a claim: its kind, the names of the mistakes that explain it, best first, and the text.

    kind is "agrees", "disagrees", "says nothing" or "at a kink"; reasons are names of `mistakes.catalogue`.
    """
    kind: str
    text: str
    reasons: tuple = ()
    tag: str = ""

    def __str__(self):
        return f"({self.tag}) {self.text}" if self.tag else self.text

    __repr__ = __str__

    def _repr_html_(self):
        sign, colour = _BADGES[self.kind]
        text = escape(str(self)).replace(self.kind, f"<b>{self.kind}</b>", 1)
        return (f'<div style="border-left:4px solid {colour}; padding:2px 10px">'
                f'<span style="color:{colour}; font-weight:bold">{sign}</span> {text}</div>')


def judge(claim, F, at, suspects=None, measured=False):
    """Hold claim against the central differences of F at this point, and say what came of it.

    claim and at are arrays of one shape, or dicts or lists of such; F(at) gives one number. suspects maps names of
    mistakes to the values they would give. measured says that the claim was made from slopes of
    `finite_difference.gradient`, and so is no better than they are. Any claim gets a Verdict; a bad F or point raises
    ValueError or TypeError. Chapter 01.
    """
    if not callable(F):
        raise TypeError(f"F is a {type(F).__name__}; expected a function of the point, such as lambda W: np.sum(W**2)")
    if isinstance(at, (dict, list, tuple)):
        return _judge_each(claim, F, at, suspects, measured)
    return hold(claim, measurement.measure(F, at), suspects, measured)


def hold(claim, truth, suspects=None, measured=False):
    """What judge says once the slopes are measured; entries whose slope is NaN were not, and are left out.

    truth is a `measurement.Measurement`. Any claim gets a Verdict. Chapter 09.
    """
    unfit = _unfit(claim, truth.slopes, suspects or {})
    if unfit:
        return unfit
    claim, size = np.asarray(claim), _count(np.size(claim))
    if np.isnan(truth.slopes).any():
        claim, truth, suspects, size = _only_measured(claim, truth, suspects or {})
    tolerance = _tolerance(claim, truth, measured)
    if truth.kinks.any():
        where = _entry(np.argwhere(truth.kinks)[0])
        return Verdict("at a kink", f"at a kink: at {where} the slopes from the left and from the right differ, so there "
                                    f"is no derivative to compare with. Move the point a little.")
    miss = np.abs(claim - truth.slopes)
    if (miss > tolerance).any():
        return _disagrees(claim, truth.slopes, tolerance, miss, suspects or {}, size)
    largest = np.abs(truth.slopes).max()
    for digits, share in DIGITS:
        if tolerance.max() <= share * largest:
            return Verdict("agrees", f"agrees: {size}, to {digits} digits")
    return Verdict("says nothing", "says nothing: the slopes are zero here, or too small beside the rounding to be told "
                                   "from zero, so a wrong formula would pass too. Try another point.")


def check(tag, claim, F, at, measured=False):
    """The book's own use of judge: the verdict, or an AssertionError unless the claim agrees.

    tag is the equation's number on the page. Errors: AssertionError with the verdict; those of judge.
    """
    return _passed(tag, judge(claim, F, at, measured=measured))


def same(tag, left, right):
    """left = right, to 12 digits or at least 6, for an equation that is no gradient: two ways to the same numbers.

    Shapes: equal. Errors: AssertionError if they differ, or are zero throughout, which would prove nothing; TypeError
    for a side that is no array of real numbers.
    """
    return _passed(tag, _compare(_numbers("the left side", left), _numbers("the right side", right)))


def _passed(tag, verdict):
    verdict = Verdict(verdict.kind, verdict.text, verdict.reasons, tag)
    if verdict.kind != "agrees":
        raise AssertionError(str(verdict))
    return verdict


def _numbers(name, value):
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(f"{name} is a ragged list; expected an array of real numbers") from None
    if array.dtype.kind not in "fiub" or array.size == 0:
        raise TypeError(f"{name} has dtype {array.dtype} and shape {array.shape}; expected an array of real numbers")
    return array * 1    # a truth value counts as 0 or 1


def _compare(left, right):
    if left.shape != right.shape:
        return Verdict("disagrees", f"disagrees: the left side has shape {left.shape}, the right side {right.shape}")
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        return Verdict("disagrees", "disagrees: a side holds NaN or infinity")
    size, miss = max(np.abs(left).max(), np.abs(right).max()), np.abs(left - right)
    if size == 0:
        return Verdict("says nothing", "says nothing: both sides are zero, so a wrong formula would pass too")
    for digits in (12, 6):
        if miss.max() <= 10.0**-digits * size:
            return Verdict("agrees", f"agrees: {_count(left.size)}, to {digits} digits")
    at = _worst(miss)
    return Verdict("disagrees", f"disagrees: at {_entry(at)} the left side is {left[at]:.4g}, the right side {right[at]:.4g}")


def _tolerance(claim, truth, measured):
    """How far a right claim may lie from the true slopes as measured: the referee's own bound; a few roundings of the
    terms that the claim was summed from; and what a rounding of the point itself does."""
    eps = max(float(np.finfo(a.dtype).eps) if a.dtype.kind == "f" else 0.0 for a in (claim, truth.slopes))
    if measured:
        eps = eps**(2 / 3)    # what a central difference with the best step can reach
    terms = np.abs(claim) + np.abs(truth.slopes).max()
    return truth.bounds + eps * (8 * terms + 4 * truth.roundings)


def _only_measured(claim, truth, suspects):
    """Zeros on all sides where nothing was measured: there no claim is wrong, and no mistake explains anything."""
    left_out = np.isnan(truth.slopes)

    def seen(array):
        return np.where(left_out, 0, array) if np.shape(array) == claim.shape else array
    truth = measurement.Measurement(*(seen(a) for a in (truth.slopes, truth.bounds, truth.kinks, truth.roundings)))
    return (seen(claim).astype(claim.dtype), truth, {name: seen(wrong) for name, wrong in suspects.items()},
            f"{claim.size - left_out.sum()} of {_count(claim.size)}")


def _disagrees(claim, slopes, tolerance, miss, suspects, size):
    at = _worst(miss)
    reasons = _explanations(claim, slopes, tolerance, suspects)
    close = f" (they differ by {miss[at]:.0e})" if f"{claim[at]:.4g}" == f"{slopes[at]:.4g}" else ""
    text = (f"disagrees: at {_entry(at)} you claim {claim[at]:.4g}, the referee measures {slopes[at]:.4g}{close}; "
            f"{np.count_nonzero(miss > tolerance)} of {size} differ.")
    return Verdict("disagrees", " ".join([text, *(sentence for _, sentence in reasons[:1])]),
                   tuple(name for name, _ in reasons))


def _explanations(claim, slopes, tolerance, suspects):
    """(name, sentence) of each hypothesis that gives the claim's numbers, the nearest first, those about this network
    before the general ones. What may be the truth as well explains nothing."""
    if not claim.any():
        return [("zero returned", _sentence("zero returned"))]
    fit = {name: wrong for name, wrong in suspects.items() if np.shape(wrong) == claim.shape
           and _near(claim, wrong, tolerance) and not _near(slopes, wrong, tolerance)}
    # rounded, so that ties fall alike everywhere
    near = {name: round(float(np.max(np.abs(claim - wrong) / tolerance)), 2) for name, wrong in fit.items()}
    found = [(name, _sentence(name)) for name in sorted(near, key=near.get)]
    return found + [(name, sentence) for name, sentence in _general(claim, slopes, tolerance) if name not in near]


def _general(claim, slopes, tolerance):
    if claim.ndim == 2 and claim.shape[0] == claim.shape[1] and _near(claim, slopes.T, tolerance):
        return [("transposed", _sentence("transposed"))]
    return (_a_factor(claim, slopes, tolerance) or _a_part(claim, slopes, tolerance)
            or _an_order(claim, slopes, tolerance))


def _a_factor(claim, slopes, tolerance):
    """claim = c · slopes with c told from the numbers themselves."""
    c = float(np.sum(claim * slopes) / np.sum(slopes**2)) if slopes.any() else 0.0
    if abs(c) < 1e-6 or abs(c - 1) < 1e-4 or np.count_nonzero(np.abs(slopes) > 100 * tolerance) < 2 \
            or not _near(claim, c * slopes, tolerance * max(1, abs(c)) * 4 + 1e-9 * np.abs(claim)):
        return []
    for name, value in (("sign", -1.0), ("factor 2", 2.0), ("factor ½", 0.5)):
        if abs(c - value) < 1e-4 * abs(value):
            return [(name, _sentence(name))]
    ratio = max(c, 1 / c)
    whole = round(ratio)
    if not 3 <= whole <= 10_000 or abs(ratio - whole) > min(0.01, 1e-4 * whole):    # large ratios are near some whole one
        return [("constant factor", f"Every entry is {c:.4g} times the right one. "
                                    f"{catalogue['constant factor'].tempting}")]
    if c < 1:
        return [("mean for sum", f"Every entry is {whole} times too small: did you take the mean over N = {whole} examples "
                                 f"where the sum is meant?"), ("constant factor", "")]
    return [("constant factor", f"Every entry is {whole} times too big: with N = {whole} examples, "
                                f"did you sum where you meant the mean?")]


def _a_part(claim, slopes, tolerance):
    """All right but one entry, one row or one column, and seen to be right: where the slopes are too small to be told from
    zero, a factor or a sign would not show. Zeros that are claimed as zeros are right."""
    wrong, seen = np.abs(claim - slopes) > tolerance, np.abs(slopes) > 100 * tolerance
    rest = ~wrong & ((claim != 0) | (slopes != 0))
    if claim.ndim != 2 or claim.size < 3 or wrong.all() or not seen.any() \
            or 2 * np.count_nonzero(seen & rest) < np.count_nonzero(rest):
        return []
    i, j = _worst(np.abs(claim - slopes))
    if wrong.sum() == 1:
        return [("one entry wrong", f"Only {_entry((i, j))} is wrong. {catalogue['one entry wrong'].tempting}")]
    if claim.shape[0] > 2 and wrong[i].sum() == wrong.sum() and claim.shape[1] > 1:
        return [("one row wrong", f"Only row {i + 1} is wrong. {catalogue['one row wrong'].tempting}")]
    if claim.shape[1] > 2 and wrong[:, j].sum() == wrong.sum():
        return [("one column wrong", f"Only column {j + 1} is wrong. {catalogue['one column wrong'].tempting}")]
    return []


def _an_order(claim, slopes, tolerance):
    """The right rows or columns, elsewhere; not where one entry is measured so badly that any row would fit."""
    if claim.ndim != 2 or tolerance.max() > DIGITS[-1][1] * np.abs(slopes).max():
        return []
    for name, a, b, far in (("rows in another order", claim, slopes, tolerance),
                            ("columns in another order", claim.T, slopes.T, tolerance.T)):
        alike = np.array([[_near(given, row, miss) for row, miss in zip(b, far)] for given in [*a, *b]])
        claimed, right = alike[:len(a)], alike[len(a):]    # each row must come as often as it should
        if len(b) > 1 and claimed.any(axis=1).all() and (claimed.sum(axis=0) == right.sum(axis=0)).all():
            return [(name, _sentence(name))]
    return []


def _unfit(claim, slopes, suspects):
    """A verdict for a claim that is no array of the right shape with finite numbers, else None."""
    try:
        array = np.asarray(claim)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        what = "None" if claim is None else f"an array of dtype {array.dtype}" if claim is not ... else "…"
        return _no("no numbers", f"the claim is {what}; expected numbers of shape {slopes.shape}")
    if array.shape != slopes.shape:
        return _no(_shape_reason(array, slopes, suspects), f"the claim has shape {array.shape}; expected {slopes.shape}")
    if not np.isfinite(array).all():
        at = tuple(np.argwhere(~np.isfinite(array))[0])
        return _no("not a number", f"the claim is {array[at]} at {_entry(at)}")
    return None


def _shape_reason(claim, slopes, suspects):
    near = 1e-4 * np.abs(slopes).max()
    for name, wrong in suspects.items():
        if np.shape(wrong) == claim.shape and _near(claim, np.asarray(wrong), near):
            return name
    if claim.ndim == 2 and claim.shape == slopes.shape[::-1] and _near(claim.T, slopes, near):
        return "transposed"
    if claim.size == 1 and abs(claim.sum() - slopes.sum()) <= near:
        return "one scalar"
    if claim.ndim == 1 and claim.size == slopes.size:
        return "flat vector"
    if claim.ndim == 2 and slopes.shape == (claim.shape[0], 1) and _near(claim.sum(1, keepdims=True), slopes, near):
        return "not summed over examples"
    return "another shape"


def _no(name, what):
    return Verdict("disagrees", f"disagrees: {what}. {_sentence(name)}", (name,))


def _sentence(name):
    known = catalogue.get(name)
    return f"This is “{name}”. " + f"{known.tempting} {known.tell}" if known else f"This is what “{name}” gives."


def _judge_each(claim, F, at, suspects, measured):
    """Each array of a dict or list in turn; the worst verdict speaks for all."""
    keys = list(at) if isinstance(at, dict) else list(range(len(at)))
    if not keys:
        raise ValueError("at holds no array; expected at least one to nudge")
    unfit = _unfit_keys(claim, at, keys)
    if unfit:
        return unfit
    suspects = suspects or {}
    verdicts = {key: judge(claim[key], lambda value: F(_with(at, key, value)), at[key], suspects.get(key), measured)
                for key in keys}
    for kind in ("disagrees", "at a kink", "says nothing"):
        for key, verdict in verdicts.items():
            if verdict.kind == kind:
                return Verdict(kind, f"{verdict.text} (This is [{key!r}].)", verdict.reasons)
    rung = max((verdict.text.partition(", ")[2] for verdict in verdicts.values()), key=_RUNGS.index)
    size = sum(int(verdict.text.split()[1]) for verdict in verdicts.values())
    return Verdict("agrees", f"agrees: {_count(size)} in {len(keys)} array{'s' * (len(keys) > 1)}, {rung}")


def _unfit_keys(claim, at, keys):
    """A verdict for a claim that has not an array for each of at's keys, and no other, else None."""
    fits = isinstance(claim, dict) if isinstance(at, dict) else isinstance(claim, (list, tuple)) or np.ndim(claim) > 0
    if not fits:
        return _no("no numbers", f"the claim is {'None' if claim is None else f'a {type(claim).__name__}'}; "
                                 f"expected a {type(at).__name__} with all of {keys}")
    given = list(claim) if isinstance(claim, dict) else list(range(len(claim)))
    for key in [key for key in keys if key not in given] + [key for key in given if key not in keys]:
        what = "nothing for" if key in keys else "one too many,"
        return _no("no numbers", f"the claim has {what} {key!r}; expected just {keys}")
    return None


def _with(at, key, value):
    changed = dict(at) if isinstance(at, dict) else list(at)
    changed[key] = value
    return changed


def _near(a, b, tolerance):
    return bool(np.all(np.isfinite(b)) and np.all(np.abs(a - b) <= tolerance))


def _worst(miss):
    """The first entry within 1 % of the largest miss, so that ties fall alike everywhere."""
    return tuple(int(i) for i in np.argwhere(miss >= 0.99 * miss.max())[0])


def _entry(index):
    return f"entry [{', '.join(str(int(i)) for i in index)}]" if len(index) else "the one entry"


def _count(size):
    return f"{size} entr{'y' if size == 1 else 'ies'}"
