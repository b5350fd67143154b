"""Many small numbers, fast: each sign is drawn once, and numbers are put together from the stored signs.

Laying out and drawing a text takes matplotlib half a millisecond, and a picture may have a hundred of them in every frame.
"""

from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

MARGIN = 4    # pixels around a sign, for what sticks out of its box


class Numbers(Artist):
    """Short texts, each centred on a place in the axes' coordinates, in black or white."""

    zorder = 3

    def __init__(self, axes, places, size):
        super().__init__()
        self._places, self._size = np.asarray(places, dtype=float), size
        self.set([""] * len(places), np.zeros(len(places), bool))
        axes.add_artist(self)

    def set(self, texts, white):
        """texts, and which of them are white."""
        self._texts, self._white = texts, white

    def draw(self, renderer):
        if not self.get_visible():
            return
        gc = renderer.new_gc()
        for (x, y), text, white in zip(self.axes.transData.transform(self._places), self._texts, self._white):
            if text:
                image = _image(text, bool(white), self._size, renderer.dpi)
                height, width = image.shape[:2]
                renderer.draw_image(gc, round(x - width / 2), round(y - height / 2), image)
        gc.restore()


@lru_cache(maxsize=4096)
def _image(text, white, size, dpi):
    """The text as RGBA, as high as a digit and MARGIN around it."""
    signs = [_sign(sign, size, dpi) for sign in text]
    width = round(sum(advance for _, advance in signs))
    high, wide = signs[0][0].shape
    alpha = np.zeros((high, width + wide), dtype=np.uint8)
    place = 0.0
    for sign, advance in signs:
        left = round(place)
        alpha[:, left:left + wide] = np.maximum(alpha[:, left:left + wide], sign)
        place += advance
    image = np.full((high, width + 2 * MARGIN, 4), 255 if white else 0, dtype=np.uint8)
    image[..., 3] = alpha[:, :width + 2 * MARGIN]
    return image[::-1]    # Agg counts the rows of an image from below


@lru_cache(maxsize=256)
def _sign(sign, size, dpi):
    """One sign's opacity, MARGIN to the left of it, and how far the next one is."""
    font = FontProperties(family="DejaVu Sans", size=size)
    side = int(3 * size * dpi / 72)
    renderer = RendererAgg(side, side, dpi)
    _, digit, descent = renderer.get_text_width_height_descent("0", font, False)
    base = side - 2 * MARGIN
    renderer.draw_text(renderer.new_gc(), MARGIN, base, sign, font, 0)
    top = round(base - (digit - descent))
    opacity = np.asarray(renderer.buffer_rgba())[top - MARGIN:base + MARGIN, :, 3].copy()
    pair = renderer.get_text_width_height_descent("00", font, False)[0]
    return opacity, renderer.get_text_width_height_descent(f"0{sign}0", font, False)[0] - pair
