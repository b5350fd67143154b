"""An exercise with its numbers: shown, judged, and solved."""

from dataclasses import dataclass

import numpy as np

from ..check.verdict import Verdict
from .markdown import Markdown, folded, hint, matrix, source, statement
from .model import Code, Pencil, Proof
from .verdicts import judge_gradient, judge_pencil, not_answered, refused


@dataclass(frozen=True)
class ExerciseInstance:
    """An exercise with the numbers of one seed, as a reader meets it."""

    exercise: Code | Pencil | Proof
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
        if callable(answer):
            try:
                answer = answer(**self.arguments)  # copies of the numbers, because the function may write into them
            except NotImplementedError:
                return not_answered(exercise.tag)
            except Exception as error:  # the reader's function may raise anything
                return refused(exercise.tag, f"your function stopped with {type(error).__name__}: {error}")
            if answer is None:
                return refused(exercise.tag, "your function returned None: is there a return?")
        elif isinstance(exercise, Code) and answer is not ...:
            return refused(
                exercise.tag,
                f"the answer is a {type(answer).__name__}; expected a function of {', '.join(self.arguments)}",
            )
        if answer is ... or answer is NotImplemented:
            return not_answered(exercise.tag)
        if isinstance(exercise, Pencil):
            return judge_pencil(exercise, answer, self.arguments)
        return judge_gradient(exercise, answer, self.arguments)

    def hint(self, n: int = 1) -> Markdown:
        """Hint n, counted from 1; each one says a little more than the one before."""
        return hint(self.exercise.hints, n)

    def key(self) -> Markdown:
        """The answer: a proof, or the solution as code with its numbers for this seed."""
        exercise = self.exercise
        title = f"**Key to {exercise.tag}**"
        if isinstance(exercise, Proof):
            return Markdown(f"{title}\n\n{exercise.proof}")
        value = np.asarray(exercise.solution(**self.arguments))
        worked = f"{exercise.worked}\n\n" if isinstance(exercise, Pencil) else ""
        return Markdown(
            f"{title}\n\n{worked}```python\n{source(exercise.solution)}\n```\n\n"
            f"With seed {self.seed} the answer is ${matrix(value).removeprefix('= ')}$."
        )

    def _repr_markdown_(self) -> str:
        return folded(self.exercise, self.seed, self.arguments)

    def __str__(self) -> str:
        return statement(self.exercise, self.seed, self.arguments)

    __repr__ = __str__
