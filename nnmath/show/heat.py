"""Matrices as heat maps, laid out on a board of equal cells, and the pictures made of nothing else."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from ..layer import du_db, du_dW, e, u
from .glyphs import Lines, Numbers
from .picture import Picture
from .style import COLOURS, INK, LARGE, NORMAL, SMALL, both, bracketed, colormap, entry, ink_on, number, numbers, sub

CELL = 0.5   # inches
FOOT = 2.4   # cells above and below a matrix: its title, its columns' names and one line


def board(figure, columns, rows, left=0.0, bottom=0.0, cell=CELL):
    """Axes of columns × rows square cells, (0, 0) the middle of the top left one; left and bottom are in cells of CELL."""
    figure.set_layout_engine("none")
    width, height = figure.get_size_inches()
    box = (left * CELL / width, bottom * CELL / height, columns * cell / width, rows * cell / height)
    axes = figure.add_axes(box)
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    axes.set_axis_off()
    return axes


def line_under(sheet, rows):
    """The line of a board whose matrices have so many rows: the equation with its present numbers."""
    return Lines(sheet, (0, rows + 1.4))


def sign(sheet, column, row, text):
    """A sign between two matrices: · + ="""
    sheet.text(column, row, text, fontsize=LARGE, ha="center", va="center")


class Heat:
    """A matrix on a board: a coloured cell and a number for every entry, rows and columns named as on the page.

    `at` is the (column, row) of its top left cell; leave a cell above for the title, one to the left for row names.
    `artists` are those that move; `set(values)` moves them; `mark(i, j)` frames an entry, a row (j None) or a
    column (i None), and mark() takes the frame away. Of a matrix that stays, `frame` alone moves. Without a size, no numbers.
    """

    def __init__(self, axes, symbol, shape, limit, at=(0, 0), title=None, rows=(), columns=(), size=SMALL):
        (m, n), (left, top) = shape, at
        self._shape, self._at = shape, at
        self._colour, self._limit = colormap(symbol), limit
        corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
        squares = [corners + (left + j, top + i) for i, j in np.ndindex(shape)]
        self._cells = axes.add_collection(PolyCollection(squares, edgecolors="#C8C8C8", linewidths=1), autolim=False)
        self._numbers = Numbers(axes, [(left + j, top + i) for i, j in np.ndindex(shape)], size) if size else None
        self.frame = axes.add_patch(Rectangle((0, 0), 1, 1, fill=False, lw=2.5, ec=INK, visible=False, zorder=5))
        axes.text(left + (n - 1) / 2, top - 0.75, symbol if title is None else title, color=COLOURS[symbol], fontsize=NORMAL,
                  fontweight="bold", ha="center", va="bottom")
        for i, name in enumerate(rows):
            axes.text(left - 0.62, top + i, name, ha="right", va="center", fontsize=SMALL)
        for j, name in enumerate(columns):
            axes.text(left + j, top + m - 0.4, name, ha="center", va="top", fontsize=SMALL)
        self.artists = [artist for artist in (self._cells, self._numbers, self.frame) if artist]

    def set(self, values):
        values = np.asarray(values, dtype=float).reshape(self._shape)
        colours = self._colour(0.5 + values.ravel() / (2 * self._limit))
        self._cells.set_facecolor(colours)
        if self._numbers:
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
        self.frame.set_visible(i is not None or j is not None)
        self.frame.set_xy((left + (0 if j is None else j) - 0.5, top + (0 if i is None else i) - 0.5))
        self.frame.set(width=n if j is None else 1, height=m if i is None else 1)
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
        self.figure.set_size_inches(14 * CELL, (m + FOOT) * CELL)
        sheet, limit = board(self.figure, 14, m + FOOT), max(3.0, np.abs(b).max())
        self._b = Heat(sheet, "b", (m, 1), limit, at=(1, 1), rows=names("b", m))
        self._u = Heat(sheet, "u", (m, 1), 10, at=(5.5, 1), rows=names("u", m))
        self._slope = Heat(sheet, "u", (m, 1), limit, at=(11, 1), title=r"$\partial u_k\,/\,\partial b = e_k$",
                           rows=range(1, m + 1))
        self._line = line_under(sheet, m)
        return [*self._b.artists, *self._u.artists, *self._slope.artists, self._line]

    def move(self, k=0, b_1=0.5):
        W, x, b = self._layer
        b = np.vstack([[[b_1]], b[1:]])
        slope, output = du_db(k, W, x, b), u(W, x, b)
        self._b.set(b).mark(i=k)
        self._u.set(output).mark(i=k)
        self._slope.set(slope).mark(i=k)
        K = sub(k + 1)
        total = (f"u{K} = W{K}·x + b{K} = {number((W[k] @ x)[0])} + {bracketed(b[k, 0])} = {number(output[k, 0])}")
        column = f"∂u{K}/∂b = e{K} = {numbers(slope[:, 0])}ᵀ"
        self._line.set(f"{total},   {column}")
        return (f"{both('k', k, 'u')}: {total}. {column}, 1 in row {k + 1} and 0 elsewhere. "
                f"b = {numbers(b[:, 0])}, u = {numbers(output[:, 0])}.")


class RowOfW(Picture):
    """∂u_k/∂W = e_k xᵀ as heat maps: row k is xᵀ, every other row is zero. The first entry of x can be moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        m, n = W.shape
        self.figure.set_size_inches((2 * n + 6.5) * CELL, (m + FOOT) * CELL)
        sheet, limit = board(self.figure, 2 * n + 6.5, m + FOOT), max(3.0, np.abs(x).max())
        middle = 1 + (m - 1) / 2
        self._e = Heat(sheet, "u", (m, 1), limit, at=(1, 1), title="$e_k$", rows=range(1, m + 1))
        sign(sheet, 2, middle, "·")
        self._x = Heat(sheet, "x", (1, n), limit, at=(3, middle), title="$x^T$", columns=names("x", n))
        sign(sheet, n + 3.3, middle, "=")
        self._product = Heat(sheet, "x", (m, n), limit, at=(n + 5.2, 1), title=r"$\partial u_k\,/\,\partial W$",
                             rows=names("W", m), columns=range(1, n + 1))
        self._line = line_under(sheet, m)
        return [*self._e.artists, *self._x.artists, *self._product.artists, self._line]

    def move(self, k=0, x_1=1.0):
        W, x, b = self._layer
        x = np.vstack([[[x_1]], x[1:]])
        gradient = du_dW(k, W, x, b)
        self._e.set(e(k, len(b))).mark(i=k)
        self._x.set(x.T)
        self._product.set(gradient).mark(i=k)
        m, n = gradient.shape
        row = f"row {k + 1} is xᵀ = {numbers(gradient[k])}, all other rows are zero"
        self._line.set(f"∂{entry('u', k)}/∂W = {entry('e', k)} xᵀ: {row}")
        return f"∂{entry('u', k)}/∂W = {entry('e', k)} xᵀ, {both('k', k, 'u')}, {m}×{n}: {row}."
