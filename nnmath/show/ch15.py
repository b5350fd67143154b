"""Chapter 15: how many shifted digits a network reads, what is inside a convolutional network, and where it looks."""

import numpy as np
from matplotlib.patches import Rectangle

from ..backprop import deltas
from ..error import Loss
from ..network import forward
from ..softmax import cross_entropy
from .ch10 import SIDE, Curves, Saliency
from .toolkit.control import numbered
from .toolkit.glyphs import Lines
from .toolkit.heat import CELL, Heat, board
from .toolkit.picture import Picture
from .toolkit.style import COLORS, INK, SMALL, a_digit, number, signed_colormap

FAR = 2  # pixels, the farthest shift that is tried
CELLS_TALL = 8.75


def moved(x, down, right):
    """Pictures (c, h, w, N) moved down and to the right; paper comes in, and what leaves the picture is lost."""
    moved = np.roll(x, (down, right), axis=(1, 2))
    moved[:, : max(down, 0)] = moved[:, x.shape[1] + min(down, 0) :] = 0
    moved[:, :, : max(right, 0)] = moved[:, :, x.shape[2] + min(right, 0) :] = 0
    return moved


def reads(net, x):
    """What a network says of each picture."""
    return forward(net, x).t.argmax(axis=0)


def direction(down, right):
    """In words: "without a shift", "after a shift up by 2 pixels and to the left by 1 pixel"."""
    words = [
        f"{plus if by > 0 else minus} by {abs(by)} pixel{'s' * (abs(by) > 1)}"
        for by, plus, minus in ((down, "down", "up"), (right, "to the right", "to the left"))
        if by
    ]
    return f"after a shift {' and '.join(words)}" if words else "without a shift"


class Readers(Curves):
    """Learning curves of several networks, on unshifted digits and on shifted ones."""

    choice = "network"

    def move(self, network=""):
        return self._choose(network)


class Moves(Picture):
    """How many of 100 digits a network reads if all of them are shifted, for each shift by up to two pixels, beside one
    digit shifted in this way."""

    def draw(self, nets, x, labels):
        self._x, self._steps = x, range(-FAR, FAR + 1)
        self._read = {
            name: np.array([
                [np.mean(reads(net, moved(x, down, right)) == labels) for right in self._steps] for down in self._steps
            ])
            for name, net in nets.items()
        }  # fmt: skip
        self.values["network"] = next(iter(nets))
        size, width = len(self._steps), 16.5
        self.figure.set_size_inches(width * CELL, CELLS_TALL * CELL)
        sheet = board(self.figure, width, CELLS_TALL)
        names = [f"{step:+d}".replace("-", "−").replace("+0", "0") for step in self._steps]
        self._heat = Heat(
            sheet, "x", (size, size), 100, at=(9.3, 1), title="read correctly, %", rows=names, columns=names
        )
        sheet.text(9.3 + (size - 1) / 2, size + 1.35, "shifted to the right by", fontsize=SMALL, ha="center")
        sheet.text(7.7, 1 + (size - 1) / 2, "shifted down by", fontsize=SMALL, rotation=90, ha="center", va="center")
        panel = board(self.figure, 1, 1, left=0.8, bottom=CELLS_TALL - 6.1, cell=CELL * 5)
        self._image = panel.imshow(np.zeros((SIDE, SIDE)), cmap="Greys", vmin=0, vmax=1, extent=(-0.5, 0.5, 0.5, -0.5))
        panel.add_patch(Rectangle((-0.5, -0.5), 1, 1, fill=False, ec="#C8C8C8"))
        self._line = Lines(sheet, (0, size + 2.2))
        return [self._image, *self._heat.artists, self._line]

    def move(self, network="", down=0, right=0):
        read = 100 * self._read[network]
        self._heat.set(np.round(read)).mark(down + FAR, right + FAR)
        self._image.set_data(moved(self._x[..., :1], down, right)[0, :, :, 0])
        count = round(read[down + FAR, right + FAR])
        lines = [f"{network}: {direction(down, right)},", f"{count}% of the digits are read correctly"]
        self._line.set(*([(line, INK)] for line in lines))
        mean = round(self._by_one(read))
        return f"{' '.join(lines)}. The mean over the four shifts by one pixel is {mean}%."

    @staticmethod
    def _by_one(read):
        return np.mean([read[FAR - 1, FAR], read[FAR + 1, FAR], read[FAR, FAR - 1], read[FAR, FAR + 1]])


