"""The page `notebooks/equations.ipynb`, made from the chapters: every equation with its check, and an index of terms.

`refresh.py` writes it.
"""

import re

import books
import ledger
import nbformat

PAGE = "equations.ipynb"
FUNCTIONS = ("du_db", "du_dW", "du_dx_through", "du_dx", "forward", "forward_from", "deltas", "gradient", "step", "E")

# A chapter defines a term where it first writes it in **bold**.
TERMS = (
    "activation", "activation function", "affine", "argmax", "automatic differentiation", "back-propagation",
    "bias", "blame", "broadcasting", "central difference", "chain rule over several paths",
    "cheap gradient principle", "checkpointing", "computational graph", "confusion matrix", "convolution",
    "cross-entropy", "denominator layout", "epoch", "equivariance", "feature map", "finite difference",
    "flipped kernel", "forward mode", "Frobenius norm", "gradient", "gradient check", "gradient descent",
    "Hadamard product", "hidden layer", "hidden unit", "Jacobian", "Jacobian–vector product", "kernel", "layer",
    "learning rate", "log-sum-exp", "loss", "mini-batch", "one-hot", "outer product", "padding", "parameter",
    "patch", "pooling", "pre-activation", "referee", "ReLU", "reverse mode", "Richardson extrapolation",
    "rounding error", "saliency map", "saturation", "softmax", "standard basis vector",
    "stochastic gradient descent", "stride", "subsampling", "tape", "target", "test set", "training set",
    "truncation error", "validation set", "vanishing gradient", "vector–Jacobian product", "weight", "weight decay",
    "weight sharing",
)  # fmt: skip
ALSO_WRITTEN = {
    "Hadamard product": ("Hadamard (entry-by-entry) product", "entry-by-entry product"),
    "saturation": ("saturated", "saturates"),
    "test set": ("test",),
    "training set": ("training", "training, validation and test set", "training, validation and test sets"),
    "validation set": ("validation",),
}
INTRODUCTION = """# All equations

This page lists every numbered equation of the book and how it is checked. A gradient is checked against the referee
of [Chapter 1]({referee}), which measures it with finite differences. An equality is checked against a second way to
compute the same numbers. The tests in `tests/` verify the formulas of the package once more, with tools that share no
code with it: the complex step, symbolic algebra, automatic differentiation on random networks, 50-digit arithmetic,
and an example worked by hand. S1 to S22 are the equations of the text that Chapters 0 to 9 follow."""


def page():
    """The notebook as it should be stored."""
    read = [(path.name, books.read(path)) for path in books.CHAPTERS + books.APPENDICES]
    cells = [nbformat.v4.new_markdown_cell("\n".join(_equations(read)), id="equations")]
    found = terms(read)
    if found:
        cells.append(nbformat.v4.new_markdown_cell("\n".join(_index(found)), id="terms"))
    return nbformat.v4.new_notebook(cells=cells)


def terms(read):
    """{term: name of the notebook that defines it}, from A to Z. A term that no notebook defines is left out."""
    found = {}
    for term in TERMS:
        pattern = bold(term)
        places = (
            name
            for name, notebook in read
            if any(pattern.search(cell.source) for cell in books.markdown_cells(notebook))
        )
        if place := next(places, None):
            found[term] = place
    return found


def bold(term):
    """A pattern for the term as it is written where it is defined."""
    words = "|".join(re.escape(written) for written in (term, *ALSO_WRITTEN.get(term, ())))
    return re.compile(rf"\*\*(?:{words})(?:e?s)?[,.;:]?\*\*".replace(r"\ ", r"\s+"), re.IGNORECASE)


def _equations(read):
    referee = next(name for name, _ in read if name.startswith("01"))
    yield from INTRODUCTION.format(referee=referee).splitlines()
    yield from ("", "| equation | formula | source | in code | checked by |", "|---|---|---|---|---|")
    for name, notebook in read:
        where = f"[{ledger.prefix(name, notebook)}]({name})"
        for ids, formula in ledger.definitions(notebook):
            yield f"| {where} | ${_inline(formula)}$ | {', '.join(ids)} | | a definition |"
        yield from (_row(entry) for entry in ledger.entries(name, notebook))


def _row(entry):
    functions = [f"`nn.{name}`" for name in FUNCTIONS if re.search(rf"\bnn\.{name}\b", entry.check)][:2]
    checked = "finite differences" if f'nn.check("{entry.tag}"' in entry.check else "a second way"
    where, ids = f"[{entry.tag}]({entry.notebook})", ", ".join(entry.source)
    return f"| {where} | ${_inline(entry.formula)}$ | {ids} | {', '.join(functions)} | {checked} |"


def _index(found):
    yield from ("## Index of terms", "", "Each term is defined in the chapter that is named beside it.", "")
    yield from ("| term | defined in |", "|---|---|")
    for term, name in found.items():
        title = books.title(books.NOTEBOOKS / name)
        yield f"| {term} | [{title}]({name}) |"


def _inline(formula):
    """On one line, and without the bar that would end a table's cell."""
    return re.sub(r"\s+", " ", formula.strip()).replace(r"\|", r"\Vert ").replace("|", r"\vert ")
