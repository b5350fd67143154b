"""Chapter 10: digits, what a network says of them, and where it looks."""

import ipywidgets
import numpy as np
from IPython.display import display
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.ticker import MultipleLocator

from ..backprop import deltas
from ..network import forward
from .toolkit.picture import Picture
from .toolkit.style import COLOURS, FAINT, INK, NORMAL, PAPER, SMALL, ink_on, number

SIDE = 8        # a digit is SIDE × SIDE pixels
STEEP = 0.4     # beside the steepest pixel: from here on a sign is drawn
MANY = 25       # mistakes of one kind: as dark as can be


def progress(steps, what):
    """Iterate over steps while a bar fills; stored without a kernel it is one line of text."""
    steps = list(steps)
    bar = ipywidgets.IntProgress(max=len(steps), description=what, style={"description_width": "initial"})
    view = {"version_major": 2, "version_minor": 0, "model_id": bar.model_id}
    display({"text/plain": f"{what}: {len(steps)}", "application/vnd.jupyter.widget-view+json": view}, raw=True)
    for done, value in enumerate(steps, start=1):
        yield value
        bar.value = done


def share(right):
    """How many of 100, rounded down: 98.6 % → "98 %"."""
    return f"{int(np.floor(100 * np.mean(right)))} %"


class Starts(Picture):
    """Learning curves of several starts: the share of held-out digits read right, epoch by epoch."""

    size = (8.4, 4.0)

    def draw(self, curves, why):
        self._curves, self._why = curves, why
        axes = self.figure.subplots()
        first = next(iter(curves))
        axes.plot(100 * np.array(curves[first]), color=COLOURS["E"], label=first)
        self._curve, = axes.plot([], [], "o--", color=COLOURS["δ"], ms=4, label="the chosen one")
        axes.axhline(10, color=FAINT, lw=1, ls=":")
        axes.set(xlim=(-0.3, len(curves[first]) - 0.7), ylim=(0, 102), xlabel="epoch", ylabel="read right, %")
        axes.xaxis.set_major_locator(MultipleLocator(5))
        axes.set_yticks([0, 10, 20, 40, 60, 80, 100], ["0", "guessing  10", "20", "40", "60", "80", "100"])
        axes.legend(loc="center right")
        self._said = self.equation()
        return [self._curve, self._said]

    def move(self, start="works"):
        curve = self._curves[start]
        self._curve.set_data(range(len(curve)), 100 * np.array(curve))
        said = f"{start}: {self._why[start]} After {len(curve) - 1} epochs it reads {share(curve[-1])} right."
        self._said.set_text(said)
        return said


class Learning(Picture):
    """The learning curve, and what the network says of some held-out digits, at every epoch."""

    size = (9.0, 3.95)
    rows, columns = 4, 6

    def draw(self, history, x, labels):
        self._says = [forward(net, x).t.argmax(axis=0) for net in history]
        self._right = [100 * np.mean(says == labels) for says in self._says]
        self._labels = labels
        curve, digits = self.figure.subplots(1, 2, width_ratios=[1, 1.25])
        curve.plot(self._right, color=COLOURS["E"])
        curve.set(xlim=(-1, len(history)), ylim=(0, 102), xlabel="epoch")
        curve.set_title("held-out digits read right, %")
        self._here, = curve.plot([], [], "o", color=COLOURS["δ"], ms=9)
        digits.set_axis_off()
        digits.set_title("what it says of 24 of them")
        high, wide = self.rows * (SIDE + 5) - 1, self.columns * (SIDE + 3)
        sheet = np.zeros((high, wide))
        self._texts = []
        for n in range(self.rows * self.columns):
            top, left = n // self.columns * (SIDE + 5), n % self.columns * (SIDE + 3) + 1
            sheet[top:top + SIDE, left:left + SIDE] = x[:, n].reshape(SIDE, SIDE)
            self._texts.append(digits.text(left + SIDE / 2 - 0.5, top + SIDE + 1.6, "", ha="center", va="center",
                                           fontsize=NORMAL))
        digits.imshow(sheet, cmap="Greys", vmin=0, vmax=1)
        self.last = len(history) - 1
        return [self._here, *self._texts]

    def move(self, epoch=0):
        says = self._says[epoch]
        self._here.set_data([epoch], [self._right[epoch]])
        wrong = []
        for n, text in enumerate(self._texts):
            good = says[n] == self._labels[n]
            text.set(text=f"{says[n]}" if good else f"{says[n]} ✗", color=INK if good else COLOURS["δ"])
            wrong += [] if good else [f"{self._labels[n]} as {says[n]}"]
        told = f"of the 24 shown it misreads {len(wrong)}" + (f": {', '.join(wrong)}" if wrong else "")
        return f"Epoch {epoch}: {share(self._right[epoch] / 100)} of the held-out digits read right; {told}."


