"""A page made by nbconvert keeps the alternative text of every picture, and nothing of a widget is left in it."""

import re
from html import unescape

import books
import nbformat
import pytest
from nbconvert import HTMLExporter
from traitlets.config import Config

DEBRIS = r"model not found|VBox\(|Loading widget|No description has been provided"


def told(path):
    """The alternative texts of a notebook's pictures."""
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert pictures and all(output.data["text/plain"] == output.metadata["image/png"]["alt"] for output in pictures)
    return [output.metadata["image/png"]["alt"] for output in pictures]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("template", ["html", "classic"])
@pytest.mark.parametrize("path", books.CHAPTERS, ids=lambda path: path.stem)
def test_pictures_have_their_alternative_text(path, template):
    exporter = HTMLExporter(
        config=Config(
            {
                "TemplateExporter": {"extra_template_basedirs": [str(books.ROOT / "tools" / "templates")]},
                "HTMLExporter": {"template_name": template},
            }
        )
    )
    html, _ = exporter.from_filename(path)
    pictures = [tag for tag in re.findall("<img[^>]*>", html, re.DOTALL) if "data:image/png" in tag]
    assert [unescape(re.search(r'alt="([^"]*)"', tag, re.DOTALL)[1]) for tag in pictures] == told(path)
    assert not re.search(DEBRIS, html)