def mosaic(tiles, columns, gap=1):
    """Tables of one size side by side, `columns` in a row, and where each one begins, as (row, column)."""
    m, h, w = tiles.shape
    rows = -(-m // columns)
    sheet = np.zeros((rows * (h + gap) - gap, columns * (w + gap) - gap))
    starts = [(n // columns * (h + gap), n % columns * (w + gap)) for n in range(m)]
    for (top, left), tile in zip(starts, tiles):
        sheet[top : top + h, left : left + w] = tile
    return sheet, starts


class Inside(Picture):
    """A digit on its way through a convolutional network: kernels, maps, the maps made smaller, and the outputs."""

    size = (9.2, 2.8)
    caption = True  # its words say more than the drawing
    columns = 4

    def draw(self, net, x, labels):
        self._x, self._labels, self._trace = x, labels, forward(net, x)
        kernels = net.W[1][:, 0] / np.abs(net.W[1]).max()
        self.numbers = numbered(len(labels))
        self.maps = [(f"{m} · map {m + 1}", m) for m in range(len(kernels))]
        digit, *panels, outputs = self.figure.subplots(1, 5, width_ratios=[1, 1.25, 1.25, 1.25, 1.15])
        digit.set_title("x⁰", color=COLORS["x"])
        self._picture = digit.imshow(np.zeros((SIDE, SIDE)), cmap="Greys", vmin=0, vmax=1)
        self._tiles = [kernels, self._trace.x[1], self._trace.x[2]]
        self._images, self._frames, self._starts = [], [], []
        for axes, tiles, title, symbol in zip(panels, self._tiles, ("K", "x¹ = tanh(u¹)", "x², maxima"), "Kxx"):
            sheet, starts = mosaic(tiles if tiles.ndim == 3 else tiles[..., 0], self.columns)
            axes.set_title(title, color=COLORS[symbol])
            self._images.append(axes.imshow(sheet, cmap=signed_colormap(), vmin=-1, vmax=1))
            h, w = tiles.shape[1:3]
            self._frames.append(
                axes.add_patch(Rectangle((0, 0), w + 0.4, h + 0.4, fill=False, lw=2, ec=INK, clip_on=False))
            )
            self._starts.append(starts)
        for axes in (digit, *panels):
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set(visible=axes is digit, color="#C8C8C8")
        self._bars = outputs.barh(range(10), np.zeros(10), color=COLORS["x"])
        outputs.set(xlim=(0, 1.02), ylim=(9.6, -0.6), xticks=[0, 1])
        outputs.set_yticks(range(10))
        outputs.set_title("t", color=COLORS["x"])
        return [self._picture, *self._images, *self._frames, *self._bars]

    def move(self, n=0, m=0):
        self._picture.set_data(self._x[0, :, :, n])
        for image, tiles in zip(self._images[1:], self._tiles[1:]):
            image.set_data(mosaic(tiles[..., n], self.columns)[0])
        for frame, starts in zip(self._frames, self._starts):
            top, left = starts[m]
            frame.set_xy((left - 0.7, top - 0.7))
        t, largest = self._trace.t[:, n], self._tiles[1][m, :, :, n]
        for bar, value in zip(self._bars, t):
            bar.set_width(value)
        i, j = np.unravel_index(largest.argmax(), largest.shape)
        return (
            f"Digit number {n + 1} is {a_digit(self._labels[n])}, read as {a_digit(t.argmax())}. The largest entry of "
            f"map {m + 1}, {number(largest.max(), 2)}, is where its kernel is applied to the patch that begins at row "
            f"{i + 1}, column {j + 1}. Its smallest entry is {number(largest.min(), 2)}."
        )


class LooksAt(Saliency):
    """A digit, what a network says of it, and ∂E/∂x⁰, the local sensitivity of its loss to each pixel."""

    def draw(self, nets, x, labels, loss: Loss = cross_entropy):
        self._x, self._labels, self.numbers = x, labels, numbered(len(labels))
        self._t, self._slopes = {}, {}
        for name, net in nets.items():
            trace = forward(net, x)
            delta = deltas(net, trace, np.eye(10)[:, labels], loss)[1]
            self._t[name], self._slopes[name] = trace.t, net.layers[1].dE_dx(delta, net.W[1], x, net.b[1])[0]
        self.values["network"] = next(iter(nets))
        return self.panels("∂E/∂x⁰")

    def move(self, network="", n=0):
        t, slopes = self._t[network][:, n], self._slopes[network][:, :, n]
        said, i, j = self.show(self._x[0, :, :, n], self._labels[n], t, slopes)
        return (
            f"{network}: digit number {n + 1} is {said} with an output of {number(t.max(), 2)}. "
            f"Its loss is most sensitive to the pixel in row {i + 1}, column {j + 1}, where more ink "
            f"{'raises' if slopes[i, j] > 0 else 'lowers'} it."
        )
