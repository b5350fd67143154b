"""Chapter 14: a picture in blocks, its means and its largest entries, and the blame that goes back to each entry."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from ..pooling import MaxPooling, MeanPooling, up
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, sign
from .toolkit.picture import Picture
from .toolkit.style import INK, PAPER, bracketed, entry, number, sub

SIZE = 2  # a block is SIZE × SIZE entries
EXAMPLE = np.array([[1.0, 4, 0, 2], [3, 2, 5, 1], [-2, 0, 3, 1], [1, -3, 2, 6]])  # the picture of the chapter
DELTA = np.array([[1.0, -2], [0.5, 3]])
MOST = 4.0  # the largest nudge, either way
LINE = 0.55  # cells from one line under the matrices to the next
_CORNER = np.array([(0.08, -0.46), (0.46, -0.46), (0.46, -0.08)])  # of a cell whose middle is (0, 0)


def pooled(layer, x):
    """u of one picture (h, w)."""
    return layer.u(None, x[None, :, :, None])[0, :, :, 0]


def sent_back(layer, delta, x):
    """∂E/∂x of one picture (h, w), from the δ of its blocks."""
    return layer.dE_dx(delta[None, :, :, None], None, x[None, :, :, None])[0, :, :, 0]


def spread(delta):
    """Each δ written to all entries of its block."""
    return up(delta[None, :, :, None], SIZE)[0, :, :, 0]


def upper(symbol, layer, *indices):
    """The page's name of an entry of a layer: upper("δ", 1, 0, 2) → δ¹₁₃"""
    return f"{symbol}{'⁰¹²³'[layer]}{''.join(sub(i + 1) for i in indices)}"


class InBlocks(Heat):
    """A picture as a heat map, with a gap between its blocks and a dark corner in each cell that `win` names."""

    def __init__(self, axes, symbol, shape, limit, **more):
        super().__init__(axes, symbol, shape, limit, **more)
        (m, n), (left, top) = shape, self._at
        edges = [[(left - 0.5, top + i - 0.5), (left + n - 0.5, top + i - 0.5)] for i in range(SIZE, m, SIZE)]
        edges += [[(left + j - 0.5, top - 0.5), (left + j - 0.5, top + m - 0.5)] for j in range(SIZE, n, SIZE)]
        gaps = axes.add_collection(LineCollection(edges, colors=PAPER, linewidths=5, zorder=2.5), autolim=False)
        self._corners = axes.add_collection(PolyCollection([], facecolors=INK, zorder=4), autolim=False)
        self.artists += [gaps, self._corners]

    def win(self, which):
        """Put a dark corner into each cell where a boolean matrix is true."""
        self._corners.set_verts([_CORNER + middle for middle, wins in zip(self._middles, which.flat) if wins])
        return self


class _Nudged(Picture):
    """A picture in blocks, one entry of which can be nudged."""

    def _nudge(self, place, nudge):
        """(i, j) of the entry, the picture after its nudge, and where each block has its largest entry."""
        i, j = divmod(place, self._before.shape[1])
        x = self._before.copy()
        x[i, j] += nudge
        wins = sent_back(MaxPooling(SIZE), np.ones(DELTA.shape), x) > 0
        self._x.set(x).win(wins).mark(i, j)
        return i, j, x, wins


class Blocks(_Nudged):
    """A picture in blocks, the mean and the largest entry of each, and what a nudge of one entry does to them."""

    def draw(self, x=EXAMPLE):
        self._before, (h, w) = x, x.shape
        lefts = [1.0, 1.0 + w + 2.2, 1.0 + w + 2.2 + 2 + 2.6]
        width = lefts[-1] + 3.4
        self.figure.set_size_inches(width * CELL, (h + FOOT + LINE) * CELL)
        sheet = board(self.figure, width, h + FOOT + LINE)
        limit = np.abs(x).max() + MOST
        self._x = InBlocks(sheet, "x", (h, w), limit, at=(lefts[0], 1), rows=range(1, h + 1), columns=range(1, w + 1))
        self._means, self._largest = (
            Heat(
                sheet, "u", (2, 2), limit, at=(left, 2), title=title, rows=range(1, 3) if n == 0 else (), columns=(1, 2)
            )
            for n, (left, title) in enumerate(zip(lefts[1:], ("mean", "maximum")))
        )
        self._line = line_under(sheet, h)
        return [*self._x.artists, *self._means.artists, *self._largest.artists, self._line]

    def move(self, place=1, nudge=0.0):
        i, j, x, wins = self._nudge(place, nudge)
        block = i // SIZE, j // SIZE
        changes = []
        for heat, layer in ((self._means, MeanPooling(SIZE)), (self._largest, MaxPooling(SIZE))):
            after = pooled(layer, x)
            heat.set(after).mark(*block)
            changes.append(after[block] - pooled(layer, self._before)[block])
        lines = [
            f"Δ{entry('x', i, j)} = {number(nudge)}:  the mean of its block moves by {number(nudge)}/{SIZE**2} = "
            f"{number(changes[0])}",
            f"the maximum of its block moves by {number(changes[1])};  {entry('x', i, j)} is "
            f"{'now' if wins[i, j] else 'not'} the largest entry",
        ]
        self._line.set(*lines)
        return f"{entry('x', i, j)} = {number(x[i, j])} after a nudge. {'; '.join(lines).replace('  ', ' ')}."


