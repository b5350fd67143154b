"""Exercises that judge themselves: one file of them per chapter, `exercise` for a reader, `class_sheet` for a teacher."""

from .for_a_class import class_sheet, judge_seeds
from .instance import ExerciseInstance
from .registry import EXERCISES, exercise

__all__ = ["EXERCISES", "ExerciseInstance", "class_sheet", "exercise", "judge_seeds"]
