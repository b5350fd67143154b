"""Chapter 16: a network as the operations on a tape, rows and columns of a Jacobian, and the memory of checkpoints."""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Circle, FancyArrowPatch

from .. import tape
from ..error import E
from .toolkit.glyphs import LEADING, Lines, Numbers
from .toolkit.heat import CELL, board
from .toolkit.picture import Picture
from .toolkit.style import COLORS, INK, LARGE, NORMAL, PALE, PAPER, SMALL, entry, number, numbers, sup

APART = 1.14  # inches from one operation to the next, along the chain
MARGIN = 0.25  # inches at the left and the right
RADIUS = 0.2  # inches, of the circle of an operation
OFFSET = 0.1  # inches from an arrow to what is written beside it
ROW = 0.165  # inches from one row of numbers to the next
REACH = 0.95  # inches from an operation to the parameter that enters it
TEXT = 3  # lines under the graph


@dataclass(frozen=True)
class Operation:
    """An operation of the drawing: its kind "·", "+", "f" or "E", its layer, the value that it makes and its inputs."""

    kind: str
    l: int
    out: str
    into: tuple[str, ...]


class Tape(Picture):
    """A network as its operations, in the order of the tape. Values appear above the arrows on the way forward, and
    the derivatives of E below the same arrows in the backward pass."""

    def draw(self, net, x, y):
        self._net, self._y = net, y
        self._record(x)
        self._rows = max(self._at[one.out].value.size for one in self._operations)
        width, high = APART * (len(self._operations) + 0.8) + 2 * MARGIN, REACH + 0.65
        low = -high - LEADING * NORMAL / 72 * TEXT
        self.figure.set_layout_engine("none")
        self.figure.set_size_inches(width, high - low)
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, width), ylim=(low, high))
        self._axes.set_axis_off()
        self._arrows: dict = {}
        self._circles: dict = {}
        self._values: dict = {}
        self._slopes: dict = {}
        signs = [self._operation(one, MARGIN + n * APART) for n, one in enumerate(self._operations, start=1)]
        last = MARGIN + len(self._operations) * APART
        self._along("E", last + RADIUS, last + 0.8 * APART)
        self._said = Lines(self._axes, (0.15, low + LEADING * NORMAL / 72 * (TEXT - 0.4)))
        texts = [*self._values.values(), *self._slopes.values()]
        return [*self._circles.values(), *signs, *self._arrows.values(), *texts, self._said]

    def _record(self, x):
        """Run the network on a tape: every value by name, ∂E/∂(each), and the operations in their order."""
        at, operations, t = {"x0": tape.Value(x), "y": tape.Value(self._y)}, [], "x0"
        for l, f in self._net.f.items():
            at |= {f"W{l}": tape.Value(self._net.W[l]), f"b{l}": tape.Value(self._net.b[l])}
            at[f"p{l}"] = at[f"W{l}"] @ at[t]
            at[f"u{l}"] = at[f"p{l}"] + at[f"b{l}"]
            at[f"x{l}"] = tape.apply(f, at[f"u{l}"])
            operations += [
                Operation("·", l, f"p{l}", (t, f"W{l}")),
                Operation("+", l, f"u{l}", (f"p{l}", f"b{l}")),
                Operation("f", l, f"x{l}", (f"u{l}",)),
            ]
            t = f"x{l}"
        half_squares = tape.operation(E, lambda v, out, t, y: v * (t - y), lambda v, out, t, y: v * (y - t))
        at["E"] = half_squares(at[t], at["y"])
        self._at, self._operations = at, [*operations, Operation("E", self._net.L, "E", (t, "y"))]
        self._back = dict(zip(at, tape.gradients(at["E"], *at.values())))
        self._given = {name for name in at if name[0] in "Wby" or name == "x0"}

    @property
    def last(self):
        """The last step."""
        return 2 * len(self._operations) + 1

    @property
    def steps(self):
        """(first, last), for a slider."""
        return 0, self.last

    def move(self, step=0):
        done, way_back = self._operations[:step], self._operations[::-1]
        back = way_back[: max(0, step - len(way_back) - 1)]
        known = self._given | {one.out for one in done}
        reached = {name for one in back for name in one.into} | ({"E"} if step > len(way_back) else set())
        for name, text in self._values.items():
            text.set_text(_table(self._at[name].value) if name in known else "")
        for name, text in self._slopes.items():
            text.set_text(_table(self._back[name]) if name in reached else "")
        lines, bright, at_work = self._now(step, done, back)
        self._light(bright, at_work, COLORS["δ"] if step > len(way_back) else INK)
        self._said.set(*lines)
        return f"Step {step} of {self.last}. {'. '.join(lines)}."

    def _light(self, names, at_work, color):
        """Make the arrows of some values stand out, and the circle of the operation at work."""
        for name, arrow in self._arrows.items():
            arrow.set(color=color if name in names else PALE, linewidth=2.6 if name in names else 1.2)
        for name, circle in self._circles.items():
            circle.set(edgecolor=color if name == at_work else INK, linewidth=3.5 if name == at_work else 1.5)

    def _now(self, step, done, back):
        """The lines under the graph, the names of the values that they are about, and that of the operation."""
        if back:
            return self._say_back(back[-1]), set(back[-1].into), back[-1].out
        if step > len(done):
            return ["The backward pass begins with the derivative of E with respect to itself: ∂E/∂E = 1"], {"E"}, "E"
        if done:
            return self._say_forward(done[-1]), {done[-1].out}, done[-1].out
        return ["The input, the target, and the parameters are given. Nothing is on the tape yet"], self._given, None

    def _say_forward(self, one):
        i, before, value = sup(one.l), sup(one.l - 1), _short(self._at[one.out].value)
        return {
            "E": [f"E = ½‖t − y‖² = {value}", "Its rule will need t and y"],
            "f": [f"x{i} = f(u{i}) = {value}", f"Its rule will need u{i}"],
            "+": [f"u{i} = W{i}·x{before} + b{i} = {value}", "Its rule will need none of these numbers"],
            "·": [f"W{i}·x{before} = {value}", f"Its rules will need W{i} and x{before}"],
        }[one.kind]

    def _say_back(self, one):
        i, before, slope = sup(one.l), sup(one.l - 1), [_short(self._back[name]) for name in one.into]
        sign = {"E": "½‖t − y‖²", "f": f"f(u{i})", "+": f"W{i}·x{before} + b{i}", "·": f"W{i}·x{before}"}[one.kind]
        return [f"Back through {sign}, with v = {_short(self._back[one.out])}"] + {
            "E": [f"t receives v·(t − y) = {slope[0]}", f"y receives v·(y − t) = {slope[-1]}"],
            "f": [f"u{i} receives f′(u{i}) ∘ v = {slope[0]}, which is δ{i}"],
            "+": [f"W{i}·x{before} and b{i} both receive v unchanged"],
            "·": [f"W{i} receives v (x{before})ᵀ = {slope[-1]}", f"x{before} receives (W{i})ᵀ v = {slope[0]}"],
        }[one.kind]

    def _names(self, name):
        """What a value is called, its color, and what the derivative of E with respect to it is called."""
        kind, l = name[0], int(name[1:] or 0)
        if kind == "p":
            return f"W{sup(l)}·x{sup(l - 1)}", INK, f"δ{sup(l)}"
        page = kind + (sup(l) if name[1:] else "")
        last = " = t" if name == f"x{self._net.L}" else ""
        return page + last, COLORS[kind], f"δ{sup(l)}" if kind == "u" else f"∂E/∂{page}"

    def _operation(self, one, place):
        """The circle of an operation with the arrows of its inputs; returns its sign."""
        self._circles[one.out] = self._axes.add_patch(Circle((place, 0), RADIUS, fc=PAPER, ec=INK, zorder=3))
        first = one is self._operations[0]
        self._along(one.into[0], place - APART + (0 if first else RADIUS), place - RADIUS)
        for name in one.into[1:]:
            self._across(name, place, way=1 if one.kind == "·" else -1)
        sign = "loss" if one.kind == "E" else one.kind
        size, style = LARGE if len(sign) == 1 else SMALL, "italic" if sign == "f" else "normal"
        return self._axes.text(place, 0, sign, ha="center", va="center", fontsize=size, style=style, zorder=4)

    def _along(self, name, start, end):
        """The arrow of a value along the chain, with the value above it and the derivative below it."""
        self._arrow(name, (start, 0), (end, 0))
        page, color, slope = self._names(name)
        middle, high = (start + end) / 2 - 0.03, OFFSET + ROW * self._rows + 0.06
        self._values[name] = self._write(middle, OFFSET, "", va="bottom")
        self._slopes[name] = self._write(middle, -OFFSET, "", va="top", color=COLORS["δ"])
        self._write(middle, high, page, va="bottom", color=color, weight="bold")
        self._write(middle, -high, slope, va="top", color=COLORS["δ"], weight="bold")

    def _across(self, name, place, way):
        """The arrow of a parameter into its operation, with the value to its left and the derivative to its right."""
        self._arrow(name, (place, way * REACH), (place, way * RADIUS))
        page, color, slope = self._names(name)
        numbers_at, name_at = way * (REACH - 0.12), way * (REACH + 0.2)
        self._values[name] = self._write(place - OFFSET, numbers_at, "", ha="right")
        self._slopes[name] = self._write(place + OFFSET, numbers_at, "", ha="left", color=COLORS["δ"])
        self._write(place - OFFSET, name_at, page, ha="right", color=color, weight="bold")
        self._write(place + OFFSET, name_at, slope, ha="left", color=COLORS["δ"], weight="bold")

    def _write(self, x, y, text, ha="center", va="center", **looks):
        return self._axes.text(x, y, text, ha=ha, va=va, fontsize=SMALL, linespacing=1.15, **looks)

    def _arrow(self, name, start, end):
        self._arrows[name] = self._axes.add_patch(
            FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9, shrinkA=0, shrinkB=0)
        )


