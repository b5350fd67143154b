"""Run every notebook on a fresh kernel and store it clean: python notebooks/refresh.py [names …]

Stored are the outputs, counted from 1, without widget ids, widget state, timings or anything of this machine.
A notebook that raises, or writes to stderr, is not stored: the error is shown and the exit code is 1.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).parent
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
WIDGET = "application/vnd.jupyter.widget-view+json"


def main(names):
    paths = [HERE / name for name in names] or sorted(HERE.rglob("*.ipynb"))
    failed = [path for path in paths if ".ipynb_checkpoints" not in path.parts and not refresh(path)]
    return 1 if failed else 0


def refresh(path):
    """Run one notebook and store it; True unless it failed."""
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    try:
        NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
        clean(notebook)
    except (CellExecutionError, ValueError) as error:
        print(f"{path.name}: not stored\n{error}", file=sys.stderr)
        return False
    nbformat.validate(notebook)
    after = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
    path.write_text(after, encoding="utf-8")
    print(f"{path.name}: {'unchanged' if after == before else 'stored anew'}")
    return True


def clean(notebook):
    """Only what is the same on every machine, in place. Errors: ValueError if a cell wrote to stderr."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat_minor = 5
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in ("source", "tags")}
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise ValueError(f"a cell wrote to stderr: {output.text}")
            output.get("data", {}).pop(WIDGET, None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
