"""Chapters 06 and 07: the error as a curve, and two paths whose slopes add."""

import numpy as np

from .. import activation
from ..error import E, dE_dt
from .picture import Picture
from .style import COLOURS, FAINT, INK, NORMAL, PAPER, SMALL, bracketed, number


T, U, TOP = 1.6, 5.0, 2.4    # the panels of Bowl: t and u either way, and E


class Bowl(Picture):
    """One output: E is a bowl in t; seen from u, through t = f(u), the same bowl is bent, and flat far out."""

    size = (8.4, 4.1)

    def draw(self):
        left, right = self.figure.subplots(1, 2, sharey=True)
        left.set(xlim=(-T, T), ylim=(-0.15, TOP), xlabel="t", ylabel="E")
        right.set(xlim=(-1.05 * U, 1.05 * U), xlabel="u")
        left.set_title("E against t: a bowl")
        right.set_title("E against u: the bowl, bent by f")
        for axes in (left, right):
            axes.axhline(0, color=FAINT, lw=0.8)
        self._curves = [axes.plot([], [], color=COLOURS["E"])[0] for axes in (left, right)]
        self._slopes = [axes.plot([], [], color=COLOURS["δ"], ls="--", lw=1.5)[0] for axes in (left, right)]
        self._points = [axes.plot([], [], "o", color=INK, ms=8, clip_on=False)[0] for axes in (left, right)]
        self._target = left.axvline(0, color=COLOURS["y"], ls=":", lw=1.5)
        self._y = left.text(0, TOP, "y", color=COLOURS["y"], fontsize=NORMAL, fontweight="bold", va="top",
                            bbox={"fc": PAPER, "ec": "none", "pad": 1})
        self._said = self.equation(2)
        return [*self._curves, *self._slopes, *self._points, self._target, self._y, self._said]

    def move(self, u=2.0, y=-0.5, f="tanh"):
        act = getattr(activation, f)
        ts, us = np.linspace(-T, T, 161), np.linspace(-1.05 * U, 1.05 * U, 301)
        t, prime = float(act(np.float64(u))), float(act.prime(np.float64(u)))
        error, by_t = float(E([[t]], [[y]])), float(dE_dt([[t]], [[y]])[0, 0])
        by_u = by_t * prime
        self._curves[0].set_data(ts, (ts - y)**2 / 2)
        self._curves[1].set_data(us, (act(us) - y)**2 / 2)
        self._slopes[0].set_data(ts, error + by_t * (ts - t))
        self._slopes[1].set_data(us, error + by_u * (us - u))
        outside = t > T or error > TOP
        for point, at, most in zip(self._points, (t, u), (T, U)):
            point.set_data([min(at, most)], [min(error, TOP)])
            point.set_marker("^" if outside else "o")
        self._target.set_xdata([y, y])
        self._y.set_x(y + 0.06)
        lines = [f"E = ½(t − y)² = ½({number(t)} − {bracketed(y)})² = {number(error)}"
                 + (", out of the picture" if outside else ""),
                 f"∂E/∂t = t − y = {number(by_t)}          "
                 f"∂E/∂u = f′(u)·(t − y) = {bracketed(prime)}·{bracketed(by_t)} = {number(by_u)}"]
        self._said.set_text("\n".join(lines))
        return f"f = {f}, u = {number(u)}, t = f(u) = {number(t)}. {lines[0]}. {'; '.join(lines[1].split('          '))}."


class TwoPaths(Picture):
    """s reaches E along two paths, through u_1 and through u_2: two contributions, and dE/ds is their sum."""

    size = (8.4, 3.7)

    def draw(self, u_1, u_2, slopes):
        self._u, self._slopes = (u_1, u_2), slopes
        left, right = self.figure.subplots(1, 2, width_ratios=[1.35, 1])
        s = np.linspace(-2, 2, 201)
        left.plot(s, (u_1(s)**2 + u_2(s)**2) / 2, color=COLOURS["E"])
        left.set(xlim=(-2, 2), ylim=(-0.4, 6.2), xlabel="s", ylabel="E")
        left.set_title("E, and its tangent")
        self._tangent, = left.plot([], [], color=COLOURS["δ"], ls="--", lw=1.5)
        self._point, = left.plot([], [], "o", color=INK, ms=8)
        self._bars = right.barh(range(3), [0, 0, 0], height=0.5, color=[COLOURS["u"], COLOURS["u"], COLOURS["δ"]])
        self._numbers = [right.text(0, row, "", va="center", fontsize=SMALL) for row in range(3)]
        right.axvline(0, color=FAINT, lw=1)
        right.set(xlim=(-13, 13), ylim=(2.6, -0.6))
        right.set_yticks(range(3), ["through u₁", "through u₂", "together"])
        right.tick_params(axis="y", length=0)
        right.spines["left"].set_visible(False)
        right.set_title("dE/ds, path by path")
        self._said = self.equation()
        return [self._tangent, self._point, *self._bars, *self._numbers, self._said]

    def move(self, s=0.5):
        u = [float(path(s)) for path in self._u]
        by_s = [float(slope(s)) for slope in self._slopes]
        parts = [value * slope for value, slope in zip(u, by_s)]
        total, error = sum(parts), sum(value**2 for value in u) / 2
        span = np.array([-2.0, 2.0])
        self._tangent.set_data(span, error + total * (span - s))
        self._point.set_data([s], [error])
        for bar, text, value in zip(self._bars, self._numbers, [*parts, total]):
            bar.set_width(value)
            text.set(x=value + (0.3 if value >= 0 else -0.3), text=number(value), ha="left" if value >= 0 else "right")
        terms = " + ".join(f"{bracketed(value)}·{bracketed(slope)}" for value, slope in zip(u, by_s))
        formula = f"dE/ds = ∂E/∂u₁·du₁/ds + ∂E/∂u₂·du₂/ds = {terms} = {number(total)}"
        self._said.set_text(formula)
        return (f"s = {number(s)}: through u₁ = {number(u[0])} the slope is {number(parts[0])}, through u₂ = {number(u[1])} "
                f"it is {number(parts[1])}. {formula}.")
