"""Chapter 2: change a bias, and ∂u_k/∂b = e_k beside b."""

import numpy as np

from ..layer import du_db, u
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, names, with_first
from .toolkit.nudge import Nudge
from .toolkit.picture import Picture
from .toolkit.style import both, bracketed, entry, number, numbers, sub


class NudgeB(Nudge):
    """∂u/∂b as a change: one bias moves one output, by exactly the nudge."""

    symbol = "b"

    def move(self, i=0, nudge=0.0):
        change, name = self._nudge(i, 0, nudge), entry("b", i)
        return self._told(name, nudge, change, f"Δ{entry('u', i)} = Δ{name} = {number(change[i, 0])}")


class UnitColumn(Picture):
    """∂u_k/∂b = e_k beside b: u_k contains only the bias with the index k. The first entry of b can be moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        m = len(b)
        self.figure.set_size_inches(14 * CELL, (m + FOOT) * CELL)
        sheet, limit = board(self.figure, 14, m + FOOT), max(3.0, np.abs(b).max())
        self._b = Heat(sheet, "b", (m, 1), limit, at=(1, 1), rows=names("b", m))
        self._u = Heat(sheet, "u", (m, 1), 10, at=(5.5, 1), rows=names("u", m))
        self._slope = Heat(
            sheet, "u", (m, 1), limit, at=(11, 1), title=r"$\partial u_k\,/\,\partial b = e_k$", rows=range(1, m + 1)
        )
        self._line = line_under(sheet, m)
        return [*self._b.artists, *self._u.artists, *self._slope.artists, self._line]

    def move(self, k=0, b_1=0.5):
        W, x, b = self._layer
        b = with_first(b, b_1)
        slope, output = du_db(k, W, x, b), u(W, x, b)
        self._b.set(b).mark(i=k)
        self._u.set(output).mark(i=k)
        self._slope.set(slope).mark(i=k)
        K = sub(k + 1)
        total = f"u{K} = W{K}·x + b{K} = {number((W[k] @ x)[0])} + {bracketed(b[k, 0])} = {number(output[k, 0])}"
        column = f"∂u{K}/∂b = e{K} = {numbers(slope[:, 0])}ᵀ"
        self._line.set(f"{total},   {column}")
        return (
            f"{both('k', k, 'u')}: {total}. {column}, 1 in row {k + 1} and 0 elsewhere. "
            f"b = {numbers(b[:, 0])}, u = {numbers(output[:, 0])}."
        )
