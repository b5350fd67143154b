"""The site of the book, for Sphinx. `python tools/build_site.py` prepares the notebooks and calls it."""

import os

from docutils import nodes

address = os.environ.get("BOOK_ADDRESS", "")  # of the repository; site.py hands it on from publish.py

project = "The mathematics of back-propagation"
author = copyright = "the nnmath authors"
language = "en"

extensions = ["myst_nb", "sphinx-mathjax-offline"]
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["explorer.css", "page.css"]
html_js_files = [("page.js", {"type": "module"})]
html_copy_source = True
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto"}
html_theme_options = {
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "use_download_button": True,
    "use_fullscreen_button": False,
}
mathjax3_config = {"chtml": {"displayAlign": "center"}, "options": {"enableMenu": True}}

if address:
    owner, name = address.removeprefix("https://github.com/").split("/")
    html_baseurl = f"https://{owner}.github.io/{name}/"
    extensions += ["sphinx_sitemap", "sphinxext.opengraph"]
    sitemap_url_scheme = "{link}"
    html_theme_options |= {
        "repository_url": address,
        "use_repository_button": True,
        "launch_buttons": {
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
            "notebook_interface": "jupyterlab",
        },
    }


def leave_tags_to_mathjax(app, doctree):
    """Hand displayed formulas on as they are: the environment that Sphinx puts around rows allows no tags."""
    for node in doctree.findall(nodes.math_block):
        if not (node.get("no-wrap") or node.get("nowrap")):
            text = node.astext()
            node.children = [nodes.Text(text if text.lstrip().startswith(r"\begin{align") else rf"\[{text}\]")]
            node["no-wrap"] = node["nowrap"] = True


def setup(app):
    app.connect("doctree-read", leave_tags_to_mathjax)
