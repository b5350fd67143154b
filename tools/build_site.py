"""The book as a site of static files: python tools/build_site.py

writes it into dist/site, and `python -m http.server -d dist/site` shows it. Sphinx and MyST-NB make the pages from the
stored notebooks, with docs/conf.py; formulas are set by KaTeX while it builds, and no page needs another host. Pictures
with controls get their frames from files (site_frames.py), so that their sliders move without a kernel.

With `--live` it also builds JupyterLite, Python in the reader's browser, behind a button of each page. It alone fetches
something from elsewhere, the interpreter, and only when the button is used.

It needs `pip install -e ".[book,test,docs]"`.
"""

import io
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from functools import cache, reduce
from html import escape

import books
import equations
import ledger
import nbformat
import numpy as np
import publish
import site_frames
import site_live
from PIL import Image

import nnmath as nn

DOCS = books.ROOT / "docs"
BUILD = books.ROOT / "dist"
SOURCE, SITE = BUILD / "source", BUILD / "site"
MODULE = books.ROOT / "nnmath" / "show" / "toolkit"
EXERCISE = re.compile(r'nn\.exercise\("(\d+\.\w+)"\)')
NAMES = {  # what a screen reader needs to know, and the theme leaves out
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Chapters">',
    '<aside class="toc-drawer': '<aside aria-label="Contents" class="toc-drawer',
}
NOTE = """

> **On this page** you can read the questions, the hints and the answers. To have your own answer judged, run the
> chapter with Python: the links at the top of the page say where."""


def main(live=False):
    for folder in (SOURCE, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, SOURCE)
    for name in ("explorer.js", "explorer.css"):
        shutil.copy(MODULE / name, SOURCE / "_static" / name)
    _pages_of_the_repository()
    _card().save(SOURCE / "_static" / "card.png")
    frames = site_frames.draw(books.ALL, SOURCE / "_static" / "frames")
    for path in books.ALL:
        _notebook(path, frames[path])
    address = publish.ADDRESS or os.environ.get("BOOK_ADDRESS", "")
    if code := sphinx(SITE, address, live):
        return code
    if live:
        site_live.build(SITE / "live")
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"{SITE}: {size / 1e6:.1f} MB; python -m http.server -d {SITE.relative_to(books.ROOT)} shows it")
    return 0


def sphinx(site, address="", live=False):
    """Make the pages of what is in SOURCE; the exit code. With an address they also link to Binder and Colab."""
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "--fail-on-warning",
        "--keep-going",
        "-q",
        SOURCE,
        site,
    ]  # one process: V8 cannot be forked
    done = subprocess.run(command, env={**os.environ, "BOOK_ADDRESS": address, "BOOK_LIVE": "1" * live})
    if done.returncode:
        return done.returncode
    for name in (".doctrees", ".buildinfo", "objects.inv", "_sources"):  # Sphinx's own
        shutil.rmtree(site / name) if (site / name).is_dir() else (site / name).unlink(missing_ok=True)
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(reduce(lambda text, pair: text.replace(*pair), NAMES.items(), text), encoding="utf-8")
    for path in books.ALL:  # for readers to download, as they are stored
        shutil.copy(path, site / "notebooks" / path.relative_to(books.NOTEBOOKS))
    if address:
        (site / "sitemap.xml").write_text(_sitemap(site), encoding="utf-8")
    return 0


def _sitemap(site):
    """The addresses of all pages, as each of them says its own."""
    found = [re.search(r'<link rel="canonical" href="([^"]+)"', page.read_text(encoding="utf-8"))
             for page in sorted(site.rglob("*.html")) if page.name != "search.html"]  # fmt: skip
    places = "\n".join(f"  <url><loc>{one[1]}</loc></url>" for one in found if one)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}\n{places}\n</urlset>\n"


