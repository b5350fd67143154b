"""Chapter 12: a shifted digit, a kernel that slides over a picture, its maps, and the matrix with tied entries."""

import numpy as np
from matplotlib.patches import Rectangle

from ..convolution import Convolution
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, sign
from .toolkit.picture import Picture
from .toolkit.style import COLORS, INK, SMALL, a_digit, bracketed, entry, number, numbers, signed_colormap, sub

SIDE = 8  # a digit is SIDE × SIDE pixels
EXAMPLE_X = np.array([[-1.0, 1, 2], [-1, 0, 1], [1, -1, -1]])  # the example that Chapters 12 and 13 work by hand
EXAMPLE_K = np.array([[-1.0, 1], [-2, 1]])
EXAMPLE_B = -1.0
LINE = 0.55  # cells from one line under the matrices to the next


def offset(symbol, a, b):
    """The page's name of an entry whose indices count from 0: offset("K", 0, 1) → K₀₁"""
    return f"{symbol}{sub(a)}{sub(b)}"


def moved_right(x, right):
    """Pictures (h, w) moved to the right, or to the left where right is negative; paper comes in, and ink falls out."""
    moved = np.roll(x, right, axis=1)
    moved[:, : max(right, 0)] = 0
    moved[:, x.shape[1] + min(right, 0) :] = 0
    return moved


def correlate(K, x, b=0.0):
    """u of one picture (h, w) and one kernel (a, b)."""
    return Convolution().u(K[None, None], x[None, :, :, None], [[b]])[0, :, :, 0]


def frame_patch(heat, i, j, shape):
    """Frame the rows and columns that a kernel of this shape meets at position i, j."""
    left, top = heat._at
    heat.frame.set_visible(True)
    heat.frame.set_xy((left + j - 0.5, top + i - 0.5))
    heat.frame.set(width=shape[1], height=shape[0])


class Shifted(Picture):
    """A digit, the same digit moved to the right, and the picture of another digit that is nearest as a column of
    numbers."""

    size = (7.8, 3.75)

    def draw(self, x, labels):
        self._x, self._labels = x, labels
        panels = self.figure.subplots(1, 3)
        self._images = []
        for axes in panels:
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set(visible=True, color="#C8C8C8")
            self._images.append(axes.imshow(np.zeros((SIDE, SIDE)), cmap="Greys", vmin=0, vmax=1))
        self._titles = [axes.set_title("a 0") for axes in panels]
        self._said = self.equation(2)
        return [*self._images, *self._titles, self._said]

    def move(self, n=0, right=1):
        x, label = self._x[:, n], self._labels[n]
        moved = moved_right(x.reshape(SIDE, SIDE), right)
        distances = np.linalg.norm(self._x - x[:, np.newaxis], axis=0)
        others = np.flatnonzero(self._labels != label)
        nearest = others[distances[others].argmin()]
        far, changed = np.linalg.norm(moved.ravel() - x), np.sum(moved.ravel() != x)
        side = "right" if right > 0 else "left"
        where = f"moved {side} by {abs(right)}" if right else "not moved"
        when = f"moved to the {side} by {abs(right)}" if right else "not moved"
        for image, pixels in zip(self._images, (x, moved, self._x[:, nearest])):
            image.set_data(pixels.reshape(SIDE, SIDE))
        for title, text in zip(self._titles, (a_digit(label), f"the {label} {where}", a_digit(self._labels[nearest]))):
            title.set_text(text)
        lines = [
            f"when the {label} is {when}, {changed} of its {x.size} numbers change, and the distance is {number(far)}",
            f"the nearest picture of another digit, {a_digit(self._labels[nearest])}, "
            f"is at a distance of {number(distances[nearest])}",
        ]
        self._said.set(*([(line, INK)] for line in lines))
        return f"Picture {n + 1}: {'; '.join(lines)}."


