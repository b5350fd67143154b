"""Chapter 13: where a weight of a kernel was used, which outputs a pixel reaches, and the flipped kernel on δ."""

import numpy as np

from ..check.render import joined
from .ch12 import EXAMPLE_K, EXAMPLE_X, LINE, correlate, frame_patch, offset
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, sign
from .toolkit.picture import Picture
from .toolkit.style import COLORS, NORMAL, bracketed, entry, number, numbers

EXAMPLE_DELTA = np.array([[-1.0, -4], [-1, -4]])  # of the example, in units of 1/128
UNIT = 128


class Correlation(Picture):
    """A small table at one position on a larger one: a frame, the products, and their sum in a third table."""

    def _tables(self, large, small, result, first, second, third):
        """Draw three tables; each of first, second and third is (symbol, title, names of rows, names of columns)."""
        self._large, self._small, self._result = large, small, result
        (h, w), (a, c), (m, n) = large.shape, small.shape, result.shape
        lefts = np.cumsum([1.1, w + 1.7, c + 1.6, c + 2.5])
        width, rows = lefts[-1] + n + 0.8, max(h, m)
        self.figure.set_size_inches(width * CELL, (rows + FOOT + LINE) * CELL)
        sheet = board(self.figure, width, rows + FOOT + LINE)
        titled = [(large, first, 0), (small, second, 1), (result, third, 3)]
        heats = [
            Heat(
                sheet,
                symbol,
                values.shape,
                np.abs(values).max(),
                at=(lefts[at], 1),
                title=title,
                rows=rows_,
                columns=columns,
            ).set(values)
            for values, (symbol, title, rows_, columns), at in titled
        ]
        self._over, self._kernel, self._sum = heats
        limit = np.abs(large).max() * np.abs(small).max()
        self._products = Heat(sheet, "E", small.shape, limit, at=(lefts[2], 1), title="products")
        middle = 1 + (a - 1) / 2
        sign(sheet, lefts[1] - 1.25, middle, "∘")
        sign(sheet, lefts[2] - 1.05, middle, "=")
        sheet.text(lefts[3] - 1.6, middle, "sum", fontsize=NORMAL, ha="center", va="center")
        self._line = line_under(sheet, rows)
        return [self._over.frame, *self._products.artists, self._sum.frame, self._line]

    def _lay(self, i, j):
        """Lay the small table on the large one at i, j; the sum in numbers, and its value."""
        a, c = self._small.shape
        patch = self._large[i : i + a, j : j + c]
        frame_patch(self._over, i, j, self._small.shape)
        self._products.set(patch * self._small)
        self._sum.mark(i, j)
        terms = " + ".join(f"{bracketed(d)}·{bracketed(v)}" for d, v in zip(self._small.flat, patch.flat))
        return terms, number(self._result[i, j])


class KernelGradient(Correlation):
    """∂E/∂K_ab: the pixels that the weight met are framed, and each is multiplied by the δ of the position where it
    was met."""

    def draw(self, delta=EXAMPLE_DELTA, x=EXAMPLE_X, unit=UNIT):
        self._unit = "" if unit == 1 else f"{unit} "
        (h, w), (m, n) = x.shape, delta.shape
        return self._tables(
            x,
            delta,
            correlate(delta, x),
            ("x", "x", range(1, h + 1), range(1, w + 1)),
            ("δ", f"{self._unit}δ", range(1, m + 1), range(1, n + 1)),
            ("K", rf"{self._unit}$\partial E\,/\,\partial K$", range(h - m + 1), range(w - n + 1)),
        )

    def move(self, a=0, b=0):
        terms, total = self._lay(a, b)
        m, n = self._small.shape
        met = [entry("x", a + i, b + j) for i, j in np.ndindex(m, n)]
        said = f"{self._unit}∂E/∂{offset('K', a, b)} = {terms} = {total}"
        self._line.set(said, f"{offset('K', a, b)} met {joined(met)}")
        return f"{offset('K', a, b)} met {joined(met)}: {said}."


