"""Chapter 4: change an input, and see that the rows of W, transposed, are the columns of Wᵀ."""

import numpy as np

from ..layer import du_dx
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, names
from .toolkit.nudge import Nudge
from .toolkit.picture import Picture
from .toolkit.style import both, bracketed, entry, numbers, sub


class NudgeX(Nudge):
    """∂u/∂x as a change: one input moves every output, by the nudge times column j of W."""

    symbol = "x"

    def move(self, j=0, nudge=0.0):
        change, name = self._nudge(j, 0, nudge), entry("x", j)
        self._heats["W"].mark(j=j)
        return self._told(
            name,
            nudge,
            change,
            f"Δu = column {j + 1} of W · Δ{name} = {numbers(self._layer['W'][:, j])}·"
            f"{bracketed(nudge)} = {numbers(change[:, 0])}",
        )


class RowsStoodUp(Picture):
    """∂u_k/∂x = (W_k)ᵀ: row k of W as a column; side by side for all k, these columns are Wᵀ. One entry of W can be
    moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        m, n = W.shape
        rows = max(m, n)
        self.figure.set_size_inches((n + m + 8) * CELL, (rows + FOOT) * CELL)
        sheet, limit = board(self.figure, n + m + 8, rows + FOOT), max(3.0, np.abs(W).max())
        self._W = Heat(sheet, "W", (m, n), limit, at=(1, 1), rows=names("W", m), columns=names("x", n))
        self._slope = Heat(
            sheet, "W", (n, 1), limit, at=(n + 3.5, 1), title=r"$\partial u_k\,/\,\partial x$", rows=names("x", n)
        )
        self._WT = Heat(
            sheet, "W", (n, m), limit, at=(n + 7, 1), title="$W^T$", rows=names("x", n), columns=names("u", m)
        )
        self._line = line_under(sheet, rows)
        return [*self._W.artists, *self._slope.artists, *self._WT.artists, self._line]

    def move(self, k=0, W_11=1.0):
        W, x, b = self._layer
        W = W.copy()
        W[0, 0] = W_11
        slope, K = du_dx(k, W, x, b), sub(k + 1)
        self._W.set(W).mark(i=k)
        self._slope.set(slope).mark(j=0)
        self._WT.set(np.hstack([du_dx(i, W, x, b) for i in range(len(b))])).mark(j=k)
        told = (
            f"∂u{K}/∂x = (W{K})ᵀ = {numbers(slope[:, 0])}ᵀ: row {k + 1} of W as a column, which is column {k + 1} of Wᵀ"
        )
        self._line.set(told)
        return f"{both('k', k, 'u')}: {told}. The first row of Wᵀ is {numbers(W[:, 0])}."
