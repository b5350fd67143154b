"""Questions, hints, and keys as Markdown, which a notebook renders and a terminal prints as it is."""

import inspect
import textwrap
from collections.abc import Callable

import numpy as np

from ..network import Network
from .model import Code, Exercise

MOST_ENTRIES = 24  # larger arrays are described by their shape, because nobody reads their numbers
GREEK = {"beta": r"\beta", "lam": r"\lambda", "eta": r"\eta", "delta": r"\delta"}


class Markdown(str):
    """A text that renders itself in a notebook."""

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


def statement(exercise: Exercise, seed: int, arguments: dict) -> str:
    """The question, and below it the seed and the numbers that it makes."""
    title = f"**Exercise {exercise.tag}.** {exercise.question}"
    return f"{title}\n\nThe numbers for seed {seed}: {_listed(arguments)}." if arguments else title


def folded(exercise: Exercise, seed: int, arguments: dict) -> str:
    """The question, and what a reader may want later under lines that open with one click, in a stored notebook and on
    a web page too: every hint, and the numbers if the answer is a function, which is written without them."""
    parts = [(_hint_name(n, len(exercise.hints)), hint) for n, hint in enumerate(exercise.hints, start=1)]
    question = statement(exercise, seed, arguments)
    if isinstance(exercise, Code):
        question = statement(exercise, seed, {})
        parts.insert(0, (f"The numbers for seed {seed}", f"{_listed(arguments)}."))
    return "\n\n".join(
        [question, *(f"<details><summary>{name}</summary>\n\n{text}\n\n</details>" for name, text in parts)]
    )


def hint(hints: tuple[str, ...], n: int) -> Markdown:
    """Hint n of an exercise, or how many there are."""
    if n not in range(1, len(hints) + 1):
        numbered = f"numbered 1 to {len(hints)}" if len(hints) > 1 else "with the number 1"
        return Markdown(
            f"There {'are' if len(hints) > 1 else 'is'} {len(hints)} hint{'s' * (len(hints) > 1)} here, "
            f"{numbered}. `.key()` shows the whole answer."
        )
    return Markdown(f"**{_hint_name(n, len(hints))}.** {hints[n - 1]}")


def source(solution: Callable) -> str:
    """The solution as it is run, as a function called `answer`, with the imports that it needs."""
    code = textwrap.dedent(inspect.getsource(solution))
    code = code.replace(f"def {solution.__name__}(", "def answer(", 1)
    used = {name: solution.__globals__[name] for name in solution.__code__.co_names if name in solution.__globals__}
    ours = sorted(name for name, value in used.items() if not inspect.ismodule(value))
    imports = ["import numpy as np"] * ("np" in used) + [f"from nnmath import {', '.join(ours)}"] * bool(ours)
    return "\n".join([*imports, *[""] * bool(imports), code.strip()])


def matrix(value: np.ndarray) -> str:
    """An array as LaTeX, or its shape if it is large."""
    if value.size > MOST_ENTRIES or value.ndim > 2:
        return r"\in \mathbb{R}^{" + r"\times ".join(map(str, value.shape)) + "}"
    if value.size == 1:
        return f"= {_number(value.item())}"
    rows = [" & ".join(map(_number, row)) for row in np.atleast_2d(value)]
    return r"= \begin{pmatrix}" + r" \\ ".join(rows) + r"\end{pmatrix}"


def _listed(arguments: dict) -> str:
    return ",  ".join(_argument(name, value) for name, value in arguments.items())


def _argument(name: str, value: object) -> str:
    if name == "k" and isinstance(value, int):
        return f"$k = {value + 1}$ on the page, which is `k = {value}` in the code"
    if isinstance(value, Network):
        sizes = "-".join(map(str, value.sizes))
        return f"`{name}` is a {sizes} network with random weights"
    return f"${_symbol(name)} {matrix(np.asarray(value))}$"


def _symbol(name: str) -> str:
    """W1 is W¹ on the page, and lam is λ."""
    letters = name.rstrip("0123456789")
    layer = name.removeprefix(letters)
    return GREEK.get(letters, letters) + f"^{layer}" * bool(layer)


def _number(value: float) -> str:
    return f"{value:.4g}"


def _hint_name(n: int, count: int) -> str:
    return f"Hint {n} of {count}"
