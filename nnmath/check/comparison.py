"""A claim compared with the slopes as measured: any claim gets a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from . import diagnosis
from .finite_difference import as_array
from .measurement import Measurement
from .render import entry, number
from .tolerance import DIGITS, NEARLY, VISIBLE, digits, tolerance, too_coarse
from .verdict import Verdict, Worst

Array = np.ndarray
LINEAR = (
    "F is linear in these numbers. That is fine for a single layer with a fixed upstream derivative, but if F is meant "
    "to be a loss, it may be returning the output of the network instead."
)


def compare(
    claim: Any,
    truth: Measurement,
    suspects: Mapping[str, Any] | None = None,
    numerical_claim: bool = False,
    at: Any = None,
    counts: Mapping[str, int] | None = None,
) -> Verdict:
    """What is to be said of a claim once the slopes are measured.

    Parameters
    ----------
    claim
        Anything. Entries whose slope is NaN in `truth` were not measured and are left out.
    truth
        The measurement.
    suspects
        The values that known mistakes would give, by name.
    numerical_claim
        Whether the claim was itself made from finite differences.
    at
        The point, if mistakes that depend on it, such as weight decay, are to be looked for.
    counts
        Numbers that a factor may be made of, by name: {"examples": 12, "outputs": 3}.

    Returns
    -------
    Verdict

    Notes
    -----
    Chapter 9.
    """
    with np.errstate(all="ignore"):  # the caller may have set all="raise", and underflow does no harm here
        suspects = dict(suspects or {})
        unfit = _unfit(claim, truth.slopes, suspects)
        if unfit:
            return unfit
        claim = _floating(as_array(claim))
        return _compared(claim, truth, suspects, numerical_claim, at, counts or {})


def _floating(claim: Array) -> Array:
    """Whole numbers as float64: |−128| is not 128 in an int8."""
    return claim if claim.dtype.kind == "f" else claim.astype(np.float64)


def _compared(
    claim: Array, truth: Measurement, suspects: dict, numerical_claim: bool, at: Any, counts: Mapping
) -> Verdict:
    kinks = truth.kinks
    smooth = ~np.isnan(truth.slopes) & ~kinks
    compared, entries = int(smooth.sum()), claim.size - int(kinks.sum())
    known = _only(smooth, truth)
    part = np.where(smooth, claim, 0).astype(claim.dtype)
    suspects = {
        name: np.where(smooth, wrong, 0) if np.shape(wrong) == claim.shape else wrong
        for name, wrong in suspects.items()
    }
    allowed = tolerance(part, known, numerical_claim)
    if (np.abs(part - known.slopes) > allowed).any():
        is_sample = bool(np.isnan(truth.slopes).any())
        case = diagnosis.Case(part, known.slopes, allowed, at, suspects, counts, is_sample)
        verdict = _wrong(case)
        if verdict.kind == "disagrees" and verdict.reasons[:1] in ((), ("constant factor",)) and _is_linear(known):
            verdict = replace(verdict, problem=LINEAR)
        return replace(verdict, compared=compared, entries=entries, notes=_kink_note(kinks))
    is_single = claim.dtype == np.float32
    found = digits(allowed, known.slopes, is_single)
    if kinks.any():
        return replace(_at_kinks(claim, truth, found), compared=compared, entries=entries)
    if found == DIGITS[0][0]:
        return Verdict("agrees", found, compared, entries)
    coarse = too_coarse(allowed, known.slopes, is_single) & (found is None)
    seen = _only(~coarse, known)
    found = digits(np.where(coarse, 0, allowed), seen.slopes, is_single)
    if found is None:
        return replace(_inconclusive(part, known, allowed, numerical_claim), compared=compared, entries=entries)
    left_out = int(coarse.sum())
    notes = (*_unseen_note(np.where(coarse, 0, part), seen), *_coarse_note(coarse), *_few_digits_note(found, is_single))
    return Verdict("agrees", found, compared - left_out, entries - left_out, notes=notes)


def _only(seen: Array, truth: Measurement) -> Measurement:
    """Zeros in place of all that was not measured or has no derivative: no claim is wrong there, and nothing explains
    it."""
    parts = (truth.slopes, truth.bounds, truth.jumps, truth.conditioning, truth.curvature)
    return Measurement(*(np.where(seen, part, 0.0) for part in parts))


def _is_linear(truth: Measurement) -> bool:
    return bool(truth.slopes.any() and (truth.curvature <= 1e-9 * np.abs(truth.slopes).max()).all())


# A claim that differs -----------------------------------------------------------------------------------------------


def _wrong(case: diagnosis.Case) -> Verdict:
    miss = case.miss
    at = diagnosis.worst(miss)
    found = Verdict(
        "disagrees",
        differing=int(case.wrong.sum()),
        worst=_worst(at, case.claim, case.slopes),
        off=_share(case.claim - case.slopes, case.slopes),
    )
    largest = np.abs(case.slopes).max()
    is_near = bool(miss.max() <= NEARLY * largest)
    causes = diagnosis.fine_causes(case) if is_near else diagnosis.causes(case)
    if not causes and is_near:
        return replace(
            found,
            kind="nearly agrees",
            miss=float(miss.max() / largest),
            problem=(
                "Typical causes are a small constant inside F, such as log(p + 1e-7), numbers stored in float32 "
                "somewhere, or a sum that is cut short."
            ),
        )
    if not case.slopes.any():
        found = replace(
            found,
            problem="Every measured derivative is 0. Does F use its argument, and does it do more than count or round?",
        )
    return replace(found, diagnoses=tuple(causes or diagnosis.readings(case)))


def _share(part: Array, whole: Array) -> float | None:
    """The norm of an array as a share of another one's, from entries of size 1 so that no square overflows."""
    size = np.abs(whole).max()
    return float(np.linalg.norm(part / size) / np.linalg.norm(whole / size)) if size else None


