"""Small numbers and lines of text, fast: each sign is drawn once, and texts are put together from the stored signs.

Laying out and drawing a text takes matplotlib half a millisecond, and a picture may have a hundred of them in every
frame.
"""

import re
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox

from .style import COLORS, INK, NORMAL

LEADING = 1.65  # from one line to the next, in sizes of the font


def _margin(size, dpi):
    """Pixels around a sign, for what sticks out of its box: it hangs below the line, or leans to the left."""
    return round(0.27 * size * dpi / 72)


class Numbers(Artist):
    """Short black texts, each at its place in the axes' coordinates."""

    zorder = 3

    def __init__(self, axes, places, size):
        super().__init__()
        self._size = size
        self._places = np.asarray(places, dtype=float)
        self.set([""] * len(places))
        axes.add_artist(self)

    def set(self, texts, places=None, side=0):
        """The texts, and their places if they move. Side 0 centers each at its place, 1 begins it there, −1 ends it."""
        self._texts = texts
        self._places = self._places if places is None else np.asarray(places, dtype=float)
        self._side = np.broadcast_to(side, len(texts))

    def boxes(self):
        """(text, its box in pixels), for the tests of what can be read."""
        for (x, y), text, side in zip(self.axes.transData.transform(self._places), self._texts, self._side):
            yield text, _box(x, y, text, side, self._size, self.figure.dpi)

    def draw(self, renderer):
        if not self.get_visible():
            return
        gc, margin = renderer.new_gc(), _margin(self._size, renderer.dpi)
        places = self.axes.transData.transform(self._places)
        for (x, y), text, side in zip(places, self._texts, self._side):
            if text:
                image = _number(text, "#000000", self._size, renderer.dpi)
                height, width = image.shape[:2]
                left = x - margin - (width - 2 * margin) * (1 - side) / 2
                renderer.draw_image(gc, round(left), round(y - height / 2), image)
        gc.restore()


class Lines(Artist):
    """Lines of text that start at a place in the axes' coordinates, every symbol in its color: Δu₂ = Δb₂ = 0.3

    A symbol is one of the page's letters, alone or with an index, and not part of a word. `set` takes the lines. Each
    is a
    text, or a list of texts and of (text, color).
    """

    zorder = 3

    def __init__(self, axes, place, size=NORMAL, family="DejaVu Sans"):
        super().__init__()
        self._place, self._size, self._family = place, size, family
        self.set()
        axes.add_artist(self)

    def set(self, *lines):
        self._lines = [_pieces([line] if isinstance(line, str) else line) for line in lines]

    def set_text(self, text):
        self.set(*text.split("\n"))

    def _starts(self):
        """(the pieces of a line, where it starts, in pixels)"""
        x, y = self.axes.transData.transform(self._place)
        for n, pieces in enumerate(self._lines):
            yield pieces, x, y - n * LEADING * self._size * self.figure.dpi / 72

    def boxes(self):
        """(text, its box in pixels), for the tests of what can be read."""
        for pieces, x, y in self._starts():
            text = "".join(text for text, _ in pieces)
            yield text, _box(x, y, text, 1, self._size, self.figure.dpi, self._family)

    def draw(self, renderer):
        if not self.get_visible():
            return
        gc, font = renderer.new_gc(), (self._size, renderer.dpi, self._family)
        for pieces, x, y in self._starts():
            for text, color in pieces:
                image = _image(text, color, *font)
                renderer.draw_image(
                    gc, round(x) - _margin(self._size, renderer.dpi), round(y - image.shape[0] / 2), image
                )
                x += _length(text, *font)
        gc.restore()


_SYMBOL = re.compile(f"(?<![A-Za-z])(Δ?[{''.join(COLORS)}][⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉]*)(?![A-Za-z])")


def _pieces(parts):
    """[(text, color), …] of texts, whose symbols are colored, and of pairs that are given as such; empty texts
    are left out."""
    return [piece for part in parts for piece in (_colored(part) if isinstance(part, str) else [part]) if piece[0]]


def _colored(text):
    """[(text, color), …]: in a formula's line each symbol has its color, all else is ink."""
    parts = _SYMBOL.split(text)
    return [(part, COLORS[part.lstrip("Δ")[0]] if n % 2 else INK) for n, part in enumerate(parts)]


def wrapped(text, width, *font):
    """The text in lines of at most `width` pixels, with no word longer than a line; `font` is the size, the
    resolution, and optionally the family."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        lines[-1:] = [longer] if _length(longer, *font) <= width else [lines[-1], word]
    return [line for line in lines if line]


def _length(text, *font):
    return sum(_sign(sign, *font)[1] for sign in text)


def _box(x, y, text, side, size, dpi, family="DejaVu Sans"):
    width, height = _length(text, size, dpi, family), size * dpi / 72
    return Bbox.from_bounds(x - width * (1 - side) / 2, y - height / 2, width, height)


def _image(text, color, size, dpi, family="DejaVu Sans"):
    """The text as RGBA, as high as a digit and a margin around it."""
    signs = [_sign(sign, size, dpi, family) for sign in text]
    width = round(sum(advance for _, advance in signs))
    high, wide = signs[0][0].shape
    whole = width + 2 * _margin(size, dpi)
    alpha = np.zeros((high, width + wide), dtype=np.uint8)
    place = 0.0
    for sign, advance in signs:
        left = round(place)
        alpha[:, left : left + wide] = np.maximum(alpha[:, left : left + wide], sign)
        place += advance
    image = np.empty((high, whole, 4), dtype=np.uint8)
    image[..., :3] = np.round(255 * np.array(to_rgb(color)))
    image[..., 3] = alpha[:, :whole]
    return image[::-1]  # Agg counts the rows of an image from below


_number = lru_cache(maxsize=4096)(_image)  # numbers come again and again, lines do not


@lru_cache(maxsize=1024)
def _sign(sign, size, dpi, family="DejaVu Sans"):
    """One sign's opacity, the margin to the left of it, and how far the next one is."""
    font = FontProperties(family=family, size=size)
    side, margin = int(3 * size * dpi / 72), _margin(size, dpi)
    renderer = RendererAgg(side, side, dpi)
    _, digit, descent = renderer.get_text_width_height_descent("0", font, False)
    base = side - 2 * margin
    renderer.draw_text(renderer.new_gc(), margin, base, sign, font, 0)
    top = round(base - (digit - descent))
    opacity = np.asarray(renderer.buffer_rgba())[top - margin : base + margin, :, 3].copy()
    pair = renderer.get_text_width_height_descent("00", font, False)[0]
    return opacity, renderer.get_text_width_height_descent(f"0{sign}0", font, False)[0] - pair
