"""Each picture, in several states, looks as it did when somebody last looked at it.

The images are kept at half size and in few colors. `python tests/book/test_reference.py` makes those anew whose
picture changed:
look at every one before it is committed.
"""

import io
import sys
from pathlib import Path

import gallery
import matplotlib
import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).with_name("reference")
MADE_WITH = FOLDER / "matplotlib.txt"
COLORS = 64
FAR = 40  # of 255, in one channel
FEW = 3  # pixels that may differ by more: half the smallest sign has about ten

pytestmark = pytest.mark.skipif(
    MADE_WITH.exists() and MADE_WITH.read_text().strip() != matplotlib.__version__,
    reason="another matplotlib draws its letters in another way",
)
SHOWN = [(name, n) for name in gallery.PICTURES for n in range(len(gallery.states(name)))]


def seen(name, n):
    """The n-th state of a picture, at half its size."""
    picture = gallery.picture(name).update(**gallery.states(name)[n])
    image = Image.open(io.BytesIO(picture.png(live=True))).convert("RGB")
    return image.reduce(2)


def sheet(name):
    """All states of a picture, one under the other."""
    frames = [seen(name, n) for n in range(len(gallery.states(name)))]
    whole = Image.new("RGB", (frames[0].width, sum(frame.height for frame in frames)))
    for n, frame in enumerate(frames):
        whole.paste(frame, (0, n * frame.height))
    return whole


def in_colors_of(kept, image):
    """The image in the palette of the kept one."""
    return image.quantize(palette=kept, dither=Image.Dither.NONE)


def different(image, other):
    """How many pixels of two images with palettes differ to the eye."""
    return int(
        np.sum(np.abs(np.asarray(image.convert("RGB"), int) - np.asarray(other.convert("RGB"), int)).max(axis=-1) > FAR)
    )


@pytest.mark.parametrize("name", gallery.PICTURES)
def test_a_picture_looks_as_it_did(name, tmp_path):
    kept, drawn = Image.open(FOLDER / f"{name}.png"), sheet(name)
    assert kept.size == drawn.size, f"{name} has another size, or other states"
    now = in_colors_of(kept, drawn)
    height = now.height // len(gallery.states(name))
    changed = {}
    for n, state in enumerate(gallery.states(name)):
        box = (0, n * height, now.width, (n + 1) * height)
        if (count := different(kept.crop(box), now.crop(box))) > FEW:
            changed[str(state)] = count
    if changed:
        drawn.save(tmp_path / f"{name}.png")
    assert not changed, f"{name} has changed in {changed} (pixels); as it is now: {tmp_path / name}.png"


def keep():
    """Store the images of all pictures that have changed."""
    FOLDER.mkdir(exist_ok=True)
    MADE_WITH.write_text(matplotlib.__version__ + "\n")
    for name in sys.argv[1:] or gallery.PICTURES:
        path, now = FOLDER / f"{name}.png", sheet(name)
        kept = Image.open(path) if path.exists() else None
        if kept is None or kept.size != now.size or different(kept, in_colors_of(kept, now)) > FEW:
            in_colors_of(now.quantize(COLORS), now).save(path, optimize=True)
            print(f"{path.name}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    keep()
