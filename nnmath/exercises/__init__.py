"""Exercises that judge themselves, with one file per chapter; `exercise` is for readers, `class_sheet` for teachers."""

from .for_a_class import class_sheet, judge_seeds
from .instance import ExerciseInstance
from .registry import EXERCISES, exercise

__all__ = ["EXERCISES", "ExerciseInstance", "class_sheet", "exercise", "judge_seeds"]