def _table(values):
    """The rows of a matrix, one under the other."""
    return "\n".join("  ".join(number(value) for value in row) for row in np.atleast_2d(values))


def _short(values):
    """A number, a column or a matrix in one line."""
    rows = np.atleast_2d(values)
    if rows.size == 1:
        return number(rows[0, 0])
    return numbers(rows[:, 0]) if rows.shape[1] == 1 else f"({', '.join(numbers(row) for row in rows)})"


MOST = 6  # inputs or outputs


class Modes(Picture):
    """The Jacobian of a function with n inputs and m outputs. A forward pass finds one of its columns, and a backward
    pass one of its rows."""

    def draw(self):
        gap, cell = 3.5, 0.8 * CELL
        width, height = 2 * (MOST + gap) - 0.6, MOST + 4.4
        self.figure.set_size_inches(width * cell, height * cell)
        sheet = board(self.figure, width, height, cell=cell)
        corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
        self._grids = []
        for left, title, symbol in (
            (1.2, "forward mode: a pass finds a column", "x"),
            (1.2 + MOST + gap, "reverse mode: a pass finds a row", "δ"),
        ):
            middles = np.array([(left + j, 1.6 + i) for i, j in np.ndindex(MOST, MOST)])
            names = [(left + j, 0.8) for j in range(MOST)] + [(left - 0.85, 1.6 + i) for i in range(MOST)]
            cells = PolyCollection([corners + middle for middle in middles], linewidths=1)
            sheet.add_collection(cells, autolim=False)
            sheet.text(left - 0.9, 0.1, title, color=COLORS[symbol], fontweight="bold", va="center")
            self._grids.append((cells, Numbers(sheet, middles, SMALL), Numbers(sheet, names, SMALL), COLORS[symbol]))
        self._said = Lines(sheet, (0.0, MOST + 1.7))
        return [artist for *artists, _ in self._grids for artist in artists] + [self._said]

    def move(self, n=6, m=3, passes=3):
        places = np.array(list(np.ndindex(MOST, MOST)))
        there = (places < (m, n)).all(axis=1)
        symbols = [entry("x", j) if j < n else "" for j in range(MOST)] + [
            entry("t", i) if i < m else "" for i in range(MOST)
        ]
        for (cells, inside, names, color), found_in in zip(self._grids, (places[:, 1], places[:, 0])):
            known = there & (found_in < passes)
            cells.set(
                facecolors=[(color if on else PAPER, 0.45 if on else 0.0) for on in known],
                edgecolors=[(INK, 0.5 if on else 0.0) for on in there],
            )
            inside.set([str(k + 1) if on else "" for k, on in zip(found_in, known)])
            names.set(symbols)
        wins = "the two are equal" if n == m else f"{'forward' if n < m else 'reverse'} mode wins"
        lines = [
            f"{_count(n, 'input')}, {_count(m, 'output')}. After {_count(passes, 'pass')}, "
            f"forward mode has found {min(passes, n)} of {_count(n, 'column')},",
            f"and reverse mode has found {min(passes, m)} of {_count(m, 'row')}.",
            f"All of J takes {_count(n, 'forward pass')} or {_count(m, 'backward pass')}: {wins}",
        ]
        self._said.set(*lines)
        return f"{' '.join(lines)}. The number in each cell says which pass finds that entry."


