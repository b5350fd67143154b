"""Matrices as heat maps, laid out on a board of equal cells, and the pictures that consist of nothing else."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from .glyphs import Lines, Numbers
from .style import COLORS, INK, LARGE, NORMAL, SMALL, colormap, entry, number, stripes_colormap

CELL = 0.5  # inches
CELL_SIZE = 8.2  # of the number in a cell, so that "−0.375" leaves room at the borders
SPACE = 0.4  # cells between two tables that are stacked
FOOT = 2.4  # cells above and below a matrix: its title, its columns' names and one line

# Diagonals of a cell whose middle is (0, 0), for negative numbers: whole ones, and others that leave room for a number.
_EDGE = 0.46  # cells from the middle to where stripes end, so that they do not cross the border
_DIAGONALS = np.array(
    [
        [(max(-_EDGE, c - _EDGE), min(_EDGE, c + _EDGE)), (min(_EDGE, c + _EDGE), max(-_EDGE, c - _EDGE))]
        for c in (-0.75, -0.45, -0.15, 0.15, 0.45, 0.75)
    ]
)
_ROOM = 0.16  # above and below the middle, in cells
_AROUND = np.array(
    [
        [(c - high, high), (c - low, low)]
        for c, bottom, top in ((x + y, end, y) for (x, y), (_, end) in _DIAGONALS)
        for low, high in ((max(bottom, _ROOM), top), (bottom, min(top, -_ROOM)))
        if low < high
    ]
)


def board(figure, columns, rows, left=0.0, bottom=0.0, cell=CELL):
    """Axes of columns × rows square cells, (0, 0) is the middle of the top left one; left and bottom are in cells of
    CELL."""
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
    """A matrix on a board: a colored cell and a number for every entry, rows and columns named as on the page.

    The larger an entry is in size, the deeper its color; a negative entry is striped.
    `at` is the (column, row) of its top left cell; leave a cell above for the title, one to the left for row names.
    `artists` are those that move; `set(values)` moves them; `mark(i, j)` frames an entry, a row (j None) or a
    column (i None), and mark() takes the frame away; `mark_cells(which)` frames each cell where a boolean matrix is
    true. Of a matrix that stays, `frame` alone moves. Without a size, no numbers.
    With `block`, the rows are those of several tables of so many rows each, with a gap of SPACE cells between them;
    such a matrix has neither names nor a frame.
    """

    def __init__(
        self, axes, symbol, shape, limit, at=(0, 0), title=None, rows=(), columns=(), size=CELL_SIZE, block=None
    ):
        (m, n), (left, top) = shape, at
        below = [i + SPACE * (i // block) if block else i for i in range(m)]
        self._shape, self._at = shape, at
        self._color, self._color_of_stripes, self._limit = colormap(symbol), stripes_colormap(symbol), limit
        corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
        squares = [corners + (left + j, top + below[i]) for i, j in np.ndindex(shape)]
        self._middles = np.array([(left + j, top + below[i]) for i, j in np.ndindex(shape)], dtype=float)
        self._squares = np.array(squares)
        self._cells = axes.add_collection(PolyCollection(squares, edgecolors="#C8C8C8", linewidths=1), autolim=False)
        self._stripes = axes.add_collection(
            LineCollection([], linewidths=1.5, capstyle="butt", zorder=2), autolim=False
        )
        self._numbers = Numbers(axes, self._middles, size) if size else None
        self.frame = axes.add_patch(Rectangle((0, 0), 1, 1, fill=False, lw=2.5, ec=INK, visible=False, zorder=5))
        self._marks = axes.add_collection(LineCollection([], colors=INK, linewidths=2.0, zorder=5), autolim=False)
        axes.text(
            left + (n - 1) / 2,
            top - 0.75,
            symbol if title is None else title,
            color=COLORS[symbol],
            fontsize=NORMAL,
            fontweight="bold",
            ha="center",
            va="bottom",
        )
        for i, name in enumerate(rows):
            axes.text(left - 0.62, top + i, name, ha="right", va="center", fontsize=SMALL)
        for j, name in enumerate(columns):
            axes.text(left + j, top + m - 0.4, name, ha="center", va="top", fontsize=SMALL)
        self.artists = [
            artist for artist in (self._cells, self._stripes, self._numbers, self._marks, self.frame) if artist
        ]

    def set(self, values):
        values = np.asarray(values, dtype=float).reshape(self._shape)
        depths, is_negative = np.abs(values.ravel()) / self._limit, values.ravel() < 0
        self._cells.set_facecolor(self._color(depths))
        stripes = _AROUND if self._numbers else _DIAGONALS
        self._stripes.set_segments([stripe + middle for middle in self._middles[is_negative] for stripe in stripes])
        self._stripes.set_color(np.repeat(self._color_of_stripes(depths[is_negative]), len(stripes), axis=0))
        if self._numbers:
            self._numbers.set([_short(value) for value in values.flat])
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

    def mark_cells(self, which):
        inside = 0.96 * (self._squares - self._middles[:, None]) + self._middles[:, None]
        self._marks.set_segments(
            [np.vstack([square, square[:1]]) for square, marked in zip(inside, which.flat) if marked]
        )
        return self


def _short(value):
    """A number that fits into a cell: up to 3 digits, as many as six characters hold."""
    return next((text for digits in (3, 2) if len(text := number(value, digits)) <= 6), number(value, 1))


def names(symbol, size):
    """["u₁", "u₂", …], for rows, columns and ticks."""
    return [entry(symbol, i) for i in range(size)]


def with_first(column, value):
    """The column with another first entry."""
    changed = column.astype(float)
    changed[0] = value
    return changed
