"""Chapter 00: the colours of the book, and which numbers one output reads."""

import numpy as np

from ..layer import u
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, names, sign
from .toolkit.picture import Picture
from .toolkit.style import COLOURS, INK, MINUS, NORMAL, PALE, PLUS, both, bracketed, number, sub


class Reading(Picture):
    """u_k = W_k·x + b_k with its numbers: row k of W is lit, and x, b_k, u_k with it. The first entry of x can be moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        (m, n), rows = W.shape, max(W.shape)
        self.figure.set_size_inches((n + 11) * CELL, (rows + FOOT) * CELL)
        sheet = board(self.figure, n + 11, rows + FOOT)
        limit = 1.2 * max(np.abs(a).max() for a in (W, x, b))
        self._W = Heat(sheet, "W", (m, n), limit, at=(1, 1), rows=names("W", m), columns=range(1, n + 1)).set(W)
        self._x = Heat(sheet, "x", (n, 1), limit, at=(n + 3, 1 + (m - n) / 2), rows=names("x", n))
        self._b = Heat(sheet, "b", (m, 1), limit, at=(n + 6, 1), rows=names("b", m)).set(b)
        self._u = Heat(sheet, "u", (m, 1), 3 * limit, at=(n + 9, 1), rows=names("u", m))
        for column, between in ((n + 1.3, "·"), (n + 4.3, "+"), (n + 7.3, "=")):
            sign(sheet, column, 1 + (m - 1) / 2, between)
        self._line = line_under(sheet, rows)
        return [artist for heat in (self._W, self._x, self._b, self._u) for artist in heat.artists] + [self._line]

    def move(self, k=0, x_1=1.0):
        W, x, b = self._layer
        x = np.vstack([[[x_1]], x[1:]])
        out = u(W, x, b)
        self._x.set(x).mark(j=0)
        self._u.set(out).mark(i=k)
        self._W.mark(i=k)
        self._b.mark(i=k)
        terms = " + ".join(f"{bracketed(w)}·{bracketed(v)}" for w, v in zip(W[k], x[:, 0]))
        K = sub(k + 1)
        total = f"u{K} = W{K}·x + b{K} = {terms} + {bracketed(b[k, 0])} = {number(out[k, 0])}"
        self._line.set(total)
        return f"{both('k', k, 'u')} reads row {k + 1} of W, the whole of x and entry {k + 1} of b: {total}."


class Colours(Picture):
    """The colours of the book: one for each symbol, stripes for negative numbers, and what the other colours mean."""

    meanings = {
        "x": "x, the input of a layer", "W": "W, the weights", "b": "b, the biases", "u": "u, the pre-activations",
        "δ": "δ = ∂E/∂u, the blame", "y": "y, the target", "E": "E, the loss",
    }

    def draw(self):
        width, rows = 16.5, len(self.meanings)
        self.figure.set_size_inches(width * CELL, (rows + 0.6) * CELL)
        sheet = board(self.figure, width, rows + 0.6)
        say = lambda column, row, text, colour: sheet.text(column, row, text, color=colour, fontsize=NORMAL, va="center")
        for row, (symbol, meaning) in enumerate(self.meanings.items()):
            if symbol != "E":
                Heat(sheet, symbol, (1, 2), 1, at=(0.2, row + 0.3), title="", size=None).set([1, -1])
            say(2.0, row + 0.3, meaning, COLOURS[symbol])
        curve = np.linspace(-1, 1, 41)
        sheet.plot(0.7 + 0.9 * curve, rows - 0.4 - 0.6 * curve**2, color=COLOURS["E"])
        for row, (colour, mark, meaning) in enumerate(((PLUS, "o", "a positive sign, the class y = 1"),
                                                       (MINUS, "^", "a negative sign, the class y = −1"),
                                                       (PALE, "s", "grey: here, but not in focus now"))):
            sheet.plot(8.9, row + 0.3, mark, color=colour, ms=13)
            say(9.6, row + 0.3, meaning, INK)
        say(8.6, 3.3, "The deeper the colour of a cell, the larger the size", INK)
        say(8.6, 3.9, "of its number. A cell with stripes is negative.", INK)
        return []

    def move(self):
        return (f"The colours of the book. Each symbol has its own: {'; '.join(self.meanings.values())}. A cell is the deeper in "
                "colour, the larger the size of its number; a cell with stripes is negative. Two further colours mark the signs and the "
                "classes, and grey marks what is not in focus.")
