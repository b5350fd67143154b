"""Chapter 07: two paths whose derivatives add, and a sum over k that becomes one outer product."""

import numpy as np

from ..layer import du_dW
from .toolkit.heat import CELL, FOOT, Heat, board, names, sign
from .toolkit.picture import Picture
from .toolkit.style import COLOURS, FAINT, INK, SMALL, bracketed, entry, number
from .toolkit.unfold import NEXT, Unfold

SMALL_CELL = 0.26    # inches, without numbers


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


class UnfoldOuter(Unfold):
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
