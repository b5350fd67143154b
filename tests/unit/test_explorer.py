"""The explorer in Python: where it starts, what the notebook file keeps of it, and how it refuses bad input."""

import io
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from nnmath import show


class Bar(show.Picture):
    """A bar of a width and a color."""

    size = (2, 1)

    def draw(self):
        axes = self.figure.subplots()
        axes.set(xlim=(0, 10), ylim=(-1, 1))
        (self.bar,) = axes.barh([0], [0])
        return [self.bar]

    def move(self, width=2, color="red"):
        self.bar.set_width(width)
        self.bar.set_color(color)
        return f"a {color} bar of width {width}"


CONTROLS = {"width": (0, 9), "color": ["red", "blue"]}


def pixels(png):
    return Image.open(io.BytesIO(png)).convert("RGB").tobytes()


def test_the_stored_picture_and_its_text_are_those_of_the_state_asked_for():
    data, metadata = show.explore(Bar(), stored={"width": 7, "color": "blue"}, **CONTROLS)._repr_mimebundle_()
    assert data["text/plain"] == metadata["image/png"]["alt"] == "a blue bar of width 7"
    assert pixels(b64decode(data["image/png"])) == pixels(Bar().update(width=7, color="blue").png())


def test_the_live_picture_starts_at_its_own_values_whatever_is_stored():
    explorer = show.explore(Bar(), stored={"width": 7}, **CONTROLS)
    assert explorer.spec["first"]["alt"] == explorer.picture.alt == "a red bar of width 2"
    assert explorer.picture.values == {"width": 2, "color": "red"}


def test_without_a_stored_state_the_file_keeps_the_start():
    data, _ = show.explore(Bar(), **CONTROLS)._repr_mimebundle_()
    assert data["text/plain"] == "a red bar of width 2"


def test_a_value_without_a_control_can_be_stored_too():
    data, _ = show.explore(Bar(), stored={"color": "green"}, width=(0, 9))._repr_mimebundle_()
    assert data["text/plain"] == "a green bar of width 2"


class Told(Bar):
    caption = True

    def move(self, width=2, color="red"):
        return f"{super().move(width, color)}, drawn to the right"


def test_the_stored_picture_has_the_caption_that_the_live_one_has_below_it():
    wide, narrow = (show.explore(Told(), stored={"width": n}, **CONTROLS)._repr_mimebundle_() for n in (7, 1))
    images = [Image.open(io.BytesIO(b64decode(data["image/png"]))).convert("RGB") for data, _ in (wide, narrow)]
    height = Told().css_size[1] * 3 // 2
    for image, (_, metadata), n in zip(images, (wide, narrow), (7, 1)):
        assert pixels_of(image.crop((0, 0, image.width, height))) == pixels(Bar().update(width=n).png())
        assert metadata["image/png"]["height"] == round(image.height / 1.5) > height / 1.5
        assert metadata["image/png"]["width"] == image.width / 1.5
    assert images[0].size == images[1].size  # two lines each, as the next line says
    below = [np.asarray(image)[height:] for image in images]
    rows = (below[0] < 128).any(axis=(1, 2))
    assert np.count_nonzero(np.diff(rows.astype(int)) == 1) == 2 and not rows[0] and not rows[-1]
    assert (below[0] != below[1]).any()  # the words are those of the stored state
    live = show.explore(Told(), **CONTROLS)
    assert live.spec["height"] == Told().css_size[1] and live.spec["caption"]  # where the page writes them


def pixels_of(image):
    return image.convert("RGB").tobytes()


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"stored": {"height": 3}}, TypeError, "Bar has no height; it has width, color"),
        ({"stored": {"width": 10}}, ValueError, "width is stored at 10; expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        ({"stored": {"color": "green"}}, ValueError, "color is stored at 'green'; expected one of 'red', 'blue'"),
        ({"stored": 3}, TypeError, "stored is 3; expected a dict"),
        ({"play": "speed"}, TypeError, "play is 'speed'; expected one of the controls width, color"),
        ({"labels": {"speed": "v"}}, TypeError, "labels names speed; expected names of the controls width, color"),
        ({"height": (0, 1)}, TypeError, "Bar has no height; it has width, color"),
        (
            {"width": 3},
            ValueError,
            "width is 3; expected (low, high), (low, high, step), a list of (label, value) or a list of words",
        ),
        ({"width": (9, 3)}, ValueError, "width is (9, 3); expected (low, high)"),
        ({"color": []}, ValueError, "color is []; expected (low, high)"),
        ({"width": (3, 9)}, ValueError, "width starts at 2; expected one of 3, 4, 5, 6, 7, 8, 9"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(arguments, error, message):
    with pytest.raises(error) as raised:
        show.explore(Bar(), **{**CONTROLS, **arguments})
    assert message in str(raised.value)
