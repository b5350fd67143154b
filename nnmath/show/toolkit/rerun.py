"""A cell that is run again replaces its explorers.

Without this, each run would keep a figure alive, because IPython and ipywidgets both remember every widget.
"""

from IPython import get_ipython

_explorers: dict = {}  # {cell: (its latest run, the widgets made by that run)}


def close_earlier(widget) -> None:
    """Remember that the running cell made this widget, and close those of the cell's earlier runs."""
    cell, run = _running_cell()
    if cell is None:
        return
    latest, widgets = _explorers.get(cell, (run, []))
    if latest != run:
        for earlier in widgets:
            earlier.close()
        widgets = []
    _explorers[cell] = run, [*widgets, widget]


def _running_cell():
    """(the cell being run, this run of it) in a kernel, otherwise (None, None).

    Where the front end sends no id of the cell, its code takes the place of one.
    """
    get_parent = getattr(get_ipython(), "get_parent", None)
    parent = get_parent() if get_parent else {}
    if not parent:
        return None, None
    return parent["metadata"].get("cellId") or parent["content"].get("code"), parent["header"]["msg_id"]
