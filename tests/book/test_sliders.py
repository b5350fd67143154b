"""Every slider of the book over its whole range: no exception or warning, no dead control, only finite numbers."""

import io
import re
import sys
from base64 import b64decode
from itertools import combinations, product

import books
import numpy as np
import psutil
import pytest
import shared_runs
from PIL import Image

import nnmath as nn
from nnmath import show
from nnmath.show.toolkit.glyphs import Lines

WITH_SLIDERS = [
    path for path in books.ALL if "show." in "".join(cell.source for cell in books.code_cells(books.read(path)))
]
STEPS = 25


@pytest.fixture(scope="module", params=WITH_SLIDERS, ids=books.name)
def explorers(request):
    """All Explorers of one notebook, run here."""
    return [value for value in shared_runs.of(request.param).values if isinstance(value, show.Explorer)]


def positions(control):
    """All positions of a control, or 25 with both ends among them."""
    count = len(control.values)
    return range(count) if count <= STEPS else [round(n * (count - 1) / (STEPS - 1)) for n in range(STEPS)]


def ends(control):
    return 0, len(control.values) - 1


def frame(explorer, moved):
    """The picture and its text with the controls in `moved`, {name: position}, and all others at their start.

    Errors: AssertionError for a text that is none.
    """
    state = [moved.get(name, start) for name, start in zip(explorer.controls, explorer.start)]
    image, text = explorer.frame(state).values()
    assert image.startswith("data:image/png;base64,iVBORw0KGgo")
    assert text.strip() and not re.search(r"\b(nan|inf|None)\b", text), f"{moved}: {text!r}"
    assert not re.search(r"np\.(float|int)\d|array\(|\d\.\d{8}", text), f"{moved}: not fit to be read out: {text!r}"
    return image, text


def assert_told_apart(seen, where):
    for (image, text), (other, other_text) in combinations(seen, 2):
        assert image == other or text != other_text, f"{where}: two pictures, one text: {text!r}"


def test_every_control_over_its_whole_range(explorers):
    """Every picture differs from the others or has the same text, something moves, and no text is cut or covered."""
    for explorer in explorers:
        for name, control in explorer.controls.items():
            seen = []
            for position in positions(control):
                seen.append(frame(explorer, {name: position}))
                assert_readable(explorer)
            where = f"{type(explorer.picture).__name__}: {name}"
            assert len({image for image, _ in seen}) > 1, f"{where} moves nothing in the picture"
            assert len({text for _, text in seen}) > 1, f"{where} changes nothing in the text"
            assert_told_apart(seen, where)


def boxes(figure):
    """(text, its box in pixels) of all text that is drawn.

    These are titles, names of axes, texts, legends, ticks within view, numbers in cells, and lines of symbols.
    """
    renderer = figure.canvas.get_renderer()
    texts, signs = list(figure.texts), []
    for axes in figure.axes:
        signs += [
            box
            for artist in axes.artists
            if hasattr(artist, "boxes") and artist.get_visible()
            for box in artist.boxes()
        ]
        legend = axes.get_legend()
        texts += [*axes.texts, axes.title, *(legend.get_texts() if legend else [])]
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            texts += [axis.label, *(tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high)]
    texts = [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text.get_visible()]
    return [(text, box) for text, box in texts + signs if text.strip()]


def hard_to_read(figure):
    """The texts that stick out of the figure, and those that lie on each other, by more than a pixel."""
    seen = boxes(figure)
    for text, box in seen:
        if box.x0 < -1 or box.y0 < -1 or box.x1 > figure.bbox.x1 + 1 or box.y1 > figure.bbox.y1 + 1:
            yield f"{text!r} sticks out"
    for (text, a), (other, b) in combinations(seen, 2):
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1:
            yield f"{text!r} lies on {other!r}"


def assert_readable(explorer):
    spoilt = list(hard_to_read(explorer.picture.figure))
    assert not spoilt, f"{type(explorer.picture).__name__}, {explorer.picture.values}: {'; '.join(spoilt)}"


def test_all_pairs_of_ends(explorers):
    for explorer in explorers:
        seen = []
        for one, other in combinations(explorer.controls, 2):
            for a, b in product(ends(explorer.controls[one]), ends(explorer.controls[other])):
                seen.append(frame(explorer, {one: a, other: b}))
                assert_readable(explorer)
        assert_told_apart(seen, type(explorer.picture).__name__)


def test_a_state_looks_the_same_whatever_was_shown_before(explorers):
    for explorer in explorers:
        start = frame(explorer, {})
        assert list(start) == list(explorer.spec["first"].values())
        for name, control in explorer.controls.items():
            frame(explorer, {name: ends(control)[1]})
        assert frame(explorer, {}) == start


def test_every_control_has_a_label_and_a_text_for_every_value(explorers):
    for explorer in explorers:
        labels = [control.label for control in explorer.controls.values()]
        assert all(label.strip() for label in labels) and len(set(labels)) == len(labels)
        for control in explorer.controls.values():
            assert len(set(control.texts)) == len(control.texts) == len(control.values) > 1


NUMBERED = {
    "Digits": ("start", r"Digits (\d+ to \d+) of"),
    "Misread": ("n", r"digit (\d+) of"),
    "Shifted": ("n", r"^Picture (\d+):"),
    "Inside": ("n", r"^Digit number (\d+) is"),
    "LooksAt": ("n", r"digit number (\d+) is"),
}


