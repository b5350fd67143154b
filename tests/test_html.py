"""As HTML, with the book's template, every picture carries its alternative text and nothing of a widget is left."""

import re
from html import unescape

import nbformat
import pytest
from nbconvert import HTMLExporter
from traitlets.config import Config

from ledger import HERE, chapters


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_pictures_have_their_alternative_text(path):
    exporter = HTMLExporter(config=Config({"TemplateExporter": {"extra_template_basedirs": [str(HERE)]},
                                           "HTMLExporter": {"template_name": "html"}}))
    html, _ = exporter.from_filename(path)
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
    told = [output.metadata["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {})]
    seen = [unescape(alt) for alt in re.findall(r'<img alt="([^"]*)"', html)]
    assert told and seen == told
    assert not re.search(r"model not found|VBox\(|Loading widget|No description has been provided", html)
