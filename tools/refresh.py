"""Run notebooks on fresh kernels and store them clean: python tools/refresh.py [names or paths …]

The outputs are stored with counts from 1 and without widget ids, widget state, timings or anything of this machine.
What changed is printed. A notebook that raises, or that writes to stderr, is not stored: the error is shown and the
exit code is 1. Without names, every notebook is run. The page of all equations and the README are made anew each time.
"""

import io
import os
import re
import sys
from base64 import b64decode
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from difflib import SequenceMatcher
from pathlib import Path

import books
import equations
import nbformat
import publish
import rules
import slides
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image, ImageChops

import nnmath as nn
from nnmath import show

AROUND = 4  # words shown on either side of what changed
WIDGET = "application/vnd.jupyter.widget-view+json"


def main(names):
    _write(books.NOTEBOOKS / equations.PAGE, equations.page())
    _draw(books.ROOT / "docs" / "network.png")
    readme = books.ROOT / "README.md"
    readme.write_text(publish.with_links(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or the threads of several kernels wait for each other, busily
    done = []
    with ProcessPoolExecutor() as pool:
        for is_stored, told in pool.map(refresh_quietly, [path_of(name) for name in names] or books.ALL):
            print(told, end="", flush=True)
            done.append(is_stored)
    return 0 if all(done) else 1


def path_of(name):
    """The notebook with a name in the folder of notebooks, or at a path. Errors: SystemExit."""
    for path in (books.NOTEBOOKS / name, Path(name).resolve()):
        if path in books.ALL:
            return path
    sys.exit(f"there is no notebook {name!r}; expected one of {', '.join(map(books.name, books.ALL))}")


def refresh_quietly(path):
    """Whether a notebook was stored, and what is to be printed about it."""
    with redirect_stdout(io.StringIO()) as told:
        return refresh(path), told.getvalue()


def refresh(path):
    """Run one notebook and store it; True unless it failed."""
    before = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    publish.put_install_cell(notebook)
    try:
        run(notebook, path.parent)
        clean(notebook)
    except (CellExecutionError, ValueError) as error:
        print(f"{path.name}: not stored\n{error}", file=sys.stderr)
        return False
    keep_same_pictures(before, notebook)
    for line in changes(before, notebook):
        print(f"{path.name}, {line}")
    _write(path, notebook)
    return True


def run(notebook, folder):
    """Run a notebook in place, on a fresh kernel that works in a folder."""
    quiet = ["--log-level=ERROR"]  # ipykernel 7 warns at each start that its connection is not encrypted
    resources = {"metadata": {"path": folder}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources, extra_arguments=quiet).execute()


def _join_streams(cell):
    """What a cell printed as one output: a busy machine sends it in several pieces."""
    joined = []
    for output in cell.get("outputs", []):
        last = joined[-1] if joined else None
        if last and last.output_type == output.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            joined.append(output)
    if cell.cell_type == "code":
        cell.outputs = joined


def clean(notebook):
    """Keep only what is the same on every machine, in place. Raises ValueError if a cell wrote to stderr."""
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in ("source", "tags")}
        if rules.FOLDED in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True}
        _join_streams(cell)
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise ValueError(f"a cell wrote to stderr: {output.text}")
            output.get("data", {}).pop(WIDGET, None)


def keep_same_pictures(before, after):
    """Keep the stored bytes where the pixels are the same, because libraries pack one picture in different ways."""
    for old, new in _pairs(before, after):
        if (
            "image/png" in old
            and "image/png" in new
            and _same_pixels(b64decode(old["image/png"]), b64decode(new["image/png"]))
        ):
            new["image/png"] = old["image/png"]


def changes(before, after):
    """What is different now, in words."""
    if len(before.cells) != len(after.cells):
        yield f"{len(before.cells)} cells are now {len(after.cells)}"
    for number, (old, new) in enumerate(zip(before.cells, after.cells, strict=False), start=1):
        if old.get("outputs") != new.get("outputs"):
            was, now = (" ".join(text(output) for output in cell.get("outputs", [])) for cell in (old, new))
            found = list(_differences(was, now)) or ["the picture is another one"]
            yield from (f"cell {number}: {difference}" for difference in found)


def _differences(was, now):
    """'0.25' is now '0.26' in '… = 0.26 …': each run of words or numbers that differs, with the words around it."""
    old, new = re.findall(r"\S+", was), re.findall(r"\S+", now)
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            around = " ".join(new[max(k - AROUND, 0) : m + AROUND])
            yield f"{' '.join(old[i:j])!r} is now {' '.join(new[k:m])!r} in {around!r}"


def _pairs(before, after):
    for old, new in zip(before.cells, after.cells, strict=False):
        outputs = zip(old.get("outputs", []), new.get("outputs", []), strict=False)
        yield from ((a.get("data", {}), b.get("data", {})) for a, b in outputs)


def _same_pixels(old, new):
    first, second = (Image.open(io.BytesIO(data)).convert("RGB") for data in (old, new))
    return first.size == second.size and ImageChops.difference(first, second).getbbox() is None


def text(output):
    """What an output says in plain text."""
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def _draw(path):
    """The README's picture: the network of chapter 06 after the forward and the backward pass."""
    net = nn.Network(
        {1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, {1: nn.column([0, 2]), 2: nn.column([1, 2])}, nn.softsign
    )
    passes = show.Passes(net, nn.column([1, 3]), nn.column([1, 0]))
    new = passes.update(step=passes.steps[1]).png()
    if not (path.exists() and _same_pixels(path.read_bytes(), new)):
        path.write_bytes(new)


def _write(path, notebook):
    notebook.metadata = nbformat.from_dict(rules.METADATA)
    notebook.nbformat_minor = 5
    slides.mark(notebook)
    nbformat.validate(notebook)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
    path.write_text(after, encoding="utf-8", newline="\n")
    print(f"{path.name}: {'unchanged' if after == before else 'stored anew'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
