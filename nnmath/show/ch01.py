"""Chapter 1: a secant beside the tangent, and the step-size laboratory of the appendix."""

import numpy as np

from .toolkit.picture import Picture
from .toolkit.style import FAINT, INK, MINUS, PALE, PLUS, SMALL, number

A = 1.0  # the point at which the slope is wanted
KINK = 1.001  # the second curve bends here, a thousandth away
FS = "F(s)\u2007\u2007\u2007\u2009"  # as wide as F(s + h), so that the digits line up
STEPS = 10.0 ** np.arange(-16, 0.25, 0.25)
FLOOR = 1e-17  # an error of 0 has no logarithm
DASHES = {"forward": "-", "central": "--", "complex step": ":"}
QUOTIENTS = {
    "forward": "(F(s + h) − F(s)) / h",
    "central": "(F(s + h) − F(s − h)) / 2h",
    "complex step": "Im F(s + ih) / h",
}


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


class Secant(Picture):
    """F(s) = s³ at s = 4 with its tangent, and the secant of a difference quotient whose step can be chosen."""

    size = (8.4, 4.4)
    at, slope = 4.0, 48.0

    def draw(self):
        axes = self.figure.subplots()
        s = np.linspace(2.4, 5.6, 161)
        axes.plot(s, s**3, color=INK, label="F(s) = s³")
        axes.plot(
            s, self._tangent(s), color=INK, lw=1.2, ls="--", label=f"the tangent at s = 4, slope {number(self.slope)}"
        )
        axes.set(xlim=(2.5, 5.5), ylim=(0, 150), xlabel="s", ylabel="F")
        (self._secant,) = axes.plot([], [], color=PLUS, label="the secant")
        (self._ends,) = axes.plot([], [], "o", color=PLUS, ms=8)
        (self._step,) = axes.plot([], [], color=PLUS, lw=1.2, ls=":")
        axes.legend(loc="upper left")
        self._said = self.equation(2)
        return [self._secant, self._ends, self._step, self._said]

    def move(self, h=0.5, method="forward"):
        left, right = (self.at if method == "forward" else self.at - h), self.at + h
        slope, s = (right**3 - left**3) / (right - left), np.array([2.4, 5.6])
        self._secant.set_data(s, left**3 + slope * (s - left))
        self._ends.set_data([left, right], [left**3, right**3])
        self._step.set_data([left, right, right], [left**3, left**3, right**3])
        quotient, width = QUOTIENTS[method], number(right - left)
        lines = [
            f"{method} difference, h = {number(h)}:  "
            f"{quotient} = ({number(right**3, 7)} − {number(left**3, 7)}) / {width} "
            f"= {number(slope, 7)}",
            f"the true slope is {number(self.slope)}; the secant is off by {number(slope - self.slope, 5)}",
        ]
        self._said.set(*lines)
        return f"F(s) = s³ at s = 4, {'; '.join(lines).replace(':  ', ': ')}."

    def _tangent(self, s):
        return self.at**3 + self.slope * (s - self.at)


class StepSize(Picture):
    """The secant on the curve, the error of its slope against h with the present h marked, and the quotient with its
    numbers."""

    size = (8.6, 4.5)

    def draw(self):
        left, right = self.figure.subplots(1, 2, width_ratios=[1, 1.25])
        left.set(xlim=(-0.4, 2.4), ylim=(-1.5, 1.6), xlabel="s")
        self._of = left.set_title("the curve F and the secant")
        left.axvline(A, color=PALE, lw=1, ls=":")
        (self._curve,) = left.plot([], [], color=INK)
        (self._secant,) = left.plot([], [], color=PLUS, lw=1.5)
        (self._points,) = left.plot([], [], "o", color=PLUS, ms=7)
        right.set(xscale="log", yscale="log", xlim=(1e-16, 2), ylim=(FLOOR / 3, 1e4), xlabel="h")
        self._in = right.set_title("error of the slope")
        right.set_xticks(10.0 ** np.arange(-16, 1, 4))
        right.set_yticks(10.0 ** np.arange(-16, 1, 4))
        right.grid(color="#E9E9E9", lw=0.8)
        self._errors = {
            method: right.plot([], [], dashes, color=PALE, label=method)[0] for method, dashes in DASHES.items()
        }
        right.legend(loc="upper center", ncols=3, fontsize=SMALL, handlelength=2.2, columnspacing=1.2)
        self._here = right.axvline(1, ymax=0.86, color=MINUS, lw=1)
        (self._now,) = right.plot([], [], "o", color=MINUS, ms=9)
        self._said = self.equation(3)
        lines = [self._curve, self._secant, self._points, *self._errors.values(), self._here, self._now]
        return [*lines, self._of, self._in, self._said]

    def move(self, h=0.1, method="central", curve="smooth", precision="float64"):
        F, true = CURVES[curve]
        self._of.set_text(f"the {curve} curve F and the secant")
        self._in.set_text(f"error of the slope, in {precision}")
        s = np.linspace(-0.4, 2.4, 561)
        self._curve.set_data(s, F(s))
        measured = float(slope(F, h, method, precision))
        ends = {"forward": [A, A + h], "central": [A - h, A + h], "complex step": [A]}[method]
        height = np.mean([F(end) for end in ends])
        self._secant.set(xdata=s, ydata=height + measured * (s - np.mean(ends)), linestyle=DASHES[method])
        self._points.set_data(ends, [F(end) for end in ends])
        for name, line in self._errors.items():
            line.set_data(STEPS, self._error(F, true, STEPS, name, precision))
            line.set(color=INK if name == method else PALE, zorder=3 if name == method else 2)
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
    """The two values that are subtracted, as two lines, with all their digits; those that they share are gray."""
    real = TYPES[precision]
    a, h = real(A), real(h)
    if method == "complex step":
        return f"Im F(s + ih) = {number(np.imag(F(a + 1j * h)))}, and nothing is subtracted", ""
    digits = {"float64": 16, "float32": 8}[precision]
    right, left = (f"{float(F(s)):.{digits}f}".replace("-", "−") for s in (a + h, a - h if method == "central" else a))
    same = next((n for n, (one, other) in enumerate(zip(right, left)) if one != other), len(right))
    return [
        (f"{name} = ", (text[:same], FAINT), (text[same:], INK))
        for name, text in (("F(s + h)", right), ("F(s − h)" if method == "central" else FS, left))
    ]
