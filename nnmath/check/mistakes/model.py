"""What the catalogue is made of: mistakes in words, and formulas with their right and wrong forms in code."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A known mistake in words.

    Parameters
    ----------
    name : what it is called in menus and verdicts.
    tempting : why people make it.
    symptom : how it shows in the numbers.
    """

    name: str
    tempting: str
    symptom: str


class Form:
    """One way to write a formula: in LaTeX, and as a function of the page's symbols that returns one expression.

    The code that is shown is read from the function's source, so it is the code that is run.
    """

    def __init__(self, latex: str, function: Callable) -> None:
        self.latex = latex
        self.function = function
        self.symbols = tuple(inspect.signature(function).parameters)

    def __call__(self, symbols: Mapping[str, Any]) -> Any:
        """Its value. Raises KeyError for a missing symbol, and whatever wrong code raises."""
        return self.function(*[symbols[name] for name in self.symbols])

    @cached_property
    def code(self) -> str:
        """The expression that the function returns, on one line."""
        source = textwrap.dedent(inspect.getsource(self.function))
        nodes = ast.walk(ast.parse(source))
        returned = next(node.value for node in nodes if isinstance(node, ast.Return) and node.value)
        return " ".join(str(ast.get_source_segment(source, returned)).split())


@dataclass
class Formula:
    """A formula of the book by name, with its right form and the wrong ones; `right` and `wrong` are decorators."""

    name: str
    forms: dict[str, Form] = field(default_factory=dict)

    def right(self, latex: str) -> Callable:
        """Marks a function as the right form."""
        return self.wrong("correct", latex)

    def wrong(self, mistake: str, latex: str) -> Callable:
        """Marks a function as the form that this mistake has in the formula."""

        def register(function: Callable) -> Callable:
            if mistake in self.forms:
                raise ValueError(f"{self.name} has two forms for {mistake!r}")
            self.forms[mistake] = Form(latex, function)
            return function

        return register
