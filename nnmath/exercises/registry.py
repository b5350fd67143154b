"""All exercises by their tags. A new chapter file is added to the list below."""

import numpy as np

from . import ch00, ch01, ch02, ch03, ch04, ch05, ch06, ch07, ch08, ch09, ch10, ch11, ch12, ch13, ch14, ch15, ch16
from .instance import ExerciseInstance
from .model import Code, Pencil, Proof

CHAPTERS = (ch00, ch01, ch02, ch03, ch04, ch05, ch06, ch07, ch08, ch09, ch10, ch11, ch12, ch13, ch14, ch15, ch16)

EXERCISES: dict[str, Code | Pencil | Proof] = {
    exercise.tag: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES
}


def exercise(tag: str, seed: int = 0) -> ExerciseInstance:
    """The exercise with this tag, such as "3.a"; each seed gives it fresh numbers.

    Raises
    ------
    KeyError
        There is no exercise with this tag.
    ValueError
        The seed is not a whole number from 0 up.
    """
    if tag not in EXERCISES:
        raise KeyError(f"there is no exercise {tag!r}; expected one of {', '.join(EXERCISES)}")
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"seed is {seed!r}; expected a whole number from 0 up")
    return ExerciseInstance(EXERCISES[tag], seed)
