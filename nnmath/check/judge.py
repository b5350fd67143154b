"""A claimed gradient checked against finite differences of F, with the reason where one explains the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .broadcasting import broadcast_in
from .claimed_function import gradient_from
from .claims import MISSING, Refused, claims_by_path, suspects_by_path
from .comparison import compare
from .directions import Directions
from .finite_difference import as_array, point
from .measurement import Measurement, measure
from .network_difference import report_progress
from .next_steps import next_steps
from .render import joined, place
from .sampling import Progress, sample_sizes
from .segments import Segments
from .structure import Leaf, form_for, leaves, rebuilt, snapshot
from .verdict import Verdict

ALL_ZERO = (
    "All these parameters are 0, so a mistake that is proportional to them, such as wrong weight decay, would not show."
)
ROUNDINGS = 64  # of float32, beside the largest entry: what sums of such entries may leave
TOGETHER = (
    "All entries that were not sampled were measured together along one random direction, and they agree as well; a "
    "single wrong entry among them would have shown up."
)
WORST_FIRST = ("disagrees", "nearly agrees", "not differentiable", "inconclusive", "agrees")


def judge(
    claim: Any,
    F: Callable,
    at: Any,
    suspects: Mapping[str, Any] | None = None,
    numerical_claim: bool = False,
    *,
    sample: int | str | None = None,
    seed: int = 0,
    shapes: Any = None,
    counts: Mapping[str, int] | None = None,
    progress: Callable[[int, int], None] | None = report_progress,
) -> Verdict:
    """Compare a claimed gradient with central differences of F at one point, and say what came of it.

    Parameters
    ----------
    claim
        The gradient: an array in the shape of the point, or a dict, list, tuple, or dataclass of such. A dict may have
        gradients for some of the arrays only. Or a function of the point that returns the gradient (or the loss and the
        gradient); it is called twice, so that arrays which are kept or overwritten show.
    F
        A function of the point that returns one number. A tuple (loss, gradient) is taken as its loss.
    at
        The point. F receives it in the type that it has here, also where that is a tuple, a matrix or a tensor.
    suspects
        The values that known mistakes would give, by name, built like the claim.
    numerical_claim
        Whether the claim was itself made by `numerical_gradient`, and so cannot be better than that.
    sample
        How many entries of each array are measured, or "all". By default all of them or, where that would take too
        long, as many as there is time for; the verdict says so, and measures the others together along a random
        direction.
    seed
        The seed of the sample and of the direction.
    shapes
        For a flat vector, the shapes that it was made of: {"W": (5, 3), "b": (5,)} or a list of shapes.
    counts
        Numbers that a factor may be made of, by name: {"examples": 12, "outputs": 3}.
    progress
        progress(done, total) is called once a second after the first second; the default writes to a terminal.

    Returns
    -------
    Verdict
        Any claim gets one.

    Raises
    ------
    TypeError, ValueError
        For a function or a point that cannot be used.

    Notes
    -----
    Chapter 1.
    """
    if not callable(F):
        raise TypeError(f"F is a {type(F).__name__}; expected a function of the point, such as lambda W: np.sum(W**2)")
    if not isinstance(suspects or {}, Mapping):
        raise TypeError(
            f"suspects is a {type(suspects).__name__}; expected a dict from names of mistakes to their values"
        )
    how = How(numerical_claim, sample, seed, counts or {}, progress, callable(claim))
    F, suspects, labels = loss_of(F), dict(suspects or {}), {}
    with np.errstate(all="ignore"):  # the caller may have set all="raise"; a number that is not finite is told anyway
        try:
            notes: tuple[str, ...] = ()
            if callable(claim):
                as_given = form_for(F, at)
                claim, notes = gradient_from(claim, F, lambda: rebuilt(at, {}, as_given))
            if shapes is not None:
                segments = Segments(shapes, np.size(as_array(at)))
                F, labels = segments.joined(F, at), segments.labels()
                at, claim = segments.split(at), segments.split(claim)
                suspects = {name: segments.split(value) for name, value in suspects.items()}
            verdict = _judged(snapshot(claim), F, at, suspects, how, labels)
        except Refused as refusal:
            return refusal.verdict
    return replace(verdict, notes=verdict.notes + notes)


@dataclass(frozen=True)
class How:
    """The options of a check; see `judge`."""

    numerical_claim: bool = False
    sample: int | str | None = None
    seed: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    progress: Callable[[int, int], None] | None = None
    is_function: bool = False


def loss_of(F: Callable) -> Callable:
    """F, or the loss where F returns a tuple of the loss and its gradient."""

    def loss(at: Any) -> Any:
        value = F(at)
        is_pair = (
            isinstance(value, tuple)
            and len(value) >= 2
            and np.size(value[0]) == 1
            and any(isinstance(other, Mapping) or np.ndim(other) for other in value[1:])
        )
        return value[0] if is_pair else value

    return loss


def _judged(claim: Any, F: Callable, at: Any, suspects: dict, how: How, labels: Mapping[str, str]) -> Verdict:
    every = list(leaves(at))
    if not every:
        raise ValueError("at holds no array; expected at least one to nudge")
    claims = claims_by_path(claim, at)
    of_path = suspects_by_path(suspects, at)
    for values in of_path.values():
        for name, value in values.items():
            _must_be_numbers(f"suspects[{name!r}]", value)
    parameters = [
        Parameter(leaf.path, _point_of(leaf), claims[leaf.path], of_path.get(leaf.path, {}))
        for leaf in every
        if claims[leaf.path] is not MISSING and not _is_kept(leaf, claims)
    ]
    if not parameters:
        raise ValueError("at holds no array of numbers; expected at least one to nudge")
    as_given = form_for(F, at)
    numbers = sample_sizes([parameter.at.size for parameter in parameters], how.sample, F, rebuilt(at, {}, as_given))
    bar, rng = Progress(sum(numbers), how.progress), np.random.default_rng(how.seed)
    verdicts = []
    for parameter, number in zip(parameters, numbers):
        chosen = np.sort(rng.permutation(parameter.at.size)[:number])
        verdict = parameter.judged(
            lambda array, path=parameter.path: F(rebuilt(at, {path: array}, as_given)), chosen, how, bar
        )
        verdicts.append(replace(verdict, path=labels.get(parameter.path, parameter.path)))
    verdicts = _without_rounding_alone(verdicts, [parameter.claim for parameter in parameters])
    left_out = [leaf.path for leaf in every if claims[leaf.path] is MISSING and not leaf.is_setting]
    found = combined(verdicts, left_out)
    if found.kind != "disagrees" or found.explained or suspects:
        return found
    stretched = broadcast_in(F, at)
    if stretched:
        return replace(found, notes=found.notes + (_broadcast_note(*stretched),))
    shapes_of = [parameter.at.shape for parameter in parameters]
    return replace(found, notes=found.notes + next_steps(verdicts, shapes_of, how.is_function))


def _without_rounding_alone(verdicts: list[Verdict], claims: list) -> list[Verdict]:
    """Arrays in float32 that are off by the rounding of the largest entries of all arrays nearly agree: a bias before a
    normalization has the derivative 0, and a program in float32 gives what its sum of large terms leaves."""
    # Whatever else is claimed for an array, its verdict has compared no entry.
    arrays = [as_array(claim) if one.compared else None for claim, one in zip(claims, verdicts)]
    largest = max((float(np.abs(array).max()) for array in arrays if array is not None), default=0.0)
    return [
        _nearly(one, largest) if array is not None and array.dtype == np.float32 else one
        for one, array in zip(verdicts, arrays)
    ]


def _nearly(verdict: Verdict, largest: float) -> Verdict:
    if verdict.kind != "disagrees" or verdict.worst is None:
        return verdict
    miss = abs(verdict.worst.claimed - verdict.worst.measured)
    if miss > ROUNDINGS * float(np.finfo(np.float32).eps) * largest:
        return verdict
    said = "The claim is in float32, and this is within the rounding of the largest entries of all arrays."
    return replace(verdict, kind="nearly agrees", miss=miss / largest, off=None, problem=said, diagnoses=())


def _broadcast_note(column: tuple[int, ...], flat: tuple[int, ...]) -> str:
    n = flat[0]
    return (
        f"F adds or subtracts an array of shape {column} and one of shape {flat}, and NumPy broadcasts the two to "
        f"shape ({n}, {n}), each entry with each. Make the flat one a column, for example y[:, np.newaxis]."
    )


@dataclass(frozen=True, eq=False)
class Parameter:
    """One array of the point with what is claimed for it."""

    path: str
    at: np.ndarray
    claim: Any
    suspects: Mapping[str, Any]

    def judged(self, F: Callable, chosen: np.ndarray, how: How, bar: Progress) -> Verdict:
        """The verdict on this array."""
        verdict, _ = self.measured(F, chosen, how, bar)
        if not self.at.any() and verdict.kind == "agrees" and self.at.size > 1:
            verdict = replace(verdict, notes=verdict.notes + (ALL_ZERO,))
        return verdict

    def measured(self, F: Callable, chosen: np.ndarray, how: How, bar: Progress) -> tuple[Verdict, Measurement]:
        """The verdict, and the measurement behind it. Entries that were not chosen are measured together along a random
        direction, unless a chosen one already disagrees or is at a kink."""
        truth = measure(F, self.at, chosen, bar.tick)
        verdict = self._compared(truth, how)
        rest = np.setdiff1d(np.arange(self.at.size), chosen)
        if len(rest) and verdict.kind in ("agrees", "nearly agrees", "inconclusive"):
            return self._with_rest(F, truth, verdict, rest, how)
        return verdict, truth

    def _compared(self, truth: Measurement, how: How) -> Verdict:
        return compare(self.claim, truth, self.suspects, how.numerical_claim, self.at, how.counts)

    def _with_rest(
        self, F: Callable, truth: Measurement, verdict: Verdict, rest: np.ndarray, how: How
    ) -> tuple[Verdict, Measurement]:
        directions = Directions(F, self.at, as_array(self.claim), how.seed, np.nanmax(truth.conditioning))
        differ = directions.differ(rest)
        if differ is None or how.numerical_claim:
            missed = 100 * len(rest) / self.at.size
            note = f"If a single entry is wrong, there is a {missed:.3g}% chance that this sample misses it."
        elif not differ:
            note = TOGETHER
        else:
            wrong = directions.wrong_entry(rest)
            note = "The entries that were not sampled, measured together along one random direction, differ there."
            if wrong is not None:
                joined = truth.joined(measure(F, self.at, np.array([wrong])))
                found = self._compared(joined, how)
                if found.kind in ("disagrees", "not differentiable"):
                    return replace(found, notes=found.notes + (note,)), joined
            verdict = Verdict(
                "disagrees",
                problem="some entries that were not sampled are wrong.",
                compared=verdict.compared,
                entries=verdict.entries,
            )
        return replace(verdict, notes=verdict.notes + (note,)), truth


def _is_kept(leaf: Leaf, claims: Mapping[str, Any]) -> bool:
    """Whether a leaf is a setting of F, and no parameter: a name, or a whole number without a gradient."""
    claim = claims[leaf.path]
    return leaf.is_setting and (claim is None or isinstance(claim, (str, bytes, bool)) or callable(claim))


def _point_of(leaf: Leaf) -> np.ndarray:
    """The leaf as an array that can be nudged. Raises what `point` raises, with the path."""
    try:
        return point(leaf.value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"at{leaf.path}: {error}" if leaf.path else str(error)) from None


def _must_be_numbers(name: str, value: Any) -> None:
    try:
        array = as_array(value)
    except ValueError:
        raise TypeError(f"{name} is a ragged list; expected an array of real numbers") from None
    if array.dtype.kind not in "fiub" or array.size == 0:
        raise TypeError(f"{name} has dtype {array.dtype} and shape {array.shape}; expected an array of real numbers")


def _speaker(worst: Sequence[Verdict]) -> Verdict:
    """Of the arrays of the worst kind, the one that is shown: the first with a reason, then the first in whose numbers
    something is seen, then the one that is farthest off."""
    for has in (lambda one: one.explained, lambda one: one.diagnoses, lambda one: one.worst is None):
        for verdict in worst:
            if has(verdict):
                return verdict
    farthest = max(verdict.off or 0.0 for verdict in worst)
    return next(verdict for verdict in worst if (verdict.off or 0.0) >= 0.99 * farthest)


def combined(verdicts: list[Verdict], left_out: Sequence[str] = ()) -> Verdict:
    """One verdict on several arrays: the worst kind, with the counts of all and the reasons of the first that is so
    bad."""
    notes: tuple[str, ...] = (
        (f"No gradient was given for {joined([place(path) for path in left_out])}.",) if left_out else ()
    )
    if len(verdicts) == 1 and not verdicts[0].path:
        return replace(verdicts[0], notes=verdicts[0].notes + notes)
    kind = min((verdict.kind for verdict in verdicts), key=WORST_FIRST.index)
    worst = [verdict for verdict in verdicts if verdict.kind == kind]
    first = _speaker(worst)
    known = [verdict.digits for verdict in verdicts if verdict.digits]
    if kind == "agrees":  # with several arrays, the notes of each say which they are about
        about: dict[str, list[str]] = {}
        for verdict in verdicts:
            for note in verdict.notes:
                about.setdefault(note, []).append(verdict.path)
        sampled = [verdict.path for verdict in verdicts if verdict.compared < verdict.entries]
        for note, paths in about.items():
            is_about_all = note == TOGETHER and paths == sampled
            notes += (note if is_about_all else f"For {joined([place(path) for path in paths])}: {note}",)
    return Verdict(
        kind,
        digits=min(known) if kind == "agrees" else None,
        compared=sum(verdict.compared for verdict in verdicts),
        entries=sum(verdict.entries for verdict in verdicts),
        differing=sum(verdict.differing for verdict in verdicts),
        worst=first.worst,
        miss=first.miss,
        problem=first.problem,
        notes=notes,
        diagnoses=first.diagnoses,
        path=first.path,
        arrays=tuple(verdicts),
    )
