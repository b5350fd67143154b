"""The page `notebooks/equations.ipynb`, made from the chapters: every equation with its check, and an index of terms.

`refresh.py` writes it.
"""

import re

import books
import ledger
import nbformat

PAGE = "equations.ipynb"

# The name in nnmath that computes each equation. A test checks that its docstring names a source of that equation.
IN_CODE = {
    "0.2": "u", "2.2": "du_db", "3.3": "du_dW", "4.2": "du_dx", "5.2": "du_dx_through",
    "5.3": "sigmoid.prime", "5.4": "tanh.prime", "5.5": "softsign.prime", "5.6": "softplus.prime",
    "6.1": "forward", "6.2": "E", "7.3": "gradient", "8.1": "deltas", "8.3": "deltas", "9.1": "step",
    "11.1": "softmax", "11.5": "softmax.jacobian", "11.6": "cross_entropy", "11.9": "cross_entropy.dE_du",
    "11.10": "deltas", "11.13": "gradient",
    "12.3": "Convolution.du_db", "12.4": "Convolution.du_dK", "12.5": "Convolution.du_dx",
    "12.6": "Convolution.as_matrix", "12.7": "Convolution.u",
    "13.2": "Convolution.dE_db", "13.4": "Convolution.dE_dK", "13.6": "Convolution.dE_dx",
    "14.1": "MeanPooling.u", "14.3": "MeanPooling.dE_dx", "14.4": "MeanPooling.dE_dbeta",
    "14.8": "MaxPooling.u", "14.9": "MaxPooling.dE_dx", "16.2": "tape.gradients",
}  # fmt: skip

# A chapter defines a term where it first writes it in **bold**.
TERMS = (
    "activation", "activation function", "affine", "argmax", "automatic differentiation", "back-propagation", "bias",
    "blame", "broadcasting", "central difference", "chain rule over several paths", "cheap gradient principle",
    "checkpointing", "complex step", "computational graph", "confusion matrix", "convolution", "cross-entropy",
    "denominator layout", "epoch", "equivariance", "feature map", "finite difference", "flat array",
    "flipped kernel", "forward difference", "forward mode", "Frobenius norm", "gradient", "gradient check",
    "gradient descent", "Hadamard product", "hidden layer", "hidden unit", "Jacobian", "Jacobian–vector product",
    "kernel", "kink", "layer", "learning rate", "log-sum-exp", "loss", "mini-batch", "neural network", "one-hot",
    "outer product", "padding", "parameter", "patch", "pooling", "pre-activation", "referee", "ReLU", "reverse mode",
    "Richardson extrapolation", "rounding error", "saliency map", "saturated unit", "sigmoid", "softmax", "softplus",
    "softsign", "standard basis vector", "stochastic gradient descent", "stride", "subsampling", "tanh", "tape",
    "target", "test set", "training set", "transposed convolution", "truncation error", "validation set",
    "vanishing gradient", "vector–Jacobian product", "weight", "weight decay", "weight sharing",
)  # fmt: skip
ALSO_WRITTEN = {
    "Hadamard product": ("Hadamard (entry-by-entry) product", "entry-by-entry product"),
    "flat array": ("flat",),
    "saturated unit": ("saturated", "saturates", "saturation"),
    "test set": ("test",),
    "training set": ("training", "training, validation, and test set", "training, validation, and test sets"),
    "validation set": ("validation",),
}
LINK = re.compile(r"\\text\{[^{}]*\}")  # words between two formulas: "in short"
INTRODUCTION = """# All equations

This page lists every numbered equation in the book and states how each one is checked. A gradient is checked
against the referee of [Chapter 1]({referee}), which measures it with finite differences. Any other equality is
checked by a second computation of the same numbers. The column *in code* names the function of `nnmath` that
computes the result, if there is one. The tests in `tests/` verify the formulas of the package once more, with tools
that share no code with it: the complex step, symbolic algebra, automatic differentiation on random networks,
50-digit arithmetic, and an example worked by hand. S1 to S22 are the equations of the text that Chapters 0 to 9
follow. P1 to P16 number the main equations of Chapters 11 to 16. Some come from the paper cited in that text, Jake
Bouvrie's *Notes on Convolutional Neural Networks* (2006); the others were added for this book."""


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
    yield from ("", "| no. | formula | source | in code | checked by |", "|---|---|---|---|---|")
    for name, notebook in read:
        where = f"[{ledger.prefix(name, notebook)}]({name})"
        for ids, formula in ledger.definitions(notebook):
            yield f"| {where} | ${_inline(formula)}$ | {', '.join(ids)} | | a definition |"
        yield from (_row(entry) for entry in ledger.entries(name, notebook))


def _row(entry):
    function = _in_code(f"nn.{IN_CODE[entry.tag]}") if entry.tag in IN_CODE else ""
    is_measured = f'nn.check("{entry.tag}"' in entry.check or "nn.numerical_" in entry.check
    checked = "finite differences" if is_measured else "second computation"
    where, ids = f"[{entry.tag}]({entry.notebook})", ", ".join(entry.source)
    return f"| {where} | ${_inline(entry.formula)}$ | {ids} | {function} | {checked} |"


def _in_code(name):
    """A name as code. A long one may be broken before its last dot, which keeps the table narrow."""
    of, _, last = name.rpartition(".")
    return f"<code>{of}<wbr>.{last}</code>" if "." in of else f"`{name}`"


def _index(found):
    yield from ("## Index of terms", "", "Each term is defined in the chapter named beside it.", "")
    yield from ("| term | defined in |", "|---|---|")
    for term, name in found.items():
        title = books.title(books.NOTEBOOKS / name)
        yield f"| {term} | [{title}]({name}) |"


def _inline(formula):
    """On one line of the source, without the bar that would end a table's cell, and stacked."""
    line = re.sub(r"\s+", " ", formula.strip()).replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return _stacked(line)


def _stacked(formula):
    """The formula with its side-by-side parts stacked, which keeps the table narrow."""
    parts, depth = [""], 0
    for piece in re.split(r"(\\qquad|\\begin\b|\\end\b|\\[{}]|[{}])", formula):
        depth += {"{": 1, "}": -1, r"\begin": 1, r"\end": -1}.get(piece, 0)
        if piece == r"\qquad" and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    lines = []
    for part in map(str.strip, parts):
        if lines and LINK.fullmatch(lines[-1]):
            lines[-1] += rf"\quad {part}"
        else:
            lines.append(part)
    stacked = r" \\[1ex] & ".join(lines)
    return rf"\begin{{aligned}} & {stacked} \end{{aligned}}" if len(lines) > 1 else formula
