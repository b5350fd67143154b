"""What other machines read: Binder's plan, the workflows, and the book once it has an address."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import books
import publish

ROOT = Path(__file__).parents[2]
ADDRESS = "https://github.com/someone/a-book"
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def fits_the_schema(path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    return subprocess.run(command, capture_output=True).returncode == 0


def test_the_workflows_fit_their_schema(tmp_path):
    assert fits_the_schema(WORKFLOW)
    snippet = tmp_path / "of the readme.yml"
    snippet.write_text(re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1])
    assert fits_the_schema(snippet)
    snippet.write_text(WORKFLOW.read_text(encoding="utf-8").replace("runs-on:", "runs_on:"))
    assert not fits_the_schema(snippet)


def test_binder_gets_the_python_and_the_packages_of_the_book():
    pytest.importorskip("repo2docker")
    import binder

    plan = binder.plan()
    assert "python=3.13" in plan
    assert binder.install_lines(plan) == ['install --no-cache-dir -r "requirements.txt"', "install --no-cache-dir ."]


def test_with_an_address_the_readme_leads_to_binder_and_colab():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert publish.with_links(readme) == readme
    online = publish.with_links(readme, ADDRESS)
    for link in ("https://mybinder.org/v2/gh/someone/a-book/HEAD?urlpath=lab/tree/notebooks/00_notation_and_shapes.ipynb",
                 "https://colab.research.google.com/github/someone/a-book/blob/HEAD/notebooks/00_notation_and_shapes.ipynb"):
        assert link in online and link not in readme
    assert publish.with_links(online, "") == publish.with_links(readme, "")
    assert (ROOT / publish.FIRST).exists()


@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_the_install_cell_stands_first_and_once(path):
    notebook, before = books.read(path), books.read(path)
    publish.put_install_cell(notebook, ADDRESS)
    publish.put_install_cell(notebook, ADDRESS)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code].count("install") == bool(books.code_cells(before))
    if code:
        assert code[0].id == "install" and ADDRESS in code[0].source
    publish.put_install_cell(notebook, "")
    assert notebook.cells == [cell for cell in before.cells if cell.id != "install"]


def test_the_install_cell_does_nothing_where_the_package_is(capsys):
    exec(publish.CELL.format(address=ADDRESS), {})    # without get_ipython: it would raise
    assert capsys.readouterr() == ("", "")


def test_the_install_cell_installs_where_it_is_not(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    run = []

    class Shell:
        def run_line_magic(self, *magic):
            run.append(magic)
    exec(publish.CELL.format(address=ADDRESS), {"get_ipython": Shell})
    assert run == [("pip", f"install -q 'nnmath[book] @ git+{ADDRESS}'")]


@pytest.mark.parametrize("address", ["http://github.com/a/b", "https://github.com/a", "https://github.com/a/b/", "a/b"])
def test_another_address_is_turned_away(address):
    with pytest.raises(ValueError, match="expected https://github.com/OWNER/NAME"):
        publish.with_links("", address)


def test_the_address_stands_in_one_place_only():
    if publish.ADDRESS:
        owners = [path for path in ROOT.rglob("*.py") if ".venv" not in path.parts and publish.ADDRESS in path.read_text(encoding="utf-8")]
        assert owners == [Path(publish.__file__)]
