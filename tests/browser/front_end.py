"""JupyterLab and Jupyter Notebook 7 in Chromium, under a strict Content-Security-Policy.

Nothing here sleeps and hopes. Every wait is for a condition, up to PATIENCE seconds.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import books
import nbformat
from playwright.sync_api import sync_playwright

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()
PATIENCE = float(os.environ.get("PATIENCE", 60))  # seconds that a slow machine may take for anything

# No inline script and no other host. JupyterLab itself needs eval, to compile JSON schemas, and inline styles.
# Anywidget imports the module of the sliders from a blob.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self' ws: data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'"
)
SETTINGS = {  # every cell is in the page, however long the notebook; no news, no autosave
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
PLACES = {
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTER_DATA_DIR": "data",
    "IPYTHONDIR": "ipython",
}
NOT_OURS = (
    "Failed to load resource",  # pages that a closed machine cannot reach, icons that a server may lack
    "(reading 'schema')",  # Notebook 7, of settings that are JupyterLab's alone
    "of null (reading 'kernel')",  # JupyterLab, of a session that has just been ended
    "Command 'filebrowser:open-path' not registered",  # Notebook 7, where JupyterLab ran before it
    "Executing inline script violates",  # JupyterLab's own page, under the policy
)


def wait_for(condition, told=lambda: "", seconds=PATIENCE):
    """The first true value of condition(). Errors: AssertionError, with what told() says, after so many seconds."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < until, told()
        time.sleep(0.05)
    return value


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


@contextmanager
def jupyter(home: Path, policy: str = POLICY):
    """The address of a Jupyter server on a copy of the notebooks in `home`."""
    shutil.copytree(books.NOTEBOOKS, home / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name, setting in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting))
    config = home / "config" / "jupyter_server_config.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"ServerApp": {"tornado_settings": {"headers": {"Content-Security-Policy": policy}}}}))
    port = free_port()
    with open(home / "log", "w") as log:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyter",
                "lab",
                "--no-browser",
                "--allow-root",
                f"--port={port}",
                "--ServerApp.port_retries=0",
                "--IdentityProvider.token=",
                "--ServerApp.disable_check_xsrf=True",
                f"--ServerApp.root_dir={home}",
                "--LabApp.news_url=None",
                "--LabApp.expose_app_in_browser=True",  # window.jupyterapp
            ],
            env={**os.environ, **{name: str(home / place) for name, place in PLACES.items()}},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(lambda: accepts(port), (home / "log").read_text)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:  # it waits for kernels that no longer answer
            server.kill()
            server.wait()


@contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def new_page(browser, **options):
    """A page that keeps its console errors in `page.errors`."""
    page = browser.new_page(**{"viewport": {"width": 1200, "height": 900}, **options})
    page.set_default_timeout(PATIENCE * 1000)
    page.errors = []
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page


def complaints(page):
    """Console errors, except those that the front end has with any notebook."""
    return [error for error in page.errors if not any(known in error for known in NOT_OURS)]


def open_notebook(page, address, name):
    """Load a notebook of the server as a page of its own."""
    page.goto(f"{address}/{name}?reset")
    await_cells(page, name)


def open_lab(page, address):
    """Open JupyterLab, without a notebook."""
    page.goto(f"{address}/lab?reset")
    page.wait_for_function("window.jupyterapp")
    page.evaluate("jupyterapp.restored")


def close_in_lab(page):
    """Close what is open in JupyterLab; kernels live on."""
    page.evaluate("""() => {
        for (const widget of [...jupyterapp.shell.widgets('main')]) {
            if (widget.context) widget.context.model.dirty = false;    // or it would ask whether to save
            widget.close();
        }
        jupyterapp.shell.expandLeft();
    }""")
    wait_for(lambda: not page.locator(".jp-Notebook").count(), lambda: "a notebook does not close")


def open_in_lab(page, folder, name):
    """Open a notebook in JupyterLab, which is loaded already."""
    page.evaluate("path => { jupyterapp.commands.execute('docmanager:open', {path}); }", f"{folder}/{name}")
    await_cells(page, name)


def model_in_lab(page):
    """The notebook that is open in JupyterLab, as it would be saved now."""
    model = page.evaluate("""() => {
        const notebook = [...jupyterapp.shell.widgets('main')].find(widget => widget.context);
        return JSON.stringify(notebook.context.model.toJSON());
    }""")
    return nbformat.reads(model, as_version=4)


def await_cells(page, name):
    """The notebook is there with all its cells."""
    cells = len(books.read(books.NOTEBOOKS / name).cells)
    wait_for(lambda: page.locator(".jp-Notebook .jp-Cell").count() == cells, lambda: f"{name} does not open")


def idle(page):
    """The kernel waits for work. In a narrow toolbar the sign for it is hidden, and says so all the same."""
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(state="attached")


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}$")).first.click()


def run_all(page):
    """Run All, and wait for the last cell whose source is not folded, because a folded cell shows no prompt. Stored
    outputs are cleared first, because they are numbered like those of a run.

    Each entry is chosen until it shows its effect, because a menu may close again while the page is busy.
    """
    idle(page)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    prompt = page.locator(".jp-CodeCell .jp-Cell-inputWrapper:not(:has(.jp-Placeholder)) .jp-InputPrompt").last
    choose_until(page, "Edit", "Clear Outputs of All Cells", prompt, r"\[ ?\]:")
    choose_until(page, "Run", "Run All Cells", prompt, r"\[(\*|\d+)\]:")
    wait_for(lambda: reads(prompt, r"\[\d+\]:"), lambda: text(page)[-2000:])


def choose_until(page, menu, entry, prompt, pattern):
    """Choose an entry, up to three times, until the prompt of a cell reads like a pattern. Errors: AssertionError."""
    for _ in range(3):
        choose(page, menu, entry)
        with suppress(AssertionError):
            return wait_for(lambda: reads(prompt, pattern), seconds=PATIENCE / 6)
    raise AssertionError(f"{menu}, {entry} leaves the last cell at {prompt.inner_text()}")


def reads(prompt, pattern):
    return re.fullmatch(pattern, prompt.inner_text().strip())


def text(page):
    return page.locator(".jp-Notebook").inner_text()


def end_kernels(page, server):
    for session in page.request.get(f"{server}/api/sessions").json():
        page.request.delete(f"{server}/api/sessions/{session['id']}")
