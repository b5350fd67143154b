"""Exercises that judge themselves: fresh numbers from a seed, staged hints, a key, and the reason when an answer is wrong."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..check.judge import Verdict, judge

OPEN = Verdict("not answered yet", "not answered yet: put your formula in place of the dots")


@dataclass(frozen=True)
class Exercise:
    """A gradient to be found: ∂F/∂(the argument named `by`).

    numbers(rng) gives the named arguments; F takes them and returns one number; solution and the mistakes are code in
    these names, so that what the key shows is what is run.
    """
    tag: str
    question: str
    numbers: Callable
    F: Callable
    by: str
    solution: str
    mistakes: dict
    hints: tuple

    def value(self, code, arguments):
        """What code gives on these arguments; np and nn (nnmath itself) can be used in it."""
        import nnmath    # the exercises use the whole package, and the package hands on the exercises
        return eval(code, {"np": np, "nn": nnmath}, arguments)


@dataclass(frozen=True)
class ExerciseInstance:
    """An exercise with its numbers, as the reader meets it."""
    exercise: Exercise
    seed: int

    @property
    def arguments(self):
        """The numbers, by name; the same for the same seed."""
        return self.exercise.numbers(np.random.default_rng(self.seed))

    def judge(self, answer):
        """The verdict on a function of the exercise's arguments; it is shown, never raised."""
        arguments, exercise = self.arguments, self.exercise
        if answer is ... or answer is None:
            return self._open()
        if not callable(answer):
            return self._disagrees(f"the answer is a {type(answer).__name__}; expected a function of {', '.join(arguments)}")
        try:
            claim = answer(**self.arguments)    # numbers of its own, which it may write into
        except NotImplementedError:
            return self._open()
        except Exception as error:
            return self._disagrees(f"your function stopped with {type(error).__name__}: {error}")
        if claim is None or claim is ... or claim is NotImplemented:
            return self._open()
        suspects = {name: exercise.value(code, arguments) for name, code in exercise.mistakes.items()}
        verdict = judge(claim, lambda at: exercise.F(**{**arguments, exercise.by: at}), arguments[exercise.by], suspects)
        return Verdict(verdict.kind, verdict.text, verdict.reasons, exercise.tag)

    def _open(self):
        return Verdict(OPEN.kind, OPEN.text, (), self.exercise.tag)

    def _disagrees(self, what):
        return Verdict("disagrees", f"disagrees: {what}", ("no numbers",), self.exercise.tag)

    def hint(self, n=1):
        """Hint n, from 1 up; each says a little more. Errors: IndexError beyond the last."""
        hints = self.exercise.hints
        if not 1 <= n <= len(hints):
            raise IndexError(f"there is no hint {n}; expected 1 to {len(hints)}")
        return Text(f"**Hint {n} of {len(hints)}.** {hints[n - 1]}")

    def key(self):
        """The solution as code, and its numbers for this seed."""
        value = self.exercise.value(self.exercise.solution, self.arguments)
        return Text(f"**Key to {self.exercise.tag}, seed {self.seed}:** `{self.exercise.solution}`\n\n"
                    f"```\n{np.round(value, 4)}\n```")

    def _repr_markdown_(self):
        return f"**Exercise {self.exercise.tag}.** {self.exercise.question}"

    def __repr__(self):
        return f"Exercise {self.exercise.tag}, seed {self.seed}"


class Text(str):
    """A line of Markdown that shows itself."""

    def _repr_markdown_(self):
        return str(self)


def exercise(tag, seed=0):
    """The exercise with this tag ("3.a"), its numbers fresh for each seed.

    Errors: KeyError for an unknown tag.
    """
    from .book import EXERCISES    # loaded when first asked for
    if tag not in EXERCISES:
        raise KeyError(f"there is no exercise {tag!r}; expected one of {', '.join(EXERCISES)}")
    return ExerciseInstance(EXERCISES[tag], seed)
