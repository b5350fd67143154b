"""Chapter 10: digits, what a network says about them, and which pixels its answer depends on."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.ticker import MultipleLocator

from ..backprop import deltas
from ..network import forward
from .toolkit.control import numbered
from .toolkit.picture import Picture
from .toolkit.style import (
    COLORS,
    FAINT,
    INK,
    MINUS,
    NORMAL,
    PALE,
    PAPER,
    SMALL,
    a_digit,
    ink_on,
    number,
    signed_colormap,
)

SIDE = 8  # a digit is SIDE × SIDE pixels
UNDER, ASIDE = 5, 3  # pixels of room under a digit, for its text, and beside it
STEEP = 0.4  # beside the steepest pixel: from here on a sign is drawn
MANY = 25  # so many mistakes of one kind get the darkest color


def progress(steps, what):
    """Iterate over steps; when all are taken, print how many there were."""
    done = 0
    for step in steps:
        yield step
        done += 1
    print(f"{what}: {done}")


def share(right):
    """A share in percent: [True, False, False, False] → "25%"."""
    return f"{100 * np.mean(right):.0f}%"


class Digits(Picture):
    """A sheet of 24 digits with their labels; which 24 can be chosen."""

    size = (8.0, 4.6)
    rows, columns = 4, 6

    def draw(self, x, labels):
        self._x, self._labels, shown = x, labels, self.rows * self.columns
        self.starts = [(f"{n + 1} to {n + shown}", n) for n in range(0, len(labels) - shown + 1, shown)]
        self._sheet = Sheet(self.figure.subplots(), self.rows, self.columns)
        return self._sheet.artists

    def move(self, start=0):
        shown = slice(start, start + self.rows * self.columns)
        labels = [str(label) for label in self._labels[shown]]
        self._sheet.set(self._x[:, shown], labels, [INK] * len(labels))
        return f"Digits {start + 1} to {start + len(labels)} of {len(self._labels)}, row by row: {', '.join(labels)}."


class Sheet:
    """Digits in rows and columns on one image, with a text under each."""

    def __init__(self, axes, rows, columns):
        self._shape = rows, columns
        axes.set_axis_off()
        self._pixels = np.zeros((rows * (SIDE + UNDER) - 1, columns * (SIDE + ASIDE)))
        self._image = axes.imshow(self._pixels, cmap="Greys", vmin=0, vmax=1)
        self._texts = [
            axes.text(left + SIDE / 2 - 0.5, top + SIDE + 1.6, "", ha="center", va="center", fontsize=NORMAL)
            for top, left in self._corners()
        ]
        self.artists = [self._image, *self._texts]

    def _corners(self):
        """(top, left) of every digit, in pixels."""
        return [
            (n // self._shape[1] * (SIDE + UNDER), n % self._shape[1] * (SIDE + ASIDE) + 1)
            for n in range(np.prod(self._shape))
        ]

    def set(self, x, texts, colors):
        for (top, left), digit in zip(self._corners(), x.T):
            self._pixels[top : top + SIDE, left : left + SIDE] = digit.reshape(SIDE, SIDE)
        self._image.set_data(self._pixels)
        self.say(texts, colors)

    def say(self, texts, colors):
        for text, words, color in zip(self._texts, texts, colors):
            text.set(text=words, color=color)


class Curves(Picture):
    """Learning curves: the share of held-out digits read correctly, epoch by epoch.

    All are pale; the chosen one lies on top."""

    size = (8.4, 4.0)
    choice: str  # the name of the control

    def draw(self, curves):
        self._curves = {name: 100 * np.array(curve) for name, curve in curves.items()}
        self.values[self.choice] = next(iter(curves))
        axes = self.figure.subplots()
        for curve in self._curves.values():
            axes.plot(curve, "o-", color=PALE, ms=2, lw=1.2)
        (self._curve,) = axes.plot([], [], "o-", color=INK, ms=4)
        self._name = axes.text(
            0, 0, "", ha="right", fontsize=NORMAL, fontweight="bold", bbox={"fc": PAPER, "ec": "none", "pad": 1}
        )
        axes.axhline(10, color=FAINT, lw=1, ls=":")
        axes.set(
            xlim=(-0.3, max(map(len, curves.values())) - 0.7), ylim=(0, 104), xlabel="epoch", ylabel="read correctly, %"
        )
        axes.xaxis.set_major_locator(MultipleLocator(5))
        axes.set_yticks([0, 10, 20, 40, 60, 80, 100], ["0", "guessing  10", "20", "40", "60", "80", "100"])
        self._said = self.equation()
        return [self._curve, self._name, self._said]

    def _choose(self, name):
        curve = self._curves[name]
        self._curve.set_data(range(len(curve)), curve)
        end = curve[-(len(curve) // 3) :]  # the part of the curve that the name is placed under, or over
        high = curve[-1] > 50
        y = end.min() - 5 if high else end.max() + 5
        self._name.set(text=name, x=len(curve) - 1, y=y, va="top" if high else "bottom")
        epochs = len(curve) - 1
        said = f"{name}: after {epochs} epochs, {share(curve[-1] / 100)} of the digits are read correctly"
        self._said.set([(said, INK)])
        return f"{said}."


class Starts(Curves):
    """Learning curves of several starts."""

    choice = "start"

    def move(self, start=""):
        return self._choose(start)


class Learning(Picture):
    """The learning curve, and what the network says, epoch by epoch, of the held-out digits that it misread most
    often."""

    size = (9.0, 3.95)
    caption = True  # its words say more than the drawing shows
    rows, columns = 4, 6

    def draw(self, history, x, labels):
        self._says = [forward(net, x).t.argmax(axis=0) for net in history]
        self._right = [100 * np.mean(says == labels) for says in self._says]
        misread = np.sum([says != labels for says in self._says], axis=0)
        self._hard = np.argsort(-misread, kind="stable")[: self.rows * self.columns]
        self._labels, self.last = labels, len(history) - 1
        curve, digits = self.figure.subplots(1, 2, width_ratios=[1, 1.25])
        curve.plot(self._right, color=PALE)
        curve.set(xlim=(-1, len(history)), ylim=(0, 102), xlabel="epoch")
        curve.set_title(f"{len(labels)} held-out digits: read correctly, %")
        (self._here,) = curve.plot([], [], "o", color=INK, ms=9)
        (self._sofar,) = curve.plot([], [], color=INK)
        digits.set_title(f"the {len(self._hard)} that are misread most often")
        self._sheet = Sheet(digits, self.rows, self.columns)
        self._sheet.set(x[:, self._hard], [], [])
        return [self._sofar, self._here, *self._sheet.artists]

    def move(self, epoch=0):
        self._here.set_data([epoch], [self._right[epoch]])
        self._sofar.set_data(range(epoch + 1), self._right[: epoch + 1])
        says, labels = self._says[epoch][self._hard], self._labels[self._hard]
        self._sheet.say(
            [f"{said}" if said == label else f"{said} ✗" for said, label in zip(says, labels)],
            [INK if said == label else MINUS for said, label in zip(says, labels)],
        )
        wrong = [f"{label} as {said}" for said, label in zip(says, labels) if said != label]
        told = f"of the {len(labels)} hardest, {len(wrong)} are misread" + (f": {', '.join(wrong)}" if wrong else "")
        return f"Epoch {epoch}: {share(self._right[epoch] / 100)} of the held-out digits are read correctly; {told}."


class Confusion(Picture):
    """How often digit i is read as j. The diagonal has no color, so that the mistakes stand out."""

    size = (5.4, 4.6)

    def draw(self, history, x, labels):
        self._counts = []
        for net in history:
            counts = np.zeros((10, 10), dtype=int)
            np.add.at(counts, (labels, forward(net, x).t.argmax(axis=0)), 1)
            self._counts.append(counts)
        axes = self.figure.subplots()
        colors = LinearSegmentedColormap.from_list("misread", [PAPER, MINUS])
        self._image = axes.imshow(np.zeros((10, 10)), cmap=colors, norm=PowerNorm(0.5, vmin=0, vmax=MANY))
        axes.set_xticks(np.arange(11) - 0.5, minor=True)
        axes.set_yticks(np.arange(11) - 0.5, minor=True)
        axes.grid(which="minor", color="#E3E3E3", lw=0.8)
        self._texts = [
            [axes.text(j, i, "", ha="center", va="center", fontsize=SMALL) for j in range(10)] for i in range(10)
        ]
        axes.set_xticks(range(10))
        axes.set_yticks(range(10))
        axes.set(xlabel="read as", ylabel="is a")
        axes.tick_params(which="both", length=0)
        axes.spines[:].set_visible(False)
        self._said = axes.set_title("", fontsize=NORMAL)
        self.last = len(history) - 1
        return [self._image, *(text for row in self._texts for text in row), self._said]

    def move(self, epoch=0):
        counts = self._counts[epoch]
        off = counts * (1 - np.eye(10, dtype=int))
        self._image.set_data(np.ma.masked_equal(off, 0))
        for i, j in np.ndindex(10, 10):
            self._texts[i][j].set(
                text=str(counts[i, j]) if counts[i, j] else "", color=ink_on(self._image.to_rgba(off[i, j])[:3])
            )
        self._said.set_text(f"epoch {epoch}: {off.sum()} of {counts.sum()} misread")
        i, j = np.unravel_index(off.argmax(), off.shape)
        most = ""
        if off[i, j] > 1:
            most = f", most often {a_digit(i)} as {a_digit(j)}, {off[i, j]} times"
        elif off.sum() > 1:
            most = ", and no two of them are misread in the same way"
        return f"Epoch {epoch}: {off.sum()} of {counts.sum()} digits are misread{most}."


class Saliency(Picture):
    """A digit, the ten outputs of a network, and ∂E/∂x⁰, which shows the pixels that raise the error. A subclass says
    which digit, with `panels` in its draw and `show` in its move."""

    size = (9.0, 3.3)
    caption = True  # its words say more than the drawing

    def panels(self, title):
        picture, outputs, saliency = self.figure.subplots(1, 3, width_ratios=[1, 1.3, 1])
        for axes, text in ((picture, "the digit, x⁰"), (saliency, title)):
            axes.set_title(text)
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set(visible=True, color="#C8C8C8")
        self._picture = picture.imshow(np.zeros((SIDE, SIDE)), cmap="Greys", vmin=0, vmax=1)
        self._map = saliency.imshow(np.zeros((SIDE, SIDE)), cmap=signed_colormap(), vmin=-1, vmax=1)
        saliency.text(
            0.5,
            -0.04,
            "+  ink here raises E\n−  ink here lowers E",
            transform=saliency.transAxes,
            fontsize=SMALL,
            ha="center",
            va="top",
        )
        self._signs = [saliency.plot([], [], sign, ls="", color=INK, ms=8, mew=1.5)[0] for sign in ("+", "_")]
        self._bars = outputs.bar(range(10), np.zeros(10), color=COLORS["x"])
        self._target = outputs.bar([0], [1], fc="none", ec=COLORS["y"], ls="--", lw=1.5)[0]
        outputs.set(ylim=(0, 1.05), xlabel="the ten outputs t, and dashed the target y")
        outputs.set_xticks(range(10))
        self._said = outputs.set_title("")
        return [self._picture, self._map, *self._signs, *self._bars, self._target, self._said]

    def show(self, pixels, label, t, slopes):
        """Show one digit, and return what it is read as in words and the row and column of its steepest pixel."""
        self._picture.set_data(pixels)
        relative = slopes / np.abs(slopes).max()
        self._map.set_data(relative)
        for signs, steep in zip(self._signs, (relative > STEEP, relative < -STEEP)):
            signs.set_data(*np.argwhere(steep).T[::-1])
        for bar, value in zip(self._bars, t):
            bar.set_height(value)
        self._target.set_x(label - self._target.get_width() / 2)
        said = f"{a_digit(label)}, read as {a_digit(t.argmax())}"
        self._said.set_text(said)
        return said, *np.unravel_index(np.abs(slopes).argmax(), slopes.shape)


class Misread(Saliency):
    """A digit that the network misreads, with its ten outputs and ∂E/∂x⁰, which shows the pixels that raise the
    error."""

    def draw(self, net, x, labels):
        t = forward(net, x).t
        self.which = np.flatnonzero(t.argmax(axis=0) != labels)
        self._x, self._t, self._labels = x[:, self.which], t[:, self.which], labels[self.which]
        y = np.eye(len(t))[:, self._labels]
        self._slopes = net.W[1].T @ deltas(net, forward(net, self._x), y)[1]
        self.numbers = numbered(len(self.which))
        return self.panels("∂E/∂x⁰ = (W¹)ᵀδ¹")

    def move(self, n=0):
        t, label = self._t[:, n], self._labels[n]
        said, i, j = self.show(self._x[:, n].reshape(SIDE, SIDE), label, t, self._slopes[:, n].reshape(SIDE, SIDE))
        return (
            f"Misread digit {n + 1} of {len(self.which)}: {said}. The network's output for {t.argmax()} is "
            f"{number(t.max(), 1)}, and its output for {label} is {number(t[label], 1)}. The pixel with the largest "
            f"derivative is in row {i + 1}, column {j + 1}."
        )
