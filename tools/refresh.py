"""Run every notebook on a fresh kernel and store it clean: python tools/refresh.py [names …]

Stored are the outputs, counted from 1, without widget ids, widget state, timings or anything of this machine; what
changed is told. A notebook that raises, or writes to stderr, is not stored: the error is shown and the exit code is 1.
The page of all equations is made anew from the chapters, and `publish.py` says what else they carry.
"""

import io
import re
import sys
from base64 import b64decode
from difflib import SequenceMatcher

import ledger
import nbformat
import nnmath as nn
import publish
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nnmath import show
from PIL import Image, ImageChops

NOTEBOOKS = ledger.NOTEBOOKS
ROOT = NOTEBOOKS.parent
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
AROUND = 4    # words shown on either side of what changed
WIDGET = "application/vnd.jupyter.widget-view+json"


def main(names):
    _write(NOTEBOOKS / ledger.PAGE, ledger.page())
    _draw(ROOT / "docs" / "network.png")
    readme = ROOT / "README.md"
    readme.write_text(publish.with_links(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    paths = [NOTEBOOKS / name for name in names] or sorted(NOTEBOOKS.rglob("*.ipynb"))
    failed = [path for path in paths if ".ipynb_checkpoints" not in path.parts and not refresh(path)]
    return 1 if failed else 0


def refresh(path):
    """Run one notebook and store it; True unless it failed."""
    before = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    publish.put_install_cell(notebook)
    try:
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}},
                       extra_arguments=["--log-level=ERROR"]).execute()    # or ipykernel 7 warns that the wire is open, each time
        clean(notebook)
    except (CellExecutionError, ValueError) as error:
        print(f"{path.name}: not stored\n{error}", file=sys.stderr)
        return False
    keep_same_pictures(before, notebook)
    for line in changes(before, notebook):
        print(f"{path.name}, {line}")
    _write(path, notebook)
    return True


def clean(notebook):
    """Only what is the same on every machine, in place. Errors: ValueError if a cell wrote to stderr or a check failed."""
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in ("source", "tags")}
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise ValueError(f"a cell wrote to stderr: {output.text}")
            output.get("data", {}).pop(WIDGET, None)


def keep_same_pictures(before, after):
    """Where the pixels are the same, keep the stored bytes: another library packs the same picture differently."""
    for old, new in _pairs(before, after):
        if "image/png" in old and "image/png" in new and _same_pixels(old["image/png"], new["image/png"]):
            new["image/png"] = old["image/png"]


def changes(before, after):
    """What is different now, in words."""
    if len(before.cells) != len(after.cells):
        yield f"{len(before.cells)} cells are now {len(after.cells)}"
    for number, (old, new) in enumerate(zip(before.cells, after.cells), start=1):
        if old.get("outputs") != new.get("outputs"):
            was, now = (" ".join(_text(output) for output in cell.get("outputs", [])) for cell in (old, new))
            told = list(_differences(was, now)) or ["the picture is another one"]
            yield from (f"cell {number}: {difference}" for difference in told)


def _differences(was, now):
    """'0.25' is now '0.26' in '… = 0.26 …': each stretch of words or numbers that differs, and what stands around it now."""
    old, new = re.findall(r"\S+", was), re.findall(r"\S+", now)
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            around = " ".join(new[max(k - AROUND, 0):m + AROUND])
            yield f"{' '.join(old[i:j])!r} is now {' '.join(new[k:m])!r} in {around!r}"


def _pairs(before, after):
    for old, new in zip(before.cells, after.cells):
        yield from ((a.get("data", {}), b.get("data", {})) for a, b in zip(old.get("outputs", []), new.get("outputs", [])))


def _same_pixels(old, new):
    return _pixels_equal(b64decode(old), b64decode(new))


def _pixels_equal(old, new):
    first, second = (Image.open(io.BytesIO(data)).convert("RGB") for data in (old, new))
    return first.size == second.size and ImageChops.difference(first, second).getbbox() is None


def _text(output):
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def _draw(path):
    """The README's picture: the network of chapter 06 after the pass forward and the pass back."""
    net = nn.Network({1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, {1: nn.column([0, 2]), 2: nn.column([1, 2])}, nn.softsign)
    passes = show.Passes(net, nn.column([1, 3]), nn.column([1, 0]))
    new = passes.update(step=passes.steps[1]).png()
    if not (path.exists() and _pixels_equal(path.read_bytes(), new)):
        path.write_bytes(new)


def _write(path, notebook):
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
    path.write_text(after, encoding="utf-8", newline="\n")
    print(f"{path.name}: {'unchanged' if after == before else 'stored anew'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