def _count(n, word):
    """1 pass, 2 passes"""
    return f"{n} {word}" if n == 1 else f"{n} {word}es" if word.endswith("s") else f"{n} {word}s"


class Checkpoints(Picture):
    """How many layer inputs are kept at a time if only every k-th of them is kept in the forward pass, and the others
    are computed again in the backward pass."""

    size = (8.6, 4.0)

    def draw(self, layers=36):
        self._layers = layers
        self.every = [k for k in range(1, layers + 1) if layers % k == 0]
        left, right = self.figure.subplots(1, 2, width_ratios=[1.5, 1])
        left.plot(*self._kept(1), color=PALE)
        left.text(layers, 1.02 * layers, "k = 1, nothing is computed again", color=INK, fontsize=SMALL, va="bottom")
        (self._curve,) = left.plot([], [], color=COLORS["x"])
        limits = (-0.03 * layers, 1.15 * layers)
        left.set(xlim=(0, 3 * layers), ylim=limits, xlabel="layers run so far, forward or back")
        left.set_title("layer inputs kept")
        right.plot(self.every, [layers / k + k - 1 for k in self.every], "o-", color=PALE, lw=1, ms=5)
        (self._point,) = right.plot([], [], "o", color=COLORS["x"], ms=10)
        right.set(xscale="log", ylim=limits, xlabel="k (log scale)")
        right.set_xticks(self.every, self.every)
        right.minorticks_off()
        right.set_title("the most at once, L/k + k − 1")
        self._said = self.equation(2)
        return [self._curve, self._point, self._said]

    def move(self, k=6):
        L, (times, kept) = self._layers, self._kept(k)
        self._curve.set_data(times, kept)
        self._point.set_data([k], [max(kept)])
        lines = [
            f"k = {k}: {_count(L // k, 'input')} of {L} kept in the forward pass, "
            f"and at most {L}/{k} + {k} − 1 = {max(kept)} kept at once",
            f"{_count((k - 1) * (L // k), 'layer')} run forward a second time",
        ]
        self._said.set(*lines)
        return f"{'; '.join(lines)}."

    def _kept(self, k):
        """(0, 1, 2, …, how many inputs are kept after so many layers were run): forward, and then for each segment of
        k layers from the last to the first, forward again and back."""
        L, kept = self._layers, [0]
        for l in range(L):
            kept.append(kept[-1] + (l % k == 0))
        for _ in range(L // k):
            kept += [kept[-1] + n for n in range(1, k)]
            kept += [kept[-1] - n for n in range(1, k + 1)]
        return range(len(kept)), kept
