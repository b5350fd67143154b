"""Break it: choose a wrong formula and see its numbers beside the measured ones, with the verdict."""

from textwrap import wrap

import numpy as np

from ...check import mistakes
from ...check.finite_difference import numerical_gradient
from ...check.judge import judge
from .explorer import explore
from .glyphs import LEADING, Lines
from .heat import CELL, SPACE, Heat, board
from .picture import Picture
from .style import COLORS, INK, MINUS, NORMAL, PLUS, SMALL, numbers

WIDTH = 8.2  # inches, room for a line of LETTERS letters
LINE = LEADING * SMALL / 72 / CELL  # cells
LETTERS = 116
FIRST = 1.2  # the row of cells where the matrices begin, under their titles
GAP = 1.4  # cells between two matrices
SAME = 1e-6  # of the largest entry: cells that differ by more are marked; the measurement is good to about 1e-9


class BreakIt(Picture):
    """A formula of `mistakes`, right or wrong, beside the measured gradient and their difference, with the verdict.

    BreakIt("du_dW", F, at, symbol="x", title=r"\\partial u_k / \\partial W", k=k, W=W, x=x, b=b): the formula, then
    F and at of `judge`, then the page's symbols that the formula needs. Mistakes whose code does not run on these are
    left out. With names=["transposed", …], only these mistakes are offered, in this order. The attribute `names` lists
    what is offered, "correct" first. Every cell of the claim that differs from the measurement is framed. Pictures and
    kernels are shown as tables, one below the other, with a gap between two of them.
    """

    def draw(self, formula, F, at, symbol, title, names=None, **symbols):
        wrong = mistakes.suspects(formula, **symbols)
        chosen = {name: wrong[name] for name in _chosen(formula, names, wrong)}
        claims = {"correct": mistakes.value(formula, "correct", **symbols), **chosen}
        wrong = {**chosen, **wrong}  # if two mistakes give the same numbers, the verdict names the one that is shown
        self._claims = {name: _table(claim) for name, claim in claims.items()}
        self._verdicts = {name: judge(claim, F, at, wrong) for name, claim in claims.items()}
        self._forms = {name: mistakes.form(formula, name) for name in claims}
        self.names = list(claims)
        measured = numerical_gradient(F, at)
        self._reference = np.round(_table(measured), 9)
        block = _rows_of_a_table(measured)
        self._told = {
            name: wrap(("✓ " if verdict.kind == "agrees" else "✗ ") + str(verdict), LETTERS)
            for name, verdict in self._verdicts.items()
        }
        shapes = list(dict.fromkeys([self._reference.shape, *(claim.shape for claim in self._claims.values())]))
        rows, columns = (max(sizes) for sizes in zip(*shapes))
        most, pitch = max(len(lines) for lines in self._told.values()), max((WIDTH / CELL - 0.5) / 3, columns + GAP)
        high = rows + SPACE * ((rows - 1) // block if block else 0)
        width, height = 3 * pitch + 0.5, high + 3.8 + LINE * most
        self.figure.set_size_inches(width * CELL, height * CELL)
        sheet = board(self.figure, width, height)
        lefts = [0.4 + n * pitch for n in range(3)]
        for left, text, color in zip(
            lefts, (f"claimed  ${title}$", "measured", "claimed − measured"), (COLORS[symbol], INK, INK)
        ):
            sheet.text(left - 0.5, 0.3, text, color=color, fontsize=NORMAL)
        limit = max(np.abs(values).max() for values in [self._reference, *self._claims.values()])
        heat = lambda shape, left: Heat(sheet, symbol, shape, limit, at=(left, FIRST), title="", block=block)
        self._heats = {shape: heat(shape, lefts[0]) for shape in shapes}
        heat(self._reference.shape, lefts[1]).set(self._reference)
        self._difference = heat(self._reference.shape, lefts[2])
        self._no_difference = sheet.text(lefts[2] - 0.5, FIRST + 0.2, "", fontsize=NORMAL, va="center", color=MINUS)
        self._formula = sheet.text(-0.1, high + 1.4, "", fontsize=NORMAL, va="center")
        self._code = Lines(sheet, (-0.1, high + 2.2), SMALL, "DejaVu Sans Mono")
        self._verdict = Lines(sheet, (-0.1, high + 3.1), SMALL)
        heats = [artist for heat in [*self._heats.values(), self._difference] for artist in heat.artists]
        return [*heats, self._no_difference, self._formula, self._code, self._verdict]

    def move(self, mistake="correct"):
        claim, verdict = self._claims[mistake], self._verdicts[mistake]
        latex, code = self._forms[mistake]
        for shape, heat in self._heats.items():
            heat.show(shape == claim.shape)
        comparable = claim.shape == self._reference.shape
        difference = claim - self._reference if comparable else np.zeros(self._reference.shape)
        differs = np.abs(difference) > SAME * max(np.abs(claim).max(), np.abs(self._reference).max())
        self._heats[claim.shape].set(claim).mark_cells(differs if comparable else np.zeros(claim.shape, bool))
        self._difference.show(comparable).set(np.where(differs, difference, 0)).mark_cells(differs)
        shapes = [f"{m}×{n}" for m, n in (claim.shape, self._reference.shape)]
        self._no_difference.set_text("" if comparable else f"none: the shapes\nare {shapes[0]} and {shapes[1]}")
        self._formula.set_text(f"{mistake}:  ${latex}$")
        self._code.set([(code, INK)])
        color = PLUS if verdict.kind == "agrees" else MINUS
        self._verdict.set(*([(text, color)] for text in self._told[mistake]))
        rows = "; ".join(numbers(row) for row in claim)
        seen = (
            f"{differs.sum()} of {differs.size} entries differ from the measured ones"
            if comparable
            else f"the shape is {shapes[0]}, the measured one is {shapes[1]}"
        )
        return f"“{mistake}”, {code}: {rows}; {seen}. The verdict: {verdict}"


def _chosen(formula, names, wrong):
    """The mistakes that a menu offers: those of `names`, or all that run."""
    if names is None:
        return list(wrong)
    if not isinstance(names, (list, tuple)) or not names:
        raise ValueError(f"names is {names!r}; expected a list of mistakes, some of {list(wrong)}")
    for name in names:
        if name not in mistakes.names(formula)[1:]:
            raise ValueError(f"{name!r} is not a mistake in the formula {formula!r}; expected some of {list(wrong)}")
        if name not in wrong:
            raise ValueError(f"{name!r} cannot be shown with these symbols; expected some of {list(wrong)}")
    return list(names)


def _table(values):
    """An array as a matrix: of more than two axes those with one entry are left out, and the last one gives the
    columns."""
    values = np.asarray(values)
    if values.ndim > 2:
        values = values.squeeze()
        values = values.reshape(-1, values.shape[-1]) if values.ndim > 2 else values
    return np.atleast_2d(values)


def _rows_of_a_table(values):
    """How many rows each of the tables has that an array of more than two axes is shown as, None if it is one."""
    values = np.asarray(values)
    shape = values.squeeze().shape if values.ndim > 2 else values.shape
    return shape[-2] if len(shape) > 2 else None


def break_it(formula, F, at, symbol, title, stored=None, names=None, **symbols):
    """BreakIt with its dropdown.

    Parameters
    ----------
    formula, F, at, symbol, title, **symbols
        As in `BreakIt`.
    stored
        The mistake whose picture the notebook keeps; by default the first wrong formula in the menu.
    names
        The mistakes that the menu offers after "correct", in this order; by default all of the formula.

    Raises
    ------
    ValueError
        If one of `names` is not a mistake in this formula, or cannot be shown with these symbols, or if `stored` is
        not in the menu.
    """
    picture = BreakIt(formula, F, at, symbol, title, names=names, **symbols)
    return explore(picture, stored={"mistake": stored or picture.names[1]}, mistake=picture.names)
