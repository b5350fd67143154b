"""Break it: choose a wrong formula and see its numbers beside the referee's, with the verdict."""

from textwrap import wrap

import numpy as np

from ...check import mistakes
from ...check.finite_difference import numerical_gradient
from ...check.judge import judge
from .explorer import explore
from .glyphs import LEADING, Lines
from .heat import CELL, Heat, board
from .picture import Picture
from .style import COLOURS, INK, NORMAL, SMALL, numbers

WIDTH = 8.2     # inches, room for a line of LETTERS letters
LINE = LEADING * SMALL / 72 / CELL    # cells
LETTERS = 116


class BreakIt(Picture):
    """A formula of `mistakes`, right or wrong, beside what the referee measures, and the verdict.

    BreakIt("du_dW", F, at, symbol="x", title=r"\\partial u_k / \\partial W", k=k, W=W, x=x, b=b): setting, then F and at
    of `judge`, then the page's symbols that the formula needs. Mistakes whose code does not run on them are left out;
    `names` lists the rest, "correct" first.
    """

    def draw(self, setting, F, at, symbol, title, **symbols):
        wrong = mistakes.suspects(setting, **symbols)
        claims = {"correct": mistakes.value(setting, "correct", **symbols), **wrong}
        self._claims = {name: np.atleast_2d(claim) for name, claim in claims.items()}
        self._verdicts = {name: judge(claim, F, at, wrong) for name, claim in claims.items()}
        self._forms = {name: mistakes.form(setting, name) for name in claims}
        self.names = list(claims)
        reference = np.atleast_2d(numerical_gradient(F, at))
        shapes = list(dict.fromkeys(claim.shape for claim in self._claims.values()))
        rows = max(m for m, _ in [reference.shape, *shapes])
        self._told = {name: wrap(("✓ " if verdict.kind == "agrees" else "✗ ") + str(verdict), LETTERS)
                      for name, verdict in self._verdicts.items()}
        height, most = rows + 3.8, max(len(lines) for lines in self._told.values())
        self.figure.set_size_inches(WIDTH, (height + LINE * most) * CELL)
        sheet = board(self.figure, WIDTH / CELL, height + LINE * most)
        sheet.text(-0.1, 0.3, f"claimed  ${title}$", color=COLOURS[symbol], fontsize=NORMAL)
        right = max(8, *(n + 2 for _, n in shapes))
        sheet.text(right - 0.5, 0.3, "measured by the referee", fontsize=NORMAL)
        limit = max(np.abs(values).max() for values in [reference, *self._claims.values()])
        self._heats = {shape: Heat(sheet, symbol, shape, limit, at=(0.4, 1.2), title="") for shape in shapes}
        Heat(sheet, symbol, reference.shape, limit, at=(right, 1.2), title="").set(np.round(reference, 9))
        self._formula = sheet.text(-0.1, rows + 1.4, "", fontsize=NORMAL, va="center")
        self._code = Lines(sheet, (-0.1, rows + 2.2), SMALL, "DejaVu Sans Mono")
        self._verdict = Lines(sheet, (-0.1, rows + 3.1), SMALL)
        heats = [artist for heat in self._heats.values() for artist in heat.artists]
        return [*heats, self._formula, self._code, self._verdict]

    def move(self, mistake="correct"):
        claim, verdict = self._claims[mistake], self._verdicts[mistake]
        latex, code = self._forms[mistake]
        for shape, heat in self._heats.items():
            heat.show(shape == claim.shape)
        self._heats[claim.shape].set(claim)
        self._formula.set_text(f"{mistake}:  ${latex}$")
        self._code.set([(code, INK)])
        colour = INK if verdict.kind == "agrees" else COLOURS["δ"]
        self._verdict.set(*([(text, colour)] for text in self._told[mistake]))
        rows = "; ".join(numbers(row) for row in claim)
        return f"“{mistake}”, {code}: {rows}. The verdict: {verdict}"


def break_it(setting, F, at, symbol, title, **symbols):
    """BreakIt with its dropdown."""
    picture = BreakIt(setting, F, at, symbol, title, **symbols)
    return explore(picture, mistake=picture.names)
