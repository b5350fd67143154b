"""A picture: it is drawn once, then only what moves is drawn again, and its alternative text says the same in words."""

import inspect
import io
import zlib
from base64 import b64decode, b64encode

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from .glyphs import LEADING, Lines, wrapped
from .style import INK, NORMAL, book_style

DPI = 144  # pixels per inch in the image
CAPTION = 9.75  # points: the size of the caption of a live picture, 13 CSS pixels
CSS_DPI = 96  # pixels per inch on the page: 1.5 image pixels each, for sharp screens


class Picture:
    """A figure whose artists move.

    A subclass writes two methods:
    `draw(self, ...)` takes the data, draws the figure on `self.figure` once and returns the list of artists that move;
    `move(self, name=start, ...)` sets those artists for the values given and returns the alternative text, made from
    the data. Axes stay fixed, so that the change is what is seen.

    `update(**values)` moves the picture; as the last line of a cell, the picture shows itself.
    """

    size = (7.5, 3.2)  # inches
    caption = False  # whether the alternative text is also shown under the picture, and drawn into the stored one

    def __init__(self, *data, **more):
        parameters = inspect.signature(self.move).parameters.values()
        self.values = {p.name: p.default for p in parameters}
        with book_style():
            self._layout = ConstrainedLayoutEngine()
            self.figure = Figure(figsize=self.size, dpi=DPI, layout=self._layout)
            self._canvas = FigureCanvasAgg(self.figure)
            self._moving = sorted(self.draw(*data, **more), key=lambda artist: artist.get_zorder())
            for artist in self._moving:
                artist.set_animated(True)
            self._background = None
            self.update()

    def equation(self, lines=1):
        """Lines under the panels: the equation with its present numbers. Room is kept for as many as asked for."""
        width, height = self.figure.get_size_inches()
        share = (0.12 + LEADING * NORMAL / 72 * lines) / height
        self._layout.set(rect=(0, share, 1, 1 - share))
        sheet = self.figure.add_axes((0, 0, 1, 1))
        sheet.set_axis_off()
        sheet.set_in_layout(False)
        return Lines(sheet, (0.1 / width, share - 0.15 / height))

    def draw(self, *data, **more):
        raise NotImplementedError("a picture draws itself in draw(...)")

    def move(self, **values):
        raise NotImplementedError("a picture moves itself in move(...)")

    def require(self, names):
        """Raise TypeError unless the picture has a value of each of these names."""
        if unknown := sorted(set(names) - set(self.values)):
            raise TypeError(f"{type(self).__name__} has no {', '.join(unknown)}; it has {', '.join(self.values)}")

    def update(self, **values):
        """Move to these values; those not named stay. Errors: TypeError for a name that the picture does not have."""
        self.require(values)
        self.values = {**self.values, **values}
        self.alt = self.move(**self.values)
        return self

    def pixels(self):
        """The present frame, (height, width, 3): the background from memory, and on it only what moves."""
        canvas = self._canvas
        if self._background is None:
            with book_style():
                canvas.draw()
            self._background = canvas.copy_from_bbox(self.figure.bbox)
        canvas.restore_region(self._background)
        for artist in self._moving:
            self.figure.draw_artist(artist)
        return np.ascontiguousarray(
            np.asarray(canvas.buffer_rgba())[:, :, :3]
        )  # a copy, because the next frame is drawn there

    def png(self, live=False):
        """The present frame as PNG.

        Live, it has 256 colors, each off by at most 1/16 of the scale: packed in a third of the time.
        """
        return _packed(self.pixels(), live)

    @property
    def css_size(self):
        """Width and height on the page, in CSS pixels."""
        return tuple(round(inches * CSS_DPI) for inches in self.figure.get_size_inches())

    def _repr_mimebundle_(self, **kwargs):
        """What a notebook file keeps. Without a kernel only the image is seen, so the caption is drawn into it."""
        pixels = np.vstack([self.pixels(), self._caption()]) if self.caption else self.pixels()
        height, width = (round(size * CSS_DPI / DPI) for size in pixels.shape[:2])
        data = {"image/png": b64encode(_packed(pixels)).decode(), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": width, "height": height}}

    def _caption(self):
        """The caption as pixels, (height, width of the picture, 3)."""
        width, margin, leading = self.figure.get_size_inches()[0], 0.1, LEADING * CAPTION / 72
        lines = wrapped(self.alt, (width - 2 * margin) * DPI, CAPTION, DPI)
        height = leading * len(lines) + 2 * margin
        with book_style():
            figure = Figure(figsize=(width, height), dpi=DPI)
            canvas = FigureCanvasAgg(figure)
            sheet = figure.add_axes((0, 0, 1, 1))
            sheet.set_axis_off()
            place = (margin / width, (height - margin - leading / 2) / height)
            Lines(sheet, place, CAPTION).set(*([(line, INK)] for line in lines))
            canvas.draw()
        return np.asarray(canvas.buffer_rgba())[:, :, :3]


def _packed(pixels, live=False):
    """Pixels (height, width, 3) as PNG; see `Picture.png`."""
    frame = Image.fromarray(pixels)
    if live:
        frame = frame.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    frame.save(buffer, "png", compress_level=1 if live else 9)
    return buffer.getvalue()


def marked(bundle: tuple[dict, dict], mark: str) -> tuple[dict, dict]:
    """A copy of a picture's MIME bundle whose PNG ends with a comment, a tEXt chunk. No other PNG ends like it."""
    data, metadata = bundle
    png, text = b64decode(data["image/png"]), b"tEXtComment\0" + mark.encode()
    chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
    return {
        **data,
        "image/png": b64encode(png[:-12] + chunk + png[-12:]).decode(),
    }, metadata  # the last 12 bytes are the chunk IEND
