"""Nudge one number of a layer and watch the outputs: the pictures that open chapters 02, 03 and 04."""

import numpy as np

from ..layer import u
from .heat import CELL, Heat, board, names
from .picture import Picture
from .style import COLOURS, FAINT, NORMAL, SMALL, entry, number

MOST = 2.0   # the largest nudge, either way


class Bars:
    """One horizontal bar an output, row k level with row k of the matrix beside it."""

    def __init__(self, axes, symbol, size, limit, title, rows=None):
        self._bars = axes.barh(range(size), np.zeros(size), height=0.55, color=COLOURS[symbol])
        self._texts = [axes.text(0, k, "", va="center", fontsize=SMALL) for k in range(size)]
        self._pad = limit * 0.03
        axes.axvline(0, color=FAINT, lw=1)
        axes.set_axis_on()
        axes.set(xlim=(-limit * 1.25, limit * 1.25), ylim=(size - 0.5, -0.5))
        axes.set_yticks(range(size), rows or names(symbol, size))
        axes.text(0, -0.75, title, color=COLOURS[symbol], fontsize=NORMAL, fontweight="bold", ha="center", va="bottom")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        self.artists = [*self._bars, *self._texts]

    def set(self, values):
        for bar, text, value in zip(self._bars, self._texts, np.ravel(values)):
            bar.set_width(value)
            text.set(x=value + np.copysign(self._pad, value), text=number(value),
                     ha="left" if value >= 0 else "right")


class _Nudge(Picture):
    """What a nudge of one entry of `symbol` does to every output of u = W·x + b."""

    symbol = None

    def draw(self, W, x, b):
        self._layer = {"W": W, "x": x, "b": b}
        m, n = W.shape
        rows, bars = max(m, n), 7
        self.figure.set_size_inches((n + bars + 8) * CELL, (rows + 2.2) * CELL)
        sheet = board(self.figure, n + 7, rows + 2.2)
        limit = max(np.abs(a).max() for a in self._layer.values()) + MOST
        self._heats = {
            "W": Heat(sheet, "W", (m, n), limit, at=(1, 1), rows=names("W", m), columns=range(1, n + 1)),
            "x": Heat(sheet, "x", (n, 1), limit, at=(n + 2.6, 1), rows=names("x", n)),
            "b": Heat(sheet, "b", (m, 1), limit, at=(n + 5.2, 1), rows=names("b", m)),
        }
        for name, values in self._layer.items():
            self._heats[name].set(values)
        reach = MOST * {"W": np.abs(x).max(), "x": np.abs(W).max(), "b": 1}[self.symbol]
        axes = board(self.figure, bars, m, left=n + 7.5, bottom=rows + 1.2 - m)
        self._bars = Bars(axes, "u", m, reach, "change of u")
        return [*self._heats[self.symbol].artists, *self._bars.artists]

    def _nudge(self, i, j, nudge):
        """Nudge entry (i, j) of the symbol; the change of u."""
        before = self._layer[self.symbol]
        after = before.copy()
        after[i, j] += nudge
        change = u(**{**self._layer, self.symbol: after}) - u(**self._layer)
        self._heats[self.symbol].set(after)
        self._heats[self.symbol].mark(i, j)
        self._bars.set(change)
        return change

    def _told(self, name, nudge, change):
        moved = [f"{entry('u', k)} moves by {number(du)}" for k, du in enumerate(change.flat) if abs(du) > 1e-12]
        rest = "" if len(moved) in (0, change.size) else "; the others stay"
        return f"{name} is nudged by {number(nudge)}: {', '.join(moved) if moved else 'no output moves'}{rest}."


class NudgeB(_Nudge):
    """∂u/∂b, felt: one bias moves one output, by exactly the nudge."""

    symbol = "b"

    def move(self, i=0, nudge=1.0):
        return self._told(entry("b", i), nudge, self._nudge(i, 0, nudge))


class NudgeW(_Nudge):
    """∂u/∂W, felt: one weight moves one output, by the nudge times x_j."""

    symbol = "W"

    def move(self, i=0, j=0, nudge=1.0):
        return self._told(entry("W", i, j), nudge, self._nudge(i, j, nudge))


class NudgeX(_Nudge):
    """∂u/∂x, felt: one input moves every output, by the nudge times column j of W."""

    symbol = "x"

    def move(self, j=0, nudge=1.0):
        return self._told(entry("x", j), nudge, self._nudge(j, 0, nudge))
