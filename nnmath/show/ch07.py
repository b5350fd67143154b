"""Chapter 7: two paths whose derivatives add, and a sum over k that becomes one outer product."""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from ..backprop import deltas
from ..error import E, dE_dt
from ..layer import du_dW
from ..network import forward
from .toolkit.glyphs import Lines
from .toolkit.heat import CELL, Heat, board, names, sign
from .toolkit.picture import Picture
from .toolkit.style import COLORS, INK, NORMAL, PALE, PAPER, PLUS, SMALL, bracketed, entry, number, sup
from .toolkit.unfold import LINES, NEXT, TITLE, UNDER, Unfold

SMALL_CELL = 0.26  # inches, without numbers
BETWEEN = 0.68  # cells between two slices, for a + sign
BORDER = 1.2  # cells from δ and xᵀ to the table that they border


REACHES = (1.0, 2.5, 5.0, 10.0, np.inf)  # of the axis of TwoPaths, the smallest that holds its bars


class TwoPaths(Picture):
    """s reaches E along two paths, through u_1 and through u_2: two contributions, and dE/ds is their sum."""

    size = (8.4, 3.7)

    def draw(self, u_1, u_2, slopes):
        self._u, self._slopes = (u_1, u_2), slopes
        left, right = self.figure.subplots(1, 2, width_ratios=[1.35, 1])
        s = np.linspace(-2, 2, 201)
        left.plot(s, (u_1(s) ** 2 + u_2(s) ** 2) / 2, color=COLORS["E"])
        left.set(xlim=(-2, 2), ylim=(-0.4, 6.2), xlabel="s", ylabel="E")
        left.set_title("E, and its tangent")
        (self._tangent,) = left.plot([], [], color=PLUS, ls="--", lw=1.5)
        (self._point,) = left.plot([], [], "o", color=INK, ms=8)
        self._bars = right.barh(range(3), [0, 0, 0], height=0.5, color=[COLORS["u"], COLORS["u"], PLUS])
        self._numbers = [right.text(0, row, "", va="center", fontsize=SMALL) for row in range(3)]
        right.axvline(0, color=PALE, lw=1)
        right.set(ylim=(2.6, -0.6))
        right.set_yticks(range(3), ["through u₁", "through u₂", "together"])
        right.tick_params(axis="y", length=0)
        right.spines["left"].set_visible(False)
        right.set_title("dE/ds, path by path")
        self._right = right
        self._said = self.equation()
        return [right.xaxis, self._tangent, self._point, *self._bars, *self._numbers, self._said]

    def move(self, s=0.5):
        u = [float(path(s)) for path in self._u]
        by_s = [float(slope(s)) for slope in self._slopes]
        parts = [value * slope for value, slope in zip(u, by_s)]
        total, error = sum(parts), sum(value**2 for value in u) / 2
        span = np.array([-2.0, 2.0])
        self._tangent.set_data(span, error + total * (span - s))
        self._point.set_data([s], [error])
        reach = next(reach for reach in REACHES if max(map(abs, [*parts, total])) <= reach)
        self._right.set_xlim(-1.35 * reach, 1.35 * reach)
        for bar, text, value in zip(self._bars, self._numbers, [*parts, total]):
            bar.set_width(value)
            text.set(
                x=value + (0.04 if value >= 0 else -0.04) * reach,
                text=number(value),
                ha="left" if value >= 0 else "right",
            )
        terms = " + ".join(f"{bracketed(value)}·{bracketed(slope)}" for value, slope in zip(u, by_s))
        formula = f"dE/ds = ∂E/∂u₁·du₁/ds + ∂E/∂u₂·du₂/ds = {terms} = {number(total)}"
        self._said.set_text(formula)
        return (
            f"s = {number(s)}: through u₁ = {number(u[0])} the slope is {number(parts[0])}, "
            f"through u₂ = {number(u[1])} "
            f"it is {number(parts[1])}. {formula}."
        )


