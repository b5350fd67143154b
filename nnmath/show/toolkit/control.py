"""What a reader can set in a picture: the values of a slider or of a list, each with the text that is shown for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .style import entry, number

NAMES = {"eta": "η", "delta": "δ"}


@dataclass(frozen=True)
class Control:
    """One control: a slider (kind "range") or a list to choose from (kind "choice")."""

    name: str
    label: str
    kind: str
    values: tuple
    texts: tuple[str, ...]

    def position(self, value: object, verb: str) -> int:
        """The position of a value among the control's values.

        Raises
        ------
        ValueError
            If the control cannot show the value. `verb` is "starts at" or "is stored at", for the message.
        """
        for n, other in enumerate(self.values):
            if value == other or (_is_number(value) and _is_number(other) and abs(value - other) <= 1e-9 * abs(other)):
                return n
        shown = [number(v) if isinstance(v, float) else repr(v) for v in self.values]
        expected = ", ".join(shown if len(shown) <= 12 else [*shown[:3], "…", shown[-1]])
        raise ValueError(f"{self.label} {verb} {value!r}; expected one of {expected}")


def control(name: str, options: Sequence, label: str | None = None) -> Control:
    """The control for `options` of `explore`: (low, high), (low, high, step), [(label, value), …] or [word, …]."""
    label = NAMES.get(name, name) if label is None else label
    if isinstance(options, list) and options and all(isinstance(option, str) for option in options):
        return Control(name, label, "choice", tuple(options), tuple(options))
    if isinstance(options, list) and options and all(isinstance(o, tuple) and len(o) == 2 for o in options):
        return Control(
            name, label, "range", tuple(value for _, value in options), tuple(str(text) for text, _ in options)
        )
    if (
        isinstance(options, tuple)
        and len(options) in (2, 3)
        and all(map(_is_number, options))
        and options[0] < options[1]
    ):
        values = _grid(*options)
        return Control(name, label, "range", values, tuple(number(value, 6) for value in values))
    raise ValueError(
        f"{name} is {options!r}; expected (low, high), (low, high, step), a list of (label, value) or a list of words"
    )


def index(symbol: str, size: int) -> list[tuple[str, int]]:
    """The values of an index for `explore`, each written as in the code and as on the page: 0 · u₁, 1 · u₂, …"""
    return [(f"{i} · {entry(symbol, i)}", i) for i in range(size)]


def numbered(count: int) -> list[tuple[str, int]]:
    """The positions of examples or pictures for `explore`, labeled 1, 2, … as the text numbers them."""
    return [(str(n + 1), n) for n in range(count)]


def log_scale(start: int, stop: int, per_decade: int = 1) -> list[tuple[str, float]]:
    """Powers of ten for `explore`, from 10^start up or down to 10^stop."""
    down = -1 if stop < start else 1
    exponents = [start + down * i / per_decade for i in range(abs(stop - start) * per_decade + 1)]
    return [(f"{float(f'{10.0**p:.2g}'):g}", 10.0**p) for p in exponents]  # 100 and not 1e+02


def require_names(stored: Mapping, play: str | None, labels: Mapping, controls: Mapping) -> None:
    """Raise TypeError for arguments of `explore` that name no control."""
    if not isinstance(stored, Mapping):
        raise TypeError(f"stored is {stored!r}; expected a dict such as {{'k': 2}}")
    if play is not None and play not in controls:
        raise TypeError(f"play is {play!r}; expected one of the controls {', '.join(controls)}")
    if unknown := sorted(labels.keys() - controls.keys()):
        raise TypeError(f"labels names {', '.join(unknown)}; expected names of the controls {', '.join(controls)}")


def _grid(low, high, step=None):
    """low, low + step, … up to high: by ones if all are whole numbers, otherwise in 100 steps unless told."""
    if all(isinstance(value, int) for value in (low, high, *([] if step is None else [step]))):
        return tuple(range(low, high + 1, step or 1))
    step = step or (high - low) / 100
    return tuple(round(low + n * step, 12) for n in range(int((high - low) / step + 1e-9) + 1))


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
