"""The book as a reader meets it: JupyterLab in Chromium, each notebook opened, run, and its controls moved by keyboard and
mouse; and all of it in Jupyter Notebook 7 too.

Nothing here sleeps and hopes: every wait is for a condition, up to PATIENCE seconds, and every act leads to one new frame, so
that a frame of the act before is never taken for it.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time

import pytest
from playwright.sync_api import sync_playwright

import books

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
FLAGS = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --disable-dev-shm-usage").split()
DEBRIS = ("model not found", "VBox(", "Loading widget", "Error displaying widget", "Failed to load")
NOT_OURS = (
    "Failed to load resource",          # pages that a closed machine cannot reach, icons that a server may lack
    "(reading 'schema')",               # Notebook 7, of settings that are JupyterLab's alone
    "Command 'filebrowser:open-path' not registered",       # Notebook 7, where JupyterLab ran before it
)
SETTINGS = {    # every cell in the page, however long; no news
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
WITH_PICTURES = [path for path in books.ALL if books.pictures(books.read(path))]

PATIENCE = 120      # seconds that a slow machine may take for anything

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A Jupyter server on a copy of the notebooks, in a folder with a space in its name."""
    home = tmp_path_factory.mktemp("a reader's home")
    shutil.copytree(books.NOTEBOOKS, home / "notebooks", ignore=shutil.ignore_patterns("*.py", ".ipynb_checkpoints"))
    for name, setting in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting))
    port = free_port()
    places = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "JUPYTER_CONFIG_DIR": "config",
              "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython"}
    with open(home / "log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
             "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={home}",
             "--LabApp.news_url=None"],
            env={**os.environ, **{name: str(home / place) for name, place in places.items()}}, stdout=log, stderr=log)
    try:
        wait_for(lambda: accepts(port), (home / "log").read_text)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


@pytest.fixture(scope="module")
def address(server):
    return f"{server}/lab/tree/notebooks"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def wait_for(condition, told=lambda: "", seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < until, told()
        time.sleep(0.05)
    return value


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, server):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(PATIENCE * 1000)
    page.errors = []
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    for session in page.request.get(f"{server}/api/sessions").json():
        page.request.delete(f"{server}/api/sessions/{session['id']}")
    page.close()


def open_notebook(page, address, path):
    page.goto(f"{address}/{books.name(path)}?reset")
    cells = len(books.read(path).cells)
    wait_for(lambda: page.locator(".jp-Notebook .jp-Cell").count() == cells, lambda: f"{books.name(path)} does not open")


def text(page):
    return page.locator(".jp-Notebook").inner_text()


def no_debris(page):
    assert not [word for word in DEBRIS if word in text(page)]


def complaints(page):
    """Console errors, but for those that the front end would have with any notebook."""
    return [error for error in page.errors if not any(known in error for known in NOT_OURS)]


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}$")).first.click()


def run_all(page):
    """Run All, and wait for the last cell. The stored outputs are cleared before: their numbers look like those of a run."""
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for()
    page.locator(".jp-Notebook .jp-Cell").first.click()
    choose(page, "Edit", "Clear Outputs of All Cells")
    last = page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")
    wait_for(lambda: re.fullmatch(r"\[ ?\]:", last.inner_text().strip()), last.inner_text)
    choose(page, "Run", "Run All Cells")
    wait_for(lambda: re.fullmatch(r"\[\d+\]:", last.inner_text().strip()), lambda: text(page)[-2000:])


# The box of an Explorer, and what a reader sees in it: the picture and the words under it.
BOX = "control => control.closest('.nnmath')"
SEEN = """box => {
    const image = box.querySelector('img.widget-image');
    return [image.complete && image.naturalWidth ? image.src : '', box.querySelector('.nnmath-caption').textContent];
}"""


def moved_by(control, act):
    """Wait until both the control's picture and the words under it are others than before act()."""
    box = control.evaluate_handle(BOX)
    picture, words = box.evaluate(SEEN)
    act()

    def both_are_new():
        now = box.evaluate(SEEN)
        return now[0] not in ("", picture) and now[1] != words

    wait_for(both_are_new, lambda: f"no new picture: {control.evaluate('c => c.outerHTML')[:300]}\nwith {words}")


