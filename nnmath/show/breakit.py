"""Break it: choose a wrong formula and see its numbers beside the referee's, with the verdict."""

from textwrap import wrap

import numpy as np

from .. import finite_difference, mistakes
from ..verdict import judge
from .explore import explore
from .heat import CELL, Heat, board
from .picture import Picture
from .style import COLOURS, INK, NORMAL, SMALL, numbers

WIDTH = 8.2     # inches, room for a line of LETTERS letters
LETTERS = 104


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
        reference = np.atleast_2d(finite_difference.gradient(F, at))
        shapes = list(dict.fromkeys(claim.shape for claim in self._claims.values()))
        rows = max(m for m, _ in [reference.shape, *shapes])
        right = max(n for _, n in shapes) + 2
        self.figure.set_size_inches(WIDTH, (rows + 6.2) * CELL)
        sheet = board(self.figure, WIDTH / CELL, rows + 6.2)
        sheet.text(-0.4, 0.3, f"claimed  ${title}$", color=COLOURS[symbol], fontsize=NORMAL)
        right = max(right, 8)
        sheet.text(right - 0.5, 0.3, "measured by the referee", fontsize=NORMAL)
        limit = max(np.abs(values).max() for values in [reference, *self._claims.values()])
        self._heats = {shape: Heat(sheet, symbol, shape, limit, at=(0.1, 1.2), title="") for shape in shapes}
        Heat(sheet, symbol, reference.shape, limit, at=(right, 1.2), title="").set(np.round(reference, 9))
        line = rows + 1.5
        self._formula = sheet.text(-0.4, line, "", fontsize=NORMAL, va="center")
        self._code = sheet.text(-0.4, line + 0.95, "", fontsize=SMALL, va="center", family="DejaVu Sans Mono")
        self._verdict = sheet.text(-0.4, line + 1.7, "", fontsize=SMALL, va="top", linespacing=1.5)
        heats = [artist for heat in self._heats.values() for artist in heat.artists]
        return [*heats, self._formula, self._code, self._verdict]

    def move(self, mistake="correct"):
        claim, verdict = self._claims[mistake], self._verdicts[mistake]
        latex, code = self._forms[mistake]
        for shape, heat in self._heats.items():
            heat.show(shape == claim.shape)
        self._heats[claim.shape].set(claim)
        self._formula.set_text(f"{mistake}:  ${latex}$")
        self._code.set_text(code)
        sign = "✓ " if verdict.kind == "agrees" else "✗ "
        self._verdict.set_text("\n".join(wrap(sign + str(verdict), LETTERS)))
        self._verdict.set_color(INK if verdict.kind == "agrees" else COLOURS["δ"])
        rows = "; ".join(numbers(row) for row in claim)
        return f"{mistake[0].upper()}{mistake[1:]}, {code}: {rows}. The verdict: {verdict}"


def break_it(setting, F, at, symbol, title, **symbols):
    """BreakIt with its dropdown."""
    picture = BreakIt(setting, F, at, symbol, title, **symbols)
    return explore(picture, mistake=picture.names)
