"""An exercise with its numbers: shown, judged, and solved."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..check.judge import Verdict, judge
from .markdown import Markdown, folded_hints, hint, matrix, source, statement
from .model import Exercise, Pencil, Proof
from .verdicts import judge_pencil, not_answered, refused


@dataclass(frozen=True)
class ExerciseInstance:
    """An exercise with the numbers of one seed, as a reader meets it."""

    exercise: Exercise
    seed: int

    @property
    def arguments(self) -> dict:
        """The numbers by name; fresh copies each time, the same ones for the same seed."""
        return self.exercise.numbers(np.random.default_rng(self.seed))

    def judge(self, answer: object) -> Verdict:
        """The verdict on an answer; whatever the answer is, a verdict comes back and nothing is raised.

        Parameters
        ----------
        answer : a function of the named arguments; for a pencil exercise also the number or array itself.
        """
        exercise = self.exercise
        if isinstance(exercise, Proof):
            return not_answered(exercise.tag, "a proof is not judged by numbers; compare yours with .key()")
        if answer is ... or answer is NotImplemented:
            return not_answered(exercise.tag)
        if callable(answer):
            return self._judge_function(answer)
        if isinstance(exercise, Pencil):
            return judge_pencil(exercise, answer, self.arguments)
        return refused(exercise.tag, f"the answer is a {type(answer).__name__}; expected a function of "
                                     f"{', '.join(self.arguments)}")

    def _judge_function(self, answer: Callable) -> Verdict:
        exercise = self.exercise
        try:
            claim = answer(**self.arguments)    # its own copies, because the answer may write into them
        except NotImplementedError:
            return not_answered(exercise.tag)
        except Exception as error:    # noqa: BLE001    the reader's function may raise anything
            return refused(exercise.tag, f"your function stopped with {type(error).__name__}: {error}")
        if claim is ... or claim is NotImplemented:
            return not_answered(exercise.tag)
        if claim is None:
            return refused(exercise.tag, "your function returned None: is there a return?")
        if isinstance(exercise, Pencil):
            return judge_pencil(exercise, claim, self.arguments)
        return self._judge_gradient(claim)

    def _judge_gradient(self, claim: object) -> Verdict:
        exercise, arguments = self.exercise, self.arguments
        suspects = {name: mistake(**self.arguments) for name, mistake in exercise.mistakes.items()}
        verdict = judge(claim, lambda at: exercise.F(**{**arguments, exercise.with_respect_to: at}),
                        arguments[exercise.with_respect_to], suspects)
        return Verdict(verdict.kind, verdict.text, verdict.reasons, exercise.tag)

    def hint(self, n: int = 1) -> Markdown:
        """Hint n, counted from 1; each one says a little more than the one before."""
        return hint(self.exercise.hints, n)

    def key(self) -> Markdown:
        """The answer: a proof, or the solution as code with its numbers for this seed."""
        title = f"**Key to {self.exercise.tag}**"
        if isinstance(self.exercise, Proof):
            return Markdown(f"{title}\n\n{self.exercise.proof}")
        value = np.asarray(self.exercise.solution(**self.arguments))
        worked = f"{self.exercise.worked}\n\n" if isinstance(self.exercise, Pencil) else ""
        return Markdown(f"{title}\n\n{worked}```python\n{source(self.exercise.solution)}\n```\n\n"
                        f"With seed {self.seed} the answer is ${matrix(value).removeprefix('= ')}$.")

    def _repr_markdown_(self) -> str:
        return f"{self}\n\n{folded_hints(self.exercise.hints)}"

    def __str__(self) -> str:
        return statement(self.exercise, self.seed, self.arguments)

    __repr__ = __str__