def test_the_numbered_pictures_are_pictures_of_the_book():
    assert all(hasattr(show, name) for name in NUMBERED)


def test_a_slider_numbers_the_examples_as_the_text_does(explorers):
    for explorer in explorers:
        if type(explorer.picture).__name__ in NUMBERED:
            name, told = NUMBERED[type(explorer.picture).__name__]
            control = explorer.controls[name]
            for position in ends(control):
                _, text = frame(explorer, {name: position})
                assert re.search(told, text)[1] == control.texts[position]


def test_what_is_stored_is_a_picture_with_its_text(explorers):
    for explorer in explorers:
        data, metadata = explorer._repr_mimebundle_()
        assert metadata["image/png"]["alt"] == data["text/plain"]
        assert data["text/plain"].strip() and "Explorer" not in data["text/plain"]


def test_the_stored_picture_has_the_words_of_the_live_one_and_names_what_was_chosen(explorers):
    """Its reader sees neither the caption below it nor the controls above it."""
    for explorer in explorers:
        picture = explorer.picture
        picture.update(**{one.name: one.values[n] for one, n in zip(explorer.controls.values(), explorer.stored)})
        data, metadata = explorer._repr_mimebundle_()
        stored = np.asarray(Image.open(io.BytesIO(b64decode(data["image/png"]))).convert("RGB"))
        above, below = np.split(stored, [len(picture.pixels())])
        assert np.array_equal(above, picture.pixels())
        assert (len(below) > 0) == picture.caption == explorer.spec["caption"]
        if picture.caption:
            is_ink = (below < 128).all(axis=2)
            lines = np.count_nonzero(np.diff(is_ink.any(axis=1).astype(int)) == 1)
            assert is_ink.sum() > 15 * len(picture.alt), "a letter of this size has some 30 dark pixels"
            assert lines >= len(picture.alt) / 130 and not is_ink[:, -10:].any(), "the caption is cut off"
        seen = " ".join([text for text, _ in boxes(picture.figure)] + [picture.alt] * picture.caption)
        chosen = [one.texts[n] for one, n in zip(explorer.controls.values(), explorer.stored) if one.kind == "choice"]
        missing = [words for words in chosen if words not in seen]
        assert not missing, f"{type(picture).__name__} is stored without the words {missing}"


@pytest.mark.parametrize("path", books.CHAPTERS, ids=books.name)
def test_every_chapter_has_a_slider(path):
    assert re.search(r"show\.(explore|break_it)\(", "".join(cell.source for cell in books.code_cells(books.read(path))))


def test_many_steps_leave_the_memory_flat():
    """A drawn frame of this picture takes 1.3 MB, so 100 of them would be seen if they were kept."""
    W, x, b = np.array([[1, -2, 0.5], [0, 3, -1]]), nn.column([1, 2, -1.5]), nn.column([0.5, -1])
    explorer = show.explore(show.NudgeW(W, x, b), i=show.index("u", 2), nudge=(-2.0, 2.0, 0.1))

    def steps(count):
        for n in range(count):
            explorer.frame([0, n % 41])
        return psutil.Process().memory_info().rss

    before = steps(42)
    assert steps(100) - before < 5e6


def test_no_figure_is_left_open(explorers):
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


# The sweep can fail


def broken(move):
    class Broken(show.Picture):
        size = (2, 1)

        def draw(self):
            self.text = self.figure.text(0.4, 0.4, "")
            return [self.text]

    Broken.move = move
    return [show.explore(Broken(), k=(0, 3))]


def dead(self, k=0):
    return "always the same"


def mute(self, k=0):
    self.text.set_text(str(k))
    return ""


def not_finite(self, k=0):
    self.text.set_text(str(k))
    return f"k = {k if k < 3 else float('nan')}"


def silent(self, k=0):
    self.text.set_text(str(k))
    return "always the same"


def raises(self, k=0):
    return f"{1 / (3 - k)}"[:5]


def warns(self, k=0):
    self.text.set_text(str(k))
    return f"{np.float64(1) / (3 - k):.3g}"


@pytest.mark.parametrize("place, told", [((0.5, 0.5), "'one' lies on 'other'"), ((0.9, 0.1), "'other' sticks out")])
def test_a_text_that_is_cut_or_covered_is_seen(place, told):
    (explorer,) = broken(raises)
    axes = explorer.picture.figure.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[])
    axes.text(0.45, 0.5, "one")
    other = axes.text(*place, "other")
    assert list(hard_to_read(explorer.picture.figure)) == [told]
    other.remove()
    Lines(axes, place).set("other")
    assert list(hard_to_read(explorer.picture.figure)) == [told]


@pytest.mark.parametrize(
    "move, error",
    [
        (dead, "moves nothing"),
        (silent, "changes nothing"),
        (not_finite, "nan"),
        (raises, "division by zero"),
        (warns, "divide by zero"),
        (mute, "{.k.: 0}"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_sweep_can_fail(move, error):
    with pytest.raises((AssertionError, ArithmeticError, RuntimeWarning), match=error):
        test_every_control_over_its_whole_range(broken(move))
