"""One chapter with the oldest ipywidgets, 7.7, as on Colab, in the classic notebook, the last front end that it had:
nox -f tests/noxfile.py -s colab_like"""

import subprocess
import sys

import books
import ipywidgets
from test_browser import SEEN, browser, drag, moved_by, press, wait_for    # noqa: F401  browser is a fixture

PORT = 18977


def test_a_chapter_in_the_classic_notebook(browser, tmp_path):    # noqa: F811
    assert ipywidgets.__version__.startswith("7.7")
    path = next(path for path in books.CHAPTERS if path.name.startswith("03"))
    (tmp_path / path.name).write_bytes(path.read_bytes())
    server = subprocess.Popen([sys.executable, "-m", "notebook", "--no-browser", "--allow-root", f"--port={PORT}", "--port-retries=0",
                               "--NotebookApp.token=", f"--notebook-dir={tmp_path}"])
    page = browser.new_page()
    try:
        wait_for(lambda: answers(page, f"http://127.0.0.1:{PORT}/api"))
        # What the page says when it is done with looking for widgets of an earlier visit: those made before it would be lost.
        with page.expect_console_message(lambda message: "jupyter.widget.control" in message.text, timeout=120_000):
            page.goto(f"http://127.0.0.1:{PORT}/notebooks/{path.name}")
        page.wait_for_function("Jupyter.notebook.kernel.is_connected()")
        page.evaluate("Jupyter.notebook.execute_all_cells()")
        pictures = len(books.pictures(books.read(path)))
        ready = "boxes => boxes.filter(box => box.querySelector('img.widget-image')?.naturalWidth).length"
        boxes = page.locator(".nnmath")
        wait_for(lambda: boxes.evaluate_all(ready) == pictures, lambda: page.locator("#notebook").inner_text()[-2000:])
        assert not page.locator(".output_error, .output_stderr").count()
        for box in boxes.all():
            for handle in box.locator(".ui-slider-handle").all():
                wait_for(lambda: handle.get_attribute("aria-label"))
                before = box.evaluate(SEEN)
                moved_by(handle, lambda: press(page, handle, "ArrowRight"))
                moved_by(handle, lambda: press(page, handle, "ArrowLeft"))
                assert box.evaluate(SEEN)[1] == before[1]
                moved_by(handle, lambda: drag(page, handle))
            for choice in box.locator("select").all():
                moved_by(choice, lambda: press(page, choice, "ArrowDown"))
                moved_by(choice, lambda: press(page, box.locator("button:text-is('Next')"), "Enter"))
    finally:
        page.close()
        server.terminate()
        server.wait(60)


def answers(page, address):
    try:
        return page.request.get(address).ok
    except Exception:    # not up yet
        return False