class Blame(_Nudged):
    """What goes back through a mean and through a maximum for the same δ, while one entry of the picture is nudged."""

    def draw(self, x=EXAMPLE, delta=DELTA):
        self._before, self._delta, (h, w) = x, delta, x.shape
        lefts = np.cumsum([1.0, w + 1.2, 2 + 1.2, w + 0.8])
        width = lefts[-1] + w + 0.2
        self.figure.set_size_inches(width * CELL, (h + FOOT + LINE) * CELL)
        sheet = board(self.figure, width, h + FOOT + LINE)
        most = np.abs(delta).max()
        names = {"rows": range(1, h + 1), "columns": range(1, w + 1)}
        self._x = InBlocks(sheet, "x", (h, w), np.abs(x).max() + MOST, at=(lefts[0], 1), **names)
        self._deltas = Heat(sheet, "δ", (2, 2), most, at=(lefts[1], 2)).set(delta)
        self._mean = InBlocks(sheet, "x", (h, w), most, at=(lefts[2], 1), title="∂E/∂x, mean").set(
            sent_back(MeanPooling(SIZE), delta, x)
        )
        self._max = InBlocks(sheet, "x", (h, w), most, at=(lefts[3], 1), title="∂E/∂x, maximum")
        self._line = line_under(sheet, h)
        return [
            *self._x.artists,
            self._deltas.frame,
            self._mean.frame,
            *self._max.artists,
            self._line,
        ]

    def move(self, place=1, nudge=0.0):
        i, j, x, wins = self._nudge(place, nudge)
        block = i // SIZE, j // SIZE
        back = sent_back(MaxPooling(SIZE), self._delta, x)
        self._max.set(back).mark(i, j)
        self._mean.mark(i, j)
        self._deltas.mark(*block)
        delta, name = self._delta[block], entry("x", i, j)
        lines = [
            f"{name} = {number(x[i, j])},  {entry('δ', *block)} = {number(delta)};  mean: ∂E/∂{name} = "
            f"{number(delta)}/{SIZE**2} = {number(delta / SIZE**2)}",
            f"maximum: ∂E/∂{name} = {number(back[i, j])}, because {name} is "
            f"{'' if wins[i, j] else 'not '}the largest entry of its block",
        ]
        self._line.set(*lines)
        return f"{'; '.join(lines).replace('  ', ' ')}."


class ThroughMean(Picture):
    """δ^l = β/s² · f′(u^l) ∘ up(δ^{l+1}), one entry of it marked in every factor."""

    def draw(self, u, delta, beta, f):
        u, delta = np.asarray(u, dtype=float), np.asarray(delta, dtype=float)
        (h, w), self._u, self._later, self._beta = u.shape, u, delta, beta
        self._prime, self._up = f.prime(u), spread(delta)
        self._earlier = beta / SIZE**2 * self._prime * self._up
        lefts = np.cumsum([0.2, 2 + 1.2, w + 1.1, w + 2.2])
        width = lefts[-1] + w + 0.2
        self.figure.set_size_inches(width * CELL, (h + FOOT + LINE) * CELL)
        sheet = board(self.figure, width, h + FOOT + LINE)
        most = np.abs(delta).max()
        below = {"rows": range(1, h + 1), "columns": range(1, w + 1)}
        self._heats = [
            Heat(sheet, "δ", (2, 2), most, at=(lefts[0], 2), title="δ²").set(delta),
            InBlocks(sheet, "δ", (h, w), most, at=(lefts[1], 1), title="up(δ²)").set(self._up),
            Heat(sheet, "u", (h, w), 1, at=(lefts[2], 1), title="f′(u¹)").set(self._prime),
            Heat(sheet, "δ", (h, w), most, at=(lefts[3], 1), title="δ¹", **below).set(self._earlier),
        ]
        middle = 1 + (h - 1) / 2
        for left, text in zip(lefts[1:], ("→", "∘")):
            sign(sheet, left - 1.05, middle, text)
        sheet.text(lefts[3] - 1.6, middle, "· β/s² =", ha="center", va="center")
        self._line = line_under(sheet, h)
        return [*(heat.frame for heat in self._heats), self._line]

    def move(self, place=0):
        i, j = divmod(place, self._u.shape[1])
        block = i // SIZE, j // SIZE
        for heat, at in zip(self._heats, (block, (i, j), (i, j), (i, j))):
            heat.mark(*at)
        factors = [self._beta / SIZE**2, self._prime[i, j], self._up[i, j]]
        lines = [
            f"{upper('δ', 1, i, j)} = β/s² · f′({upper('u', 1, i, j)}) · {upper('δ', 2, *block)} = "
            f"{' · '.join(bracketed(value) for value in factors)} = {number(self._earlier[i, j])}",
            f"row {place + 1} of Wᵀ has one nonzero entry, β/s² = {number(factors[0])} in column "
            f"{2 * block[0] + block[1] + 1}",
        ]
        self._line.set(*lines)
        return f"{'; '.join(lines).replace('  ', ' ')}."


def places(rows, columns):
    """The values of an entry for `explore`: 0 · x₁₁, 1 · x₁₂, …, row by row."""
    return [(f"{n} · {entry('x', *divmod(n, columns))}", n) for n in range(rows * columns)]
