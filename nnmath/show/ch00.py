"""Chapter 00: one output reads one row."""

import numpy as np

from ..layer import u
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, names, sign
from .toolkit.picture import Picture
from .toolkit.style import both, bracketed, number, sub


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
