"""Chapters 03, 07 and 08: a stack of almost empty tables, and how a sum over k, slice by slice, becomes one product."""

import numpy as np

from ..layer import du_dW, du_dx
from .glyphs import Lines
from .heat import CELL, FOOT, Heat, board, line_under, names, sign
from .picture import Picture
from .style import INK, bracketed, entry, number

MONO = "DejaVu Sans Mono"
SMALL_CELL = 0.26    # inches, without numbers
NEXT = 0.75          # cells from one line of text to the next


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
        self._heats = [Heat(sheet, "x", (m, n), limit, at=(1 + k * wide, 1), title=rf"$\partial u_{k + 1}\,/\,\partial W$",
                            rows=names("W", m) if k == 0 else (), columns=range(1, n + 1)).set(values)
                       for k, values in enumerate(self._slices)]
        self._line = line_under(sheet, m)
        self._code = Lines(sheet, (0, m + 1.4 + NEXT), family=MONO)
        return [*(heat.frame for heat in self._heats), self._line, self._code]

    def move(self, i=0, j=0):
        for heat in self._heats:
            heat.mark(i, j)
        told = [f"∂{entry('u', k)}/∂{entry('W', i, j)} = " + (f"{entry('x', j)} = " if k == i else "") + number(values[i, j])
                for k, values in enumerate(self._slices)]
        self._line.set(",  ".join(told))
        code = f"[du_dW(k, W, x, b)[{i}, {j}] for k in range({len(told)})]"
        self._code.set([(code, INK)])
        return f"Entry {entry('W', i, j)} of every slice: {', '.join(told)}. In code: {code}"


class _Unfold(Picture):
    """Slices side by side, and what is summed so far; one entry is marked in every slice, in the sum, and in the code."""

    term, loop, product = None, None, None    # a slice on the page and in code, and the product in code

    def _lines(self, sheet, rows):
        """The entry's sum, as numbers and in code; and under it, once it is complete, the product."""
        below = [rows + 1.4 + n * NEXT for n in range(3)]
        self._said = [Lines(sheet, (0, below[0])), Lines(sheet, (0, below[1]), family=MONO),
                      Lines(sheet, (0, below[2])), Lines(sheet, (8, below[2]), family=MONO)]
        return self._said

    def _show(self, step, i, j):
        """Put the first slices there and mark the entry; its value so far, as a sum."""
        sofar = sum(self._slices[:step], start=np.zeros_like(self._slices[0]))
        for s, (heat, values) in enumerate(zip(self._heats, self._slices)):
            heat.set(values if s < step else np.zeros_like(values)).mark(i, j)
        self._sum.set(sofar).mark(i, j)
        terms = " + ".join(bracketed(values[i, j]) for values in self._slices[:step])
        return f"{terms} = {number(sofar[i, j])}" if step > 1 else number(sofar[i, j])

    def _tell(self, step, name, total, product, index):
        """Write the lines; the same in one text."""
        over = {0: "no k yet", 1: "k = 1"}.get(step, f"k = 1 to {step}")
        told = [f"Σ over {over}, {name}: {total}", f"sum({self.loop} for k in range({step})){index}" if step else "", "", ""]
        if step == len(self._slices):
            told[2:] = product, f"({self.product}){index}"
        for n, (line, text) in enumerate(zip(self._said, told)):
            line.set([(text, INK)] if n % 2 else text)
        return f"Σ {self.term}{'. '.join(text for text in told if text)[1:]}."


