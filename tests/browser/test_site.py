"""The site in Chromium, with every other host cut off: pages, links, and sliders that move without a kernel.

It tests what `python tools/build_site.py` has built, and is skipped where nothing is built. Where SITE_REQUIRED is set,
as in continuous integration, nothing is skipped.
"""

import io
import itertools
import os
import random
import re
import threading
from base64 import b64decode
from functools import cache, partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import books
import build_site
import export
import html5lib
import numpy as np
import pytest
import shared_runs
import site_frames
from PIL import Image
from playwright.sync_api import sync_playwright

try:
    import axe_playwright_python
except ImportError:
    axe_playwright_python = None

SITE = build_site.SITE
LIVE = SITE / "live"
PAGES = sorted(
    name for path in SITE.rglob("*.html") if not (name := path.relative_to(SITE).as_posix()).startswith(("_", "live/"))
)
CHAPTERS = [f"notebooks/{path.stem}.html" for path in books.CHAPTERS]
PATIENCE = 1000 * float(os.environ.get("PATIENCE", 60))  # milliseconds that a slow machine may take for anything
REQUIRED = bool(os.environ.get("SITE_REQUIRED"))
LIGHT, HEAVY = 1_500_000, 25_000_000  # bytes: a chapter until its first slider has moved, and all frames

