"""Chapters 07 and 08: a sum over k, unfolded slice by slice, becomes one product."""

import numpy as np

from ..layer import du_dW, du_dx
from .heat import CELL, Heat, board, names
from .picture import Picture
from .style import NORMAL, bracketed, entry, number


class _Unfold(Picture):
    """Slices side by side, and what is summed so far; one entry is marked in every slice and in the sum."""

    symbol, title = None, None

    def _draw(self, slices, names_of_slices, rows, columns):
        self._slices, (m, n) = slices, slices[0].shape
        wide = n + 1.6
        total = len(slices) * wide + n + 2.6
        width = max(total, 16)    # room for the line of text
        self.figure.set_size_inches(width * CELL, (m + 3.4) * CELL)
        sheet = board(self.figure, width, m + 3.4)
        limit = max(np.abs(np.stack(slices)).max(), np.abs(sum(slices)).max())
        self._heats = []
        for s, title in enumerate(names_of_slices):
            self._heats.append(Heat(sheet, self.symbol, (m, n), limit, at=(1 + s * wide, 1), title=title,
                                    rows=rows if s == 0 else (), columns=columns))
            sign = "+" if s + 1 < len(slices) else "="
            sheet.text(1 + s * wide + n - 0.5 + 0.8, 1 + (m - 1) / 2, sign, fontsize=15, ha="center", va="center")
        self._sum = Heat(sheet, self.symbol, (m, n), limit, at=(1 + len(slices) * wide, 1), title=self.title,
                         columns=columns)
        self._said = sheet.text(0.3, m + 2.1, "", fontsize=NORMAL, va="center")
        return [artist for heat in [*self._heats, self._sum] for artist in heat.artists] + [self._said]

    def _show(self, step, i, j):
        sofar = sum(self._slices[:step]) if step else np.zeros_like(self._slices[0])
        for s, (heat, values) in enumerate(zip(self._heats, self._slices)):
            heat.set(values if s < step else np.zeros_like(values)).mark(i, j)
        self._sum.set(sofar).mark(i, j)
        terms = " + ".join(bracketed(values[i, j]) for values in self._slices[:step]) or "nothing yet"
        return terms, sofar[i, j]


class UnfoldOuter(_Unfold):
    """∂E/∂W = Σ_k δ_k e_k xᵀ: m almost empty tables fall onto one outer product δ xᵀ."""

    symbol, title = "x", r"$\delta\, x^T$"

    def draw(self, delta, W, x, b):
        m, n = W.shape
        slices = [delta[k, 0] * du_dW(k, W, x, b) for k in range(m)]
        titles = [rf"$\delta_{k + 1}\, e_{k + 1} x^T$" for k in range(m)]
        return self._draw(slices, titles, names("W", m), range(1, n + 1))

    def move(self, step=0, i=0, j=0):
        terms, value = self._show(step, i, j)
        said = f"{entry('W', i, j)} after {step} of {len(self._slices)}: {terms} = {number(value)}"
        if step > i:
            said += f", which is {entry('δ', i)}·{entry('x', j)}"
        self._said.set_text(said)
        return f"The sum over k of δ_k e_k xᵀ, entry {said}."


class UnfoldBack(_Unfold):
    """Σ_k δ_k (W_k)ᵀ = Wᵀδ: every row of W, stood up and weighted, and their sum."""

    symbol, title = "W", r"$W^T \delta$"

    def draw(self, delta, W, x, b):
        m, n = W.shape
        slices = [delta[k, 0] * du_dx(k, W, x, b) for k in range(m)]
        titles = [rf"$\delta_{k + 1}\, (W_{k + 1})^T$" for k in range(m)]
        return self._draw(slices, titles, names("x", n), [""])

    def move(self, step=0, i=0):
        terms, value = self._show(step, i, 0)
        said = f"unit {i + 1} after {step} of {len(self._slices)} paths: {terms} = {number(value)}"
        self._said.set_text(said)
        return f"The sum over k of δ_k (W_k)ᵀ, {said}."
