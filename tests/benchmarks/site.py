"""How fast the sliders of the site answer: python tests/benchmarks/site.py, after python tools/build_site.py

prints the bytes that a chapter loads, without compression, until its first slider is alive, and the time from a key
press to the frame that shows the new picture. The goals are 16 ms in the median, one frame at 60 Hz, and 33 ms at most.
"""

import statistics
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path[:0] = [str(Path(__file__).parents[2] / "tools")]
import build_site
import export

PAGE = "notebooks/03_du_dW.html"
WATCH = """slider => {
    window.times = [];
    let pressed = 0;
    slider.addEventListener('input', () => { pressed = performance.now(); });
    const shown = () => requestAnimationFrame(() => window.times.push(performance.now() - pressed));
    slider.closest('.nnmath').querySelector('img').addEventListener('load', shown);
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def measure(address):
    """(bytes until the first slider is alive, milliseconds from key to picture for forty keys)"""
    loaded = []
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=export.CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("response", lambda response: loaded.append(int(response.headers.get("content-length", 0))))
        page.goto(f"{address}/{PAGE}", wait_until="networkidle")
        slider = page.locator(".nnmath-page input[type=range]").nth(2)
        slider.wait_for()
        page.wait_for_timeout(1000)
        size = sum(loaded)
        slider.evaluate(WATCH)
        for key in ["Home", *["ArrowRight"] * 20, *["ArrowLeft"] * 20]:
            slider.press(key)
            page.wait_for_timeout(100)
        return size, page.evaluate("window.times")[1:]


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=build_site.SITE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        size, times = measure(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    print(f"{size / 1e6:.1f} MB until the first slider is alive")
    print(f"key to picture: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms, {len(times)} keys")
