"""The book in other formats: python tools/export.py html|slides|latex|pdf|webpdf [--to FOLDER] [names …]

converts the stored notebooks with nbconvert, without running them; without names, all of them. nbconvert alone would
name each page after its file, leave the links between the chapters at the notebooks, drop the alternative text of the
pictures, and write colors that LaTeX does not know. `latex` and `pdf` need pandoc, `pdf` needs XeLaTeX as well, and
`webpdf` needs Chromium.
"""

import argparse
import importlib.util
import re
import shutil
import sys
from pathlib import Path

import books
from nbconvert import HTMLExporter, LatexExporter, PDFExporter, SlidesExporter
from nbconvert.preprocessors import Preprocessor
from nbconvert.writers import FilesWriter
from playwright.sync_api import sync_playwright
from traitlets import Unicode
from traitlets.config import Config

TEMPLATES = Path(__file__).parent / "templates"
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
COLOR = re.compile(r"\\color\{#([0-9A-Fa-f]{6})\}\{")
HEADING = re.compile(r"\A# (.+)\n?")


class Titles(Preprocessor):
    """Name the page after its first heading."""

    def preprocess(self, nb, resources):
        if heading := HEADING.match(nb.cells[0].source):
            nb.metadata["title"] = heading[1]
        return nb, resources


class Links(Preprocessor):
    """Let the links between notebooks lead to the files that are made from them."""

    suffix = Unicode(".html").tag(config=True)

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"(\]\((?!\w+:)[^)\s]*)\.ipynb\b", rf"\1{self.suffix}", cell.source)
        return cell, resources


class ColorsForLatex(Preprocessor):
    r"""Write \color{#2A82C8}{x}, as MathJax reads it, as {\color[HTML]{2A82C8}x}; leave the title to LaTeX."""

    def preprocess(self, nb, resources):
        nb.cells[0].source = HEADING.sub("", nb.cells[0].source)
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "markdown":
            cell.source = latex_colors(cell.source)
        return cell, resources


def latex_colors(text):
    r"""The text with every \color{#RRGGBB}{…} in LaTeX's own form. Raises ValueError where a brace is left open."""
    while found := COLOR.search(text):
        end = _closing(text, found.end())
        text = (
            f"{text[: found.start()]}{{\\color[HTML]{{{found[1].upper()}}}{text[found.end() : end]}}}{text[end + 1 :]}"
        )
    return text


def _closing(text, start):
    """The place of the brace that closes one opened just before start."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(f"a brace is left open in {text[start - 30 : start + 30]!r}; expected \\color{{#RRGGBB}}{{…}}")


def exporter(kind):
    """The exporter of nbconvert for html, slides, latex or pdf, with what the book needs."""
    make, template, more = {
        "html": (HTMLExporter, "html", []),
        "slides": (SlidesExporter, "lecture", []),
        "latex": (LatexExporter, "book", [ColorsForLatex]),
        "pdf": (PDFExporter, "book", [ColorsForLatex]),
    }[kind]
    suffix = {"slides": ".slides.html", "latex": ".pdf", "pdf": ".pdf"}.get(kind, ".html")
    return make(
        preprocessors=[Titles, Links, *more],
        template_name=template,
        extra_template_basedirs=[str(TEMPLATES)],
        config=Config({"Links": {"suffix": suffix}, "HTMLExporter": {"mathjax_url": mathjax()}}),
    )


def mathjax():
    """The address of MathJax: on this machine, if jupyter_server_mathjax is installed, or the one of nbconvert."""
    found = importlib.util.find_spec("jupyter_server_mathjax")
    here = found and Path(found.origin).parent / "static" / "MathJax.js"
    return f"{here.as_uri()}?config=TeX-AMS-MML_HTMLorMML-full,Safe" if here else HTMLExporter().mathjax_url


def export(path, kind, folder):
    """Write one notebook in one of the formats, and return the path of the new file."""
    if kind == "webpdf":
        return print_page(export(path, "html", folder))
    make = exporter(kind)
    body, resources = make.from_filename(path)
    target = folder / path.relative_to(books.NOTEBOOKS).with_suffix("")
    target.parent.mkdir(parents=True, exist_ok=True)
    written = FilesWriter(build_directory=str(target.parent)).write(body, resources, notebook_name=target.name)
    return Path(written)


def print_page(page):
    """The page as Chromium prints it, in a PDF beside it."""
    target = page.with_suffix(".pdf")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        opened = browser.new_page()
        opened.goto(page.resolve().as_uri(), wait_until="networkidle")
        if opened.evaluate("Boolean(window.MathJax)"):
            opened.evaluate("new Promise(done => MathJax.Hub.Queue(done))")
        opened.emulate_media(media="print")
        opened.pdf(path=target, print_background=True, tagged=True, outline=True)
    return target


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("kind", choices=["html", "slides", "latex", "pdf", "webpdf"])
    parser.add_argument("names", nargs="*", help="notebooks, for example 03_du_dW.ipynb")
    parser.add_argument("--to", type=Path, default=books.ROOT / "dist", help="the folder for the new files")
    asked = parser.parse_args(arguments)
    for path in [books.NOTEBOOKS / name for name in asked.names] or books.ALL:
        print(export(path, asked.kind, asked.to))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
