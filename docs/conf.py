"""The site of the book, for Sphinx. `python tools/build_site.py` prepares the notebooks and calls it."""

import os
import sys
from html import escape
from pathlib import Path

from docutils import nodes

sys.path.insert(0, str(Path(__file__).parent))
import formulas

address = os.environ.get("BOOK_ADDRESS", "")  # of the repository; build_site.py hands it on from publish.py
live = bool(os.environ.get("BOOK_LIVE"))  # whether there is Python in the browser, too

project = "The mathematics of back-propagation"
author = copyright = "the nnmath authors"
language = "en"

extensions = ["myst_nb"]
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show, nb_code_prompt_hide = "Show the code", "Hide the code"
nb_render_markdown_format = "myst"  # what exercises print has formulas and hints
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["katex/katex.min.css", "explorer.css", "page.css"]
html_js_files = [("page.js", {"type": "module"})]
html_math_renderer = "katex"
html_copy_source = False
html_use_index = False  # the index of terms is on the page of all equations
html_favicon = "_static/favicon.svg"
html_theme_options = {"top_of_page_buttons": []}
html_context = {"live": live}

if address:
    owner, name = address.removeprefix("https://github.com/").split("/")
    html_baseurl = os.environ.get("BOOK_SITE") or f"https://{owner}.github.io/{name}/"
    html_context |= {"site": html_baseurl, "repository": f"{owner}/{name}"}
    html_theme_options |= {"source_repository": address, "source_branch": "HEAD"}


def math(self, node):
    self.body.append(formulas.html(node.astext()))
    raise nodes.SkipNode


def math_block(self, node):
    self.body.append(f'<div class="math">{formulas.html(node.astext().strip(), display=True)}</div>')
    raise nodes.SkipNode


def describe(app, pagename, templatename, context, doctree):
    """Give a page the description that search engines and shared links show: its first paragraph of some length."""
    paragraphs = [node.astext() for node in doctree.findall(nodes.paragraph)] if doctree else []
    text = " ".join(next((text for text in paragraphs if len(text) > 80), project).split())
    context["description"] = escape(text if len(text) <= 200 else text[:200].rpartition(" ")[0] + " …")


def setup(app):
    app.add_html_math_renderer("katex", (math, None), (math_block, None))
    app.connect("html-page-context", describe)