def _worst(at: tuple, claim: Array, slopes: Array) -> Worst:
    return Worst(at, float(claim[at]), float(slopes[at]))


# Where F is not differentiable --------------------------------------------------------------------------------------


def _at_kinks(claim: Array, truth: Measurement, found: int | None) -> Verdict:
    """What is left to say where F is not differentiable, once the other entries are right."""
    # A program may use any convention there, such as 0 for ReLU′(0), and add several; but it cannot be far outside of
    # both.
    beyond = truth.kinks & (np.abs(claim - truth.slopes) > 2 * (np.abs(truth.slopes) + np.abs(truth.jumps)))
    at = tuple(int(i) for i in np.argwhere(beyond if beyond.any() else truth.kinks)[0])
    left, right = _one_sided(truth.slopes[at], truth.jumps[at])
    if beyond.any():
        return Verdict(
            "disagrees",
            differing=int(beyond.sum()),
            worst=_worst(at, claim, truth.slopes),
            problem=(
                f"F has a kink there: its derivative is {left} from the left and {right} from the right, and the claim "
                f"is far from both."
            ),
        )
    measured, number_of_kinks = ~np.isnan(truth.slopes), int(truth.kinks.sum())
    if number_of_kinks == 1:
        where, there = f"at {entry(at)}", ""
    else:
        where, there = f"at {number_of_kinks:,} entries, such as {entry(at).removeprefix('entry ')},", " there"
    rest = ""
    if found is not None and (measured & ~truth.kinks).any():
        rest = f" All other entries{'' if measured.all() else ' of the sample'} agree to {found} digits."
    return Verdict(
        "not differentiable",
        problem=(
            f"{where} the derivatives from the left and from the right differ ({left} and {right}{there}), so there is "
            f"nothing to compare the claim with. Move the point a little.{rest}"
        ),
    )


def _one_sided(slope: float, jump: float) -> tuple[str, ...]:
    """The one-sided derivatives, where what is 0 up to rounding is 0."""
    sides = (slope - jump / 2, slope + jump / 2)
    return tuple(number(0.0 if abs(side) < 1e-6 * abs(jump) else side, ".3g") for side in sides)


def _kink_note(kinks: Array) -> tuple[str, ...]:
    if not kinks.any():
        return ()
    return (f"At {_first_of(kinks)} F is not differentiable, so nothing was compared there.",)


def _unseen_note(claim: Array, truth: Measurement) -> tuple[str, ...]:
    """A sentence on the entries that a large constant in F, say, makes too small to be seen."""
    unseen = int(np.sum((claim != 0) & (2 * truth.bounds > np.maximum(np.abs(claim), np.abs(truth.slopes)))))
    if not unseen:
        return ()
    which = "1 entry is" if unseen == 1 else f"{unseen} entries are"
    return (f"{which} too small to be seen beside the rounding of F, so a wrong number there would pass as well.",)


