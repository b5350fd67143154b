"""A claim held against the referee: four kinds of verdict, and the reason where one explains the numbers."""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from . import measurement
from .finite_difference import point
from .diagnosis import SEEN, entry, explanation_of_shape, explanations, sentence, worst

DIGITS = ((6, 1e-6), (3, 1e-3))    # the fixed rungs: a measured bound would differ from machine to machine
_RUNGS = [f"to {digits} digits" for digits, _ in DIGITS]
_BADGES = {"agrees": ("✓", "#00663A"), "disagrees": ("✗", "#A3123A"), "inconclusive": ("?", "#6B4E00"),
           "not differentiable": ("∧", "#5A3D8A"), "not answered yet": ("…", "#4A4A4A")}


@dataclass(frozen=True)
class Verdict:
    """What came of a claim: its kind, the names of the mistakes that explain it, best first, and the text.

    kind is "agrees", "disagrees", "inconclusive" or "not differentiable"; reasons are names of `mistakes.catalogue`.
    """
    kind: str
    text: str
    reasons: tuple = ()
    tag: str = ""

    def __str__(self):
        return f"({self.tag}) {self.text}" if self.tag else self.text

    __repr__ = __str__

    def _repr_html_(self):
        from html import escape    # loaded where it is shown: a sixth of what nnmath takes to import
        sign, colour = _BADGES[self.kind]
        text = escape(str(self)).replace(self.kind, f"<b>{self.kind}</b>", 1)
        return (f'<div style="border-left:4px solid {colour}; padding:2px 10px">'
                f'<span style="color:{colour}; font-weight:bold">{sign}</span> {text}</div>')


def judge(claim, F, at, suspects=None, numerical_claim=False):
    """Hold claim against the central differences of F at this point, and say what came of it.

    claim and at are arrays of one shape, or dicts or lists of such; F(at) gives one number. suspects maps names of
    mistakes to the values they would give, built like claim. measured says that the claim was made from slopes of
    `numerical_gradient`, and so is no better than they are. Any claim gets a Verdict; a bad F or point raises
    ValueError or TypeError. Chapter 01.
    """
    if not callable(F):
        raise TypeError(f"F is a {type(F).__name__}; expected a function of the point, such as lambda W: np.sum(W**2)")
    at = _settled(at)
    if isinstance(at, (dict, list)):
        return _judge_each(claim, F, at, suspects or {}, numerical_claim)
    for name, value in (suspects or {}).items():
        _numbers(f"suspects[{name!r}]", value)
    return compare(claim, measurement.measure(F, at), suspects, numerical_claim)


def compare(claim, truth, suspects=None, numerical_claim=False):
    """What judge says once the slopes are measured; entries whose slope is NaN were not, and are left out.

    truth is a `measurement.Measurement`. Any claim gets a Verdict. Chapter 09.
    """
    unfit = _unfit(claim, truth.slopes, suspects or {})
    if unfit:
        return unfit
    claim, size = np.asarray(claim), _count(np.size(claim))
    if np.isnan(truth.slopes).any():
        claim, truth, suspects, size = _only_measured(claim, truth, suspects or {})
    tolerance = _tolerance(claim, truth, numerical_claim)
    if truth.kinks.any():
        where = entry(np.argwhere(truth.kinks)[0])
        return Verdict("not differentiable", f"not differentiable: at {where} the slopes from the left and from the right differ, so there "
                                    f"is no derivative to compare with. Move the point a little.")
    miss = np.abs(claim - truth.slopes)
    if (miss > tolerance).any():
        return _disagrees(claim, truth.slopes, tolerance, miss, suspects or {}, size)
    digits = _digits(tolerance, truth.slopes)
    if digits:
        return Verdict("agrees", f"agrees: {size}, to {digits} digits")
    return _inconclusive(claim, truth, tolerance, numerical_claim)


def check(tag, claim, F, at, numerical_claim=False):
    """The book's own use of judge: the verdict, or an AssertionError unless the claim agrees.

    tag is the equation's number on the page. Errors: AssertionError with the verdict; those of judge.
    """
    return _passed(tag, judge(claim, F, at, numerical_claim=numerical_claim))


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
        return Verdict("inconclusive", "inconclusive: both sides are zero, so a wrong formula would pass too")
    for digits in (12, 6):
        if miss.max() <= 10.0**-digits * size:
            return Verdict("agrees", f"agrees: {_count(left.size)}, to {digits} digits")
    at = worst(miss)
    return Verdict("disagrees", f"disagrees: at {entry(at)} the left side is {left[at]:.4g}, the right side {right[at]:.4g}")


