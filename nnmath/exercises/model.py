"""What an exercise is. Three kinds: a function that is checked, a number found by pencil, and a proof."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np


def no_numbers(rng: np.random.Generator) -> dict:
    """For an exercise that needs no numbers."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What all kinds have: a tag such as "3.a", a question and hints in Markdown, and `numbers`, which makes the named
    arguments from a random generator, so that each seed poses the question with fresh numbers."""

    tag: str
    question: str
    hints: tuple[str, ...]
    numbers: Callable[[np.random.Generator], dict] = no_numbers


@dataclass(frozen=True, kw_only=True)
class Code(Exercise):
    """Asks for a function of the named arguments that computes ∂F/∂(the argument called `with_respect_to`).

    F takes the arguments and returns one number. `solution` and every function in `mistakes` take the arguments and
    return a gradient. The keys of `mistakes` are names of the catalogue, or short descriptions of the reader's mistake.
    """

    F: Callable
    with_respect_to: str
    solution: Callable
    mistakes: Mapping[str, Callable] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Pencil(Exercise):
    """Asks for a number or a small array, computed by hand from the named arguments.

    `solution` computes it from the arguments, and so does every function in `mistakes`. `worked` explains the steps.
    """

    solution: Callable
    worked: str
    mistakes: Mapping[str, Callable] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Proof(Exercise):
    """Asks for a proof. It is not judged; the key shows `proof`."""

    proof: str