class Chain(Picture):
    """The chain of one unit a layer, drawn once, and under it ∂E/∂W^l as a product: one factor under every arrow on
    the way from
    W^l to E. What was multiplied already for the later layer is marked: it is δ."""

    inch, row, radius = 1.1, 0.78, 0.29  # of one unit of length; units from row to row; of a circle

    def draw(self, net, x, y):
        trace, self._delta = forward(net, x), {l: float(d[0, 0]) for l, d in deltas(net, forward(net, x), y).items()}
        self._L, self._input = net.L, {l: float(values[0, 0]) for l, values in trace.x.items()}
        self.figure.set_layout_engine("none")
        width, top, bottom = 2 * net.L + 2.2, 1.0, -1.15 - self.row * net.L
        self.figure.set_size_inches(self.inch * width, self.inch * (top - bottom))
        axes = self.figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-0.6, width - 0.6), ylim=(bottom, top))
        axes.set_axis_off()
        say = lambda at, text, **looks: axes.text(
            *at, text, **{"ha": "center", "va": "center", "fontsize": SMALL, **looks}
        )
        nodes = [("x⁰", self._input[0], "x")]
        for l in net.W:
            nodes += [
                (f"u{sup(l)}", float(trace.u[l][0, 0]), "u"),
                (f"x{sup(l)}" + " = t" * (l == net.L), self._input[l], "x"),
            ]
        nodes.append(("E", E(trace.t, y), "E"))
        for place, (name, value, symbol) in enumerate(nodes):
            axes.add_patch(Circle((place, 0), self.radius, fc=PAPER, ec=COLORS[symbol], lw=2, zorder=3))
            say((place, 0), name, color=COLORS[symbol], zorder=4)
            say((place, 0.43), number(value))
        for place in range(len(nodes) - 1):
            axes.add_patch(
                FancyArrowPatch(
                    (place + self.radius, 0),
                    (place + 1 - self.radius, 0),
                    arrowstyle="-|>",
                    mutation_scale=10,
                    shrinkA=1,
                    shrinkB=1,
                    color=PALE,
                )
            )
        for l in net.W:
            say((2 * l - 1.5, 0.84), f"W{sup(l)} = {number(net.W[l][0, 0])}", color=COLORS["W"])
            say((2 * l - 1.5, 0.66), f"b{sup(l)} = {number(net.b[l][0, 0])}" if net.b else "", color=COLORS["b"])
            say((2 * l - 0.5, 0.12), "f", style="italic", weight="bold")
        self._factors = {}
        for l in net.W:
            self._factors[2 * l - 1, "W"] = f"W{sup(l)}", float(net.W[l][0, 0]), "W"
            self._factors[2 * l, "f"] = f"f′(u{sup(l)})", float(net.f[l].prime(trace.u[l])[0, 0]), "u"
        self._loss = "t − y", float(dE_dt(trace.t, y)[0, 0]), "y"
        self._rows = {l: [say((place, 0), "", linespacing=1.35) for place in range(len(nodes))] for l in net.W}
        self._names = {l: say((-0.55, 0), "", ha="left", color=COLORS["W"], fontsize=NORMAL) for l in net.W}
        self._boxes = {
            l: axes.add_patch(Rectangle((0, 0), 1, 0.6, fc=COLORS["δ"], alpha=0.16, ec="none")) for l in net.W
        }
        self._said = Lines(axes, (-0.5, bottom + 0.52))
        texts = [text for row in self._rows.values() for text in row]
        return [*self._boxes.values(), *texts, *self._names.values(), self._said]

    def move(self, weight=1):
        for l in self._rows:
            self._fill(l, shown=l >= weight)
        products = [number(value) for _, value, _ in self._product(weight)]
        slope = self._delta[weight] * self._input[weight - 1]
        lines = [
            f"∂E/∂W{sup(weight)} is a product of {len(products)} factors, from E back to W{sup(weight)}: "
            f"{'·'.join(f'({text})' if text[0] == '−' else text for text in products)} = {number(slope)}"
        ]
        if weight < self._L:
            later = sup(weight + 1)
            lines.append(
                f"The first {2 * (self._L - weight)} factors are δ{later} = {number(self._delta[weight + 1])}, "
                f"already known from ∂E/∂W{later}"
            )
        self._said.set(*lines)
        return ". ".join(lines) + "."

    def _product(self, l):
        """The factors of ∂E/∂W^l from E back, each a name, a value and a symbol: t − y, f′, W, f′, …, and last
        x^{l−1}."""
        back = [self._loss]
        for k in range(self._L, l - 1, -1):
            back += [self._factors[2 * k, "f"], *([self._factors[2 * k - 1, "W"]] if k > l else [])]
        return [*back, (f"x{sup(l - 1)}", self._input[l - 1], "x")]

    def _fill(self, l, shown):
        """Row of ∂E/∂W^l: each factor under its arrow, x^{l−1} under the arrow of W^l itself."""
        y, row = -0.35 - self.row * (self._L - l + 0.5), self._rows[l]
        factors = self._product(l) if shown else []
        self._names[l].set(text=f"∂E/∂W{sup(l)} =" if shown else "", y=y)
        for text in row:
            text.set_text("")
        for n, (name, value, symbol) in enumerate(factors):
            row[n].set(text=f"{name}\n{number(value)}", x=2 * self._L + 0.5 - n, y=y, color=COLORS[symbol])
        repeated = 2 * (self._L - l)
        self._boxes[l].set(x=2 * self._L + 1 - repeated, y=y - 0.3, width=repeated, visible=shown and repeated > 0)


