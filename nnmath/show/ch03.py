"""Chapter 3: change a weight, and ∂u_k/∂W = e_k xᵀ as heat maps."""

import numpy as np

from ..layer import du_dW, e
from .toolkit.glyphs import Lines
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, names, sign, with_first
from .toolkit.nudge import Nudge
from .toolkit.picture import Picture
from .toolkit.style import INK, both, bracketed, entry, number, numbers
from .toolkit.unfold import MONO, NEXT


class NudgeW(Nudge):
    """∂u/∂W as a change: one weight moves one output, by the nudge times x_j."""

    symbol = "W"

    def move(self, i=0, j=0, nudge=0.0):
        change, name = self._nudge(i, j, nudge), entry("W", i, j)
        self._heats["x"].mark(j, 0)
        return self._told(
            name,
            nudge,
            change,
            f"Δ{entry('u', i)} = Δ{name}·{entry('x', j)} = {bracketed(nudge)}·"
            f"{bracketed(self._layer['x'][j, 0])} = {number(change[i, 0])}",
        )


class Slices(Picture):
    """∂u_k/∂W for every k, side by side: one entry is marked in each, and is x_j in one of them, zero in all others."""

    def draw(self, W, x, b):
        self._x = x
        m, n = W.shape
        wide = n + 1
        self._slices = [du_dW(k, W, x, b) for k in range(m)]
        self.figure.set_size_inches((m * wide + 0.5) * CELL, (m + FOOT + NEXT) * CELL)
        sheet = board(self.figure, m * wide + 0.5, m + FOOT + NEXT)
        limit = max(3.0, np.abs(x).max())
        self._heats = [
            Heat(
                sheet,
                "x",
                (m, n),
                limit,
                at=(1 + k * wide, 1),
                title=rf"$\partial u_{k + 1}\,/\,\partial W$",
                rows=names("W", m) if k == 0 else (),
                columns=range(1, n + 1),
            ).set(values)
            for k, values in enumerate(self._slices)
        ]
        self._line = line_under(sheet, m)
        self._code = Lines(sheet, (0, m + 1.4 + NEXT), family=MONO)
        return [*(heat.frame for heat in self._heats), self._line, self._code]

    def move(self, i=0, j=0):
        for heat in self._heats:
            heat.mark(i, j)
        told = [
            f"∂{entry('u', k)}/∂{entry('W', i, j)} = "
            + (f"{entry('x', j)} = " if k == i else "")
            + number(values[i, j])
            for k, values in enumerate(self._slices)
        ]
        self._line.set(",  ".join(told))
        code = f"[du_dW(k, W, x, b)[{i}, {j}] for k in range({len(told)})]"
        self._code.set([(code, INK)])
        return f"The entry for {entry('W', i, j)} in each matrix: {', '.join(told)}. In code: {code}"


class RowOfW(Picture):
    """∂u_k/∂W = e_k xᵀ as heat maps: row k is xᵀ, every other row is zero. The first entry of x can be moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        m, n = W.shape
        self.figure.set_size_inches((2 * n + 6.5) * CELL, (m + FOOT) * CELL)
        sheet, limit = board(self.figure, 2 * n + 6.5, m + FOOT), max(3.0, np.abs(x).max())
        middle = 1 + (m - 1) / 2
        self._e = Heat(sheet, "u", (m, 1), limit, at=(1, 1), title="$e_k$", rows=range(1, m + 1))
        sign(sheet, 2, middle, "·")
        self._x = Heat(sheet, "x", (1, n), limit, at=(3, middle), title="$x^T$", columns=names("x", n))
        sign(sheet, n + 3.3, middle, "=")
        self._product = Heat(
            sheet,
            "x",
            (m, n),
            limit,
            at=(n + 5.2, 1),
            title=r"$\partial u_k\,/\,\partial W$",
            rows=names("W", m),
            columns=range(1, n + 1),
        )
        self._line = line_under(sheet, m)
        return [*self._e.artists, *self._x.artists, *self._product.artists, self._line]

    def move(self, k=0, x_1=1.0):
        W, x, b = self._layer
        x = with_first(x, x_1)
        gradient = du_dW(k, W, x, b)
        self._e.set(e(k, len(b))).mark(i=k)
        self._x.set(x.T)
        self._product.set(gradient).mark(i=k)
        m, n = gradient.shape
        row = f"row {k + 1} is xᵀ = {numbers(gradient[k])}, all other rows are zero"
        self._line.set(f"∂{entry('u', k)}/∂W = {entry('e', k)} xᵀ: {row}")
        return f"∂{entry('u', k)}/∂W = {entry('e', k)} xᵀ, {both('k', k, 'u')}, {m}×{n}: {row}."
