"""The ledger and the rules of the notebooks; each rule is also shown to fail on a spoilt notebook."""

import ast
import re
import statistics
from base64 import b64decode
from importlib.metadata import version

import pytest

import books
import ledger
import nnmath as nn
import refresh

PLACES = {    # the chapter of each of the source's equations
    **dict.fromkeys(["S1", "S2"], "00"), **dict.fromkeys(["S3", "S4"], "02"), **dict.fromkeys(["S5", "S6"], "03"),
    "S7": "04", **dict.fromkeys(["S8", "S9"], "05"), **dict.fromkeys(["S10", "S11"], "06"),
    **dict.fromkeys([f"S{n}" for n in range(12, 18)], "07"), **dict.fromkeys([f"S{n}" for n in range(18, 22)], "08"),
    "S22": "09",
}
DISPLAYED = re.compile(r"\$\$.+?\$\$", re.DOTALL)
TAG = re.compile(r"\\tag\{(.*?)\}")
MACHINE = re.compile(r"/root/|/home/|/tmp/|/work/|/Users/|[A-Z]:\\\\|site-packages|0x[0-9a-f]{6,}|np\.(float|int)\d+\(", re.I)
DEBRIS = ("VBox(", "HBox(", "model not found", "Loading widget", "<nnmath.", "object at")


