"""Every state of every picture with controls, drawn into files for the site.

A picture has one file that describes it and some with its frames. Each frame is WebP without loss and has exactly the
pixels that a kernel would send. States that look alike share a frame. A picture with more than MOST states gets fewer
positions for its controls.
"""

import io
import json
import os
from base64 import b64decode
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from math import prod
from multiprocessing import get_context

import books
from PIL import Image

MOST = 400  # states of one picture, so that a page stays small
FEWEST = 5  # positions that a control keeps in any case
PART = 500_000  # bytes of frames in one file, so that the first slider moves soon


def draw(paths, folder):
    """Write the frames of all pictures into a folder; {notebook: {id of a cell: the file that describes them}}."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # each new process has its own, and there is one for each processor
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return dict(zip(paths, pool.map(_of_a_notebook, paths, [folder] * len(paths)), strict=True))


def _of_a_notebook(path, folder):
    explorers = {cell.id: value for cell, value in books.run(books.read(path)) if hasattr(value, "spec")}
    stem = "-".join(path.relative_to(books.NOTEBOOKS).with_suffix("").parts)
    return {cell: _write(explorer, folder, f"{stem}-{cell}") for cell, explorer in explorers.items()}


def _write(explorer, folder, name):
    kept = positions([len(control["texts"]) for control in explorer.spec["controls"]], explorer.spec["start"])
    frames, known, alts, places, parts = [], {}, [], [], [bytearray()]
    for state in product(*kept):
        shown = explorer.frame(state)
        key = shown["src"], shown["alt"]
        if key not in known:
            known[key] = len(places)
            packed = webp(b64decode(shown["src"].partition(",")[2]))
            if len(parts[-1]) + len(packed) > PART:
                parts.append(bytearray())
            places.append([len(parts) - 1, len(parts[-1]), len(parts[-1]) + len(packed)])
            alts.append(shown["alt"])
            parts[-1] += packed
        frames.append(known[key])
    for n, part in enumerate(parts):
        (folder / f"{name}-{n}.bin").write_bytes(part)
    files = [f"{name}-{n}.bin" for n in range(len(parts))]
    about = {"spec": _spec(explorer.spec, kept), "frames": frames, "places": places, "alts": alts, "parts": files}
    (folder / f"{name}.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    return f"{name}.json"


def positions(sizes, start):
    """The positions that each control keeps: all of them, or every second, third, … with the start and both ends."""
    kept, steps = [list(range(size)) for size in sizes], [1] * len(sizes)
    while prod(map(len, kept)) > MOST and max(map(len, kept)) > FEWEST:
        n = max(range(len(kept)), key=lambda n: len(kept[n]))
        steps[n] += 1
        kept[n] = sorted({0, sizes[n] - 1, *range(start[n] % steps[n], sizes[n], steps[n])})
    return kept


def _spec(spec, kept):
    """What page.js tells the controls: as in the notebook, with the positions that are kept."""
    pairs = list(zip(spec["controls"], kept, strict=True))
    controls = [{**control, "texts": [control["texts"][n] for n in places]} for control, places in pairs]
    start = [places.index(position) for position, places in zip(spec["start"], kept, strict=True)]
    return {"controls": controls, "start": start, **{key: spec[key] for key in ("width", "height", "caption")}}


def webp(png):
    """A PNG as WebP, without loss."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(buffer, "webp", lossless=True, quality=40, method=1)
    return buffer.getvalue()
