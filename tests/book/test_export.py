"""The book in other formats: titles, links, alternative texts, slides, and colors that LaTeX knows."""

import re
import shutil
import subprocess
from html import unescape

import books
import export
import nbformat
import pytest
import rules
import slides
from nbconvert import LatexExporter

DEBRIS = r"model not found|VBox\(|Loading widget|No description has been provided"
CHAPTER = next(path for path in books.CHAPTERS if path.name.startswith("03"))

pytestmark = pytest.mark.filterwarnings("ignore")


def alternative_texts(path):
    """Those of a notebook's pictures."""
    pictures = [output for _, output in books.pictures(books.read(path))]
    assert pictures and all(output.data["text/plain"] == output.metadata["image/png"]["alt"] for output in pictures)
    return [output.data["text/plain"] for output in pictures]


def shown(html):
    """The alternative texts of the pictures of a page, "" where one is missing."""
    images = [tag for tag in re.findall("<img[^>]*>", html, re.DOTALL) if "data:image/png" in tag]
    return [unescape((re.search(r'alt="([^"]*)"', tag, re.DOTALL) or ["", ""])[1]) for tag in images]


@pytest.fixture(scope="module")
def html():
    return export.exporter("html")


@pytest.mark.parametrize("path", books.CHAPTERS, ids=lambda path: path.stem)
def test_a_page_has_its_title_its_links_and_the_texts_of_its_pictures(path, html):
    page, _ = html.from_filename(path)
    assert f"<title>{books.title(path)}</title>" in unescape(page)
    assert shown(page) == alternative_texts(path)
    assert not re.search(DEBRIS, page)
    links = re.findall(r'href="([^"#:]+)"', page)
    assert not [link for link in links if link.endswith(".ipynb")]
    assert [link for link in links if link.endswith(".html")]


def test_a_lecture_has_a_slide_for_each_heading_and_the_texts_of_its_pictures():
    notebook = books.read(CHAPTER)
    slides.mark(notebook)
    page, _ = export.exporter("slides").from_notebook_node(notebook)
    headings = sum(bool(slides.metadata(cell) == {"slide_type": "slide"}) for cell in notebook.cells)
    assert page.count("<section><section>") >= headings > 3
    assert shown(page) == alternative_texts(CHAPTER)


def test_the_source_of_a_check_is_folded_on_a_page_and_left_out_on_a_slide_and_on_paper():
    cells = [nbformat.v4.new_code_cell("shown = 1"), nbformat.v4.new_code_cell("folded = 1")]
    cells[1].metadata["tags"] = [rules.FOLDED]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A title"), *cells])
    page, _ = export.exporter("html").from_notebook_node(notebook)
    assert page.count("<details>") == 1 and "shown" not in page.partition("<details>")[2] and "folded" in page
    lecture, _ = export.exporter("slides").from_notebook_node(notebook)
    assert "shown" in lecture and "folded" not in lecture
    paper = LatexExporter(template_name="book", extra_template_basedirs=[str(export.TEMPLATES)])
    notebook.cells = cells  # a text needs pandoc
    written, _ = paper.from_notebook_node(notebook)
    assert "shown" in written and "folded" not in written


@pytest.mark.parametrize("text, latex", [
    (r"$\color{#2A82C8}{x}$", r"${\color[HTML]{2A82C8}x}$"),
    (r"\color{#c75b12}{W_{\color{#2A82C8}{k}}}^T b", r"{\color[HTML]{C75B12}W_{{\color[HTML]{2A82C8}k}}}^T b"),
    (r"no color, \{ no change", r"no color, \{ no change"),
])  # fmt: skip
def test_colors_are_written_as_latex_knows_them(text, latex):
    assert export.latex_colors(text) == latex


def test_a_brace_that_is_left_open_is_an_error():
    with pytest.raises(ValueError, match="a brace is left open in"):
        export.latex_colors(r"$\color{#2A82C8}{x$")


@pytest.mark.skipif(not shutil.which("pandoc"), reason="no pandoc here")
def test_latex_has_no_color_that_it_does_not_know():
    text, _ = export.exporter("latex").from_filename(CHAPTER)
    assert r"\color[HTML]{C75B12}" in text and not re.search(r"\\color\{#\w{6}", text)
    assert rf"\title{{{books.title(CHAPTER)}}}" in text
    assert ".ipynb}" not in text and ".pdf}" in text


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("pandoc") and shutil.which("xelatex")), reason="no pandoc or no XeLaTeX here")
@pytest.mark.parametrize("path", books.CHAPTERS + books.APPENDICES, ids=lambda path: path.stem)
def test_latex_compiles(path, tmp_path):
    assert export.export(path, "pdf", tmp_path).read_bytes().startswith(b"%PDF")


@pytest.mark.browser
@pytest.mark.skipif(not (export.CHROMIUM and shutil.which("pdftotext")), reason="no Chromium or no pdftotext here")
def test_chromium_prints_a_page_with_its_formulas(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A title\n\n$\\color{#2A82C8}{x}^2$")])
    page, _ = export.exporter("html").from_notebook_node(notebook)
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    printed = export.print_page(tmp_path / "page.html")
    text = subprocess.run(["pdftotext", printed, "-"], capture_output=True, text=True, check=True).stdout
    assert "A title" in text and "color" not in text
