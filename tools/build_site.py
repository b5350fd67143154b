"""The book as a site of static files: python tools/build_site.py

writes it into dist/site, and `python -m http.server -d dist/site` shows it. Sphinx and MyST-NB make the pages from the
stored notebooks, with docs/conf.py, and no page needs another host. Pictures with controls get their frames from files
(site_frames.py), so that their sliders move without a kernel. It needs `pip install -e ".[book,test,docs]"`.
"""

import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from html import escape

import books
import ledger
import nbformat
import publish
import site_frames

DOCS = books.ROOT / "docs"
BUILD = books.ROOT / "dist"
SOURCE, SITE = BUILD / "source", BUILD / "site"
MODULE = books.ROOT / "nnmath" / "show" / "toolkit"
MATHJAX = ("tex-chtml.js", "input", "output", "a11y", "sre", "ui")  # of all that the extension brings


def main():
    shutil.rmtree(BUILD / "source", ignore_errors=True)
    shutil.copytree(DOCS, SOURCE)
    for name in ("explorer.js", "explorer.css"):
        shutil.copy(MODULE / name, SOURCE / "_static" / name)
    _pages_of_the_repository()
    frames = site_frames.draw(books.ALL, SOURCE / "_static" / "frames")
    for path in books.ALL:
        _notebook(path, frames.get(path, {}))
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "-q", SOURCE, SITE]
    done = subprocess.run(command, env={**os.environ, "BOOK_ADDRESS": publish.ADDRESS})
    if done.returncode == 0:
        _put_in_order()
        size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
        print(f"{SITE}: {size / 1e6:.0f} MB; python -m http.server -d {SITE.relative_to(books.ROOT)} shows it")
    return done.returncode


def _pages_of_the_repository():
    """README and CONTRIBUTING as pages; what they link to in the repository is a file and not a page."""
    for name in ("README", "CONTRIBUTING"):
        text = (books.ROOT / f"{name}.md").read_text(encoding="utf-8").replace("docs/network.png", "network.png")
        text = re.sub(r"\[([^\]]*)\]\((?!https?:|notebooks/\w+\.ipynb|network)[^)]*\)", r"\1", text)
        (SOURCE / f"{name.lower()}.md").write_text(text, encoding="utf-8")


def _notebook(path, frames):
    """Write a notebook for Sphinx: with anchors at its equations and its pictures as images with alternative texts."""
    notebook = books.read(path)
    target = SOURCE / "notebooks" / path.relative_to(books.NOTEBOOKS)
    target.parent.mkdir(parents=True, exist_ok=True)
    up = "../" * (len(target.relative_to(SOURCE).parts) - 1)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = anchored(cell.source) if path.name != "equations.ipynb" else linked(cell.source)
        for n, output in enumerate(cell.get("outputs", [])):
            if "image/png" in output.get("data", {}):
                name = f"{target.parent.name}-{path.stem}-{cell.id}-{n}.png"
                (SOURCE / "_static" / name).write_bytes(b64decode(output.data["image/png"]))
                html = picture(output.metadata["image/png"], f"{up}_static/{name}", up, frames.get(cell.id))
                output.data, output.metadata = nbformat.from_dict({"text/html": html}), nbformat.from_dict({})
    nbformat.write(notebook, target)


def anchored(text):
    """A text with a target before each numbered equation, to which the page of all equations links."""
    return ledger.DISPLAY.sub(lambda found: _targets(found[0]) + found[0], text)


def _targets(display):
    return "".join(f"\n\n({anchor(tag)})=\n\n" for tag in ledger.TAG.findall(display))


def linked(text):
    """The page of all equations with links to the equations instead of their chapters."""
    return re.sub(r"\| \[(\w+\.\d+)\]\([^)]+\)", lambda found: f"| [{found[1]}](#{anchor(found[1])})", text)


def anchor(tag):
    """The id of the place of an equation."""
    return f"equation-{tag.lower().replace('.', '-')}"


def picture(about, source, up, frames):
    """The HTML of a picture; if it has frames, in a box that page.js brings to life."""
    size = f'width="{about["width"]}" height="{about["height"]}"'
    image = f'<img class="nnmath-stored" src="{source}" alt="{escape(about["alt"])}" {size} loading="lazy">'
    return f'<div class="nnmath-page" data-frames="{up}_static/frames/{frames}">{image}</div>' if frames else image


def _put_in_order():
    """Leave only the part of MathJax that pages load, and let readers download the notebooks as they are stored."""
    for path in (SITE / "_static" / "mathjax").iterdir():
        if path.name not in MATHJAX:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in books.ALL:
        shutil.copy(path, SITE / "_sources" / "notebooks" / path.relative_to(books.NOTEBOOKS))


if __name__ == "__main__":
    sys.exit(main())
