"""Exercises that judge themselves."""

from .model import exercise

__all__ = ["exercise"]
