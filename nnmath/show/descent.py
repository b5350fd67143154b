"""Chapter 09: the way downhill, a boundary that learns, and wrong gradients that train all the same."""

from itertools import islice
from textwrap import wrap

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from .. import mistakes
from ..backprop import Gradient, gradient
from ..descent import descend, step
from ..error import E
from ..network import forward
from ..verdict import judge
from .picture import Picture
from .style import COLOURS, FAINT, INK, PAPER, SMALL, number

SPAN = 3.0      # the loss surface is drawn from −SPAN to SPAN
WALK = 40       # steps of a walk
ERRORS = (1e-4, 30.0)


class Downhill(Picture):
    """E over two weights of a chain 1-1-1, and the walk of gradient descent with the step size η."""

    size = (8.8, 4.0)

    def draw(self, net, x, y, start=(-1.5, 2.0)):
        self._net, self._x, self._y, self._start = net, x, y, start
        left, right = self.figure.subplots(1, 2, width_ratios=[1, 1.1])
        ticks = np.linspace(-SPAN, SPAN, 61)
        surface = np.array([[self._error(self._at(v, w)) for v in ticks] for w in ticks])
        left.contourf(ticks, ticks, np.log10(surface + 1e-3), levels=14, cmap="Greys", alpha=0.5)
        left.set(xlabel="the weight W¹", ylabel="the weight W²", xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN))
        left.set_title("E over two weights (dark is high)")
        self._path, = left.plot([], [], "o-", color=COLOURS["W"], ms=4, lw=1.2, mec=PAPER, mew=0.5)
        self._end, = left.plot([], [], "*", color=COLOURS["δ"], ms=15, mec=PAPER)
        self._curve, = right.plot([], [], "o-", color=COLOURS["E"], ms=3.5, lw=1.2)
        right.set(yscale="log", ylim=ERRORS, xlim=(0, WALK), xlabel="step")
        right.set_title("E, step by step")
        self._said = right.text(0.97, 0.82, "", transform=right.transAxes, ha="right", va="top", fontsize=SMALL)
        return [self._path, self._end, self._curve, self._said]

    def move(self, eta=0.1):
        net, walk = self._at(*self._start), []
        for _ in range(WALK + 1):
            walk.append((net.W[1][0, 0], net.W[2][0, 0], self._error(net)))
            full = gradient(net, forward(net, self._x), self._y)
            still = {l: 0 * db for l, db in full.dE_db.items()}     # the biases stay 0, so that two weights are all
            net = step(net, Gradient(full.dE_dW, still), eta)
        v, w, errors = np.array(walk).T
        outside = np.flatnonzero((np.abs(v) > SPAN) | (np.abs(w) > SPAN))
        self._path.set_data(np.clip(v, -SPAN, SPAN), np.clip(w, -SPAN, SPAN))
        self._end.set_data([np.clip(v[-1], -SPAN, SPAN)], [np.clip(w[-1], -SPAN, SPAN)])
        self._curve.set_data(np.arange(WALK + 1), np.clip(errors, *ERRORS))
        left_at = f"\nthe walk leaves the map at step {outside[0]}; drawn clipped" if len(outside) else ""
        self._said.set_text(f"η = {number(eta)}: E from {number(errors[0])} to {number(errors[-1])}{left_at}")
        return self._said.get_text().replace("\n", ", ") + f", after {WALK} steps."

    def _at(self, v, w):
        return self._net.replace(W={1: [[float(v)]], 2: [[float(w)]]})

    def _error(self, net):
        return E(forward(net, self._x).t, self._y)