class Reach(Picture):
    """Which outputs a pixel reaches: the kernel in each of its positions, with the pixel marked and the weight
    that covers it."""

    def draw(self, delta=EXAMPLE_DELTA, K=EXAMPLE_K, x=EXAMPLE_X, unit=UNIT):
        self._delta, self._K, self._unit = delta, K, "" if unit == 1 else f"{unit} "
        (h, w), (m, n) = x.shape, delta.shape
        pitch, count = w + 1.5, m * n
        self.figure.set_size_inches((count * pitch + 0.6) * CELL, (h + FOOT + LINE + 0.9) * CELL)
        sheet = board(self.figure, count * pitch + 0.6, h + FOOT + LINE + 0.9)
        self._heats, self._under = [], []
        for k, (i, j) in enumerate(np.ndindex(m, n)):
            laid = np.zeros((h, w))
            laid[i : i + K.shape[0], j : j + K.shape[1]] = K
            at = (1 + k * pitch, 1)
            title = rf"$\partial u_{{{i + 1}{j + 1}}}\,/\,\partial x$"
            rows = range(1, h + 1) if k == 0 else ()
            heat = Heat(sheet, "K", (h, w), np.abs(K).max(), at=at, title=title, rows=rows, columns=range(1, w + 1))
            self._heats.append(heat.set(laid))
            self._under.append(
                sheet.text(
                    at[0] + (w - 1) / 2, h + 1.35, "", ha="center", va="center", fontsize=NORMAL, color=COLORS["K"]
                )
            )
        self._line = line_under(sheet, h + 0.9)
        return [*(heat.frame for heat in self._heats), *self._under, self._line]

    def move(self, p=1, q=1):
        (a, b), paths, total = self._K.shape, [], 0.0
        for k, (i, j) in enumerate(np.ndindex(self._delta.shape)):
            r, s = p - i, q - j
            reached = 0 <= r < a and 0 <= s < b
            self._heats[k].mark(p, q)
            self._under[k].set_text(f"through {offset('K', r, s)}" if reached else "not reached")
            self._under[k].set_color(COLORS["K"] if reached else COLORS["E"])
            if reached:
                paths.append((entry("u", i, j), entry("δ", i, j), offset("K", r, s), self._delta[i, j], self._K[r, s]))
                total += self._delta[i, j] * self._K[r, s]
        pixel = entry("x", p, q)
        symbols = " + ".join(f"{delta}·{weight}" for _, delta, weight, _, _ in paths)
        values = " + ".join(f"{bracketed(d)}·{bracketed(k)}" for *_, d, k in paths)
        said = [f"∂E/∂{pixel} = {symbols}", f"{self._unit}∂E/∂{pixel} = {values} = {number(total)}"]
        self._line.set(*said)
        reaches = ", ".join(f"{unit} through {weight}" for unit, _, weight, _, _ in paths)
        return f"{pixel} reaches {reaches}: {said[0]}; {said[1]}."


class FlippedKernel(Correlation):
    """∂E/∂x_pq: the flipped kernel laid on δ, which has zeros around it."""

    def draw(self, delta=EXAMPLE_DELTA, K=EXAMPLE_K, unit=UNIT):
        self._delta, self._unit = delta, "" if unit == 1 else f"{unit} "
        a, b = K.shape
        padded, flipped = np.pad(delta, ((a - 1, a - 1), (b - 1, b - 1))), K[::-1, ::-1]
        result = correlate(flipped, padded)
        return self._tables(
            padded,
            flipped,
            result,
            ("δ", f"{self._unit}δ with zeros around it", (), ()),
            ("K", "K, flipped", range(a)[::-1], range(b)[::-1]),
            (
                "x",
                rf"{self._unit}$\partial E\,/\,\partial x$",
                range(1, result.shape[0] + 1),
                range(1, result.shape[1] + 1),
            ),
        )

    def move(self, p=0, q=0):
        terms, total = self._lay(p, q)
        pixel, (a, c), (m, n) = entry("x", p, q), self._small.shape, self._delta.shape
        symbols = " + ".join(
            f"{offset('K', a - 1 - r, c - 1 - s)}·{entry('δ', p + r - a + 1, q + s - c + 1)}"
            for r, s in np.ndindex(a, c)
            if 0 <= p + r - a + 1 < m and 0 <= q + s - c + 1 < n
        )
        said = f"∂E/∂{pixel} = {symbols}", f"{self._unit}∂E/∂{pixel} = {terms} = {total}"
        self._line.set(*said)
        rows = "; ".join(numbers(row) for row in self._large[p : p + a, q : q + c])
        return f"At {pixel} the flipped kernel meets {rows}: {said[0]}; {said[1]}."