def _card():
    """The picture that is shown where somebody shares a link: the network of the README, in the usual shape."""
    card, network = Image.new("RGB", (1200, 630), "white"), Image.open(DOCS / "network.png").convert("RGB")
    network.thumbnail((1120, 590))
    card.paste(network, ((1200 - network.width) // 2, (630 - network.height) // 2))
    return card


def _pages_of_the_repository():
    """README and CONTRIBUTING as pages; what they link to in the repository is a file and not a page."""
    for name in ("README", "CONTRIBUTING"):
        text = (books.ROOT / f"{name}.md").read_text(encoding="utf-8").replace("docs/network.png", "network.png")
        text = re.sub(r"\[([^\]]*)\]\((?!https?:|notebooks/\w+\.ipynb|network)[^)]*\)", r"\1", text)
        (SOURCE / f"{name.lower()}.md").write_text(text, encoding="utf-8")


def _notebook(path, frames):
    """Write a notebook for Sphinx: with anchors, keys to its exercises, and pictures that page.js can move."""
    notebook = books.read(path)
    target = SOURCE / "notebooks" / path.relative_to(books.NOTEBOOKS)
    target.parent.mkdir(parents=True, exist_ok=True)
    static = "../" * (len(target.relative_to(SOURCE).parts) - 1) + "_static"
    _mark_terms(path, notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = linked(cell.source) if path.name == "equations.ipynb" else anchored(cell.source)
            if path in books.CHAPTERS and cell.source.startswith("## Exercises"):
                cell.source += NOTE
            continue
        for n, output in enumerate(cell.outputs):
            data = output.get("data", {})
            if "image/png" in data:
                about = frames.get(cell.id) or _stored(output, f"{target.parent.name}-{path.stem}-{cell.id}-{n}.webp")
                output.data = nbformat.from_dict({"text/html": picture(about, static)})
                output.metadata = nbformat.from_dict({})
            elif "text/markdown" in data and (exercise := EXERCISE.fullmatch(cell.source.strip())):
                data["text/markdown"] += key(exercise[1])
    nbformat.write(notebook, target)


def key(tag):
    """The answer to an exercise, under a line that opens with one click."""
    answer = str(nn.exercise(tag).key()).partition("\n\n")[2]
    return f"\n\n<details><summary>Answer</summary>\n\n{answer}\n\n</details>"


def anchored(text):
    """A text with a target before each numbered equation, to which the page of all equations links."""
    return ledger.DISPLAY.sub(lambda found: _targets(found[0]) + found[0], text)


def _targets(display):
    return "".join(f"\n\n({anchor(tag)})=\n\n" for tag in ledger.TAG.findall(display))


def linked(text):
    """The page of all equations with links to equations and terms instead of their chapters."""
    text = re.sub(r"\| \[(\w+\.\d+)\]\([^)]+\)", lambda found: f"| [{found[1]}](#{anchor(found[1])})", text)
    row = r"^\| ([^|\[]+) \| \[([^\]]+)\]\((\w+)\.ipynb\) \|$"
    to_term = lambda found: f'| <a href="{found[3]}.html#{term(found[1])}">{found[1]}</a> | {found[2]} |'
    return re.sub(row, to_term, text, flags=re.MULTILINE)


def anchor(tag):
    """The id of the place of an equation."""
    return f"equation-{tag.lower().replace('.', '-')}"


def term(text):
    """The id of the place where a term is defined."""
    return "term-" + re.sub(r"\W+", "-", text.lower()).strip("-")


def _mark_terms(path, notebook):
    """Put a target before each term that this notebook defines, in place, to which the index of terms links."""
    for word in (word for word, name in _terms().items() if name == path.name):
        for cell in books.markdown_cells(notebook):
            target = rf'<span id="{term(word)}"></span>\g<0>'
            cell.source, count = equations.bold(word).subn(target, cell.source, count=1)
            if count:
                break


@cache
def _terms():
    return equations.terms([(path.name, books.read(path)) for path in books.CHAPTERS + books.APPENDICES])


def _stored(output, name):
    """A stored picture as a file; {picture: its name, alt: …, width: …, height: …}"""
    pixels = np.asarray(Image.open(io.BytesIO(b64decode(output.data["image/png"]))).convert("RGB"))
    (SOURCE / "_static" / "frames" / name).write_bytes(site_frames.webp(pixels))
    return {"picture": name, **output.metadata["image/png"]}


def picture(about, static):
    """The HTML of a picture; if it has frames, in a box that page.js brings to life."""
    size = f'width="{about["width"]}" height="{about["height"]}"'
    source = f"{static}/frames/{about['picture']}"
    image = f'<img class="nnmath-stored" src="{source}" alt="{escape(about["alt"])}" {size} loading="lazy">'
    frames = f'<div class="nnmath-page" data-frames="{static}/frames/{about["frames"]}">' if "frames" in about else ""
    return f"{frames}{image}</div>" if frames else image


if __name__ == "__main__":
    sys.exit(main(live="--live" in sys.argv[1:]))