class UnfoldOuter(_Unfold):
    """∂E/∂W = Σ_k δ_k e_k xᵀ: m almost empty tables fall onto one outer product δ xᵀ."""

    term, loop, product = "δ_k e_k xᵀ", "delta[k] * du_dW(k, W, x, b)", "delta @ x.T"

    def draw(self, delta, W, x, b):
        self._factors, (m, n) = (delta, x), W.shape
        self._slices = [delta[k, 0] * du_dW(k, W, x, b) for k in range(m)]
        limit = max(np.abs(np.stack(self._slices)).max(), np.abs(sum(self._slices)).max())
        small = SMALL_CELL / CELL
        wide, end = n * small + 0.68, m * (n * small + 0.68) + small
        columns, rows = end + n + 3.2, m + 1.2
        height = rows + FOOT + 2 * NEXT
        self.figure.set_size_inches(columns * CELL, height * CELL)
        sheet, middle = board(self.figure, columns, height), 2.2 + (m - 1) / 2
        self._heats = []
        for k in range(m):
            box = board(self.figure, n + 2, m + 2, 0.5 + k * wide, height - middle - 0.5 - (m / 2 + 1) * small, SMALL_CELL)
            self._heats.append(Heat(box, "x", (m, n), limit, at=(1, 1), title=rf"$\delta_{k + 1}\, e_{k + 1} x^T$", size=None,
                                    rows=names("W", m) if k == 0 else (), columns=range(1, n + 1)))
            sign(sheet, (k + 1) * wide + small - 0.34, middle, "+" if k + 1 < m else "=")
        self._delta = Heat(sheet, "δ", (m, 1), np.abs(delta).max(), at=(end + 1.3, 2.2), title=r"$\delta$", rows=names("δ", m)).set(delta)
        self._x = Heat(sheet, "x", (1, n), np.abs(x).max(), at=(end + 2.5, 1), title="$x^T$").set(x.T)
        self._sum = Heat(sheet, "x", (m, n), limit, at=(end + 2.5, 2.2), title="", columns=names("x", n))
        moving = [artist for heat in [*self._heats, self._sum] for artist in heat.artists]
        return [*moving, self._delta.frame, self._x.frame, *self._lines(sheet, rows)]

    def move(self, step=0, i=0, j=0):
        total = self._show(step, i, j)
        self._delta.mark(i, 0)
        self._x.mark(0, j)
        delta, x = self._factors
        product = (f"{entry('δ', i)}·{entry('x', j)} = {bracketed(delta[i, 0])}·{bracketed(x[j, 0])} = "
                   f"{number(delta[i, 0] * x[j, 0])}")
        return self._tell(step, f"entry {entry('W', i, j)}", total, product, f"[{i}, {j}]")


class UnfoldBack(_Unfold):
    """Σ_k δ_k (W_k)ᵀ = Wᵀδ: every row of W, stood up and weighted, and their sum."""

    term, loop, product = "δ_k (W_k)ᵀ", "delta[k] * du_dx(k, W, x, b)", "W.T @ delta"

    def draw(self, delta, W, x, b):
        m, n = W.shape
        self._slices = [delta[k, 0] * du_dx(k, W, x, b) for k in range(m)]
        limit = max(np.abs(np.stack(self._slices)).max(), np.abs(sum(self._slices)).max())
        wide, columns = 2.6, max(2.6 * m + 2.6, 17)    # room for the lines
        height = n + FOOT + 2 * NEXT
        self.figure.set_size_inches(columns * CELL, height * CELL)
        sheet = board(self.figure, columns, height)
        titles = [rf"$\delta_{k + 1}\, (W_{k + 1})^T$" for k in range(m)] + [r"$W^T \delta$"]
        *self._heats, self._sum = [Heat(sheet, "W", (n, 1), limit, at=(1 + s * wide, 1), title=title, rows=names("x", n) if s == 0 else ())
                                   for s, title in enumerate(titles)]
        for s in range(m):
            sign(sheet, 1 + (s + 0.5) * wide, 1 + (n - 1) / 2, "+" if s + 1 < m else "=")
        return [artist for heat in [*self._heats, self._sum] for artist in heat.artists] + self._lines(sheet, n)

    def move(self, step=0, i=0):
        total = self._show(step, i, 0)
        product = f"column {i + 1} of W times δ = {number(sum(self._slices)[i, 0])}"
        return self._tell(step, f"entry {i + 1}", total, product, f"[{i}, 0]")
