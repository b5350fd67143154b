"""The rules for every notebook: short cells, clean outputs, pictures with their text, links that lead somewhere.

    python tools/rules.py

prints what breaks them in the stored notebooks.
"""

import re
import statistics
import sys
from base64 import b64decode

import books
import slides

LONGEST, MEDIAN = 15, 4  # lines of a code cell that are not blank
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # short: what a kernel would add differs from version to version
}
MACHINE = re.compile(r"/root/|/home/|/tmp/|/work/|/Users/|[A-Z]:\\\\|site-packages|0x[0-9a-f]{6,}", re.IGNORECASE)
NUMPY_SCALAR = re.compile(r"np\.(float|int)\d+\(")
DEBRIS = ("VBox(", "HBox(", "model not found", "Loading widget", "<nnmath.", "object at")
MIMETYPES = {"text/plain", "text/html", "text/markdown", "text/latex", "image/png"}
FOLDED = "hide-input"  # the tag of a code cell whose output is shown and whose source opens with a click
TOLD = 60  # characters of the first line of a folded cell, which JupyterLab shows in its place
PICTURE = re.compile(r"\bshow\.(explore|break_it)\(")
SCALE = 1.5  # pixels of a picture for each pixel of the page


def faults(name, notebook):
    """What is wrong in one notebook, in words."""
    found = [*_notebook(notebook), *_lengths(notebook)]
    for cell in notebook.cells:
        found += [f"{cell.id}: {fault}" for fault in [*_source(name, cell), *_metadata(cell)]]
        found += [f"{cell.id}: {fault}" for output in cell.get("outputs", []) for fault in _output(output)]
    return found


def _notebook(notebook):
    if notebook.metadata != METADATA or (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        yield "metadata of the notebook"
    ids = [cell.id for cell in notebook.cells]
    if len(set(ids)) < len(ids):
        yield "two cells with one id"
    counts = [cell.execution_count for cell in books.code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"counts are {counts}"


def _lengths(notebook):
    lengths = [sum(bool(line.strip()) for line in cell.source.split("\n")) for cell in books.code_cells(notebook)]
    if lengths and (statistics.median(lengths) > MEDIAN or max(lengths) > LONGEST):
        yield f"code cells of {max(lengths)} lines, {statistics.median(lengths)} in the median"


def _metadata(cell):
    if set(cell.metadata) - {"source", "tags", "slideshow", "jupyter"} or "attachments" in cell:
        yield f"metadata {set(cell.metadata)}"
    folded = {"source_hidden": True} if FOLDED in cell.metadata.get("tags", []) else None
    if cell.metadata.get("jupyter") != folded:
        yield f"the metadata for JupyterLab is {cell.metadata.get('jupyter')}; expected {folded}"
    if cell.metadata.get("slideshow") != slides.metadata(cell):
        yield f"the slide type is {cell.metadata.get('slideshow')}; expected {slides.metadata(cell)}"


def _source(name, cell):
    if not cell.source.strip():
        yield "an empty cell"
    if MACHINE.search(cell.source):
        yield "a machine's path in the source"
    if cell.cell_type == "code" and cell.source.rstrip().endswith(";"):
        yield "a trailing ;"
    if cell.cell_type == "code" and PICTURE.search(cell.source) and FOLDED not in cell.metadata.get("tags", []):
        yield f"a picture's code is in view; tag its cell {FOLDED}"
    if FOLDED in cell.metadata.get("tags", []):
        first = cell.source.split("\n")[0]
        if not re.match(r"# \S", first) or len(first) > TOLD:
            yield f"a folded cell begins with {first!r}; expected a comment of at most {TOLD} characters"
    if cell.cell_type == "markdown":
        yield from (f"the link {link} leads nowhere" for link in dead_links(name, cell.source))
        yield from ("an image without a text" for _ in re.findall(r"!\[\s*\]\(|<img(?![^>]*alt=)", cell.source))


def _output(output):
    if output.output_type == "error":
        yield f"an error is stored: {output.ename}"
    if output.output_type == "stream" and output.name != "stdout":
        yield f"{output.name} is stored"
    if output.get("execution_count", 1) is None:
        yield "no count"
    data = output.get("data", {})
    yield from (f"stored as {mimetype}" for mimetype in set(data) - MIMETYPES)
    text = output.get("text", "") + "\n".join(str(value) for mimetype, value in data.items() if mimetype != "image/png")
    if MACHINE.search(text) or NUMPY_SCALAR.search(text) or any(word in text for word in DEBRIS):
        yield f"an object's address, a path or a widget's name in {text[:80]!r}"
    if re.search(r"\b(nan|inf)\b", text):
        yield f"a number that is not finite in {text[:80]!r}"
    if "image/png" in data:
        yield from _picture(data, output.metadata.get("image/png", {}))


def _picture(data, about):
    if not about.get("alt", "").strip() or about["alt"] != data.get("text/plain"):
        yield "a picture without its alternative text, or with two"
    width, height = png_size(data["image/png"])
    if any(
        abs(pixels - SCALE * about.get(side, 0)) > 0.02 * pixels
        for pixels, side in ((width, "width"), (height, "height"))
    ):
        yield f"a picture of {width} × {height} pixels shown as {about.get('width')} × {about.get('height')}"


def png_size(data):
    """(width, height) of a PNG in base64, in pixels. Raises ValueError for anything else."""
    header = b64decode(data)[:24]
    if header[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError(f"a picture begins with {header[:8]}; expected the signature of a PNG")
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")


def dead_links(name, text):
    """The links of a notebook's text that lead to no file."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if (
            not re.match(r"https?://|#", target)
            and not (books.NOTEBOOKS / name).parent.joinpath(target.split("#")[0]).exists()
        ):
            yield target


def main():
    named = [(books.name(path), books.read(path)) for path in books.ALL]
    found = [f"{name}: {fault}" for name, notebook in named for fault in faults(name, notebook)]
    print("\n".join(found) or f"{len(named)} notebooks, and none breaks a rule")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
