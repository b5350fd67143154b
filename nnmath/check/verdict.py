"""What a check found, as data. The sentences are made from these fields in `render`, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from . import render

KINDS = ("agrees", "nearly agrees", "disagrees", "inconclusive", "not differentiable", "not answered yet")


@dataclass(frozen=True)
class Worst:
    """The entry that is farthest off: its index, the claimed number and the measured one."""

    index: tuple[int, ...]
    claimed: float
    measured: float


@dataclass(frozen=True)
class Diagnosis:
    """One hypothesis that explains the numbers.

    Parameters
    ----------
    name
        The name in `mistakes.catalogue`, or the caller's own name of a suspect.
    seen
        A sentence that says what the numbers show, such as "Every entry is 3 times the measured value."
    cause
        Sentences that say what may have caused it.
    evidence
        Pairs (what, value) with the numbers behind `seen`, such as ("factor", 3.0).
    same_numbers
        Names of other mistakes that give the very same numbers here.
    is_reading
        Whether this is only seen in the numbers, and does not determine them.
    """

    name: str
    seen: str = ""
    cause: str = ""
    evidence: tuple[tuple[str, object], ...] = ()
    same_numbers: tuple[str, ...] = ()
    is_reading: bool = False


class _Shown:
    """What verdicts have in common: names of the diagnoses, text and HTML."""

    diagnoses: tuple[Diagnosis, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The names of the diagnoses, the best first."""
        return tuple(diagnosis.name for diagnosis in self.diagnoses)

    @property
    def text(self) -> str:
        """The verdict in words, without its tag."""
        return render.text(self, with_tag=False)

    def __str__(self) -> str:
        return render.text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return render.html(self)


@dataclass(frozen=True, repr=False)
class Verdict(_Shown):
    """What came of one claim.

    Parameters
    ----------
    kind
        One of `KINDS`.
    digits
        To how many digits the claim agrees: a fixed level, because a measured one would differ between machines.
    compared, entries
        How many entries were compared, and how many there are.
    differing
        How many of the compared entries differ by more than the tolerance.
    worst
        The entry that is farthest off, where one is.
    miss
        The largest difference as a share of the largest entry, for "nearly agrees".
    off
        The norm of the difference as a share of the norm of the measured derivatives, where the claim disagrees.
    problem
        A sentence in place of a comparison, such as "the claim is None; expected real numbers of shape (2, 3)".
    notes
        Sentences the reader should know beside the result: what was sampled, what was not judged.
    diagnoses
        The hypotheses that explain the numbers, the best first.
    path
        Where the array is in a dict or list of arrays, such as "['layer']['W']"; in a sentence it is layer['W'].
        For a flat vector with `shapes`, the name of the part and its range.
    arrays
        One verdict for each array, where the point holds several.
    tag
        The number of the equation or exercise in the book.
    """

    kind: str
    digits: int | None = None
    compared: int = 0
    entries: int = 0
    differing: int = 0
    worst: Worst | None = None
    miss: float | None = None
    off: float | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    path: str = ""
    arrays: tuple["Verdict", ...] = ()
    tag: str = ""

    @property
    def explained(self) -> bool:
        """Whether a diagnosis gives the claim's numbers, and does not only tell what can be seen in them."""
        return any(not diagnosis.is_reading for diagnosis in self.diagnoses)

    def with_note(self, note: str) -> "Verdict":
        """The same with one more note."""
        return replace(self, notes=(*self.notes, note))

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is {self.kind!r}; expected one of {', '.join(KINDS)}")


@dataclass(frozen=True, repr=False)
class NetworkVerdict(_Shown):
    """The verdict on every ∂E/∂W^l and ∂E/∂b^l of a network, and on all of them together.

    Parameters
    ----------
    kind
        The worst kind among the single verdicts.
    of
        The single verdicts, under ("W", l) and ("b", l).
    diagnoses
        The mistakes that explain all gradients at once or, where none does, the best ones of the single arrays.
    notes
        Sentences the reader should know beside the result.
    """

    kind: str
    of: Mapping[tuple[str, int], Verdict]
    diagnoses: tuple[Diagnosis, ...] = ()
    notes: tuple[str, ...] = ()
    whole: bool = False  # whether the diagnoses together explain all gradients at once

    @property
    def text(self) -> str:
        """The verdict on the network as a whole; `str` adds a line for each array."""
        return render.lines(self)[0]
