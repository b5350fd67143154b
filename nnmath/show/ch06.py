"""Chapter 06: the error as a curve."""

import numpy as np

from .. import activation
from ..error import E, dE_dt
from .toolkit.picture import Picture
from .toolkit.style import COLOURS, FAINT, INK, NORMAL, PAPER, bracketed, number


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