if REQUIRED and not (PAGES and export.CHROMIUM and axe_playwright_python):
    raise RuntimeError("SITE_REQUIRED is set, but the site, Chromium or axe-playwright-python is not there")

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
def opened(browser, address):
    """opened(name, width, theme, touch) is a page that asks nothing of any other host and complains of nothing."""
    pages = []

    def open_page(name, width=1440, theme="light", touch=False, **more):
        page = browser.new_page(
            viewport={"width": width, "height": 844},
            color_scheme=theme,
            has_touch=touch,
            **more,
        )
        page.set_default_timeout(PATIENCE)
        page.elsewhere, page.complaints, page.bytes = [], [], []

        def only_here(route):
            if route.request.url.startswith((address, "data:", "blob:")):
                route.continue_()
            else:
                page.elsewhere.append(route.request.url)
                route.abort()

        page.route("**/*", only_here)
        page.on("console", lambda told: told.type in ("error", "warning") and page.complaints.append(told.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("response", lambda response: page.bytes.append(int(response.headers.get("content-length", 0))))
        page.goto(f"{address}/{name}", wait_until="networkidle")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        assert page.elsewhere == [] and page.complaints == []
        page.close()


def looks(page, sizes=(1440, 390), themes=("light", "dark")):
    """The page in each size and theme."""
    for width, theme in itertools.product(sizes, themes):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=theme)
        yield width, theme


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_in_both_themes_and_on_a_phone(opened, name):
    page = opened(name)
    assert page.locator("html[lang=en]").count() == page.locator("h1").count() == 1
    assert page.locator("img:not([alt])").count() == 0
    for _, theme in looks(page):
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1, "wider than the screen"
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", back)[:3])) > 384) == (theme == "light")


@pytest.mark.skipif(axe_playwright_python is None, reason="no axe-core here; axe-playwright-python brings it")
@pytest.mark.parametrize("name", [name for name in PAGES if "solutions" not in name])
def test_axe_finds_nothing_serious(opened, name):
    page = opened(name)
    boxes(page)
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    for width, theme in looks(page):
        # What is inside a formula is hidden from a screen reader, which gets MathML, and takes axe ten times as long.
        found = page.evaluate("axe.run({exclude: [['.katex']]}, {resultTypes: ['violations']})")["violations"]
        told = [(width, theme, one["impact"], one["id"], one["nodes"][0]["html"]) for one in found]
        assert [one for one in told if one[2] in ("serious", "critical")] == []


@cache
def text(name):
    return (SITE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_valid_html_and_says_what_it_is(name):
    parser = html5lib.HTMLParser()
    parser.parse(text(name))
    assert parser.errors == []
    found = Links(text(name))
    assert len(found.ids) == len(set(found.ids))
    title = re.search(r"<title>(.+?)</title>", text(name), re.DOTALL)[1]
    assert len(title.strip()) > 20
    if name != "search.html":
        assert len(re.search(r'<meta name="description" content="([^"]+)"', text(name))[1]) > 30


def test_titles_differ():
    titles = [re.search(r"<title>(.+?)</title>", text(name), re.DOTALL)[1] for name in PAGES]
    assert len(titles) == len(set(titles))


class Links(HTMLParser):
    """The links of a page, and the places in it that a link can lead to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.links += [found[name] for name in ("href", "src", "data-frames") if found.get(name)]
        self.ids += [found["id"]] if "id" in found else []


def test_every_link_leads_somewhere():
    pages = {name: Links(text(name)) for name in PAGES}
    dead = []
    for name, found in pages.items():
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = ((SITE / name).parent / unquote(parts.path)).resolve() if parts.path else SITE / name
            there = pages.get(target.relative_to(SITE).as_posix()) if target.is_relative_to(SITE) else None
            if not target.is_file() or (parts.fragment and there and unquote(parts.fragment) not in there.ids):
                dead.append(f"{name}: {link}")
    assert dead == []


def test_each_equation_and_each_term_can_be_reached_from_the_page_of_all_equations():
    links = {link.partition("#")[2] for link in Links(text("notebooks/equations.html")).links}
    read = [(path.name, books.read(path)) for path in books.CHAPTERS + books.APPENDICES]
    tags = [build_site.anchor(tag) for _, notebook in read for tag, _ in build_site.ledger.equations(notebook)]
    terms = [build_site.term(term) for term in build_site.equations.terms(read)]
    assert links >= {*tags, *terms} and len(tags) > 50 and len(terms) > 20


@pytest.mark.parametrize("width", [1100, 1440])
def test_the_table_of_all_equations_is_seen_whole(opened, width):
    page = opened("notebooks/equations.html", width)
    hidden = "table => table.parentElement.scrollWidth - table.parentElement.clientWidth"
    assert page.locator("table").first.evaluate(hidden) <= 0


def test_previous_and_next_lead_through_all_chapters():
    name, seen = CHAPTERS[0], [CHAPTERS[0]]
    while (found := re.search(r'<a class="next-page" href="([^"]+)"', text(name))) and len(seen) < len(CHAPTERS):
        name = os.path.normpath(f"{os.path.dirname(name)}/{found[1]}").replace(os.sep, "/")
        seen.append(name)
    assert seen == CHAPTERS
    back = re.search(r'<a class="prev-page" href="([^"]+)"', text(CHAPTERS[1]))[1]
    assert back == CHAPTERS[0].rpartition("/")[2]


@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_each_notebook_can_be_downloaded_as_it_is_stored(path):
    name = f"notebooks/{books.name(path)}"
    assert (SITE / name).read_bytes() == path.read_bytes()
    assert f'href="{path.name}" download' in text(name.replace(".ipynb", ".html"))


def test_search_finds_a_word_and_loads_its_index_only_then(opened):
    page = opened("index.html")
    assert "searchindex" not in page.content()
    page.locator("input[name=q]").first.fill("saturation")
    page.locator("input[name=q]").first.press("Enter")
    page.locator("#search-results a").first.wait_for()
    assert "05_du_dx_through_f" in " ".join(
        page.locator("#search-results a").evaluate_all("all => all.map(a => a.href)")
    )


def test_exercises_unfold(opened):
    page = opened("notebooks/03_du_dW.html")
    assert "judged, run the" in page.locator("section#exercises").inner_text()
    exercise = page.locator("section#exercises .cell_output").first
    assert "Exercise 3.a" in exercise.inner_text() and "0.13" in exercise.text_content()
    for summary in exercise.locator("summary").all():
        inside = summary.locator("xpath=following-sibling::*").first
        assert not inside.is_visible()
        summary.click()
        assert inside.is_visible()
    answer = exercise.locator("details").last
    assert "def answer" in answer.inner_text() and answer.locator(".katex").count() > 0


def test_a_page_can_be_read_without_scripts(opened):
    page = opened("notebooks/03_du_dW.html", java_script_enabled=False)
    assert page.locator(".katex math").count() > 50
    for image in page.locator("img.nnmath-stored").all():
        image.scroll_into_view_if_needed()
        assert image.is_visible() and len(image.get_attribute("alt")) > 20


def alive(box):
    """Wait until a picture has its controls."""
    box.scroll_into_view_if_needed()
    box.locator("select, input[type=range]").first.wait_for()
    return box


def boxes(page):
    return [alive(box) for box in page.locator(".nnmath-page").all()]


IS_NEW = """([box, words, pixels]) => {
    const canvas = box.querySelector('canvas');
    return canvas.getAttribute('aria-label') !== words && box.querySelector('.nnmath-caption').textContent !== words
        && canvas.toDataURL() !== pixels;
}"""


def moved_by(page, box, act):
    """Wait until the picture and its words are others than before act(); the words of picture and caption agree."""
    canvas = box.locator("canvas")
    words, before = canvas.get_attribute("aria-label"), canvas.evaluate("canvas => canvas.toDataURL()")
    act()
    page.wait_for_function(IS_NEW, arg=[box.element_handle(), words, before])
    assert box.locator(".nnmath-caption").text_content() == canvas.get_attribute("aria-label")


def touch(page, kind, *points):
    points = [{"x": x, "y": y} for x, y in points]
    page.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def drag(page, slider, share):
    """A finger on the slider's thumb, moved to a share of the way."""
    place = slider.bounding_box()
    now, most = int(slider.input_value()), int(slider.get_attribute("max"))
    at = lambda share: (place["x"] + 9 + (place["width"] - 18) * share, place["y"] + place["height"] / 2)
    touch(page, "touchStart", at(now / most))
    for n in range(1, 5):
        touch(page, "touchMove", at(now / most + (share - now / most) * n / 4))
    touch(page, "touchEnd")


def by_key(page, box, slider):
    low = slider.input_value() == slider.get_attribute("min")
    moved_by(page, box, lambda: slider.press("ArrowRight" if low else "ArrowLeft"))


def by_mouse(page, box, slider):
    place = slider.bounding_box()
    far = place["width"] - 3 if int(slider.input_value()) < int(slider.get_attribute("max")) / 2 else 3
    moved_by(page, box, lambda: slider.click(position={"x": far, "y": place["height"] / 2}))


def by_touch(page, box, slider):
    slider.scroll_into_view_if_needed()
    low = int(slider.input_value()) < int(slider.get_attribute("max")) / 2
    moved_by(page, box, lambda: drag(page, slider, 1 if low else 0))


WAYS = {
    "key": (by_key, 1440, "light", False),
    "mouse": (by_mouse, 1440, "dark", False),
    "touch": (by_touch, 390, "dark", True),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CHAPTERS)
def test_every_control_moves_its_picture(opened, name, way):
    act, *how = WAYS[way]
    page = opened(name, *how)
    page.session = page.context.new_cdp_session(page)
    press = lambda button: button.tap() if way == "touch" else button.press("Enter") if way == "key" else button.click()
    for box in boxes(page):
        for slider in box.locator("input[type=range]").all():
            act(page, box, slider)
        for choice in box.locator("select").all():
            if way == "key":
                choice.focus()
                last = choice.evaluate("list => list.selectedIndex === list.options.length - 1")
                moved_by(page, box, lambda: choice.press("ArrowUp" if last else "ArrowDown"))
            else:
                other = choice.evaluate("list => (list.selectedIndex + 1) % list.options.length")
                moved_by(page, box, lambda: choice.select_option(index=other))
        for following in box.get_by_role("button", name="Next").all():
            moved_by(page, box, lambda: press(following))
        press(box.get_by_role("button", name="Reset"))


def test_play_moves_from_state_to_state_and_pauses(opened):
    page = opened("notebooks/09_backpropagation_and_descent.html")
    box = next(box for box in boxes(page) if box.locator(".nnmath-play").count())
    slider = box.locator("input[type=range]").first
    slider.press("Home")
    play = box.locator(".nnmath-play").first
    play.click()
    page.wait_for_function("slider => slider.valueAsNumber >= 3", arg=slider.element_handle())
    play.click()
    held = slider.input_value()
    page.wait_for_timeout(1000)
    assert slider.input_value() == held and "Play" in play.inner_text()


SHOW = """([box, texts]) => {
    const controls = [...box.querySelectorAll('select, input[type=range]')];
    controls.forEach((control, n) => {
        if (control.tagName === 'SELECT') {
            control.selectedIndex = texts[n];
            control.dispatchEvent(new Event('change'));
        } else {
            control.value = texts[n];
            control.dispatchEvent(new Event('input'));
        }
    });
}"""


def states(kept, seed):
    """Both ends of each control while the others are at their first value, all last values, and three states by lot."""
    first, last = [0] * len(kept), [len(one) - 1 for one in kept]
    ends = [[*first[:n], last[n], *first[n + 1 :]] for n in range(len(kept))]
    draw = random.Random(seed)
    return [first, *ends, last, *([draw.randrange(len(one)) for one in kept] for _ in range(3))]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_frame_of_the_page_is_the_picture_that_the_kernel_draws(opened, name):
    path = books.NOTEBOOKS / f"{Path(name).stem}.ipynb"
    values = [value for value in shared_runs.of(path).values if hasattr(value, "spec")]
    page = opened(name)
    for explorer, box in zip(values, boxes(page), strict=True):
        sizes = [len(control["texts"]) for control in explorer.spec["controls"]]
        kept = site_frames.positions(sizes, explorer.spec["start"], explorer.stored)
        for state in states(kept, name):
            pixels, alt = site_frames.pixels(explorer, [one[n] for one, n in zip(kept, state, strict=True)])
            page.evaluate(SHOW, [box.element_handle(), state])
            canvas = box.locator(f"canvas[aria-label={css(alt)}]")
            canvas.wait_for()
            data = b64decode(canvas.evaluate("canvas => canvas.toDataURL().split(',')[1]"))
            assert (np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) == pixels).all(), (state, alt)
            assert box.locator(".nnmath-caption").text_content() == alt


def css(words):
    """A string of CSS."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")
    return f'"{escaped}"'


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_light_until_its_first_slider_has_moved(opened, name):
    page = opened(name)
    box = alive(page.locator(".nnmath-page").first)
    control = box.locator("select, input[type=range]").first
    last = control.evaluate("e => e.options ? e.selectedIndex === e.options.length - 1 : e.value === e.max")
    moved_by(page, box, lambda: control.press("ArrowLeft" if last else "ArrowRight"))  # in a list they move, too
    assert 100_000 < sum(page.bytes) < LIGHT


def test_all_frames_are_small():
    assert sum(path.stat().st_size for path in (SITE / "_static" / "frames").iterdir()) < HEAVY


def test_with_an_address_pages_link_to_places_that_run_them(tmp_path):
    assert build_site.sphinx(tmp_path, "https://github.com/someone/book") == 0
    page = (tmp_path / "notebooks/03_du_dW.html").read_text(encoding="utf-8")
    here = "https://someone.github.io/book/"
    assert f'<link rel="canonical" href="{here}notebooks/03_du_dW.html">' in page
    assert f'<meta property="og:image" content="{here}_static/card.png">' in page
    assert 'href="https://colab.research.google.com/github/someone/book/blob/HEAD/notebooks/03_du_dW.ipynb"' in page
    assert 'href="https://mybinder.org/v2/gh/someone/book/HEAD?urlpath=lab/tree/notebooks/03_du_dW.ipynb"' in page
    assert Image.open(tmp_path / "_static/card.png").size == (1200, 630)
    sitemap = (tmp_path / "sitemap.xml").read_text(encoding="utf-8")
    assert all(f"<loc>{here}{name}</loc>" in sitemap for name in CHAPTERS)


@pytest.mark.skipif(not LIVE.exists(), reason="no JupyterLite here; python tools/build_site.py --live builds it")
def test_the_button_of_a_chapter_opens_it_in_jupyterlite(browser, address):
    """Its interpreter comes from another host and cannot be tested here: that JupyterLab shows the notebook is all."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    page.goto(f"{address}/notebooks/03_du_dW.html")
    page.get_by_role("link", name="Run in this browser").click()
    page.locator(".jp-Notebook", has_text="Derivatives with respect to the weights").wait_for()
    page.close()
