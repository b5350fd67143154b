"""Every state of every picture with controls, drawn into files for the site.

The page has the stored picture, and a file of *frames* says in what the other states differ from it. Pictures are cut
into squares of TILE pixels, most of which are the same in most states. Each different square is kept once, in sheets of
squares that are WebP without loss, so a frame in the page has exactly the pixels that matplotlib draws. A picture with
more than MOST states gets fewer positions for its controls.

What is drawn is kept in dist/frames, and drawn again only when the notebook or the package has changed.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import zlib
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from math import prod
from multiprocessing import get_context
from pathlib import Path

import books
import numpy as np
from PIL import Image

MOST = 400  # states of one picture: more take long to draw, and a slider of the page has some 200 pixels
FEWEST = 5  # positions that a control keeps in any case
TILE = 16  # pixels: with 8 the squares take less and the lists of them more, with 32 the other way round
ACROSS = 64  # squares in a row of a sheet
SHEET = 64 * ACROSS  # squares in a sheet, of about 150 kB: the first slider moves soon, and a phone holds a few of them
KEPT = books.ROOT / "dist" / "frames"


def draw(paths, folder):
    """Write the frames of all pictures into a folder; {notebook: {id of a cell: {file: …, alt: …, picture: …}}}."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # there is a process for each processor
    package = _digest(Path(__file__), *sorted((books.ROOT / "nnmath").rglob("*.py")))
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        found = dict(zip(paths, pool.map(_of_a_notebook, paths, [package] * len(paths)), strict=True))
    for pictures in found.values():
        for about in pictures.values():
            for file in about["files"]:
                shutil.copy(KEPT / file, folder / file)
    return found


def _digest(*paths):
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _of_a_notebook(path, package):
    stem = "-".join(path.relative_to(books.NOTEBOOKS).with_suffix("").parts)
    code = "\n".join(f"{cell.id}\n{cell.source}" for cell in books.code_cells(books.read(path)))
    of, kept = hashlib.sha256((package + code).encode()).hexdigest(), KEPT / f"{stem}.json"
    if kept.exists() and (known := json.loads(kept.read_text(encoding="utf-8")))["of"] == of:
        return known["pictures"]
    with contextlib.redirect_stdout(io.StringIO()):
        explorers = {cell.id: value for cell, value in books.run(books.read(path)) if hasattr(value, "spec")}
    pictures = {cell: _write(explorer, f"{stem}-{cell}") for cell, explorer in explorers.items()}
    kept.write_text(json.dumps({"of": of, "pictures": pictures}), encoding="utf-8")
    return pictures


def pixels(explorer, state):
    """The picture of a state, (height, width, 3), and its alternative text."""
    values = {one.name: one.values[n] for one, n in zip(explorer.controls.values(), state, strict=True)}
    explorer.picture.update(**values)
    return explorer.picture.pixels(), explorer.picture.alt