class Confusion(Picture):
    """How often digit i is read as j; the diagonal is left out of the colour, the mistakes are what is to be seen."""

    size = (5.4, 4.6)

    def draw(self, history, x, labels):
        self._counts = []
        for net in history:
            counts = np.zeros((10, 10), dtype=int)
            np.add.at(counts, (labels, forward(net, x).t.argmax(axis=0)), 1)
            self._counts.append(counts)
        axes = self.figure.subplots()
        colours = LinearSegmentedColormap.from_list("misread", [PAPER, COLOURS["δ"]])
        self._image = axes.imshow(np.zeros((10, 10)), cmap=colours, norm=PowerNorm(0.5, vmin=0, vmax=MANY))
        axes.set_xticks(np.arange(11) - 0.5, minor=True)
        axes.set_yticks(np.arange(11) - 0.5, minor=True)
        axes.grid(which="minor", color="#E3E3E3", lw=0.8)
        self._texts = [[axes.text(j, i, "", ha="center", va="center", fontsize=SMALL) for j in range(10)] for i in range(10)]
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
            self._texts[i][j].set(text=str(counts[i, j]) if counts[i, j] else "", color=ink_on(self._image.to_rgba(off[i, j])[:3]))
        self._said.set_text(f"epoch {epoch}: {off.sum()} of {counts.sum()} misread")
        i, j = np.unravel_index(off.argmax(), off.shape)
        most = f"most often {i} as {j}, {off[i, j]} times" if off[i, j] > 1 else "no pair more than once"
        return f"Epoch {epoch}: {off.sum()} of {counts.sum()} digits misread; {most}."


class Misread(Picture):
    """A digit that the network misreads: the picture, the ten outputs, and ∂E/∂x⁰: which pixels raise the error."""

    size = (9.0, 3.3)

    def draw(self, net, x, labels, classes=10):
        t = forward(net, x).t
        self.which = np.flatnonzero(t.argmax(axis=0) != labels)
        self._x, self._t, self._labels = x[:, self.which], t[:, self.which], labels[self.which]
        y = np.eye(classes)[:, self._labels]
        self._saliency = net.W[1].T @ deltas(net, forward(net, self._x), y)[1]
        picture, outputs, saliency = self.figure.subplots(1, 3, width_ratios=[1, 1.3, 1])
        for axes, title in ((picture, "the digit, x⁰"), (saliency, "∂E/∂x⁰ = (W¹)ᵀδ¹")):
            axes.set_title(title)
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set(visible=True, color="#C8C8C8")
        self._picture = picture.imshow(np.zeros((SIDE, SIDE)), cmap="Greys", vmin=0, vmax=1)
        colours = LinearSegmentedColormap.from_list("slope", [COLOURS["x"], PAPER, COLOURS["W"]])
        self._map = saliency.imshow(np.zeros((SIDE, SIDE)), cmap=colours, vmin=-1, vmax=1)
        saliency.text(0.5, -0.04, "+ brown: ink here raises E\n− blue: ink here lowers it", transform=saliency.transAxes,
                      fontsize=SMALL, ha="center", va="top")
        self._signs = [saliency.plot([], [], sign, ls="", color=INK, ms=8, mew=1.5)[0] for sign in ("+", "_")]
        self._bars = outputs.bar(range(classes), np.zeros(classes), color=COLOURS["x"])
        self._target = outputs.bar([0], [1], fc="none", ec=COLOURS["y"], ls="--", lw=1.5)[0]
        outputs.set(ylim=(0, 1.05), xlabel="the ten outputs t, and dashed the target y")
        outputs.set_xticks(range(classes))
        self._said = outputs.set_title("", fontsize=NORMAL)
        self.last = len(self.which) - 1
        return [self._picture, self._map, *self._signs, *self._bars, self._target, self._said]

    def move(self, n=0):
        t, slope = self._t[:, n], self._saliency[:, n]
        self._picture.set_data(self._x[:, n].reshape(SIDE, SIDE))
        relative = (slope / np.abs(slope).max()).reshape(SIDE, SIDE)
        self._map.set_data(relative)
        for signs, steep in zip(self._signs, (relative > STEEP, relative < -STEEP)):
            signs.set_data(*np.argwhere(steep).T[::-1])
        for bar, value in zip(self._bars, t):
            bar.set_height(value)
        self._target.set_x(self._labels[n] - self._target.get_width() / 2)
        said = f"a {self._labels[n]}, read as {t.argmax()}"
        self._said.set_text(said)
        top = int(np.abs(slope).argmax())
        return (f"Misread digit {n + 1} of {len(self.which)}: {said}. Its output for {t.argmax()} is {number(t.max(), 1)}, for "
                f"{self._labels[n]} it is {number(t[self._labels[n]], 1)}. The steepest pixel is in row {top // SIDE + 1}, "
                f"column {top % SIDE + 1}.")
