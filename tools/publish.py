"""What a published book carries: its links in the README, and a first cell that installs the package if it is missing.

To publish: put the repository on GitHub, write its address here, run `python tools/refresh.py`, commit.
"""

import re

import nbformat

ADDRESS = ""  # https://github.com/OWNER/NAME; it is written here and nowhere else
FIRST = "notebooks/00_notation_and_shapes.ipynb"
BLOCK = re.compile(r"(<!-- online -->\n).*?(<!-- /online -->)", re.DOTALL)
CELL = """import importlib.util
if importlib.util.find_spec("nnmath") is None:    # on Colab, for example
    get_ipython().run_line_magic("pip", "install -q 'nnmath[book] @ git+{address}'")"""


def with_links(readme, address=ADDRESS):
    """The README with the way to Binder and Colab, if there is an address."""
    text = ""
    if address:
        owner_and_name = _checked(address).removeprefix("https://github.com/")
        text = (
            f"[Open it in Binder](https://mybinder.org/v2/gh/{owner_and_name}/HEAD?urlpath=lab/tree/{FIRST}) · "
            f"[in Colab](https://colab.research.google.com/github/{owner_and_name}/blob/HEAD/{FIRST})\n"
        )
    return BLOCK.sub(lambda found: found[1] + text + found[2], readme)


def put_install_cell(notebook, address=ADDRESS):
    """Put the cell that installs the package before the first code cell, in place, if there is an address."""
    notebook.cells = [cell for cell in notebook.cells if cell.id != "install"]
    first = next((n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"), None)
    if address and first is not None:
        cell = nbformat.v4.new_code_cell(CELL.format(address=_checked(address)), id="install")
        notebook.cells.insert(first, cell)


def _checked(address):
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", address):
        raise ValueError(f"ADDRESS is {address!r}; expected https://github.com/OWNER/NAME, without a / at its end")
    return address
