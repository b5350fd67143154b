"""The site in Chromium, with every other host cut off: pages, links, and sliders that move without a kernel.

It tests what `python tools/build_site.py` has built, and is skipped where nothing is built.
"""

import io
import re
import threading
from base64 import b64decode
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import books
import build_site
import export
import numpy as np
import pytest
import shared_runs
from PIL import Image
from playwright.sync_api import sync_playwright

SITE = build_site.SITE
PAGES = sorted(p for path in SITE.rglob("*.html") if not (p := path.relative_to(SITE).as_posix()).startswith("_"))
CHAPTERS = [f"notebooks/{path.stem}.html" for path in books.CHAPTERS]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PAGES, reason="no site here; python tools/build_site.py builds it"),
    pytest.mark.skipif(export.CHROMIUM is None, reason="no Chromium here"),
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=export.CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address):
    """A page that may ask nothing of any other host; what it asked for and what it complained about are kept."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.elsewhere, page.complaints = [], []

    def only_here(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            page.elsewhere.append(route.request.url)
            route.abort()

    page.route("**/*", only_here)
    page.on("console", lambda message: message.type in ("error", "warning") and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_in_both_themes_and_on_a_phone(page, address, name):
    for width, theme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=theme)
        page.goto(f"{address}/{name}", wait_until="networkidle")
        assert page.title().strip() and page.locator("html[lang=en]").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1, "wider than the screen"
        assert page.locator("img:not([alt])").count() == 0
        assert page.locator("mjx-merror").count() == 0
    assert page.elsewhere == [] and page.complaints == []


class Links(HTMLParser):
    """The links of a page, and the places in it that a link can lead to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.links += [found[name] for name in ("href", "src") if found.get(name)]
        self.places |= {found["id"]} if "id" in found else set()


def test_every_link_leads_somewhere():
    pages = {name: Links((SITE / name).read_text(encoding="utf-8")) for name in PAGES}
    dead = []
    for name, found in pages.items():
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or name in ("search.html", "genindex.html"):
                continue
            target = ((SITE / name).parent / unquote(parts.path)).resolve() if parts.path else SITE / name
            there = pages.get(target.relative_to(SITE).as_posix()) if target.is_relative_to(SITE) else None
            if not target.exists() or (parts.fragment and there and unquote(parts.fragment) not in there.places):
                dead.append(f"{name}: {link}")
    assert dead == []


def test_each_equation_can_be_reached_from_the_page_of_all_equations():
    links = Links((SITE / "notebooks/equations.html").read_text(encoding="utf-8")).links
    reached = {link.partition("#")[2] for link in links if "#equation-" in link}
    tags = [
        build_site.anchor(tag) for path in books.CHAPTERS for tag, _ in build_site.ledger.equations(books.read(path))
    ]
    assert reached >= set(tags) and len(tags) > 50


def boxes(page):
    """The pictures with controls of a page, all brought to life."""
    found = page.locator(".nnmath-page")
    for box in found.all():
        box.scroll_into_view_if_needed()
        box.locator("select, input[type=range]").first.wait_for()
    return found.all()


def told(box):
    return box.locator(".nnmath-caption").text_content()


IS_NEW = """([box, src, alt]) => {
    const image = box.querySelector('img');
    return image.src !== src && image.alt !== alt && image.complete;
}"""


def moved_by(page, box, act):
    """Wait until the picture and its words are others than before act()."""
    picture, words = box.locator("img").get_attribute("src"), told(box)
    act()
    page.wait_for_function(IS_NEW, arg=[box.element_handle(), picture, words])
    assert told(box) == box.locator("img").get_attribute("alt")


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_control_moves_its_picture_by_key_and_by_mouse(page, address, name):
    page.goto(f"{address}/{name}", wait_until="networkidle")
    for box in boxes(page):
        for slider in box.locator("input[type=range]").all():
            low = slider.input_value() == slider.get_attribute("min")
            moved_by(page, box, lambda: slider.press("ArrowRight" if low else "ArrowLeft"))
            place = slider.bounding_box()
            far = place["width"] - 3 if int(slider.input_value()) < int(slider.get_attribute("max")) / 2 else 3
            moved_by(page, box, lambda: slider.click(position={"x": far, "y": place["height"] / 2}))
        for choice in box.locator("select").all():
            other = choice.evaluate("list => (list.selectedIndex + 1) % list.options.length")
            moved_by(page, box, lambda: choice.select_option(index=other))
    assert page.elsewhere == [] and page.complaints == []


PIXELS = """async image => {
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
}"""


def test_a_frame_of_the_page_is_the_picture_that_the_kernel_draws(page, address):
    path = next(path for path in books.CHAPTERS if path.name.startswith("03"))
    explorers = [value for value in shared_runs.of(path).values if hasattr(value, "spec")]
    page.goto(f"{address}/notebooks/{path.stem}.html", wait_until="networkidle")
    for explorer, box in zip(explorers, boxes(page), strict=True):
        page.wait_for_function("box => box.querySelector('img').src.startsWith('blob:')", arg=box.element_handle())
        drawn = explorer.frame(explorer.start)
        shown = b64decode(box.locator("img").evaluate(PIXELS))
        kernel = b64decode(re.sub(r"^data:image/png;base64,", "", drawn["src"]))
        one, other = (np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) for data in (shown, kernel))
        assert (one == other).all() and told(box) == drawn["alt"]
