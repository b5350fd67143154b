"""A sum over k shown slice by slice, with the line of code that adds it up."""

import numpy as np

from .glyphs import Lines
from .heat import Heat
from .picture import Picture
from .style import INK, bracketed, number

SANS, MONO = "DejaVu Sans", "DejaVu Sans Mono"
NEXT = 0.75  # cells from one line of text to the next
TITLE = 1.0  # cells above a matrix, for its title
UNDER = 1.4  # cells from the last row of a matrix to the first line of text
LINES = 4  # of text: the sum and the product, each in numbers and in code


class Unfold(Picture):
    """Slices side by side, and what is summed so far; one entry is marked in every slice, in the sum, and in the
    code."""

    term: str  # a slice on the page,
    loop: str  # in code,
    product: str  # and the product in code
    _slices: list
    _heats: list
    _sum: Heat

    def _lines(self, sheet, rows):
        """The entry's sum, as numbers and in code, and the product once the sum is complete; rows is where the
        matrices end."""
        below = [rows - 1 + UNDER + n * NEXT for n in range(LINES)]
        self._said = [Lines(sheet, (0, row), family=family) for row, family in zip(below, (SANS, MONO) * 2)]
        return self._said

    def _show(self, step, i, j):
        """Put the first slices there and mark the entry; its value so far, as a sum."""
        sofar = sum(self._slices[:step], start=np.zeros_like(self._slices[0]))
        for s, (heat, values) in enumerate(zip(self._heats, self._slices)):
            heat.set(values if s < step else np.zeros_like(values)).mark(i, j)
        self._sum.set(sofar).mark(i, j)
        terms = " + ".join(bracketed(values[i, j]) for values in self._slices[:step])
        return f"{terms} = {number(sofar[i, j])}" if step > 1 else number(sofar[i, j])

    def _tell(self, step, name, total, product, index):
        """Write the lines; the same in one text."""
        over = {0: "no k yet", 1: "k = 1"}.get(step, f"k = 1 to {step}")
        told = [
            f"Σ over {over}, {name}: {total}",
            f"sum({self.loop} for k in range({step})){index}" if step else "",
            "",
            "",
        ]
        if step == len(self._slices):
            told[2:] = product, f"({self.product}){index}"
        for n, (line, text) in enumerate(zip(self._said, told)):
            line.set([(text, INK)] if n % 2 else text)
        return f"Σ {self.term}{'. '.join(text for text in told if text)[1:]}."