def press(page, control, key):
    control.focus()
    page.keyboard.press(key)


def at_its_lower_end(handle):
    return float(handle.get_attribute("aria-valuenow")) == float(handle.get_attribute("aria-valuemin"))


def drag(page, handle):
    """From where the handle is to the far end of its rail, in one move: one new value."""
    handle.scroll_into_view_if_needed()
    rail = handle.evaluate_handle("h => h.closest('.noUi-target, .ui-slider')").as_element().bounding_box()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    far = rail["x"] + (rail["width"] - 2 if x < rail["x"] + rail["width"] / 2 else 2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(far, y)
    page.mouse.up()


def open_as_stored(page, address, path):
    """Opened and not run: every picture there, every formula set, nothing of a widget."""
    open_notebook(page, address, path)
    stored = len(books.pictures(books.read(path)))
    images = page.locator(".jp-OutputArea-output img")
    complete = "images => images.filter(image => image.complete && image.naturalWidth > 100).length"
    wait_for(lambda: images.evaluate_all(complete) == stored, lambda: f"{images.evaluate_all(complete)} pictures of {stored}")
    no_debris(page)
    page.locator(".jp-RenderedMarkdown").first.wait_for()
    assert not page.locator("mjx-merror").count(), page.locator("mjx-merror").first.inner_text()


def explorers(page, path):
    """The boxes of all Explorers of the notebook, each with its picture and access.js at work."""
    count = len([1 for cell, _ in books.pictures(books.read(path)) if "explore(" in cell.source or "break_it(" in cell.source])
    ready = """boxes => boxes.filter(box => box.querySelector('img.widget-image')?.naturalWidth && box.querySelector('[role=status]')
        && [...box.querySelectorAll('.noUi-handle')].every(handle => handle.ariaLabel)
        && box.querySelector('.noUi-handle, select')).length"""
    boxes = page.locator(".nnmath")
    wait_for(lambda: boxes.evaluate_all(ready) == count == boxes.count(), lambda: f"{boxes.evaluate_all(ready)} of {count}")
    return boxes.all()


def run_and_move(page, path):
    run_all(page)
    assert not page.locator(".jp-RenderedText[data-mime-type*=stderr]").count()
    assert not page.locator("[data-mime-type*=error]").count()
    boxes = explorers(page, path)
    no_debris(page)
    for box in boxes:
        start = box.evaluate(SEEN)[1]
        handles, lists, following = (box.locator(what).all() for what in (".noUi-handle", "select", "button:text-is('Next')"))
        assert len(handles) + len(lists) and len(following) == len(lists)
        for handle in handles:
            moved_by(handle, lambda: press(page, handle, "ArrowRight" if at_its_lower_end(handle) else "ArrowLeft"))
            moved_by(handle, lambda: drag(page, handle))
        for choice, button in zip(lists, following):
            first = choice.evaluate("list => list.selectedIndex") == 0
            moved_by(choice, lambda: press(page, choice, "ArrowDown" if first else "ArrowUp"))
            moved_by(button, lambda: press(page, button, "Enter"))
            other = choice.evaluate("list => (list.selectedIndex + 1) % list.options.length")
            moved_by(choice, lambda: choice.select_option(index=other))
        for play in box.locator(".widget-play button").all()[:1]:
            press(page, handles[0], "Home")
            moved_by(play, lambda: press(page, play, "Enter"))
            press(page, play, "Enter")
        press(page, box.locator("button:text-is('Reset')"), "Enter")
        wait_for(lambda: box.evaluate(SEEN)[1] == start, lambda: f"not reset to {start}")
    assert not complaints(page)


@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_in_jupyterlab(page, address, path):
    open_as_stored(page, address, path)
    if path in WITH_PICTURES:
        run_and_move(page, path)
    assert not complaints(page)


@pytest.mark.parametrize("path", WITH_PICTURES, ids=books.name)
def test_in_notebook_7(page, server, path):
    open_as_stored(page, f"{server}/notebooks/notebooks", path)
    run_and_move(page, path)


COUNT_FRAMES = """box => {
    window.frames = 0;
    new MutationObserver(() => window.frames++).observe(box.querySelector('img.widget-image'), {attributeFilter: ['src']});
}"""


@pytest.mark.parametrize("chapter", ["01", "03"])
def test_values_that_come_too_fast_are_dropped_but_never_the_last(page, address, chapter):
    """Each slider of a picture in turn, there and back 20 times faster than any frame can be drawn."""
    path = next(path for path in WITH_PICTURES if books.name(path).startswith(chapter))
    open_notebook(page, address, path)
    run_all(page)
    box = explorers(page, path)[0]
    for handle in box.locator(".noUi-handle").all():
        handle.focus()
        moved_by(handle, lambda: page.keyboard.press("End" if at_its_lower_end(handle) else "Home"))
        last = box.evaluate(SEEN)[1]
        there, back = ("ArrowRight", "ArrowLeft") if at_its_lower_end(handle) else ("ArrowLeft", "ArrowRight")
        moved_by(handle, lambda: page.keyboard.press(there))
        box.evaluate(COUNT_FRAMES)
        handle.evaluate("""(handle, keys) => {
            for (let n = 0; n < 41; n++) handle.dispatchEvent(new KeyboardEvent('keydown', {key: keys[n % 2], bubbles: true}));
        }""", [back, there])
        wait_for(lambda: box.evaluate(SEEN)[1] == last, lambda: f"{box.evaluate(SEEN)[1]} is not {last}")
        assert 1 <= page.evaluate("window.frames") < 20


def test_shift_enter_runs_the_cell_though_a_slider_has_the_focus(page, address):
    """The arrow keys belong to the slider, no other key does."""
    path = next(path for path in WITH_PICTURES if books.name(path).startswith("03"))
    open_notebook(page, address, path)
    run_all(page)
    handle = explorers(page, path)[0].locator(".noUi-handle").first
    prompt = page.locator(".jp-CodeCell").filter(has=page.locator(".nnmath")).first.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    moved_by(handle, lambda: press(page, handle, "ArrowRight"))
    page.keyboard.press("Shift+Enter")
    wait_for(lambda: re.fullmatch(r"\[\d+\]:", prompt.inner_text()) and prompt.inner_text() != before, prompt.inner_text)


def test_a_screen_reader_finds_a_name_for_everything(page, address):
    path = next(path for path in WITH_PICTURES if books.name(path).startswith("07"))
    open_notebook(page, address, path)
    run_all(page)
    boxes = explorers(page, path)
    cdp = page.context.new_cdp_session(page)

    def tree(box):
        """(role, name, value) of all in a box, by Chromium's accessibility tree."""
        box.evaluate("box => window.box = box")
        found = cdp.send("Runtime.evaluate", {"expression": "window.box"})["result"]["objectId"]
        node = cdp.send("DOM.describeNode", {"objectId": found})["node"]["backendNodeId"]
        nodes = cdp.send("Accessibility.queryAXTree", {"backendNodeId": node})["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]

    for box in boxes:
        named = tree(box)
        for role in ("slider", "combobox", "button", "image"):
            assert all(re.search(r"\w", name) and name.isprintable() for found, name in named if found == role), named
        labels = {label.strip() for label in box.locator(".widget-label").all_inner_texts() if label.strip()}
        assert labels <= {name for role, name in named if role in ("slider", "combobox")}
        assert ("image", "The picture, told in words below it") in named
        assert [role for role, _ in named].count("status") == 1
        assert box.locator("[role=status]").inner_text().strip()
        assert not box.locator("[title=null]:visible").count()    # a tooltip that says “null”
    handle = boxes[1].locator(".noUi-handle").nth(1)
    press(page, handle, "ArrowRight")
    wait_for(lambda: handle.get_attribute("aria-valuetext") == "1 · u₂", lambda: handle.get_attribute("aria-valuetext"))