class Drop(Picture):
    """The drop of E that the gradient promises, −η‖∇E‖², and the true one, as η grows."""

    size = (7.6, 3.6)

    def draw(self, net, x, y):
        self._net, self._y, self._x = net, y, x
        self._gradient = gradient(net, forward(net, x), y)
        arrays = [*self._gradient.dE_dW.values(), *self._gradient.dE_db.values()]
        self._slope = -sum(float(np.sum(a**2)) for a in arrays)
        self._now = self._error(0.0)
        axes = self.figure.subplots()
        etas = np.linspace(0, 4, 161)
        axes.plot(etas, [self._error(eta) for eta in etas], color=COLOURS["E"], label="true E after the step")
        axes.plot(etas, self._now + self._slope * etas, "--", color=COLOURS["δ"], label="promised: E − η‖∇E‖²")
        axes.set(xlim=(0, 4), ylim=(-0.3, 1.5), xlabel="η")
        axes.axhline(0, color=FAINT, lw=0.8)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 0.12))
        self._points, = axes.plot([], [], "o", color=INK, ms=8)
        self._said = axes.text(0.98, 0.96, "", transform=axes.transAxes, ha="right", va="top", fontsize=SMALL)
        return [self._points, self._said]

    def move(self, eta=0.0625):
        promised, true = self._now + self._slope * eta, self._error(eta)
        self._points.set_data([eta, eta], [promised, true])
        self._said.set_text(f"η = {number(eta)}: promised {number(promised, 5)}, true {number(true, 5)}")
        return f"E is {number(self._now)} before the step. {self._said.get_text()}."

    def _error(self, eta):
        return E(forward(step(self._net, self._gradient, eta), self._x).t, self._y)


class Boundary(Picture):
    """What a network says of every point of the plane, as its training goes on."""

    size = (8.6, 4.0)

    def draw(self, net, x, y, eta, every=25, frames=41):
        self._every, self._y = every, y
        states = list(islice(descend(net, x, y, eta), 0, every * (frames - 1) + 1, every))
        self._errors = [state.E for state in states]
        ticks = np.linspace(-1.6, 1.6, 56)
        grid = np.array([point.ravel() for point in np.meshgrid(ticks, ticks)])
        self._maps = [forward(state.net, grid).t.reshape(56, 56) for state in states]
        self._right = [int(np.sum(np.sign(forward(state.net, x).t) == np.sign(y))) for state in states]
        left, right = self.figure.subplots(1, 2, width_ratios=[1, 1.15])
        colours = LinearSegmentedColormap.from_list("sides", ["#E5B893", PAPER, "#9DC3E6"])
        self._image = left.imshow(self._maps[0], origin="lower", extent=(-1.6, 1.6) * 2, vmin=-1, vmax=1, cmap=colours)
        for side, mark, colour in ((1, "o", COLOURS["x"]), (-1, "^", COLOURS["W"])):
            here = y[0] == side
            left.plot(*x[:, here], mark, color=colour, ms=5, zorder=3, mec=PAPER, mew=0.5, label=f"y = {number(side)}")
        left.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6))
        left.set_title("what the network says")
        left.legend(loc="upper left", ncols=2, frameon=True, framealpha=0.9, edgecolor="none")
        right.plot(np.arange(frames) * every, self._errors, color=COLOURS["E"])
        right.set(xlabel="step", ylim=(0, None), xlim=(0, every * (frames - 1)))
        right.set_title("E")
        self._here, = right.plot([], [], "o", color=COLOURS["δ"], ms=9)
        self._said = right.text(0.97, 0.95, "", transform=right.transAxes, ha="right", va="top", fontsize=SMALL)
        self.last = frames - 1
        dots = [line for line in left.lines] + [left.get_legend()]
        return [self._image, *dots, self._here, self._said]

    def move(self, frame=0):
        self._image.set_data(self._maps[frame])
        at = frame * self._every
        self._here.set_data([at], [self._errors[frame]])
        self._said.set_text(f"step {at}: E = {number(self._errors[frame])}\n"
                            f"{self._right[frame]} of {self._y.shape[1]} on the right side")
        return self._said.get_text().replace("\n", ", ") + "."


