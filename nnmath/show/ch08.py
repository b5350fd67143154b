"""Chapter 8: every path from a unit to E, and Wᵀδ as a sum of weighted rows."""

import numpy as np

from ..layer import du_dx
from .toolkit.diagram import NetworkPicture, Unit, activation, bracketed, number, weight
from .toolkit.heat import CELL, Heat, board, names, sign
from .toolkit.style import COLORS, entry
from .toolkit.unfold import LINES, NEXT, TITLE, UNDER, Unfold

PITCH = 2.6  # cells from one column to the next
LINE_WIDTH = 17  # cells, for the longest line of text


class Paths(NetworkPicture):
    """Every path from u_i^1 to E leaves through x_i^1 and fans out over the units k of layer 2: what each brings, and
    their sum."""

    def draw(self, net, x, y):
        artists = self._start(net, x, y)
        self._write_values()
        self._write_derivatives("u", 2)
        return artists

    def move(self, i=0, paths=1):
        arrived = paths == len(self._delta[2])
        unit, output = Unit("u", 1, i), Unit("x", 1, i)
        self._write_derivatives("u", 1, known=False)
        self._write_derivatives("x", 1, known=False)
        if arrived:
            self._diagram.derivative(unit, f"δ {number(self._delta[1][i, 0])}")
            self._diagram.derivative(output, f"∂E/∂x {number(self._by_x[1][i, 0])}")
        edges = [weight(2, k, i) for k in range(paths)] + [activation(1, i)] * arrived
        units = [Unit("u", 2, k) for k in range(paths)] + [output, unit] * arrived
        self._diagram.light(dict.fromkeys(edges, COLORS["δ"]), dict.fromkeys(units, COLORS["δ"]))
        lines = (
            self._say(i, paths, arrived) if paths else [f"No path yet. How does a nudge of {entry('u¹', i)} reach E?"]
        )
        self._diagram.say(lines)
        return ". ".join(lines) + ("" if lines[-1].endswith("?") else ".")

    def _say(self, i, paths, arrived):
        W, delta = self._net.W[2][:paths, i], self._delta[2][:paths, 0]
        letters = " + ".join(f"{entry('δ²', k)}·{entry('W²', k, i)}" for k in range(paths))
        products = " + ".join(f"{bracketed(d)}·{bracketed(w)}" for d, w in zip(delta, W))
        total, slope = float(delta @ W), float(self._slopes(1)[i])
        if not arrived:
            return [
                f"{paths} of {len(self._delta[2])} paths from {entry('x¹', i)}: "
                f"{letters} = {products} = {number(total)}"
            ]
        agree = "The paths reinforce each other" if len(set(np.sign(delta * W))) == 1 else "The paths oppose each other"
        return [
            f"∂E/∂{entry('x¹', i)} = {letters} = {products} = {number(total)}",
            f"{agree}. Times f′({number(self._trace.u[1][i, 0])}) = {number(slope)}: "
            f"{entry('δ¹', i)} = {bracketed(total)}·{number(slope)} = {number(total * slope)}",
        ]


class UnfoldBack(Unfold):
    """Σ_k δ_k (W_k)ᵀ = Wᵀδ: every row of W, transposed and weighted by δ_k, and the sum of these columns."""

    term, loop, product = "δ_k (W_k)ᵀ", "delta[k] * du_dx(k, W, x, b)", "W.T @ delta"

    def draw(self, delta, W, x, b):
        m, n = W.shape
        self._slices = [delta[k, 0] * du_dx(k, W, x, b) for k in range(m)]
        limit = max(np.abs(np.stack(self._slices)).max(), np.abs(sum(self._slices)).max())
        rows, columns = TITLE + n, max(1 + (m + 1) * PITCH, LINE_WIDTH)
        height = rows + UNDER + LINES * NEXT
        self.figure.set_size_inches(columns * CELL, height * CELL)
        sheet = board(self.figure, columns, height)
        titles = [rf"$\delta_{k + 1}\, (W_{k + 1})^T$" for k in range(m)] + [r"$W^T \delta$"]
        *self._heats, self._sum = [
            Heat(
                sheet, "W", (n, 1), limit, at=(1 + s * PITCH, TITLE), title=title, rows=names("x", n) if s == 0 else ()
            )
            for s, title in enumerate(titles)
        ]
        for s in range(m):
            sign(sheet, 1 + (s + 0.5) * PITCH, TITLE + (n - 1) / 2, "+" if s + 1 < m else "=")
        return [artist for heat in [*self._heats, self._sum] for artist in heat.artists] + self._lines(sheet, rows)

    def move(self, step=0, i=0):
        total = self._show(step, i, 0)
        product = f"column {i + 1} of W times δ = {number(sum(self._slices)[i, 0])}"
        return self._tell(step, f"entry {i + 1}", total, product, f"[{i}, 0]")
