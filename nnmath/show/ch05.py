"""Chapter 5: the tangent under u, and what f does to a change that passes through it."""

import numpy as np

from .. import activation
from ..layer import du_dx, du_dx_through
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, names, sign, with_first
from .toolkit.nudge import Bars
from .toolkit.picture import Picture
from .toolkit.style import COLORS, INK, PALE, both, bracketed, entry, number, numbers

HEIGHTS = {
    "tanh": (-1.25, 1.6),
    "sigmoid": (-0.35, 1.45),
    "softsign": (-1.25, 1.6),  # the y-axis that shows the bend of f
    "relu": (-0.8, 5.4),
    "softplus": (-0.8, 5.4),
    "identity": (-5.4, 5.4),
}
TANGENT = 1.8  # of x, either way, that the tangent is drawn
ACTIVATIONS = ("tanh", "sigmoid", "relu", "softplus", "softsign", "identity")


class Tangent(Picture):
    """f with its tangent at x, f′ below it on the same axis, and what f does to a nudge; where f is flat, the
    nudge stops."""

    size = (8.4, 5.4)

    def draw(self):
        top, low = self.figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
        top.set(xlim=(-5.2, 5.2))
        top.set_title("f, and its tangent at x")
        low.set(ylim=(-0.1, 1.2), yticks=[0, 0.5, 1], xlabel="x")
        low.set_title("its slope, f′")
        for axes in (top, low):
            axes.margins(y=0)
        self._zero = [axes.axhline(0, color=PALE, lw=0.8) for axes in (top, low)]
        self._axes = top
        (self._f,) = top.plot([], [], color=INK, label="f")
        (self._tangent,) = top.plot([], [], color=INK, lw=1.2, ls="--", label="the tangent")
        (self._nudge,) = top.plot([], [], color=COLORS["x"], lw=4, solid_capstyle="butt", label="Δx, the nudge")
        (self._image,) = top.plot(
            [], [], color=COLORS["u"], lw=4, solid_capstyle="butt", label="Δf, what f makes of it"
        )
        (self._point,) = top.plot([], [], "o", color=COLORS["x"], ms=8)
        top.legend(loc="upper left", handlelength=2.4)
        (self._prime,) = low.plot([], [], color=INK)
        (self._here,) = low.plot([], [], "o", color=COLORS["x"], ms=8)
        self._line = self.equation()
        return [
            top.yaxis,
            *self._zero,
            self._f,
            self._tangent,
            self._nudge,
            self._image,
            self._point,
            self._prime,
            self._here,
            self._line,
        ]

    def move(self, x=0.0, nudge=1.0, f="tanh"):
        act = getattr(activation, f)
        self._axes.set_ylim(*HEIGHTS[f])
        s = np.linspace(-5.2, 5.2, 521)
        here, there, slope = (
            float(v) for v in (act(np.float64(x)), act(np.float64(x + nudge)), act.prime(np.float64(x)))
        )
        self._f.set_data(s, act(s))
        near = x + np.array([-TANGENT, TANGENT])
        self._tangent.set_data(near, here + slope * (near - x))
        self._point.set_data([x], [here])
        self._nudge.set_data([x, x + nudge], [here, here])
        self._image.set_data([x + nudge, x + nudge], [here, there])
        self._prime.set_data(s, act.prime(s))
        self._here.set_data([x], [slope])
        told = (
            f"f = {f}, x = {number(x)}, Δx = {number(nudge)}:  Δf = {number(there - here)},  "
            f"f′(x)·Δx = {number(slope)}·{bracketed(nudge)} = {number(slope * nudge)}"
        )
        self._line.set(told)
        return told + "."


class ThroughF(Picture):
    """∂u_k/∂x = (W_k)ᵀ ∘ f′(x), entry by entry, as bars: the weight, the slope of f, and their product."""

    def draw(self, W, x, b, f):
        self._layer = W, x, b, f
        n, width, gap = len(x), 4, 1
        self.figure.set_size_inches((3 * (width + gap) + 3) * CELL, (n + FOOT) * CELL)
        sheet = board(self.figure, 3 * (width + gap) + 3, n + FOOT)
        self._x = Heat(sheet, "x", (n, 1), 5, at=(1, 1), rows=names("x", n))
        limit, self._bars = np.abs(W).max(), []
        for column, (color, title, most, low) in enumerate(
            (
                (COLORS["W"], "$(W_k)^T$", limit, -1.25),
                (INK, "$f\\,'(x)$", 1.1, 0),
                (COLORS["u"], r"$\partial u_k\,/\,\partial x$", limit, -1.25),
            )
        ):
            left = 3 + column * (width + gap)
            axes = board(self.figure, width, n, left=left, bottom=FOOT - 1)
            self._bars.append(Bars(axes, color, title, most, [""] * n, low))
            if column:
                sign(sheet, left - 0.5 - gap / 2, 1 + (n - 1) / 2, "∘="[column - 1])
        self._line = line_under(sheet, n)
        return [*self._x.artists, *(artist for bars in self._bars for artist in bars.artists), self._line]

    def move(self, k=0, x_1=1.0):
        W, x, b, f = self._layer
        x = with_first(x, x_1)
        slopes, product = f.prime(x), du_dx_through(k, W, x, b, f)
        self._x.set(x)
        for bars, values in zip(self._bars, (du_dx(k, W, x, b), slopes, product)):
            bars.set(values)
        first = (
            f"∂{entry('u', k)}/∂x₁ = {entry('W', k, 0)}·f′(x₁) = {bracketed(W[k, 0])}·f′({number(x_1)}) = "
            f"{bracketed(W[k, 0])}·{number(slopes[0, 0])} = {number(product[0, 0])}"
        )
        self._line.set(first)
        return (
            f"{both('k', k, 'u')}: ({entry('W', k)})ᵀ = {numbers(W[k])} and f′(x) = {numbers(slopes[:, 0])}; "
            f"multiplied entry by entry, {numbers(product[:, 0])}. {first}."
        )