def _write(explorer, name):
    spec, stored = explorer.spec, tuple(explorer.stored)
    kept = positions([len(control["texts"]) for control in spec["controls"]], spec["start"], stored)
    base, alt = pixels(explorer, stored)
    of_the_base = squares(base)
    differ = lambda state: sum(one != other for one, other in zip(state, stored, strict=True))
    drawn, known, alts = {}, {}, {}
    for state in sorted(
        product(*kept), key=differ
    ):  # the nearest first: what the first moves need is in the first sheet
        picture, words = pixels(explorer, state)
        drawn[state] = alts.setdefault(words, len(alts)), _differences(of_the_base, squares(picture), known)
    about = {
        "spec": _spec(spec, kept, stored),
        "alts": list(alts),
        "words": [drawn[state][0] for state in product(*kept)],
        "tile": TILE,
        "across": ACROSS,
        "per_sheet": SHEET,
        "sheets": _sheets(list(known), name),
        **_columns([drawn[state][1] for state in product(*kept)]),
    }
    packed = zlib.compress(json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    (KEPT / f"{name}.frames").write_bytes(packed)
    (KEPT / f"{name}.webp").write_bytes(webp(base))
    files = [f"{name}.frames", f"{name}.webp", *about["sheets"]]
    width, height = spec["width"], spec["height"]
    return {"frames": files[0], "picture": files[1], "files": files, "alt": alt, "width": width, "height": height}


def squares(picture):
    """The squares of a picture, row by row: (number, TILE, TILE, 3). Those at the edges are filled up with white."""
    height, width, _ = picture.shape
    down, across = -(-height // TILE), -(-width // TILE)
    padded = np.full((down * TILE, across * TILE, 3), 255, np.uint8)
    padded[:height, :width] = picture
    return padded.reshape(down, TILE, across, TILE, 3).swapaxes(1, 2).reshape(-1, TILE, TILE, 3)


def _differences(base, other, known):
    """{place: square} where a picture differs from the base; squares are counted from 1 and kept in `known`."""
    one, two = (picture.reshape(len(picture), -1).view(np.uint64) for picture in (base, other))  # eight bytes at a time
    places = np.flatnonzero((one != two).any(axis=1))
    return {int(place): known.setdefault(other[place].tobytes(), len(known) + 1) for place in places}


def _columns(differences):
    """What changes, by place: its squares, the first of which is 0 for the base, and which of them each state shows.

    Squares are given as the difference to the one before, which packs better where every state has new ones. Many
    places change together, so that they share the same row of `patterns`.
    """
    places, patterns = sorted({place for one in differences for place in one}), {}
    tiles, rows = [], []
    for place in places:
        shown = [one.get(place, 0) for one in differences]
        different = list(dict.fromkeys([0, *shown]))
        pattern = tuple(different.index(square) for square in shown)
        tiles.append([different[0], *(int(step) for step in np.diff(different))])
        rows.append(patterns.setdefault(pattern, len(patterns)))
    return {"places": places, "tiles": tiles, "rows": rows, "patterns": list(patterns)}


def _sheets(known, name):
    """Write the squares as sheets; the names of the files."""
    names = []
    for n in range(0, len(known), SHEET):
        part = np.stack([np.frombuffer(square, np.uint8).reshape(TILE, TILE, 3) for square in known[n : n + SHEET]])
        down = -(-len(part) // ACROSS)
        sheet = np.full((down * ACROSS, TILE, TILE, 3), 255, np.uint8)
        sheet[: len(part)] = part
        sheet = sheet.reshape(down, ACROSS, TILE, TILE, 3).swapaxes(1, 2).reshape(down * TILE, ACROSS * TILE, 3)
        names.append(f"{name}-{len(names)}.webp")
        (KEPT / names[-1]).write_bytes(webp(sheet))
    return names


def positions(sizes, start, stored):
    """The positions that each control keeps: all of them, or every n-th, with both ends, start and stored."""
    kept, steps = [list(range(size)) for size in sizes], [1] * len(sizes)
    while prod(map(len, kept)) > MOST and max(map(len, kept)) > FEWEST:
        n = max(range(len(kept)), key=lambda n: len(kept[n]))
        steps[n] += 1
        fixed = {0, sizes[n] - 1, stored[n]}
        kept[n] = sorted({*fixed, *range(start[n] % steps[n], sizes[n], steps[n])})
    return kept


def _spec(spec, kept, stored):
    """What page.js tells the controls: as in the notebook, with the positions that are kept."""
    pairs = list(zip(spec["controls"], kept, strict=True))
    controls = [{**control, "texts": [control["texts"][n] for n in places]} for control, places in pairs]
    here = lambda state: [places.index(position) for position, places in zip(state, kept, strict=True)]
    more = {key: spec[key] for key in ("width", "height", "caption")}
    return {"controls": controls, "start": here(spec["start"]), "stored": here(stored), **more}


def webp(picture):
    """An array of pixels as WebP, without loss."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "webp", lossless=True, quality=75, method=4)
    return buffer.getvalue()
