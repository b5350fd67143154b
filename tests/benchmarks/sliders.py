"""From key press to new picture, in JupyterLab in Chromium: pytest -s tests/benchmarks/sliders.py

Every slider of the book; three of its pictures beside the same picture through `interact`, drawn anew and shown by matplotlib's
inline backend; and an empty round trip, a slider that sends back a 4×4 image, which is the floor. Medians of PRESSES presses.
"""

import statistics

import books
import nbformat
import pytest
from test_browser import CHROMIUM, address, browser, page, run_all, server, wait_for    # noqa: F401  fixtures

PRESSES = 12
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")

# Presses a key on a slider's handle, and waits until the picture of its box, or of its output area, is another one and decoded.
MEASURE = """async ([handle, key]) => {
    const area = handle.closest('.jp-OutputArea');
    const seen = () => [...area.querySelectorAll('img')].map(image => image.src).join();
    const before = seen(), start = performance.now();
    handle.dispatchEvent(new KeyboardEvent('keydown', {key: key, bubbles: true}));
    while (seen() === before || !area.querySelector('img')) {
        if (performance.now() - start > 5000) return null;
        await new Promise(next => setTimeout(next, 1));
    }
    await Promise.all([...area.querySelectorAll('img')].map(image => image.decode().catch(() => 0)));
    return performance.now() - start;
}"""

BENCH = {
    "setup": """%matplotlib inline
import io, base64, numpy as np, ipywidgets, nnmath as nn
from IPython.display import display
from PIL import Image
from nnmath import show
W = np.array([[1, -2, 0.5], [0, 3, -1], [2, 1, 1], [-1, 0.5, 2]])
x, b = nn.column([1, 2, -1.5]), nn.column([0.5, -1, 0, 1])
net = nn.Network({1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, {1: nn.column([0, 2]), 2: nn.column([1, 2])}, nn.softsign)
def through_interact(make, **controls):
    def draw(**values):
        display(make().update(**values).figure)
    return ipywidgets.interact(draw, **controls)""",
    "empty": """tiny = []
for colour in range(2):
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), (colour * 255, 0, 0)).save(buffer, "png")
    tiny.append(buffer.getvalue())
image, slider = ipywidgets.Image(value=tiny[0]), ipywidgets.IntSlider(max=100)
slider.observe(lambda change: setattr(image, "value", tiny[change["new"] % 2]), "value")
ipywidgets.VBox([slider, image])""",
    "NudgeW": "show.explore(show.NudgeW(W, x, b), i=(0, 3))",
    "NudgeW, interact": "through_interact(lambda: show.NudgeW(W, x, b), i=(0, 3));",
    "Passes": "p = show.Passes(net, nn.column([1, 3]), nn.column([1, 0]))\nshow.explore(p, step=p.steps)",
    "Passes, interact": "through_interact(lambda: show.Passes(net, nn.column([1, 3]), nn.column([1, 0])), step=(0, 7));",
    "StepSize": "show.explore(show.StepSize(), h=show.log_scale(-16, 0, 2))",
    "StepSize, interact": "through_interact(show.StepSize, h=ipywidgets.SelectionSlider(options=show.log_scale(-16, 0, 2), value=0.1));",
}


def times(handle):
    """Milliseconds of PRESSES presses there and back."""
    found = [handle.evaluate("(handle, key) => (" + MEASURE + ")([handle, key])", key)
             for key in ["ArrowRight", "ArrowLeft"] * (PRESSES // 2)]
    return [ms for ms in found if ms is not None]


def test_key_press_to_picture(page, address, tmp_path_factory):    # noqa: F811
    floor, lines = None, []
    home = next(path for path in tmp_path_factory.getbasetemp().glob("a reader's home*")) / "notebooks"
    cells = [nbformat.v4.new_code_cell(source, id=f"bench-{n}") for n, source in enumerate(BENCH.values())]
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), home / "bench.ipynb")
    page.goto(f"{address}/bench.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    run_all(page)
    wait_for(lambda: page.locator(".noUi-handle").count() == len(BENCH) - 1)
    bench = {name: statistics.median(times(handle)) for name, handle in zip(list(BENCH)[1:], page.locator(".noUi-handle").all())}
    floor = bench["empty"]
    book = {}
    for path in books.ALL:
        if not books.pictures(books.read(path)):
            continue
        page.goto(f"{address}/{books.name(path)}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        run_all(page)
        page.wait_for_timeout(1500)
        for n, handle in enumerate(page.locator(".noUi-handle").all()):
            measured = times(handle)
            if measured:
                book[f"{path.stem}, slider {n + 1}"] = statistics.median(measured)
    ranked = sorted(book, key=book.get)
    lines += [("an empty round trip", floor)] + [(name, ms) for name, ms in bench.items() if name != "empty"]
    lines += [(f"{word} of the book's {len(ranked)}: {name}", book[name]) for word, name in
              (("fastest", ranked[0]), ("median", ranked[len(ranked) // 2]), ("slowest", ranked[-1]))]
    print("\n\n| key press to picture | ms | × floor |\n|---|---|---|")
    for name, ms in lines:
        print(f"| {name} | {ms:.0f} | {ms / floor:.2f} |")
    for name in ranked[-6:]:
        print(f"  {name}: {book[name]:.0f} ms")
    assert len(book) > 10