def checks(cell):
    """The tags of every nn.check or nn.same in a code cell, and whether the call is the cell's last expression."""
    body = ast.parse(cell.source).body
    found = []
    for node in ast.walk(ast.Module(body, [])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("check", "same") \
                and isinstance(node.func.value, ast.Name) and node.func.value.id == "nn":
            tag = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
            found.append((tag, isinstance(body[-1], ast.Expr) and body[-1].value is node))
    return found


def ledger_faults(book):
    """What is wrong in {notebook's name: notebook}, in words."""
    faults, placed = [], {}
    for name, notebook in book.items():
        tags, held = [], []
        for n, cell in enumerate(notebook.cells):
            if cell.cell_type == "markdown":
                displays = DISPLAYED.findall(cell.source)
                shown = [tag for display in displays for tag in TAG.findall(display)]
                if shown != TAG.findall(cell.source):
                    faults.append(f"{name}: cell {n} has a tag outside $$ … $$")
                tags += [(tag, n) for tag in shown]
                for s in cell.metadata.get("source", []):
                    placed.setdefault(s, []).append(name)
                if cell.metadata.get("source") and not displays:
                    faults.append(f"{name}: cell {n} names {cell.metadata['source']} and displays no equation")
            elif cell.cell_type == "code":
                for tag, last in checks(cell):
                    held.append((tag, n))
                    if not last:
                        faults.append(f"{name}: the check of ({tag}) is not the last expression of its cell")
                    if not any(f"({tag}) agrees" in output.get("data", {}).get("text/plain", "") for output in cell.outputs):
                        faults.append(f"{name}: the check of ({tag}) has no stored verdict that agrees")
        chapter = name[:2]
        expected = [f"{int(chapter)}.{n}" for n in range(1, len(tags) + 1)] if chapter.isdigit() and "/" not in name else []
        if [tag for tag, _ in tags] != expected:
            faults.append(f"{name}: the tags are {[tag for tag, _ in tags]}; expected {expected}")
        for tag, _ in tags:
            if tag not in [check for check, _ in held]:
                faults.append(f"{name}: ({tag}) has no check")
        for tag, _ in held:
            if tag not in [shown for shown, _ in tags]:
                faults.append(f"{name}: the check ({tag}) has no equation")
        for tag in {tag for tag, _ in held}:
            if [check for check, _ in held].count(tag) > 1:
                faults.append(f"{name}: ({tag}) is checked twice")
        for (tag, n), (check, m) in zip(tags, held):
            if tag != check or m < n:
                faults.append(f"{name}: the check ({check}) does not stand below ({tag}), in order")
                break
    for s, chapter in PLACES.items():
        if not any(name.startswith(chapter) for name in placed.get(s, [])):
            faults.append(f"{s} has no place in chapter {chapter}")
    faults += [f"{s} is no equation of the source" for s in placed if s not in PLACES]
    return faults


def rule_faults(name, notebook):
    """What breaks the rules for every notebook, in words."""
    faults = []
    cells = books.code_cells(notebook)
    lengths = [sum(bool(line.strip()) for line in cell.source.split("\n")) for cell in cells]
    if lengths and (statistics.median(lengths) > 4 or max(lengths) > 15):
        faults.append(f"code cells of {max(lengths)} lines, {statistics.median(lengths)} in the median")
    if notebook.metadata != refresh.METADATA or (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        faults.append("metadata of the notebook")
    ids = [cell.id for cell in notebook.cells]
    if len(set(ids)) < len(ids):
        faults.append("two cells with one id")
    if [cell.execution_count for cell in cells] != list(range(1, len(cells) + 1)):
        faults.append(f"counts are {[cell.execution_count for cell in cells]}")
    for cell in notebook.cells:
        if not cell.source.strip():
            faults.append(f"{cell.id}: an empty cell")
        if set(cell.metadata) - {"source", "tags"} or "attachments" in cell:
            faults.append(f"{cell.id}: metadata {set(cell.metadata)}")
        if MACHINE.search(cell.source) and "np." not in MACHINE.search(cell.source)[0]:
            faults.append(f"{cell.id}: a machine's path in the source")
    for cell in cells:
        if cell.source.rstrip().endswith(";"):
            faults.append(f"{cell.id}: a trailing ;")
        for output in cell.outputs:
            faults += [f"{cell.id}: {fault}" for fault in output_faults(output)]
    for cell in books.markdown_cells(notebook):
        faults += [f"{cell.id}: the link {link} leads nowhere" for link in dead_links(name, cell.source)]
        faults += [f"{cell.id}: an image without a text" for _ in re.findall(r"!\[\s*\]\(|<img(?![^>]*alt=)", cell.source)]
    return faults


def output_faults(output):
    if output.output_type == "error":
        yield f"an error is stored: {output.ename}"
    if output.output_type == "stream" and output.name != "stdout":
        yield f"{output.name} is stored"
    data, metadata = output.get("data", {}), output.get("metadata", {})
    if output.get("execution_count", 1) is None:
        yield "no count"
    for mime in set(data) - {"text/plain", "text/html", "text/markdown", "text/latex", "image/png"}:
        yield f"stored as {mime}"
    text = output.get("text", "") + "\n".join(str(value) for mime, value in data.items() if mime != "image/png")
    if MACHINE.search(text) or any(word in text for word in DEBRIS):
        yield f"an object's address, a path or a widget's name in {text[:80]!r}"
    if re.search(r"\b(nan|inf)\b", text):
        yield f"a number that is not finite in {text[:80]!r}"
    if "image/png" in data:
        about = metadata.get("image/png", {})
        if not about.get("alt", "").strip() or about["alt"] != data.get("text/plain"):
            yield "a picture without its alternative text, or with two"
        size = png_size(data["image/png"])
        if not about.get("width") or abs(size[0] / about["width"] - 1.5) > 0.01 or abs(size[1] / about["height"] - 1.5) > 0.02:
            yield f"a picture of {size} pixels shown as {about.get('width')} × {about.get('height')}"


def png_size(data):
    header = b64decode(data)[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")


def dead_links(name, text):
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"https?://|#", target):
            path = (books.NOTEBOOKS / name).parent / target.split("#")[0]
            if not path.exists():
                yield target


@pytest.fixture(scope="module")
def book():
    return {books.name(path): books.read(path) for path in books.ALL}


# The ledger

def test_the_ledger(book):
    assert ledger_faults(book) == []


def spoil(book, name, edit):
    notebook = books.read(books.NOTEBOOKS / name)
    edit(notebook)
    return {**book, name: notebook}


def replace(old, new):
    def edit(notebook):
        cell = next(cell for cell in notebook.cells if old in cell.source)
        cell.source = cell.source.replace(old, new, 1)
    return edit


def no_source(notebook):
    for cell in notebook.cells:
        cell.metadata.pop("source", None)


def wrong_verdict(notebook):
    for _, output in books.bundles(notebook):
        output.data["text/plain"] = output.data["text/plain"].replace("(3.2) agrees", "(3.2) inconclusive")


def swapped(notebook):
    n = [n for n, cell in enumerate(notebook.cells) if "nn.check(" in cell.source]
    notebook.cells[n[0]], notebook.cells[n[1]] = notebook.cells[n[1]], notebook.cells[n[0]]


@pytest.mark.parametrize("edit, fault", [
    (replace('nn.check("3.2"', 'nn.judge("3.2"'), "(3.2) has no check"),
    (replace(r"\tag{3.2}", ""), "the check (3.2) has no equation"),
    (replace(r"\tag{3.2}", r"\tag{4.2}"), "expected ['3.1', '3.2'"),
    (replace(r"\tag{3.2}", r"\tag{3.1}"), "expected ['3.1', '3.2'"),
    (replace("$$", "$"), "outside $$"),
    (replace('nn.check("3.2"', 'verdict = nn.check("3.2"'), "(3.2) is not the last expression"),
    (replace('nn.check("3.3"', 'nn.check("3.2"'), "(3.2) is checked twice"),
    (wrong_verdict, "(3.2) has no stored verdict"),
    (swapped, "does not stand below (3.1)"),
    (no_source, "S6 has no place in chapter 03"),
])
def test_the_ledger_can_fail(book, edit, fault):
    faults = ledger_faults(spoil(book, "03_du_dW.ipynb", edit))
    assert any(fault in line for line in faults), faults


# Every notebook

@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_the_rules(path):
    assert rule_faults(books.name(path), books.read(path)) == []


def on_first(kind, edit):
    def spoilt(notebook):
        edit({"cell": lambda: books.code_cells(notebook)[1], "picture": lambda: books.pictures(notebook)[0][1],
              "text": lambda: books.markdown_cells(notebook)[0]}[kind]())
    return spoilt


@pytest.mark.parametrize("edit, fault", [
    (on_first("cell", lambda cell: cell.update(source="pass\n" * 16)), "16 lines"),
    (on_first("cell", lambda cell: cell.update(execution_count=7)), "counts are"),
    (on_first("cell", lambda cell: cell.update(id="03-01")), "one id"),
    (on_first("cell", lambda cell: cell.update(source=" ")), "an empty cell"),
    (on_first("cell", lambda cell: cell.update(source="show.explore(1);")), "trailing ;"),
    (on_first("cell", lambda cell: cell.metadata.update(execution={})), "metadata"),
    (lambda notebook: notebook.metadata.update(widgets={}), "metadata of the notebook"),
    (on_first("picture", lambda output: output.data.update({refresh.WIDGET: {}})), "stored as application"),
    (on_first("picture", lambda output: output.metadata.clear()), "alternative text"),
    (on_first("picture", lambda output: output.data.update({"text/plain": "VBox(children=())"})), "widget's name"),
    (on_first("picture", lambda output: output.metadata["image/png"].update(width=1)), "pixels shown as"),
    (on_first("picture", lambda output: output.data.update({"text/html": f"<b>at {id(output):#x}</b>"})), "address"),
    (on_first("picture", lambda output: output.data.update({"text/html": "u = nan"})), "not finite"),
    (on_first("text", lambda cell: cell.update(source="[there](nowhere.ipynb)")), "leads nowhere"),
    (on_first("text", lambda cell: cell.update(source="![](a.png)")), "without a text"),
])
def test_the_rules_can_fail(edit, fault):
    notebook = books.read(books.NOTEBOOKS / "03_du_dW.ipynb")
    edit(notebook)
    faults = rule_faults("03_du_dW.ipynb", notebook)
    assert any(fault in line for line in faults), faults


# Every chapter

@pytest.mark.parametrize("n, path", list(enumerate(books.CHAPTERS)), ids=lambda value: getattr(value, "stem", ""))
def test_a_chapter_is_laid_out_like_the_others(n, path):
    notebook = books.read(path)
    texts = [cell.source for cell in books.markdown_cells(notebook)]
    whole = "\n".join(texts)
    assert path.name.startswith(f"{n:02d}_")
    assert texts[0].startswith(f"# {n:02d} · ")
    assert "(equations.ipynb)" in texts[0]
    for neighbour, cell in ((n - 1, texts[0]), (n + 1, texts[0]), (n + 1, texts[-1])):
        if 0 <= neighbour < len(books.CHAPTERS):
            assert f"({books.CHAPTERS[neighbour].name})" in cell, f"no link to chapter {neighbour:02d}"
    assert re.search(r"^At the end .*you (can|know)", texts[0], re.M)
    headings = re.findall(r"^## (.*)$", whole, re.M)
    assert headings[-1].startswith("What we have")
    if 2 <= n <= 9:
        order = [next(i for i, heading in enumerate(headings) if heading.startswith(start))
                 for start in ("Break it", "Where people go wrong", "Exercises", "What we have")]
        assert order == sorted(order)
    assert [line for cell in books.code_cells(notebook)[:1] for line in cell.source.split("\n")][:3] == [
        "import numpy as np", "import nnmath as nn", "from nnmath import show"]
    assert books.pictures(notebook)


@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_any_cell_can_be_run_twice_and_touches_neither_files_nor_network(path, monkeypatch):
    if books.code_cells(books.read(path)):
        import nnmath.show, sklearn.datasets    # what the cells import may read its own files; noqa: E401, F401
    opened = []

    def watched(file, *more, there=open, **most):
        if not str(file).endswith(".ttf"):    # matplotlib 3.9 opens its fonts this way
            opened.append(file)
        return there(file, *more, **most)
    monkeypatch.setattr("builtins.open", watched)
    monkeypatch.setattr("socket.socket.connect", lambda self, address: opened.append(address))
    if path.name.startswith("10"):
        monkeypatch.undo()    # the digits are read from a file of scikit-learn's
    for _ in books.run(books.read(path), times=2):
        pass
    assert opened == []


# Exercises

def exercise_cells(path):
    """{tag: code cell that judges an answer}"""
    found = {}
    for cell in books.code_cells(books.read(path)):
        for tag in re.findall(r'nn\.exercise\("([^"]+)"\)\.judge\(', cell.source):
            found.setdefault(tag, []).append(cell)
    return found


@pytest.mark.parametrize("path", books.CHAPTERS[2:10], ids=lambda path: path.stem)
def test_each_chapter_has_exercises_unanswered_and_a_notebook_that_answers_them(path):
    asked = exercise_cells(path)
    assert len(asked) >= 2 and all(len(cells) == 1 for cells in asked.values())
    assert all(tag.startswith(f"{int(path.name[:2])}.") for tag in asked)
    for tag, [cell] in asked.items():
        assert cell.outputs[0].data["text/plain"].startswith(f"({tag}) not answered yet")
    solutions = exercise_cells(books.NOTEBOOKS / "solutions" / path.name)
    assert set(solutions) == set(asked)
    for tag, cells in solutions.items():
        assert all(cell.outputs[0].data["text/plain"].startswith(f"({tag}) agrees") for cell in cells)


# The page of all equations, and refresh.py

def test_the_page_of_all_equations_is_made_from_the_chapters(book):
    stored, made = book["equations.ipynb"], ledger.page()
    assert [cell.source for cell in stored.cells] == [cell.source for cell in made.cells]
    text = "\n".join(cell.source for cell in stored.cells)
    for path in books.CHAPTERS:
        for tag in TAG.findall("\n".join(cell.source for cell in books.markdown_cells(book[path.name]))):
            assert re.search(rf"^\| \[{re.escape(tag)}\]\({path.name}\) \|", text, re.M), tag
    rows = [re.split(r"(?<!\\)\|", line) for line in text.split("\n") if line.startswith("| [")]
    assert len({len(row) for row in rows}) == 1
    for s in PLACES:
        assert any(re.search(rf"\b{s}\b", row[3]) for row in rows), s
    for function in re.findall(r"`nn\.(\w+)`", text):
        assert hasattr(nn, function)


def test_refresh_leaves_a_stored_notebook_as_it_is(tmp_path, capsys):
    path = tmp_path / "00_notation_and_shapes.ipynb"
    before = (books.NOTEBOOKS / path.name).read_bytes()
    path.write_bytes(before)
    assert refresh.refresh(path)
    if drawn_by(pinned) == drawn_by(version):
        assert path.read_bytes() == before
        assert "unchanged" in capsys.readouterr().out
    else:    # another release may draw another pixel; it says the same
        assert told(path) == told(books.NOTEBOOKS / path.name)


def drawn_by(version):
    """What the pixels depend on, by a function from a package's name to its version."""
    return {name: version(name) for name in ("matplotlib", "pillow", "numpy")}


def pinned(name):
    return re.search(rf"^{name}==(.+)$", (books.NOTEBOOKS.parent / "tools" / "pinned.txt").read_text(encoding="utf-8"), re.M)[1]


def told(path):
    return [[refresh._text(output) for output in cell.get("outputs", [])] for cell in books.read(path).cells]


def test_refresh_cleans_and_tells_what_changed(tmp_path, capsys):
    stored = books.read(books.NOTEBOOKS / "02_du_db.ipynb")
    stored.cells = [cell for cell in stored.cells if cell.cell_type == "code"][:3]
    path = tmp_path / "small.ipynb"
    refresh._write(path, stored)
    refresh.refresh(path)
    clean = path.read_bytes()
    spoilt = books.read(path)
    spoilt.metadata["widgets"] = {"state": {}}
    spoilt.cells[0]["metadata"]["execution"] = {"time": "now"}
    spoilt.cells[-1]["execution_count"] = 99
    spoilt.cells[-1].outputs[0]["data"]["text/plain"] = "something else"
    path.write_text(refresh.nbformat.writes(spoilt), encoding="utf-8")
    capsys.readouterr()
    assert refresh.refresh(path)
    assert path.read_bytes() == clean
    assert "'something else' is now" in capsys.readouterr().out


def printed(*texts):
    cells = [refresh.nbformat.v4.new_code_cell(outputs=[refresh.nbformat.v4.new_output("stream", text=text)]) for text in texts]
    return refresh.nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize("was, now, told", [
    ("E = 0.25", "E = 0.25", []),
    ("step 3: E = 0.25, then less", "step 3: E = 0.26, then less", ["cell 2: '0.25,' is now '0.26,' in 'step 3: E = 0.26, then less'"]),
    ("the same " * 200 + "0.1", "the same " * 200 + "0.2", ["cell 2: '0.1' is now '0.2' in 'the same the same 0.2'"]),
    ("a 1 b c d e f 2", "a 3 b c d e f 4", ["cell 2: '1' is now '3' in 'a 3 b c d e'", "cell 2: '2' is now '4' in 'c d e f 4'"]),
    ("gone", "", ["cell 2: 'gone' is now '' in ''"]),
])
def test_changes_name_the_cell_and_the_number(was, now, told):
    assert list(refresh.changes(printed("x", was), printed("x", now))) == told


def test_changes_tell_of_pictures_and_of_new_cells():
    before, after = printed("x"), printed("x", "y")
    before.cells[0].outputs[0]["more"] = "a picture's bytes"
    assert list(refresh.changes(before, after)) == ["1 cells are now 2", "cell 1: the picture is another one"]


@pytest.mark.parametrize("source, told", [
    ("1 / 0", "ZeroDivisionError"),
    ("import sys\nprint('oh', file=sys.stderr)", "wrote to stderr"),
    ("import numpy as np, nnmath as nn\nnn.same('1.1', np.ones(1), np.zeros(1))", "AssertionError"),
])
def test_refresh_refuses_to_store_an_error(tmp_path, capsys, source, told):
    notebook = refresh.nbformat.v4.new_notebook(cells=[refresh.nbformat.v4.new_code_cell(source)])
    path = tmp_path / "bad.ipynb"
    path.write_text(refresh.nbformat.writes(notebook), encoding="utf-8")
    before = path.read_bytes()
    assert not refresh.refresh(path)
    assert path.read_bytes() == before
    assert told in capsys.readouterr().err