class StillTrains(Picture):
    """Training with a wrong gradient beside training with the right one; and what the check says of it."""

    size = (8.6, 4.8)

    def draw(self, net, x, y, eta, steps, wrong):
        self._curves, self._verdicts = {}, {}
        for setting, name in [("delta", "correct"), *wrong]:
            self._curves[name] = self._train(net, x, y, eta, steps, setting, name)
            claim = _named(mistakes.gradient(net, forward(net, x), y, setting, name, eta).dE_dW)
            self._verdicts[name] = judge(claim, lambda W: E(forward(net.replace(W=dict(enumerate(W.values(), 1))), x).t, y),
                                         _named(net.W), {name: claim})
        self.names = list(self._curves)
        axes, below = self.figure.subplots(2, 1, height_ratios=[3, 1])
        below.set_axis_off()
        axes.plot(self._curves["correct"], color=COLOURS["E"], lw=2, label="the right gradient")
        self._curve, = axes.plot([], [], "--", color=COLOURS["δ"], label="the chosen one")
        axes.set(xlim=(0, steps), ylim=(0, 1.25 * self._curves["correct"][0]), xlabel="step", ylabel="E")
        axes.legend(loc="upper right")
        self._said = below.text(0, 1, "", transform=below.transAxes, fontsize=SMALL, va="top", linespacing=1.5)
        return [self._curve, self._said]

    def move(self, mistake="correct"):
        curve, verdict = self._curves[mistake], self._verdicts[mistake]
        self._curve.set_data(np.arange(len(curve)), np.minimum(curve, 2 * curve[0]))
        told = f"{mistake}: E goes from {number(curve[0])} to {number(curve[-1])}. The check at the start {verdict}"
        self._said.set_text("\n".join(wrap(told, 112)))
        return told

    @staticmethod
    def _train(net, x, y, eta, steps, setting, name):
        errors = []
        for _ in range(steps + 1):
            trace = forward(net, x)
            errors.append(E(trace.t, y))
            net = step(net, mistakes.gradient(net, trace, y, setting, name, eta), eta)
        return np.array(errors)


def _named(by_layer):
    """{1: …, 2: …} → {"layer 1": …, "layer 2": …}, as the verdict is to say it."""
    return {f"layer {l}": array for l, array in by_layer.items()}


class Cost(Picture):
    """Multiplications for one gradient: by a nudge for every parameter, and by back-propagation, as the network grows."""

    size = (7.8, 4.0)
    widths, depths = (4, 256), (1, 8)

    def draw(self):
        axes = self.figure.subplots()
        axes.set(xscale="log", yscale="log", xlim=(20, 1e6), ylim=(10, 1e13), xlabel="parameters P",
                 ylabel="multiplications for one gradient")
        axes.grid(color="#E3E3E3", lw=0.8)
        self._nudging, = axes.plot([], [], "-", color=COLOURS["W"], label="nudging: about 2P²")
        self._back, = axes.plot([], [], "--", color=COLOURS["x"], label="back-propagation: about 3P")
        self._points, = axes.plot([], [], "o", color=INK, ms=8)
        self._said = axes.text(0.98, 0.04, "", transform=axes.transAxes, ha="right", va="bottom", fontsize=SMALL)
        axes.legend(loc="upper left")
        return [self._nudging, self._back, self._points, self._said]

    def move(self, width=32, depth=2):
        family = np.array([multiplications(w, depth) for w in range(self.widths[0], self.widths[1] + 1, 4)]).T
        self._nudging.set_data(family[0], family[1])
        self._back.set_data(family[0], family[2])
        P, nudging, back = multiplications(width, depth)
        self._points.set_data([P, P], [nudging, back])
        said = (f"{depth} layer{'s' * (depth > 1)} of {width} units, P = {P:,}: nudging {nudging:,}, back-propagation {back:,} multiplications: "
                f"{nudging / back:,.0f} times fewer")
        self._said.set_text("\n".join(wrap(said, 62)))
        return said + "."


def multiplications(width, depth):
    """(P, those of the central difference of every parameter, those of forward and back), for `depth` square layers.

    A forward pass multiplies once for every weight. Back: once for every weight in δ xᵀ, and once in Wᵀδ above layer 1.
    """
    weights = depth * width**2
    P = weights + depth * width
    return P, 2 * P * weights, 3 * weights - width**2
