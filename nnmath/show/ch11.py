"""Chapter 11: scores and their shares, the Jacobian of softmax, and the cure for a saturated output."""

import numpy as np

from .ch10 import Curves
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, names, sign
from .toolkit.nudge import Bars
from .toolkit.picture import Picture
from .toolkit.style import COLORS, PALE, both, bracketed, entry, number, numbers

SCORES = np.log([[1.0], [2.0], [5.0]])  # their shares are 1/8, 2/8 and 5/8


def _softmax(u):
    powers = np.exp(u - u.max(axis=0))
    return powers / powers.sum(axis=0)


class Shares(Picture):
    """Three scores u and their shares t = softmax(u). A nudge of one score moves every share, and the changes add
    up to 0."""

    def draw(self, u=SCORES):
        self._u, (m, _) = u, u.shape
        wide, gap = 5, 2
        self.figure.set_size_inches((3 * (wide + gap) + 1) * CELL, (m + FOOT) * CELL)
        sheet = board(self.figure, 3 * (wide + gap) + 1, m + FOOT)
        self._bars = [
            Bars(
                board(self.figure, wide, m, left=1.2 + n * (wide + gap), bottom=FOOT - 1),
                COLORS[symbol],
                title,
                most,
                names(letter, m),
                low,
            )
            for n, (symbol, letter, title, most, low) in enumerate(
                (
                    ("u", "u", "scores u", 3.7, -1.1),
                    ("x", "t", "shares t", 1.0, 0),
                    ("x", "t", "changes of t", 0.6, -1.25),
                )
            )
        ]
        self._line = line_under(sheet, m)
        return [*(artist for bars in self._bars for artist in bars.artists), self._line]

    def move(self, j=0, nudge=0.0):
        u = self._u.copy()
        u[j] += nudge
        t, change = _softmax(u), _softmax(u) - _softmax(self._u)
        for bars, values in zip(self._bars, (u, t, change)):
            bars.set(values)
        total = " + ".join(bracketed(value) for value in change[:, 0])
        self._line.set(
            f"Δ{entry('u', j)} = {number(nudge)}:  the changes add up to 0,  {total} = {number(change.sum().round(12))}"
        )
        return (
            f"{entry('u', j)} is nudged by {number(nudge)}: u = {numbers(u[:, 0])}, "
            f"the shares are t = {numbers(t[:, 0])}, and "
            f"they change by {numbers(change[:, 0])}. The changes add up to {number(change.sum().round(12))}."
        )


class SoftmaxJacobian(Picture):
    """J = diag(t) − t tᵀ, its two parts and one row marked; every row adds to 0."""

    def draw(self, u=SCORES):
        t = _softmax(u)
        self._t, m = t, len(t)
        self._J = np.diag(t[:, 0]) - t @ t.T
        pitch = m + 2.2
        self.figure.set_size_inches(3 * pitch * CELL, (m + FOOT) * CELL)
        sheet = board(self.figure, 3 * pitch, m + FOOT)
        self._heats = [
            Heat(
                sheet,
                "x",
                (m, m),
                t.max(),
                at=(1 + n * pitch, 1),
                title=title,
                rows=names("t", m) if n == 0 else (),
                columns=names("u", m),
            ).set(values)
            for n, (title, values) in enumerate(
                (
                    (r"diag$(t)$", np.diag(t[:, 0])),
                    (r"$t\, t^T$", t @ t.T),
                    (r"$J_{kj} = \partial t_k\,/\,\partial u_j$", self._J),
                )
            )
        ]
        for n, text in enumerate("−="):
            sign(sheet, n * pitch + m + 1.1, 1 + (m - 1) / 2, text)
        self._line = line_under(sheet, m)
        return [*(heat.frame for heat in self._heats), self._line]

    def move(self, k=0):
        for heat in self._heats:
            heat.mark(i=k)
        row = self._J[k]
        total = f"{' + '.join(bracketed(value) for value in row)} = {number(row.sum().round(12))}"
        self._line.set(f"row {k + 1} of J adds up to 0:  {total}")
        return (
            f"{both('k', k, 't')} = {number(self._t[k, 0])}: row {k + 1} of J = diag(t) − t tᵀ is {numbers(row)}. "
            f"Its entries add up to 0: {total}."
        )


class Cure(Picture):
    """One sigmoid output whose target is 1: the loss and δ as u moves, with the squared error and with cross-
    entropy."""

    size = (8.6, 4.2)
    reach = 8.0

    def draw(self):
        left, right = self.figure.subplots(1, 2)
        u = np.linspace(-self.reach, self.reach, 321)
        for axes, row, symbol, title in ((left, 0, "E", "the loss E"), (right, 1, "δ", "δ = ∂E/∂u")):
            for name, values, dashes in zip(("squared error", "cross-entropy"), self._curves(u)[row], ("--", "-")):
                axes.plot(u, values, dashes, color=COLORS[symbol], label=name)
            axes.axhline(0, color=PALE, lw=0.8)
            axes.set(xlim=(-self.reach, self.reach), xlabel="u")
            axes.set_title(title)
        left.set_ylim(-0.3, 8.4)
        right.set_ylim(-1.08, 0.12)
        left.legend(loc="upper right")
        right.legend(loc="center right")
        self._points = [
            [axes.plot([], [], "o", color=COLORS[symbol], ms=8, clip_on=False)[0] for _ in range(2)]
            for axes, symbol in ((left, "E"), (right, "δ"))
        ]
        self._said = self.equation(2)
        return [*self._points[0], *self._points[1], self._said]

    def move(self, u=0.0):
        losses, slopes = ([float(value) for value in pair] for pair in self._curves(np.float64(u)))
        for points, values in zip(self._points, (losses, slopes)):
            for point, value in zip(points, values):
                point.set_data([u], [value])
        t = 1 / (1 + np.exp(-u))
        lines = [
            f"u = {number(u)}, t = {number(t)}, y = 1;  squared error: δ = f′(u)·(t − y) = {number(slopes[0])}",
            f"cross-entropy: δ = t − y = {number(slopes[1])}, which is {slopes[1] / slopes[0]:,.0f} times as large",
        ]
        self._said.set(*lines)
        return f"{'; '.join(lines).replace(';  ', '; ')}."

    @staticmethod
    def _curves(u):
        """((E of the squared error, E of cross-entropy), (δ of each)) for y = 1."""
        t = 1 / (1 + np.exp(-u))
        return ((t - 1) ** 2 / 2, np.logaddexp(0, -u)), (t * (1 - t) * (t - 1), t - 1)


class TwoLosses(Curves):
    """Learning curves of the same start with two losses."""

    choice = "loss"

    def move(self, loss=""):
        return self._choose(loss)