def _tolerance(claim, truth, numerical_claim):
    """How far a right claim may lie from the true slopes as measured: the referee's own bound; a few roundings of the
    terms that the claim was summed from; and what a rounding of the point itself does."""
    eps = max(float(np.finfo(a.dtype).eps) if a.dtype.kind == "f" else 0.0 for a in (claim, truth.slopes))
    if numerical_claim:
        eps = eps**(2 / 3)    # what a central difference with the best step can reach
    terms = np.abs(claim) + np.abs(truth.slopes).max()
    return truth.bounds + eps * (8 * terms + 4 * truth.roundings)


def _digits(tolerance, slopes):
    """To how many digits a claim within the tolerance is seen to be right; None if to less than three."""
    return next((digits for digits, share in DIGITS if tolerance.max() <= share * np.abs(slopes).max()), None)


def _inconclusive(claim, truth, tolerance, numerical_claim):
    """Whether it is the claim, the referee or the point that lets a wrong formula pass."""
    if _digits(_tolerance(claim.astype(float), truth, numerical_claim), truth.slopes):
        why = f"a {claim.dtype} has too few digits to tell a right formula from a wrong one. Compute the claim in float64."
    elif (np.abs(truth.slopes) > SEEN * tolerance).any():
        why = (f"the slope at {entry(worst(tolerance))} cannot be measured to 3 digits beside the others, so a wrong formula "
               f"might pass. Compute F in float64 and without large constants, or try another point.")
    else:
        why = ("the slopes are zero here, or too small beside the rounding to be told from zero, so a wrong formula would "
               "pass too. Try another point.")
    return Verdict("inconclusive", f"inconclusive: {why}")


def _only_measured(claim, truth, suspects):
    """Zeros on all sides where nothing was measured: there no claim is wrong, and no mistake explains anything."""
    left_out = np.isnan(truth.slopes)

    def seen(array):
        return np.where(left_out, 0, array) if np.shape(array) == claim.shape else array
    truth = measurement.Measurement(*(seen(a) for a in (truth.slopes, truth.bounds, truth.kinks, truth.roundings)))
    return (seen(claim).astype(claim.dtype), truth, {name: seen(wrong) for name, wrong in suspects.items()},
            f"{_count(claim.size - left_out.sum())} sampled from {claim.size}")


def _disagrees(claim, slopes, tolerance, miss, suspects, size):
    at = worst(miss)
    reasons = explanations(claim, slopes, tolerance, suspects)
    close = f" (they differ by {miss[at]:.0e})" if f"{claim[at]:.4g}" == f"{slopes[at]:.4g}" else ""
    count = f"; {np.count_nonzero(miss > tolerance)} of {size} differ" if claim.size > 1 else ""
    flat = "" if slopes.any() else "Every slope is 0: does F use its argument, and not only count or round?"
    text = f"disagrees: at {entry(at)} you claim {claim[at]:.4g}, the referee measures {slopes[at]:.4g}{close}{count}."
    return Verdict("disagrees", " ".join(filter(None, [text, flat, *(told for _, told in reasons[:1])])),
                   tuple(name for name, _ in reasons))


def _unfit(claim, slopes, suspects):
    """A verdict for a claim that is no array of the right shape with finite numbers, else None."""
    if claim is ...:
        return _no("unsolved stub", f"the claim is …; expected numbers of shape {slopes.shape}")
    try:
        array, unread = np.asarray(claim), ""
    except Exception as error:    # whatever it is, it gets a verdict: a ragged list, a tensor that numpy may not read
        array, unread = np.asarray(None), f", which numpy cannot read ({error})"
    if array.dtype.kind not in "fiub":
        return _no("no numbers", f"the claim is {_kind_of(claim, array)}{unread}; expected real numbers of shape {slopes.shape}")
    if array.shape != slopes.shape:
        return _no(explanation_of_shape(array, slopes, suspects), f"the claim has shape {array.shape}; expected {slopes.shape}")
    if not np.isfinite(array).all():
        at = tuple(np.argwhere(~np.isfinite(array))[0])
        return _no("not a number", f"the claim is {array[at]} at {entry(at)}")
    return None


def _kind_of(claim, array):
    """What came, in words."""
    if claim is None:
        return "None"
    if callable(claim):
        return "a function, and not what it gives"
    return f"an array of dtype {array.dtype}" if isinstance(claim, np.ndarray) else f"a {type(claim).__name__}"


def _no(name, what):
    return Verdict("disagrees", f"disagrees: {what}. {sentence(name)}", (name,))


# Several arrays -----------------------------------------------------------------------------------------------------

def _settled(at):
    """at with an array in place of each list of plain numbers; what holds arrays stays a dict or becomes a list."""
    if isinstance(at, dict):
        return {key: _settled(value) for key, value in at.items()}
    if isinstance(at, (list, tuple)) and not _plain(at):
        return [_settled(value) for value in at]
    return np.asarray(at)


