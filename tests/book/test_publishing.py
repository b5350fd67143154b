"""What other machines read: Binder's plan, the workflows, and the book once it has an address."""

import re
import subprocess
import sys
from pathlib import Path

import books
import nbformat
import publish
import pytest

ROOT = Path(__file__).parents[2]
ADDRESS = "https://github.com/someone/a-book"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def fits_the_schema(*paths):
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        *map(str, paths),
    ]
    return subprocess.run(command, capture_output=True).returncode == 0


def test_the_workflows_fit_their_schema(tmp_path):
    assert fits_the_schema(*WORKFLOWS)
    snippet = tmp_path / "of the readme.yml"
    snippet.write_text(re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1])
    assert fits_the_schema(snippet)
    snippet.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "runs_on:"))
    assert not fits_the_schema(snippet)


def test_every_notebook_is_linked_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\((notebooks/\w+\.ipynb)\)", readme)
    assert sorted(linked) == [f"notebooks/{path.name}" for path in books.ALL if path.parent == books.NOTEBOOKS]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_lead_to_files(name):
    links = re.findall(r"\]\(([^)\s]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("https://") and not (ROOT / link).exists()] == []


def test_the_readme_shows_the_verdict_on_its_wrong_gradient(capsys):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    exec(re.search(r"```python\n(.*?)```", readme, re.DOTALL)[1], {})
    told = capsys.readouterr().out.split()
    assert told == re.search(r"```text\n(.*?)```", readme, re.DOTALL)[1].split() and "averages." in told


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
    for link in (
        "https://mybinder.org/v2/gh/someone/a-book/HEAD?urlpath=lab/tree/notebooks/00_notation_and_shapes.ipynb",
        "https://colab.research.google.com/github/someone/a-book/blob/HEAD/notebooks/00_notation_and_shapes.ipynb",
    ):
        assert link in online and link not in readme
    assert publish.with_links(online, "") == publish.with_links(readme, "")
    assert (ROOT / publish.FIRST).exists()


@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_the_install_cell_comes_first_and_once(path):
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
    exec(publish.CELL.format(address=ADDRESS), {})  # without get_ipython: it would raise
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
def test_another_address_is_rejected(address):
    with pytest.raises(ValueError, match="expected https://github.com/OWNER/NAME"):
        publish.with_links("", address)


def test_the_address_is_in_one_place_only():
    if publish.ADDRESS:
        owners = [
            path
            for path in ROOT.rglob("*.py")
            if ".venv" not in path.parts and publish.ADDRESS in path.read_text(encoding="utf-8")
        ]
        assert owners == [Path(publish.__file__)]
