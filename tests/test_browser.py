"""The book as a reader meets it: JupyterLab in Chromium, each notebook opened, run, and its controls moved by keyboard and
mouse; some of them in Jupyter Notebook 7 too."""

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
         "--disable-component-update --disable-sync").split()
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

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A JupyterLab on a copy of the notebooks, in a folder with a space in its name."""
    home = tmp_path_factory.mktemp("a reader's home")
    shutil.copytree(books.NOTEBOOKS, home / "notebooks", ignore=shutil.ignore_patterns("*.py", ".ipynb_checkpoints"))
    for name, setting in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "JUPYTER_CONFIG_DIR": "config",
              "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython"}
    with open(home / "log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
             "--IdentityProvider.token=", f"--ServerApp.root_dir={home}", "--LabApp.news_url=None"],
            env={**os.environ, **{name: str(home / place) for name, place in places.items()}}, stdout=log, stderr=log)
    try:
        wait_for(lambda: accepts(port), 60, lambda: (home / "log").read_text())
        yield f"http://127.0.0.1:{port}/lab/tree/notebooks"
    finally:
        server.terminate()
        server.wait(20)


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def wait_for(condition, seconds, told=lambda: ""):
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
def page(browser):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.errors = []
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    page.close()


def open_notebook(page, address, path):
    page.goto(f"{address}/{books.name(path)}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    cells = len(books.read(path).cells)
    wait_for(lambda: page.locator(".jp-Notebook .jp-Cell").count() == cells, 30)


def text(page):
    return page.locator(".jp-Notebook").inner_text()


def no_debris(page):
    assert not [word for word in DEBRIS if word in text(page)]


def complaints(page):
    """Console errors, but for those that the front end would have with any notebook."""
    return [error for error in page.errors if not any(known in error for known in NOT_OURS)]


def run_all(page):
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).first.click()
    cells = page.locator(".jp-CodeCell")
    last = cells.last.locator(".jp-InputPrompt")
    wait_for(lambda: re.fullmatch(r"\[\d+\]:", last.inner_text().strip()), 120, lambda: text(page)[-2000:])


# The picture that a control belongs to: the image of the innermost box that holds both.
PICTURE = """control => {
    let box = control;
    while (!box.querySelector('img.widget-image, .widget-image img')) box = box.parentElement;
    return box.querySelector('img.widget-image, .widget-image img');
}"""
FRAME = "image => image.src + image.naturalWidth"


def moved_by(page, control, act):
    """Whether the control's picture becomes another one after act()."""
    picture = control.evaluate_handle(PICTURE)
    before = picture.evaluate(FRAME)
    act()
    wait_for(lambda: picture.evaluate(FRAME) != before, 10, lambda: f"no new picture: {control.evaluate('c => c.outerHTML')[:300]}")


def press(page, control, key):
    control.scroll_into_view_if_needed()
    control.focus()
    page.keyboard.press(key)


def drag(page, handle):
    """From where the handle is to the far end of its rail."""
    handle.scroll_into_view_if_needed()
    rail = handle.evaluate_handle("h => h.closest('.noUi-target')").as_element().bounding_box()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    far = rail["x"] + (rail["width"] - 2 if x < rail["x"] + rail["width"] / 2 else 2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(far, y, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_opened_and_not_run(page, address, path):
    open_notebook(page, address, path)
    stored = len(books.pictures(books.read(path)))
    images = page.locator(".jp-OutputArea-output img")
    wait_for(lambda: images.count() == stored, 20, lambda: f"{images.count()} pictures of {stored}")
    assert all(image.evaluate("image => image.complete && image.naturalWidth > 100") for image in images.all())
    no_debris(page)
    wait_for(lambda: page.locator(".jp-RenderedMarkdown").count(), 10)
    assert not page.locator("mjx-merror").count(), page.locator("mjx-merror").first.inner_text()
    assert not complaints(page)


@pytest.mark.parametrize("path", WITH_PICTURES, ids=books.name)
def test_run_and_moved(page, address, path):
    run_and_move(page, address, path, "ArrowLeft", "ArrowRight")


@pytest.mark.parametrize("path", [path for path in books.ALL if books.name(path)[:2] in ("03", "08")], ids=books.name)
def test_run_and_moved_in_notebook_7(page, address, path):
    """Home and End: Notebook 7 keeps the arrows for its own cells (github.com/jupyter/notebook/issues/7716)."""
    run_and_move(page, address.replace("/lab/tree/", "/notebooks/"), path, "Home", "End")


def run_and_move(page, address, path, down, up):
    open_notebook(page, address, path)
    run_all(page)
    assert not page.locator(".jp-RenderedText[data-mime-type*=stderr]").count()
    assert not page.locator("[data-mime-type*=error]").count()
    pictures = len([1 for cell, _ in books.pictures(books.read(path)) if "explore(" in cell.source or "break_it(" in cell.source])
    wait_for(lambda: page.locator("img.widget-image, .widget-image img").count() == pictures, 20)
    no_debris(page)
    handles, lists = page.locator(".noUi-handle").all(), page.locator(".widget-dropdown select").all()
    assert len(handles) + len(lists) >= pictures
    for handle in handles:
        at_its_lower_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin")
        moved_by(page, handle, lambda: press(page, handle, up if at_its_lower_end else down))
    for choice in lists:
        other = choice.evaluate("list => (list.selectedIndex + 1) % list.options.length")
        moved_by(page, choice, lambda: choice.select_option(index=other))
    following = page.get_by_role("button", name="Next").all()
    assert len(following) == len(lists)
    for button in following:
        moved_by(page, button, lambda: press(page, button, "Enter"))
    for handle in handles[:1]:
        moved_by(page, handle, lambda: drag(page, handle))
    for reset in page.get_by_role("button", name="Reset").all()[:1]:
        moved_by(page, reset, lambda: press(page, reset, "Enter"))
    assert not complaints(page)
