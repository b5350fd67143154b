"""The slides of a lecture: the rule by which `jupyter nbconvert --to slides` divides a chapter. `refresh.py` stores it.

A heading begins a slide, and any other text begins one below it. Code and its output follow on the slide of the text
before them.
"""


def metadata(cell):
    """The slideshow metadata of a cell, None where it has none."""
    if cell.cell_type != "markdown":
        return None
    return {"slide_type": "slide" if cell.source.startswith("#") else "subslide"}


def mark(notebook):
    """Store the slides in the cells of a notebook, in place."""
    for cell in notebook.cells:
        cell.metadata.pop("slideshow", None)
        if about := metadata(cell):
            cell.metadata["slideshow"] = about
