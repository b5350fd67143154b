"""Chapter 6: what a network answers to a digit, and the error as a curve."""

import numpy as np
from matplotlib.ticker import MultipleLocator

from .. import activation
from ..error import E, dE_dt
from ..network import forward
from .toolkit.picture import Picture
from .toolkit.style import COLORS, INK, NORMAL, PALE, PAPER, SMALL, a_digit, bracketed, number

U = 5.0  # u either way
NARROW, WIDE = (
    (1.6, 2.4),
    (6.6, 20.0),
)  # t either way, and E: for an f whose values stay within ±1, and for one that has no bound
BOUNDED = ("tanh", "sigmoid", "softsign")


class Answer(Picture):
    """A digit, and the ten outputs of a network for it. The digit can be chosen, and the network, one of several in a
    row."""

    size = (8.4, 3.9)

    def draw(self, nets, x, labels):
        self._x, self._labels, self._outputs = x, labels, [forward(net, x).t for net in nets]
        self.digits = [(a_digit(label), n) for n, label in enumerate(labels)]
        self.last = len(nets) - 1
        classes, side = len(self._outputs[0]), round(len(x) ** 0.5)
        picture, outputs = self.figure.subplots(1, 2, width_ratios=[1, 2])
        picture.set(xticks=[], yticks=[])
        picture.spines[:].set(visible=True, color=PALE)
        self._picture = picture.imshow(np.zeros((side, side)), cmap="Greys", vmin=0, vmax=1)
        self._bars = outputs.bar(range(classes), np.zeros(classes), color=COLORS["x"])
        self._values = [
            outputs.text(k, 0, "", ha="center", va="bottom", fontsize=SMALL, color=INK) for k in range(classes)
        ]
        self._target = outputs.bar([0], [1], fc="none", ec=COLORS["y"], ls="--", lw=1.5)[0]
        outputs.set(ylim=(0, 1.08), xlabel="the ten outputs t, and dashed the target y")
        outputs.set_xticks(range(classes))
        self._said = self.equation()
        return [self._picture, *self._bars, *self._values, self._target, self._said]

    def move(self, n=7, step=0):
        t, label = self._outputs[step][:, n], self._labels[n]
        y = np.eye(len(t))[:, label]
        self._picture.set_data(self._x[:, n].reshape(self._picture.get_array().shape))
        for k, (bar, text) in enumerate(zip(self._bars, self._values)):
            bar.set(height=t[k], alpha=1 if k == t.argmax() else 0.4)
            text.set(text=f"{t[k]:.2f}", y=t[k] + 0.01)
        self._target.set_x(label - self._target.get_width() / 2)
        after = f"After {step} step{'s' * (step != 1)}: " if self.last else ""  # one network alone has taken no steps
        told = f"{after}{a_digit(label)}, read as {a_digit(t.argmax())}."
        told = told[0].upper() + told[1:]
        said = f"{told}  E = ½‖t − y‖² = {number(E(t[:, None], y[:, None]))}"
        self._said.set_text(said)
        listed = ", ".join(f"{value:.2f}" for value in t)
        return f"{said.replace('.  ', '. ')}. The outputs for 0 to {len(t) - 1} are {listed}."


class Bowl(Picture):
    """One output: E is a bowl in t; seen from u, through t = f(u), the same bowl is bent, and flat where f is flat."""

    size = (8.4, 4.1)

    def draw(self):
        self._panels = left, right = self.figure.subplots(1, 2, sharey=True)
        left.set(xlabel="t", ylabel="E")
        right.set(xlim=(-1.05 * U, 1.05 * U), xlabel="u")
        left.set_title("E against t: a bowl")
        self._bent = right.set_title("E against u: the bowl, bent by f")
        self._zero = [axes.axhline(0, color=PALE, lw=0.8) for axes in (left, right)]
        self._curves = [axes.plot([], [], color=COLORS["E"])[0] for axes in (left, right)]
        self._slopes = [
            axes.plot([], [], color=color, ls="--", lw=1.5)[0]
            for axes, color in ((left, COLORS["x"]), (right, COLORS["δ"]))
        ]
        self._points = [axes.plot([], [], "o", color=INK, ms=8, clip_on=False)[0] for axes in (left, right)]
        self._target = left.axvline(0, color=COLORS["y"], ls=":", lw=1.5)
        self._y = left.text(
            0,
            0.97,
            "y",
            color=COLORS["y"],
            fontsize=NORMAL,
            fontweight="bold",
            va="top",
            ha="center",
            transform=left.get_xaxis_transform(),
            bbox={"fc": PAPER, "ec": "none", "pad": 1},
        )
        self._said = self.equation(2)
        return [
            left.xaxis,
            left.yaxis,
            *self._zero,
            *self._curves,
            *self._slopes,
            *self._points,
            self._target,
            self._y,
            self._bent,
            self._said,
        ]

    def move(self, u=2.0, y=-0.5, f="tanh"):
        act = getattr(activation, f)
        self._bent.set_text(f"E against u: the bowl, bent by {f}")
        width, height = NARROW if f in BOUNDED else WIDE
        self._panels[0].yaxis.set_major_locator(MultipleLocator(0.5 if f in BOUNDED else 5))
        self._panels[0].set(xlim=(-width, width), ylim=(-0.04 * height, height))
        ts, us = np.linspace(-width, width, 161), np.linspace(-1.05 * U, 1.05 * U, 301)
        t, prime = float(act(np.float64(u))), float(act.prime(np.float64(u)))
        error, by_t = float(E([[t]], [[y]])), float(dE_dt([[t]], [[y]])[0, 0])
        by_u = by_t * prime
        self._curves[0].set_data(ts, (ts - y) ** 2 / 2)
        self._curves[1].set_data(us, (act(us) - y) ** 2 / 2)
        self._slopes[0].set_data(ts, error + by_t * (ts - t))
        self._slopes[1].set_data(us, error + by_u * (us - u))
        for point, at in zip(self._points, (t, u)):
            point.set_data([at], [error])
        self._target.set_xdata([y, y])
        self._y.set_x(y)
        loss = f"E = ½(t − y)² = ½({number(t)} − {bracketed(y)})² = {number(error)}"
        slopes = [
            f"∂E/∂t = t − y = {number(by_t)}",
            f"∂E/∂u = f′(u)·(t − y) = {bracketed(prime)}·{bracketed(by_t)} = {number(by_u)}",
        ]
        self._said.set(loss, "          ".join(slopes))
        return f"f = {f}, u = {number(u)}, t = f(u) = {number(t)}. {loss}. {'; '.join(slopes)}."