def _plain(numbers):
    """Whether these are numbers, or equally long lists of such."""
    if not isinstance(numbers, (list, tuple)):
        return isinstance(numbers, (int, float))
    lengths = {len(row) if isinstance(row, (list, tuple)) else None for row in numbers}
    return len(lengths) == 1 and all(_plain(row) for row in numbers)


def _judge_each(claim, F, at, suspects, numerical_claim):
    """Each array in turn, also those within others' dicts; the first of the worst speaks, and tells how the others stand."""
    verdicts = _verdicts(claim, F, at, suspects, numerical_claim)
    for kind in ("disagrees", "not differentiable", "inconclusive"):
        those = [path for path in verdicts if verdicts[path].kind == kind]
        if those:
            first, others = verdicts[those[0]], [f"{what}: {_list(some)}" for what, some in (
                (f"{kind} too", those[1:]), ("agrees", [path for path in verdicts if verdicts[path].kind == "agrees"])) if some]
            where, told = f" in {those[0]}" if those[0] else "", f" ({'; '.join(others)}.)" if others else ""
            return Verdict(kind, f"{kind}{where}{first.text.removeprefix(kind)}{told}", first.reasons)
    rung = max((verdict.text.partition(", ")[2] for verdict in verdicts.values()), key=_RUNGS.index)
    size = sum(int(verdict.text.split()[1]) for verdict in verdicts.values())
    return Verdict("agrees", f"agrees: {_count(size)} in {len(verdicts)} array{'s' * (len(verdicts) > 1)}, {rung}")


def _verdicts(claim, F, at, suspects, numerical_claim):
    """{"['dense']['W']": the verdict on this array}, in the order of at."""
    if not isinstance(at, (dict, list)):
        return {"": judge(claim, F, at, suspects, numerical_claim)}
    keys = list(at) if isinstance(at, dict) else list(range(len(at)))
    if not keys:
        raise ValueError("at holds no array; expected at least one to nudge")
    unfit = _unfit_keys(claim, at, keys)
    if unfit:
        return {"": unfit}
    found = {}
    for key in keys:
        within = _verdicts(claim[key], lambda value: F(_with(at, key, value)), _fit(at, key), _of(suspects, key), numerical_claim)
        found |= {f"[{key!r}]{path}": verdict for path, verdict in within.items()}
    return found


def _unfit_keys(claim, at, keys):
    """A verdict for a claim that has not an array for each of at's keys, and no other, else None."""
    kind = type(at).__name__
    if claim is ... or claim is None:
        return _no("no numbers" if claim is None else "unsolved stub",
                   f"the claim is {'None' if claim is None else '…'}; expected a {kind} with all of {keys}")
    fits = isinstance(claim, dict) if isinstance(at, dict) else isinstance(claim, (list, tuple)) or np.ndim(claim) > 0
    if not fits:
        name = "other arrays" if isinstance(claim, (dict, list, tuple, np.ndarray)) else "no numbers"
        return _no(name, f"the claim is a {type(claim).__name__}; expected a {kind} with all of {keys}")
    given = list(claim) if isinstance(claim, dict) else list(range(len(claim)))
    for key in [key for key in keys if key not in given] + [key for key in given if key not in keys]:
        what = "nothing for" if key in keys else "one too many,"
        return _no("other arrays", f"the claim has {what} {key!r}; expected just {keys}")
    return None


def _fit(at, key):
    """at[key], if it can be nudged. Errors: those of `finite_difference.point`, with the key."""
    if isinstance(at[key], (dict, list)):
        return at[key]
    try:
        return point(at[key])
    except (TypeError, ValueError) as error:
        raise type(error)(f"at[{key!r}]: {error}") from None


def _of(suspects, key):
    """What each suspect gives for this array."""
    for name, value in suspects.items():
        if not isinstance(value, (dict, list, tuple)):
            raise TypeError(f"suspects[{name!r}] is a {type(value).__name__}; expected arrays under the same keys as in at")
    return {name: value[key] for name, value in suspects.items()
            if (key in value if isinstance(value, dict) else key < len(value))}


def _with(at, key, value):
    """at with one array in another's place, and copies of the rest: F may write into what it is given."""
    items = at.items() if isinstance(at, dict) else enumerate(at)
    changed = {k: value if k == key else deepcopy(other) for k, other in items}
    return changed if isinstance(at, dict) else list(changed.values())


def _list(paths):
    return ", ".join(paths[:6]) + (f" and {len(paths) - 6} more" if len(paths) > 6 else "")


def _count(size):
    return f"{size} entr{'y' if size == 1 else 'ies'}"