class Sliding(Picture):
    """A kernel at one position on a picture: the patch that it meets, the products, and their sum with the bias."""

    def draw(self, K=EXAMPLE_K, x=EXAMPLE_X, b=EXAMPLE_B):
        self._K, self._x, self._b, self._u = K, x, b, correlate(K, x, b)
        (a, c), (h, w), (m, n) = K.shape, x.shape, self._u.shape
        lefts = np.cumsum([1.1, w + 1.8, c + 1.4, c + 2.6])
        width = lefts[-1] + n + 0.6
        self.figure.set_size_inches(width * CELL, (h + FOOT + LINE) * CELL)
        sheet = board(self.figure, width, h + FOOT + LINE)
        limit = max(np.abs(values).max() for values in (x, K, self._u))
        self._heats = {
            "x": Heat(sheet, "x", (h, w), limit, at=(lefts[0], 1), rows=range(1, h + 1), columns=range(1, w + 1)).set(
                x
            ),
            "K": Heat(sheet, "K", (a, c), limit, at=(lefts[1], 1), rows=range(a), columns=range(c)).set(K),
            "product": Heat(sheet, "E", (a, c), limit, at=(lefts[2], 1), title="products"),
            "u": Heat(sheet, "u", (m, n), limit, at=(lefts[3], 1), rows=range(1, m + 1), columns=range(1, n + 1)).set(
                self._u
            ),
        }
        middle = 1 + (a - 1) / 2
        sign(sheet, lefts[1] - 1.25, middle, "∘")
        sign(sheet, lefts[2] - 0.95, middle, "=")
        sheet.text(lefts[3] - 1.6, middle, f"sum {'−' if b < 0 else '+'} {number(abs(b))}", ha="center", va="center")
        self._line = line_under(sheet, h)
        return [self._heats["x"].frame, *self._heats["product"].artists, self._heats["u"].frame, self._line]

    def move(self, i=0, j=0):
        (a, c), u = self._K.shape, self._u[i, j]
        patch = self._x[i : i + a, j : j + c]
        self._heats["product"].set(self._K * patch)
        frame_patch(self._heats["x"], i, j, self._K.shape)
        self._heats["u"].mark(i, j)
        terms = [f"{bracketed(k)}·{bracketed(v)}" for k, v in zip(self._K.flat, patch.flat)]
        said = f"{entry('u', i, j)} = {' + '.join([*terms, bracketed(self._b)])} = {number(u)}"
        self._line.set(said, f"the patch has row {i + 1}, column {j + 1} of x at its top left")
        rows = "; ".join(numbers(row) for row in patch)
        return f"At position {i + 1}, {j + 1} the kernel meets the patch {rows}: {said}."


class Maps(Picture):
    """A digit and the map that a kernel makes of it, beside the same digit moved, whose map moves along."""

    size = (9.2, 2.9)

    def draw(self, x, kernels):
        self._x, self._kernels = x.reshape(SIDE, SIDE), kernels
        self.values["kernel"] = next(iter(kernels))
        side, most = (
            len(next(iter(kernels.values()))),
            max(np.abs(correlate(K, self._x)).max() for K in kernels.values()),
        )
        kernel, *panels = self.figure.subplots(1, 5, width_ratios=[5.2, SIDE, SIDE, SIDE, SIDE])
        kernel.set(xlim=(-0.6, side - 0.4), ylim=(side - 0.4, -0.6), aspect="equal")
        kernel.set_axis_off()
        kernel.set_title("K", color=COLORS["K"])
        kernel.add_patch(Rectangle((-0.5, -0.5), side, side, fill=False, ec="#C8C8C8"))
        self._cells = [
            kernel.text(b, a, "", ha="center", va="center", color=COLORS["K"], fontsize=SMALL)
            for a, b in np.ndindex(side, side)
        ]
        self._images, self._signs = [], []
        out = SIDE - side + 1
        for axes, title, symbol in zip(panels, ("x", "u", "x, moved", "its u"), "xuxu"):
            axes.set_title(title, color=COLORS[symbol])
            axes.set_xticks([0, 3, SIDE - 1], ["1", "4", str(SIDE)])
            axes.set_yticks([0, 3, SIDE - 1], ["1", "4", str(SIDE)])
            axes.tick_params(length=0)
            colors = (
                {"cmap": "Greys", "vmin": 0, "vmax": 1}
                if symbol == "x"
                else {"cmap": signed_colormap(), "vmin": -most, "vmax": most}
            )
            pixels = np.zeros((SIDE, SIDE) if symbol == "x" else (out, out))
            self._images.append(axes.imshow(pixels, **colors))
            axes.set(xlim=(-0.5, SIDE - 0.5), ylim=(SIDE - 0.5, -0.5))
            if symbol == "u":
                self._signs.append([axes.plot([], [], mark, ls="", color=INK, ms=5, mew=1)[0] for mark in ("+", "_")])
        self._frames = [axes.add_patch(Rectangle((0, 0), 1, 1, fill=False, ec=INK, lw=2.2)) for axes in panels]
        self._said = self.equation(2)
        return [*self._images, *self._cells, *sum(self._signs, []), *self._frames, self._said]

    def move(self, kernel="", right=0):
        K = self._kernels[kernel]
        pictures = [self._x, moved_right(self._x, right)]
        outputs = [correlate(K, x) for x in pictures]
        strong, said = 0.3 * np.abs(outputs[0]).max(), []
        for n, (x, u) in enumerate(zip(pictures, outputs)):
            for image, values in zip(self._images[2 * n : 2 * n + 2], (x, u)):
                image.set_data(values)
            for signs, which in zip(self._signs[n], (u > strong, u < -strong)):
                signs.set_data(*np.argwhere(which).T[::-1])
            i, j = np.unravel_index(u.argmax(), u.shape)
            for patch, size in zip(self._frames[2 * n : 2 * n + 2], (K.shape, (1, 1))):
                patch.set_xy((j - 0.5, i - 0.5))
                patch.set(width=size[1], height=size[0])
            said.append(f"{entry('u', i, j)} = {number(u[i, j])}")
        for text, value in zip(self._cells, K.flat):
            text.set_text(number(value, 2))
        lines = (
            f"for the digit as it is, the largest entry is {said[0]}",
            f"for the digit moved to the {'right' if right > 0 else 'left'} by {abs(right)}, it is {said[1]}"
            if right
            else f"without a move, it is again {said[1]}",
        )
        self._said.set(f"{kernel}: {lines[0]}", lines[1])
        return f"Kernel “{kernel}”: {lines[0]}; {lines[1]}."


