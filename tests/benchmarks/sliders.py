"""From key press to new picture, in JupyterLab in Chromium: pytest -s tests/benchmarks/sliders.py

Three pictures of the book and then all of its sliders, each for a state that the kernel draws and for one that the page
has seen before. Beside them are the same three pictures through `interact`, drawn anew and shown by matplotlib's inline
backend, and an empty round trip, a slider that sends back a 4×4 image. Medians of PRESSES presses.
"""

import statistics
from types import SimpleNamespace

import books
import nbformat
import pytest
from front_end import CHROMIUM, chromium, end_kernels, jupyter, new_page, run_all, wait_for

PRESSES = 12
LAB = "lab/tree/notebooks"
READY = "boxes => boxes.every(box => box.querySelector('.nnmath-picture')?.naturalWidth)"
WITH_PICTURES = [path for path in books.ALL if books.pictures(books.read(path))]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")

# Before anything of the page: the controls of a picture let nobody else hear of their keys.
HEAR = "window.addEventListener('keydown', () => window.pressed?.(), true)"

# Milliseconds from the next key press until an image of the slider's output is another one, and decoded.
ARM = """slider => {
    const area = slider.closest('.jp-OutputArea');
    const seen = () => [...area.querySelectorAll('img')].map(image => image.src).join();
    window.timed = new Promise(done => window.pressed = async () => {
        window.pressed = null;
        const before = seen(), start = performance.now();
        while (seen() === before || !area.querySelector('img')) {
            if (performance.now() - start > 5000) return done(null);
            await new Promise(next => setTimeout(next, 1));
        }
        await Promise.all([...area.querySelectorAll('img')].map(image => image.decode().catch(() => 0)));
        done(performance.now() - start);
    });
}"""

BENCH = {
    "setup": """%matplotlib inline
import io, base64, numpy as np, ipywidgets, nnmath as nn
from IPython.display import display
from PIL import Image
from nnmath import show
W = np.array([[1, -2, 0.5], [0, 3, -1], [2, 1, 1], [-1, 0.5, 2]])
x, b = nn.column([1, 2, -1.5]), nn.column([0.5, -1, 0, 1])
b_of_net = {1: nn.column([0, 2]), 2: nn.column([1, 2])}
net = nn.Network({1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, b_of_net, nn.softsign)
def through_interact(make, **controls):
    def draw(**values):
        display(make().update(**values).figure)
    return ipywidgets.interact(draw, **controls)""",
    "empty": """tiny = []
for color in range(2):
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), (color * 255, 0, 0)).save(buffer, "png")
    tiny.append(buffer.getvalue())
image, slider = ipywidgets.Image(value=tiny[0]), ipywidgets.IntSlider(max=100)
slider.observe(lambda change: setattr(image, "value", tiny[change["new"] % 2]), "value")
ipywidgets.VBox([slider, image])""",
    "NudgeW": "show.explore(show.NudgeW(W, x, b), i=(0, 3))",
    "NudgeW, interact": "through_interact(lambda: show.NudgeW(W, x, b), i=(0, 3));",
    "Passes": "p = show.Passes(net, nn.column([1, 3]), nn.column([1, 0]))\nshow.explore(p, step=p.steps)",
    "Passes, interact": "through_interact(lambda: show.Passes(net, nn.column([1, 3]), nn.column([1, 0])), "
    "step=(0, 7));",
    "StepSize": "show.explore(show.StepSize(), h=show.log_scale(-16, 0, 2))",
    "StepSize, interact": "h = ipywidgets.SelectionSlider(options=show.log_scale(-16, 0, 2), value=0.1)\n"
    "through_interact(show.StepSize, h=h);",
}


@pytest.fixture
def server(tmp_path):
    with jupyter(tmp_path) as address:
        yield SimpleNamespace(address=address, notebooks=tmp_path / "notebooks")


@pytest.fixture
def page():
    with chromium() as browser:
        yield new_page(browser)


def times(page, slider, keys):
    """Milliseconds of a press of each key, where it led to a new picture."""
    found = []
    slider.focus()
    for key in keys:
        slider.evaluate(ARM)
        if slider.evaluate("slider => slider.nodeName") == "INPUT":
            page.keyboard.press(key)
        else:  # a slider of ipywidgets; JupyterLab would take the key for its cells
            slider.evaluate("(s, key) => s.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))", key)
        found.append(page.evaluate("window.timed"))
    return [ms for ms in found if ms is not None]


def of_the_book(page, slider):
    """(median for a state that the kernel draws, for one that was seen before), or None for a slider of few states."""
    last = int(slider.get_attribute("max"))
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(500)
    count = min(PRESSES, last)
    new, seen = (times(page, slider, [key] * count) for key in ("ArrowRight", "ArrowLeft"))
    return (statistics.median(new), statistics.median(seen)) if len(new) > 2 and len(seen) > 2 else None


def through_interact(page, slider):
    return statistics.median(times(page, slider, ["ArrowRight", "ArrowLeft"] * (PRESSES // 2)))


def test_key_press_to_picture(page, server):
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    cells = [nbformat.v4.new_code_cell(source, id=f"bench-{n}") for n, source in enumerate(BENCH.values())]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), server.notebooks / "bench.ipynb")
    page.add_init_script(HEAR)
    page.goto(f"{server.address}/{LAB}/bench.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    run_all(page)
    wait_for(lambda: page.locator(".noUi-handle").count() == 4 and page.locator("img + .nnmath").count() == 3)
    floor, *interact = [through_interact(page, handle) for handle in page.locator(".noUi-handle").all()]
    ours = [of_the_book(page, box.locator("input").first) for box in page.locator("img + .nnmath").all()]
    rows = [("an empty round trip", floor)]
    for name, (new, seen), other in zip(("NudgeW", "Passes", "StepSize"), ours, interact, strict=True):
        rows += [(f"{name}, drawn", new), (f"{name}, seen before", seen), (f"{name} through interact", other)]
    end_kernels(page, server.address)
    book = [measured for path in WITH_PICTURES for measured in chapter(page, server, path)]
    for n, what in enumerate(("drawn", "seen before")):
        medians = sorted(measured[n] for measured in book)
        rows.append((f"{len(book)} sliders of the book, {what}: median", statistics.median(medians)))
        rows.append((f"{len(book)} sliders of the book, {what}: slowest", medians[-1]))
    print("\n\n| key press to picture | ms |\n|---|---|")
    print("\n".join(f"| {name} | {ms:.0f} |" for name, ms in rows))
    assert len(book) > 10


def chapter(page, server, path):
    """of_the_book of every slider of a chapter."""
    page.goto(f"{server.address}/{LAB}/{books.name(path)}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    run_all(page)
    boxes = page.locator("img + .nnmath")
    wait_for(lambda: boxes.count() and boxes.evaluate_all(READY))
    measured = [of_the_book(page, slider) for slider in boxes.locator("input[type=range]").all()]
    end_kernels(page, server.address)
    return [one for one in measured if one]
