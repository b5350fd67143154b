"""Nudge one number of a layer and watch the outputs: the pictures that open Chapters 2, 3 and 4."""

import numpy as np

from ...layer import u
from .glyphs import Numbers
from .heat import CELL, FOOT, Heat, board, line_under, names
from .picture import Picture
from .style import COLORS, FAINT, NORMAL, SMALL, entry, number

MOST = 2.0  # the largest nudge, either way


class Bars:
    """One horizontal bar for each output; row k is level with row k of the matrix beside it."""

    def __init__(self, axes, color, title, limit, names=None, low=-1.25):
        """low is the axis's left end, in limits: 0 where nothing is negative. Without names, the rows beside it have
        them."""
        size = len(names)
        self._bars = axes.barh(range(size), np.zeros(size), height=0.55, color=color)
        self._values = Numbers(axes, [(0, k) for k in range(size)], SMALL)
        self._pad = limit * 0.03
        axes.axvline(0, color=FAINT, lw=1)
        axes.set_axis_on()
        axes.set(xlim=(low * limit, limit * 1.25), ylim=(size - 0.5, -0.5))
        axes.set_yticks(range(size), names)
        axes.text(
            limit * (low + 1.25) / 2,
            -0.75,
            title,
            color=color,
            fontsize=NORMAL,
            fontweight="bold",
            ha="center",
            va="bottom",
        )
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        self.artists = [*self._bars, self._values]

    def set(self, values):
        values = np.ravel(values)
        for bar, value in zip(self._bars, values):
            bar.set_width(value)
        side = np.where(values < 0, -1, 1)
        ends = np.column_stack([values + side * self._pad, range(len(values))])
        self._values.set([number(value) for value in values], ends, side)


class Nudge(Picture):
    """What a nudge of one entry of `symbol` does to every output of u = W·x + b."""

    symbol: str  # "W", "x" or "b"

    def draw(self, W, x, b):
        self._layer = {"W": W, "x": x, "b": b}
        m, n = W.shape
        rows, bars = max(m, n), 7
        self.figure.set_size_inches((n + bars + 8) * CELL, (rows + FOOT) * CELL)
        sheet = board(self.figure, n + 7, rows + FOOT)
        limit = max(np.abs(a).max() for a in self._layer.values()) + MOST
        self._heats = {
            "W": Heat(sheet, "W", (m, n), limit, at=(1, 1), rows=names("W", m), columns=range(1, n + 1)),
            "x": Heat(sheet, "x", (n, 1), limit, at=(n + 2.6, 1), rows=names("x", n)),
            "b": Heat(sheet, "b", (m, 1), limit, at=(n + 5.2, 1), rows=names("b", m)),
        }
        for name, values in self._layer.items():
            self._heats[name].set(values)
        reach = MOST * {"W": np.abs(x).max(), "x": np.abs(W).max(), "b": 1}[self.symbol]
        axes = board(self.figure, bars, m, left=n + 7.5, bottom=rows + FOOT - 1 - m)
        self._bars = Bars(axes, COLORS["u"], "change of u", reach, names("u", m))
        self._line = line_under(sheet, rows)
        frames = [heat.frame for name, heat in self._heats.items() if name != self.symbol]
        return [*self._heats[self.symbol].artists, *frames, *self._bars.artists, self._line]

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

    def _told(self, name, nudge, change, equation):
        self._line.set(equation)
        moved = [f"{entry('u', k)} moves by {number(du)}" for k, du in enumerate(change.flat) if abs(du) > 1e-12]
        rest = "" if len(moved) in (0, change.size) else "; the others stay the same"
        happens = ", ".join(moved) if moved else "no output moves"
        return f"{name} is nudged by {number(nudge)}: {happens}{rest}. {equation}."