class TiedMatrix(Picture):
    """W of a convolution, with one row marked: a copy of the kernel, at the pixels of the patch that it meets."""

    def draw(self, K=EXAMPLE_K, x=EXAMPLE_X):
        self._K, (h, w) = K, x.shape
        W = Convolution().as_matrix(K[None, None], h, w)
        self._W, self._shape, (m, n) = W, (h, w), W.shape
        self._positions = (h - K.shape[0] + 1, w - K.shape[1] + 1)
        pixels = [entry("x", p, q) for p, q in np.ndindex(h, w)]
        rows = [entry("u", i, j) for i, j in np.ndindex(self._positions)]
        width, high = n + w + 4.4, max(m, h)
        self.figure.set_size_inches(width * CELL, (high + FOOT + LINE) * CELL)
        sheet = board(self.figure, width, high + FOOT + LINE)
        limit = max(np.abs(K).max(), np.abs(x).max())
        self._heat = Heat(
            sheet, "W", (m, n), limit, at=(1.3, 1), title="W, with tied entries", rows=rows, columns=pixels
        ).set(W)
        self._picture = Heat(
            sheet, "x", (h, w), limit, at=(n + 3.5, 1), rows=range(1, h + 1), columns=range(1, w + 1)
        ).set(x)
        self._line = line_under(sheet, high)
        return [self._heat.frame, self._heat._marks, self._picture.frame, self._line]

    def move(self, k=0):
        i, j = divmod(k, self._positions[1])
        row = self._W[k]
        met = np.zeros(self._shape, bool)
        met[i : i + self._K.shape[0], j : j + self._K.shape[1]] = True
        self._heat.mark(i=k)
        which = np.zeros(self._W.shape, bool)
        which[k] = met.ravel()
        self._heat.mark_cells(which)
        frame_patch(self._picture, i, j, self._K.shape)
        kernel = [offset("K", a, b) for a, b in np.ndindex(self._K.shape)]
        pixels = [entry("x", p, q) for p, q in np.argwhere(met)]
        terms = " + ".join(f"{weight}·{pixel}" for weight, pixel in zip(kernel, pixels))
        said = f"{entry('u', i, j)} = {terms} + b"
        self._line.set(said, "the other entries of the row are 0")
        return f"Row {k + 1} of W, for {entry('u', i, j)}, is {numbers(row)}: {said}."
