"""Chapters 04 and 05: the rows of W stood up, and the tangent under u."""

import numpy as np

from .. import activation
from ..layer import du_dx, du_dx_through
from .heat import CELL, Heat, board, names
from .nudge import Bars
from .picture import Picture
from .style import COLOURS, FAINT, INK, SMALL, both, number, numbers

ACTIVATIONS = ("tanh", "sigmoid", "relu", "softplus", "softsign", "identity")


class RowsStoodUp(Picture):
    """∂u_k/∂x = (W_k)ᵀ: row k of W, stood up; side by side for all k they are Wᵀ. One entry of W can be moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        m, n = W.shape
        self.figure.set_size_inches((n + m + 11) * CELL, (max(m, n) + 2.4) * CELL)
        sheet, limit = board(self.figure, n + m + 11, max(m, n) + 2.4), max(3.0, np.abs(W).max())
        self._W = Heat(sheet, "W", (m, n), limit, at=(1, 1), rows=names("W", m), columns=names("x", n))
        self._slope = Heat(sheet, "W", (n, 1), limit, at=(n + 4, 1), title=r"$\partial u_k\,/\,\partial x$",
                           rows=names("x", n))
        self._WT = Heat(sheet, "W", (n, m), limit, at=(n + 8.5, 1), title="all of them side by side: $W^T$",
                        rows=names("x", n), columns=names("u", m))
        return [*self._W.artists, *self._slope.artists, *self._WT.artists]

    def move(self, k=0, W_11=1.0):
        W, x, b = self._layer
        W = W.copy()
        W[0, 0] = W_11
        slope = du_dx(k, W, x, b)
        self._W.set(W).mark(i=k)
        self._slope.set(slope)
        self._WT.set(np.hstack([du_dx(i, W, x, b) for i in range(len(b))])).mark(j=k)
        return (f"∂u/∂x for {both('k', k, 'u')}: row {k + 1} of W stood up, {numbers(slope[:, 0])}; "
                f"it is column {k + 1} of Wᵀ.")


class Tangent(Picture):
    """f with its tangent at x, f′ under it on the same axis, and what becomes of a nudge: a flat f stops it."""

    size = (8.4, 5.0)

    def draw(self):
        top, low = self.figure.subplots(2, 1, sharex=True, height_ratios=[1.6, 1])
        top.set(xlim=(-6, 6), ylim=(-1.6, 2.6))
        top.set_title("f, and its tangent at x")
        low.set(ylim=(-0.15, 1.25), xlabel="x")
        low.set_title("its slope, f′")
        for axes in (top, low):
            axes.axhline(0, color=FAINT, lw=0.8)
        self._f, = top.plot([], [], color=COLOURS["x"])
        self._tangent, = top.plot([], [], color=COLOURS["δ"], lw=1.5, ls="--")
        self._point, = top.plot([], [], "o", color=INK, ms=7)
        self._nudge, = top.plot([], [], color=COLOURS["u"], lw=4, solid_capstyle="butt")
        self._image, = top.plot([], [], color=COLOURS["W"], lw=4, solid_capstyle="butt")
        self._said = top.text(-5.8, 2.45, "", va="top", fontsize=SMALL)
        self._prime, = low.plot([], [], color=COLOURS["δ"])
        self._here, = low.plot([], [], "o", color=INK, ms=7)
        top.text(5.9, -1.5, "violet: the nudge of x.  brown: what f makes of it", ha="right", va="bottom", fontsize=SMALL)
        return [self._f, self._tangent, self._point, self._nudge, self._image, self._said, self._prime, self._here]

    def move(self, x=0.5, nudge=1.5, f="tanh"):
        act = getattr(activation, f)
        s = np.linspace(-6, 6, 481)
        here, there, slope = (float(v) for v in (act(np.float64(x)), act(np.float64(x + nudge)), act.prime(np.float64(x))))
        self._f.set_data(s, act(s))
        self._tangent.set_data(s, here + slope * (s - x))
        self._point.set_data([x], [here])
        self._nudge.set_data([x, x + nudge], [here, here])
        self._image.set_data([x + nudge, x + nudge], [here, there])
        self._prime.set_data(s, act.prime(s))
        self._here.set_data([x], [slope])
        said = (f"f = {f}: f′({number(x)}) = {number(slope)}. A nudge of {number(nudge)} becomes {number(there - here)}; "
                f"the tangent says {number(slope * nudge)}.")
        self._said.set_text(said)
        return said


class ThroughF(Picture):
    """∂u_k/∂x = (W_k)ᵀ ∘ f′(x), entry by entry, as bars: the weight, the slope of f, and their product."""

    def draw(self, W, x, b, f):
        self._layer = W, x, b, f
        n, width = len(x), 6
        self.figure.set_size_inches(3 * (width + 2) * CELL, (n + 2.4) * CELL)
        limit = np.abs(W).max()
        self._bars = []
        for column, (symbol, title, most) in enumerate((("W", "$(W_k)^T$", limit), ("x", "$f\\,'(x)$", 1.2),
                                                        ("u", r"$\partial u_k\,/\,\partial x$", limit))):
            axes = board(self.figure, width, n, left=column * (width + 2) + 1.4, bottom=1.2)
            self._bars.append(Bars(axes, symbol, n, most, title, rows=names("x", n)))
        return [artist for bars in self._bars for artist in bars.artists]

    def move(self, k=0, x_1=1.0):
        W, x, b, f = self._layer
        x = np.vstack([[[x_1]], x[1:]])
        product = du_dx_through(k, W, x, b, f)
        for bars, values in zip(self._bars, (du_dx(k, W, x, b), f.prime(x), product)):
            bars.set(values)
        return (f"{both('k', k, 'u')}: (W_k)ᵀ = {numbers(W[k])}, f′(x) = {numbers(f.prime(x)[:, 0])}, "
                f"entry by entry {numbers(product[:, 0])}.")
