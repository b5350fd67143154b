"""Binder's steps, replayed: python tools/binder.py (as root, on Linux, with the Python of runtime.txt and repo2docker)

The install lines come from repo2docker's plan. They run in an empty environment, on a read-only copy that root owns, as
a user who may write only at home. Then JupyterLab opens the first chapter at Binder's address, in Chromium if it is
installed.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from front_end import CHROMIUM, FLAGS, accepts, free_port, wait_for
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
FIRST = "notebooks/00_notation_and_shapes.ipynb"
NOBODY = 65534
# With the power to read, a Python in somebody's home can be used; nothing more can be written.
AS_NOBODY = [
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]


def plan():
    """What repo2docker would build: a Dockerfile, as text."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)]
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True, cwd=ROOT.anchor
    ).stdout


def install_lines(dockerfile):
    return re.findall(r"^RUN \$\{KERNEL_PYTHON_PREFIX\}/bin/pip (install .*)$", dockerfile, re.MULTILINE)


def replay(home):
    """Install as Binder does; [(what, how much)] of it. Errors: CalledProcessError if a step fails."""
    book, env = home / "book", {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    shutil.copytree(ROOT, book, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    subprocess.run(["chmod", "-R", "a-w,a+rX", book], check=True)
    os.chown(home, NOBODY, NOBODY)
    python = f"python{(ROOT / 'runtime.txt').read_text().strip().removeprefix('python-')}"

    def run(*command):
        subprocess.run([*AS_NOBODY, *command], cwd=book, env=env, check=True, stdout=subprocess.DEVNULL)

    began = time.monotonic()
    run(python, "-m", "venv", home / "env")
    empty = size(home / "env")
    for line in install_lines(plan()):
        run(home / "env" / "bin" / "pip", *shlex.split(line))
    yield "installed in", f"{time.monotonic() - began:.0f} s"
    yield "installed size", f"{size(home / 'env') - empty:.0f} MB"
    yield "first chapter", f"{first_chapter(home, env):.1f} s after JupyterLab is started"


def size(folder):
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


def first_chapter(home, env):
    """Seconds from the start of the server to the chapter with its pictures."""
    began, port = time.monotonic(), free_port()
    command = [home / "env" / "bin" / "jupyter", "lab", "--no-browser", f"--port={port}", "--IdentityProvider.token="]
    server = subprocess.Popen(
        [*AS_NOBODY, *command], cwd=home / "book", env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: accepts(port))
        if CHROMIUM:
            with (
                sync_playwright() as playwright,
                playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser,
            ):
                page = browser.new_page()
                page.goto(f"http://127.0.0.1:{port}/lab/tree/{FIRST}")
                page.wait_for_selector(".jp-OutputArea-output img", timeout=60_000)
        return time.monotonic() - began
    finally:
        server.terminate()
        server.wait(60)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for what, how_much in replay(Path(folder)):
            print(f"{what:16}{how_much}", flush=True)