class UnfoldOuter(Unfold):
    """∂E/∂W = Σ_k δ_k e_k xᵀ: m almost empty tables add up to one outer product δ xᵀ."""

    term, loop, product = "δ_k e_k xᵀ", "delta[k] * du_dW(k, W, x, b)", "delta @ x.T"

    def draw(self, delta, W, x, b):
        self._factors, (m, n) = (delta, x), W.shape
        self._slices = [delta[k, 0] * du_dW(k, W, x, b) for k in range(m)]
        limit = max(np.abs(np.stack(self._slices)).max(), np.abs(sum(self._slices)).max())
        small = SMALL_CELL / CELL  # all lengths are in cells of CELL
        pitch = n * small + BETWEEN  # from one slice to the next
        end = m * pitch + small  # where the sum's part begins
        rows = TITLE + BORDER + m  # down to the last row of the sum
        columns, height = end + BORDER * 2 + 1 + n + 1, rows + UNDER + LINES * NEXT
        self.figure.set_size_inches(columns * CELL, height * CELL)
        sheet, middle = board(self.figure, columns, height), TITLE + BORDER + (m - 1) / 2
        self._heats = []
        for k in range(m):
            low = (
                height - 0.5 - middle - (m / 2 + 1) * small
            )  # a board's first cell is centred at 0, and its bottom counts upwards
            box = board(self.figure, n + 2, m + 2, 0.5 + k * pitch, low, SMALL_CELL)
            self._heats.append(
                Heat(
                    box,
                    "x",
                    (m, n),
                    limit,
                    at=(1, 1),
                    title=rf"$\delta_{k + 1}\, e_{k + 1} x^T$",
                    size=None,
                    rows=names("W", m) if k == 0 else (),
                    columns=range(1, n + 1),
                )
            )
            sign(sheet, (k + 1) * pitch + small - BETWEEN / 2, middle, "+" if k + 1 < m else "=")
        left = end + BORDER
        self._delta = Heat(
            sheet, "δ", (m, 1), np.abs(delta).max(), at=(left, TITLE + BORDER), title=r"$\delta$", rows=names("δ", m)
        ).set(delta)
        self._x = Heat(sheet, "x", (1, n), np.abs(x).max(), at=(left + BORDER, TITLE), title="$x^T$").set(x.T)
        self._sum = Heat(sheet, "x", (m, n), limit, at=(left + BORDER, TITLE + BORDER), title="", columns=names("x", n))
        moving = [artist for heat in [*self._heats, self._sum] for artist in heat.artists]
        return [*moving, self._delta.frame, self._x.frame, *self._lines(sheet, rows)]

    def move(self, step=0, i=0, j=0):
        total = self._show(step, i, j)
        self._delta.mark(i, 0)
        self._x.mark(0, j)
        delta, x = self._factors
        product = (
            f"{entry('δ', i)}·{entry('x', j)} = {bracketed(delta[i, 0])}·{bracketed(x[j, 0])} = "
            f"{number(delta[i, 0] * x[j, 0])}"
        )
        return self._tell(step, f"entry {entry('W', i, j)}", total, product, f"[{i}, {j}]")
