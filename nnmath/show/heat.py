"""Matrices as heat maps, laid out on a board of equal cells, and the pictures made of nothing else."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from ..layer import du_db, du_dW, e, u
from .glyphs import Numbers
from .picture import Picture
from .style import COLOURS, INK, NORMAL, SMALL, both, colormap, entry, ink_on, number, numbers

CELL = 0.5   # inches


def board(figure, columns, rows, left=0.0, bottom=0.0):
    """Axes of columns × rows square cells, (0, 0) the middle of the top left one; left and bottom are in cells too."""
    figure.set_layout_engine("none")
    width, height = figure.get_size_inches()
    box = (left * CELL / width, bottom * CELL / height, columns * CELL / width, rows * CELL / height)
    axes = figure.add_axes(box)
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    axes.set_axis_off()
    return axes


class Heat:
    """A matrix on a board: a coloured cell and a number for every entry, rows and columns named as on the page.

    `at` is the (column, row) of its top left cell; leave a cell above for the title, one to the left for row names.
    `artists` are those that move; `set(values)` moves them; `mark(i, j)` frames an entry, a row (j None) or a
    column (i None), and mark() takes the frame away.
    """

    def __init__(self, axes, symbol, shape, limit, at=(0, 0), title=None, rows=(), columns=(), size=SMALL):
        (m, n), (left, top) = shape, at
        self._shape, self._at = shape, at
        self._colour, self._limit = colormap(symbol), limit
        corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
        squares = [corners + (left + j, top + i) for i, j in np.ndindex(shape)]
        self._cells = axes.add_collection(PolyCollection(squares, edgecolors="#C8C8C8", linewidths=1), autolim=False)
        self._numbers = Numbers(axes, [(left + j, top + i) for i, j in np.ndindex(shape)], size)
        self._frame = axes.add_patch(Rectangle((0, 0), 1, 1, fill=False, lw=2.5, ec=INK, visible=False, zorder=5))
        axes.text(left + (n - 1) / 2, top - 0.75, symbol if title is None else title, color=COLOURS[symbol], fontsize=NORMAL,
                  fontweight="bold", ha="center", va="bottom")
        for i, name in enumerate(rows):
            axes.text(left - 0.62, top + i, name, ha="right", va="center", fontsize=SMALL)
        for j, name in enumerate(columns):
            axes.text(left + j, top + m - 0.4, name, ha="center", va="top", fontsize=SMALL)
        self.artists = [self._cells, self._numbers, self._frame]

    def set(self, values):
        values = np.asarray(values, dtype=float).reshape(self._shape)
        colours = self._colour(0.5 + values.ravel() / (2 * self._limit))
        self._cells.set_facecolor(colours)
        self._numbers.set([_short(value) for value in values.flat], [ink_on(colour[:3]) == "#FFFFFF" for colour in colours])
        return self

    def show(self, visible):
        """Show all that moves, or hide it; the names stay."""
        for artist in self.artists:
            artist.set_visible(visible)
        self.mark()
        return self

    def mark(self, i=None, j=None):
        (m, n), (left, top) = self._shape, self._at
        self._frame.set_visible(i is not None or j is not None)
        self._frame.set_xy((left + (0 if j is None else j) - 0.5, top + (0 if i is None else i) - 0.5))
        self._frame.set(width=n if j is None else 1, height=m if i is None else 1)
        return self


def _short(value):
    """A number that fits a cell: as many of 3 digits as six characters hold."""
    return next((text for digits in (3, 2) if len(text := number(value, digits)) <= 6), number(value, 1))


def names(symbol, size):
    """["u₁", "u₂", …], for rows, columns and ticks."""
    return [entry(symbol, i) for i in range(size)]


class UnitColumn(Picture):
    """∂u_k/∂b = e_k beside b: only the bias that k picks is in u_k. The first entry of b can be moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        m = len(b)
        self.figure.set_size_inches(13 * CELL, (m + 2.2) * CELL)
        sheet, limit = board(self.figure, 13, m + 2.2), max(3.0, np.abs(b).max())
        self._b = Heat(sheet, "b", (m, 1), limit, at=(1.5, 1), rows=names("b", m))
        self._u = Heat(sheet, "u", (m, 1), 10, at=(5.0, 1), rows=names("u", m))
        self._slope = Heat(sheet, "b", (m, 1), limit, at=(9.5, 1), title=r"$\partial u_k\,/\,\partial b = e_k$",
                           rows=range(1, m + 1))
        return [*self._b.artists, *self._u.artists, *self._slope.artists]

    def move(self, k=0, b_1=0.5):
        W, x, b = self._layer
        b = np.vstack([[[b_1]], b[1:]])
        slope = du_db(k, W, x, b)
        self._b.set(b).mark(i=k)
        output = u(W, x, b)
        self._u.set(output).mark(i=k)
        self._slope.set(slope).mark(i=k)
        return (f"∂{entry('u', k)}/∂b, {both('k', k, 'u')}: {numbers(slope[:, 0])}, 1 in row {k + 1} and 0 elsewhere. "
                f"b = {numbers(b[:, 0])}, u = {numbers(output[:, 0])}.")


class RowOfW(Picture):
    """∂u_k/∂W = e_k xᵀ as heat maps: row k is xᵀ, every other row is zero. The first entry of x can be moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        m, n = W.shape
        self.figure.set_size_inches((2 * n + 7) * CELL, (m + 2.2) * CELL)
        sheet, limit = board(self.figure, 2 * n + 7, m + 2.2), max(3.0, np.abs(x).max())
        signs = {"fontsize": 15, "ha": "center", "va": "center"}
        sheet.text(2.1, 1 + (m - 1) / 2, "·", **signs)
        sheet.text(n + 3.2, 1 + (m - 1) / 2, "=", **signs)
        self._e = Heat(sheet, "u", (m, 1), limit, at=(1, 1), title="$e_k$", rows=range(1, m + 1))
        self._x = Heat(sheet, "x", (1, n), limit, at=(3, 1 + (m - 1) / 2), title="$x^T$", columns=names("x", n))
        self._product = Heat(sheet, "x", (m, n), limit, at=(n + 5.5, 1), title=r"$\partial u_k\,/\,\partial W$",
                             rows=names("W", m), columns=range(1, n + 1))
        return [*self._e.artists, *self._x.artists, *self._product.artists]

    def move(self, k=0, x_1=1.0):
        W, x, b = self._layer
        x = np.vstack([[[x_1]], x[1:]])
        gradient = du_dW(k, W, x, b)
        self._e.set(e(k, len(b)))
        self._x.set(x.T)
        self._product.set(gradient).mark(i=k)
        m, n = gradient.shape
        return (f"∂{entry('u', k)}/∂W, {both('k', k, 'u')}, {m}×{n}: row {k + 1} is xᵀ = {numbers(gradient[k])}, "
                f"all other rows are zero.")
