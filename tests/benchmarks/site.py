"""How fast the site is: python tests/benchmarks/site.py, after python tools/build_site.py

prints, in one run of about two minutes, the time from a key press to the new picture, on the site and in JupyterLab,
and what each chapter loads until its first slider has moved. On the site a press ends with the animation frame after
the picture was painted, in JupyterLab earlier, when the new image is decoded. The goals are 16 ms in the median, one
frame at 60 Hz, and 33 ms at most; and 1.5 MB. GitHub Pages compresses text with gzip, and so does the server here.
"""

import gzip
import statistics
import sys
import tempfile
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS.parent / "tools"), *(str(TESTS / name) for name in ("browser", "support", "benchmarks"))]
import books
import build_site
import nbformat
import sliders
from front_end import chromium, end_kernels, jupyter, new_page, run_all, wait_for

PRESSES = 12
SPEED = 10e6 / 8  # bytes a second
LATENCY = 40  # milliseconds
TEXT = {".html", ".css", ".js", ".svg", ".json"}
ARM = """slider => {
    const canvas = slider.closest('.nnmath').querySelector('canvas');
    window.timed = new Promise(done => window.pressed = () => {
        window.pressed = null;
        const start = performance.now();
        const observer = new MutationObserver(() => {
            observer.disconnect();
            requestAnimationFrame(() => done(performance.now() - start));
        });
        observer.observe(canvas, {attributes: true, attributeFilter: ['aria-label']});
        setTimeout(() => done(null), 2000);
    });
}"""
MOVED = "before => document.querySelector('.nnmath-page canvas').getAttribute('aria-label') !== before"


class Pages(SimpleHTTPRequestHandler):
    """Files, text compressed; `served` has the bytes of each answer, as it is and as it is sent."""

    served = []

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        body = plain = path.read_bytes()
        self.send_response(200)
        if path.suffix in TEXT:
            body = gzip.compress(plain)
            self.send_header("Content-Encoding", "gzip")
        self.served.append((len(plain), len(body)))
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=build_site.SITE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def load(browser, address):
    """(bytes, bytes sent, seconds at 10 Mbit/s) until the first control has moved its picture."""
    page = new_page(browser)
    limits = {"offline": False, "downloadThroughput": SPEED, "uploadThroughput": SPEED, "latency": LATENCY}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", limits)
    Pages.served.clear()
    page.goto(address, wait_until="commit")
    box = page.locator(".nnmath-page").first
    box.scroll_into_view_if_needed()
    control = box.locator("select, input[type=range]").first
    control.wait_for()
    before = box.locator("canvas").get_attribute("aria-label")
    last = control.evaluate("e => e.options ? e.selectedIndex === e.options.length - 1 : e.value === e.max")
    control.press("ArrowLeft" if last else "ArrowRight")  # in a list they move, too
    page.wait_for_function(MOVED, arg=before)
    seconds = page.evaluate("performance.now()") / 1000
    page.close()
    plain, sent = map(sum, zip(*Pages.served, strict=True))
    return plain, sent, seconds


def presses(page, slider):
    """Milliseconds of each press that led to a new picture: up from the lowest value, and down again."""
    slider.scroll_into_view_if_needed()
    slider.press("Home")
    page.wait_for_timeout(300)
    count, found = min(PRESSES, int(slider.get_attribute("max"))), []
    for key in ["ArrowRight"] * count + ["ArrowLeft"] * count:
        slider.evaluate(ARM)
        page.keyboard.press(key)
        found.append(page.evaluate("window.timed"))
    return [ms for ms in found if ms is not None]


def of_the_site(browser, address, path):
    """The times of every slider of a chapter."""
    page = new_page(browser)
    page.add_init_script(sliders.HEAR)
    page.goto(f"{address}/notebooks/{path.stem}.html", wait_until="networkidle")
    for box in page.locator(".nnmath-page").all():
        box.scroll_into_view_if_needed()
        box.locator("select, input[type=range]").first.wait_for()
    found = [presses(page, slider) for slider in page.locator(".nnmath-page input[type=range]").all()]
    page.close()
    return [times for times in found if times]


def in_jupyterlab(browser):
    """{what: median milliseconds} of the first picture of chapter 03."""
    wanted = ("setup", "empty", "NudgeW", "NudgeW, interact")
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    cells = [nbformat.v4.new_code_cell(sliders.BENCH[name], id=f"bench-{n}") for n, name in enumerate(wanted)]
    with tempfile.TemporaryDirectory() as folder, jupyter(Path(folder)) as address:
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
        nbformat.write(notebook, Path(folder) / "notebooks" / "bench.ipynb")
        page = new_page(browser)
        page.add_init_script(sliders.HEAR)
        page.goto(f"{address}/{sliders.LAB}/bench.ipynb?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        run_all(page)
        ready = lambda: page.locator(".noUi-handle").count() == 2 and page.locator("img + .nnmath").count() == 1
        wait_for(ready)
        empty, interact = [sliders.through_interact(page, handle) for handle in page.locator(".noUi-handle").all()]
        drawn, seen = sliders.of_the_book(page, page.locator("img + .nnmath input").first)
        end_kernels(page, address)
        page.close()
    return {
        "an empty round trip to the kernel": empty,
        "JupyterLab, drawn by the kernel": drawn,
        "JupyterLab, seen before": seen,
        "JupyterLab, through interact": interact,
    }


def main():
    with chromium() as browser, site() as address:
        loads = {path.stem: load(browser, f"{address}/notebooks/{path.stem}.html") for path in books.CHAPTERS}
        chapters = {path.stem: of_the_site(browser, address, path) for path in books.CHAPTERS}
        first = next(times for stem, times in chapters.items() if stem.startswith("03"))[0]
        every = [times for found in chapters.values() for times in found]
        lab = in_jupyterlab(browser)
    print("\n| key press to picture | median, ms | slowest, ms |\n|---|---|---|")
    print(f"| the site, first picture of chapter 03 | {statistics.median(first):.0f} | {max(first):.0f} |")
    total = [ms for times in every for ms in times]
    print(f"| the site, all {len(every)} sliders | {statistics.median(total):.0f} | {max(total):.0f} |")
    for what, ms in lab.items():
        print(f"| {what} | {ms:.0f} | |")
    print("\n| until its first slider has moved | MB | MB sent, with gzip | seconds at 10 Mbit/s |\n|---|---|---|---|")
    for stem, (plain, sent, seconds) in loads.items():
        print(f"| {stem} | {plain / 1e6:.2f} | {sent / 1e6:.2f} | {seconds:.1f} |")
    sizes = [path.stat().st_size for path in build_site.SITE.rglob("*") if path.is_file() and "live" not in path.parts]
    frames = [path.stat().st_size for path in (build_site.SITE / "_static" / "frames").iterdir()]
    print(f"\nThe site has {sum(sizes) / 1e6:.1f} MB, {sum(frames) / 1e6:.1f} MB of them frames.")


if __name__ == "__main__":
    main()
