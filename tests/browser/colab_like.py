"""One chapter with the oldest ipywidgets, 7.7, as on Colab, in the classic notebook, the last front end that had it:
nox -f tools/noxfile.py -s colab_like"""

import subprocess
import sys

import books
import ipywidgets
import pytest
from front_end import chromium, free_port, new_page, wait_for
from test_browser import READY, SEEN, drag_to_the_far_end, moved, press


@pytest.fixture
def page():
    with chromium() as browser:
        yield new_page(browser)


def test_a_chapter_in_the_classic_notebook(page, tmp_path):
    assert ipywidgets.__version__.startswith("7.7")
    path = next(path for path in books.CHAPTERS if path.name.startswith("03"))
    (tmp_path / path.name).write_bytes(path.read_bytes())
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "notebook",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--port-retries=0",
            "--NotebookApp.token=",
            f"--notebook-dir={tmp_path}",
        ]
    )
    try:
        wait_for(lambda: answers(page, f"http://127.0.0.1:{port}/api"))
        # The page says this when it has looked for widgets of an earlier visit. Those made before would be lost.
        with page.expect_console_message(lambda message: "jupyter.widget.control" in message.text, timeout=120_000):
            page.goto(f"http://127.0.0.1:{port}/notebooks/{path.name}")
        page.wait_for_function("Jupyter.notebook.kernel.is_connected()")
        page.evaluate("Jupyter.notebook.execute_all_cells()")
        pictures = len(books.pictures(books.read(path)))
        boxes = page.locator(".nnmath")
        wait_for(
            lambda: boxes.count() == pictures and boxes.evaluate_all(READY),
            lambda: page.locator("#notebook").inner_text()[-2000:],
        )
        assert not page.locator(".output_error, .output_stderr").count()
        for box in boxes.all():
            for slider in box.locator("input[type=range]").all():
                low = slider.evaluate("slider => slider.value === slider.min")
                moved(box, lambda: press(page, slider, "ArrowRight" if low else "ArrowLeft"))
                moved(box, lambda: drag_to_the_far_end(page, slider))
            for choice in box.locator("select").all():
                moved(box, lambda: press(page, choice, "ArrowDown"))
                moved(box, lambda: press(page, box.get_by_role("button", name="Next").first, "Enter"))
            assert box.evaluate(SEEN)[1]
    finally:
        server.terminate()
        server.wait(60)


def answers(page, address):
    try:
        return page.request.get(address).ok
    except Exception:  # it is not up yet
        return False