def _coarse_note(coarse: Array) -> tuple[str, ...]:
    """A sentence on the few entries that were left out because they were measured too coarsely."""
    if not coarse.any():
        return ()
    plural = "s" if coarse.sum() > 1 else ""
    return (
        f"The derivative{plural} at {_first_of(coarse)} cannot be measured to 2 digits, so nothing was compared there.",
    )


def _first_of(marked: Array) -> str:
    """The first marked entry, and how many more there are."""
    others = int(marked.sum()) - 1
    return entry(np.argwhere(marked)[0]) + (f" and {others} more" if others else "")


def _few_digits_note(found: int, is_single: bool) -> tuple[str, ...]:
    """A sentence on what two digits cannot show."""
    if found > DIGITS[-1][0]:
        return ()
    return (
        "The derivatives can be measured to only 2 digits here, so an error of less than 1% of the largest one could "
        "go unnoticed. "
        f"{_how_to_see_more(is_single)}",
    )


def _how_to_see_more(is_single: bool) -> str:
    how = " (for torch, judge_torch does that)" if is_single else ""
    return f"Compute F in float64{how} and without large constants, or try another point."


# Neither right nor wrong --------------------------------------------------------------------------------------------


def _inconclusive(claim: Array, truth: Measurement, allowed: Array, numerical_claim: bool) -> Verdict:
    """Whether it is the claim, the measurement or the point that would let a wrong formula pass."""
    if digits(tolerance(claim.astype(float), truth, numerical_claim), truth.slopes):
        why = f"a {claim.dtype} has too few digits to tell right from wrong. Compute the claim in float64."
    elif (np.abs(truth.slopes) > VISIBLE * allowed).any():
        fewest = 2 if claim.dtype == np.float32 else 3
        why = (
            f"the derivative at {entry(diagnosis.worst(allowed))} cannot be measured to {fewest} digits relative "
            f"to the largest derivative, so a wrong formula might pass. {_how_to_see_more(claim.dtype == np.float32)}"
        )
    elif not (truth.slopes.any() or truth.curvature.any()):
        why = (
            "F does not change at all when these numbers do, so a wrong formula that is zero here would pass as well. "
            "Does F use them? They have no effect if everything they reach is switched off or flat."
        )
    else:
        why = (
            "the gradient is zero at this point, or too small to be told apart from rounding errors, so a wrong "
            "formula would pass as well. Try another point."
        )
    return Verdict("inconclusive", problem=why)


# A claim that cannot be compared ------------------------------------------------------------------------------------


def _unfit(claim: Any, slopes: Array, suspects: dict) -> Verdict | None:
    """A verdict for a claim that is no array of the right shape with finite numbers, otherwise None."""
    expected = f"expected real numbers of shape {slopes.shape}"
    if claim is ...:
        return refused("unsolved stub", f"the claim is …; {expected}", slopes.size)
    try:
        array, unread = as_array(claim), ""
    except Exception as error:  # whatever it is, it gets a verdict: a ragged list, a tensor that numpy cannot read
        array, unread = np.asarray(None), f", which NumPy cannot read ({error})"
    if array.dtype.kind not in "fiub":
        return refused("no numbers", f"the claim is {_kind_of(claim, array)}{unread}; {expected}", slopes.size)
    if array.shape != slopes.shape:
        found = diagnosis.of_shape(_floating(array), slopes, suspects)
        said = f"the claim has shape {array.shape}; expected {slopes.shape}."
        return Verdict("disagrees", problem=said, diagnoses=(found,), entries=slopes.size)
    if not np.isfinite(array).all():
        at = tuple(np.argwhere(~np.isfinite(array))[0])
        return refused("not a number", f"the claim is {array[at]} at {entry(at)}", slopes.size)
    return None


def _kind_of(claim: Any, array: Array) -> str:
    """What came, in words."""
    if claim is None:
        return "None"
    if callable(claim):
        return "a function, and not what it gives"
    return f"an array of dtype {array.dtype}" if isinstance(claim, np.ndarray) else f"a {type(claim).__name__}"


def refused(name: str, problem: str, entries: int = 0) -> Verdict:
    """The verdict on a claim that cannot be compared: what came, and the catalogue's name for it."""
    return Verdict("disagrees", problem=f"{problem}.", diagnoses=(diagnosis.catalogued(name),), entries=entries)
