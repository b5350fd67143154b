"""Chapter 01: the step-size laboratory."""

import numpy as np

from .toolkit.picture import Picture
from .toolkit.style import COLOURS, FAINT, INK, SMALL, number

A = 1.0                                    # the point; the slope is wanted here
KINK = 1.001                               # the second curve bends here, a thousandth away
FS = "F(s)\u2007\u2007\u2007\u2009"         # as wide as F(s + h), so that the digits stand under each other
STEPS = 10.0**np.arange(-16, 0.25, 0.25)
FLOOR = 1e-17                              # an error of 0 has no logarithm
LOOKS = {"forward": ("-", COLOURS["u"]), "central": ("--", COLOURS["x"]), "complex step": (":", INK)}
QUOTIENTS = {"forward": "(F(s + h) − F(s)) / h", "central": "(F(s + h) − F(s − h)) / 2h", "complex step": "Im F(s + ih) / h"}


def _smooth(s):
    return np.sin(s)


def _kinked(s):
    return np.where(np.real(s) < KINK, 1, -1).astype(np.asarray(s).real.dtype) * (s - KINK)


CURVES = {"smooth": (_smooth, np.cos(A)), "kinked": (_kinked, 1.0)}
TYPES = {"float64": np.float64, "float32": np.float32}


def slope(F, h, method, precision="float64"):
    """The slope of F at A, as measured with the step h in this precision."""
    real = TYPES[precision]
    a, h = real(A), np.asarray(h, real)
    if method == "forward":
        return (F(a + h) - F(a)) / h
    if method == "central":
        return (F(a + h) - F(a - h)) / (2 * h)
    return np.imag(F(a + 1j * h)) / h


class StepSize(Picture):
    """The secant on the curve, the error of its slope against h with the present h marked, and the quotient with its numbers."""

    size = (8.6, 4.5)

    def draw(self):
        left, right = self.figure.subplots(1, 2, width_ratios=[1, 1.25])
        left.set(xlim=(-0.4, 2.4), ylim=(-1.5, 1.6), xlabel="s")
        left.set_title("the curve F and the secant")
        left.axvline(A, color=FAINT, lw=1, ls=":")
        self._curve, = left.plot([], [], color=INK)
        self._secants = {method: left.plot([], [], dashes, color=colour, lw=1.5)[0] for method, (dashes, colour) in LOOKS.items()}
        self._points, = left.plot([], [], "o", color=INK, ms=7)
        right.set(xscale="log", yscale="log", xlim=(1e-16, 2), ylim=(FLOOR / 3, 1e4), xlabel="h")
        right.set_title("error of the slope")
        right.set_xticks(10.0**np.arange(-16, 1, 4))
        right.set_yticks(10.0**np.arange(-16, 1, 4))
        right.grid(color="#E3E3E3", lw=0.8)
        self._errors = {}
        for method, (dashes, colour) in LOOKS.items():
            self._errors[method], = right.plot([], [], dashes, color=colour, label=method)
        right.legend(loc="upper center", ncols=3, fontsize=SMALL, handlelength=2.2, columnspacing=1.2)
        self._here = right.axvline(1, ymax=0.86, color=COLOURS["δ"], lw=1)
        self._now, = right.plot([], [], "o", color=COLOURS["δ"], ms=9)
        self._said = self.equation(3)
        return [self._curve, *self._secants.values(), self._points, *self._errors.values(), self._here, self._now, self._said]

    def move(self, h=0.1, method="central", curve="smooth", precision="float64"):
        F, true = CURVES[curve]
        s = np.linspace(-0.4, 2.4, 561)
        self._curve.set_data(s, F(s))
        measured = float(slope(F, h, method, precision))
        ends = {"forward": [A, A + h], "central": [A - h, A + h], "complex step": [A]}[method]
        height = np.mean([F(end) for end in ends])
        for name, secant in self._secants.items():
            secant.set_visible(name == method)
        self._secants[method].set_data(s, height + measured * (s - np.mean(ends)))
        self._points.set_data(ends, [F(end) for end in ends])
        for name, line in self._errors.items():
            line.set_data(STEPS, self._error(F, true, STEPS, name, precision))
        error = float(self._error(F, true, h, method, precision))
        self._now.set_data([h], [error])
        self._here.set_xdata([h, h])
        size = "at most 1e−16" if error < 1e-16 else f"about {error:.0e}".replace("-", "−")
        step = f"{h:.2g}".replace("-", "−")
        told = f"{QUOTIENTS[method]} = {number(measured)}, the error is {size}"
        self._said.set(*_taken(F, h, method, precision), f"h = {step}:  {told}")
        return f"The {curve} curve at s = 1, {method}, {precision}, h = {step}: {told}."

    def _error(self, F, true, h, method, precision):
        return np.maximum(np.abs(slope(F, h, method, precision).astype(float) - true), FLOOR)


def _taken(F, h, method, precision):
    """The two values that are subtracted, as two lines, with all their digits: those that they share in grey."""
    real = TYPES[precision]
    a, h = real(A), real(h)
    if method == "complex step":
        return f"Im F(s + ih) = {number(np.imag(F(a + 1j * h)))}, and nothing is subtracted", ""
    digits = {"float64": 16, "float32": 8}[precision]
    right, left = (f"{float(F(s)):.{digits}f}".replace("-", "−") for s in (a + h, a - h if method == "central" else a))
    same = next((n for n, (one, other) in enumerate(zip(right, left)) if one != other), len(right))
    return [(f"{name} = ", (text[:same], FAINT), (text[same:], INK))
            for name, text in (("F(s + h)", right), ("F(s − h)" if method == "central" else FS, left))]
