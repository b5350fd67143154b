"""Habits of style that the book has given up: python tools/prose.py [paths …]

prints each place where one is left, with what to write instead. It reads the text cells of notebooks, the comments and
strings of Python files, and Markdown files. Without paths it reads the whole book.
"""

import io
import re
import sys
import tokenize
from pathlib import Path

import books

HABITS = [  # (what to look for, what to write instead)
    (r"\bslopes? (is |are )?(taken )?by [a-zA-ZαδηΔ]\b|\btaken by [A-Za-z]\b", "the derivative with respect to x"),
    (r"\bh[eo]lds? against\b", "checked against"),
    (r"\bspel(led|t) (like|as|in)\b", "mirrors the formula; written as on the page"),
    (r"\b(stands?|stood|standing)\b(?! (for|out|on its own)\b)", "are, appear, occur, sit in"),
    (r"\bMeant (is|are)\b", "put the subject first"),
    (r"\bmend(s|ed|ing)?\b", "fix"),
    (r"\bturn(s|ed|ing)? away\b", "reject"),
    (r"\bat the door\b", "on entry"),
    (r"\bfor ever\b", "forever"),
    (r"\bno say of (its|their) own\b", "is not a parameter"),
    (r"\bsisters?\b", "no figure but the referee and blame"),
    (r", for (it|they|there|that|this|these|those|each) (is|are|was|were|ha[sd]|have|do|does|can|will)\b", "because"),
    (r"\b(nothing|none|everything|all) but\b", "except, only"),
    (r"\blayers? (above|below)\b|\b(top|topmost|bottom|lowest|highest) layers?\b", "previous, next, output layer"),
    (r"\bsays nothing\b(?! about)", "is inconclusive"),
    (r"\b(nothing|none) of it\b", "nothing, or a verb such as block"),
    (r"\bonward\b", "forward_from, or on"),
    (r"\brungs?\b", "steps"),
    (r"\bgame of chance\b|\bdraws? lots\b", "is random"),
    (r"^[^.:!?`$|{}\n]*\w: [^.:!?`$|{}\n]*\w: ", "two sentences instead of a chain of colons"),
]  # fmt: skip
PATTERNS = [(re.compile(pattern, re.IGNORECASE | re.MULTILINE), instead) for pattern, instead in HABITS]
CODE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|<[^>]+>", re.DOTALL)


def prose(path):
    """(place, text) of every piece of prose in a file."""
    if path.suffix == ".ipynb":
        return [(f"{path.name} {cell.id}", cell.source) for cell in books.markdown_cells(books.read(path))]
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [(f"{path}:{line}", text) for line, text in _comments_and_strings(source)]
    return [(str(path), source)]


def _comments_and_strings(source):
    kinds = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", None)}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in kinds:
            yield token.start[0], token.string


def faults(path):
    """The habits that are left in a file, each with what to write instead."""
    for place, text in prose(path):
        words = CODE.sub(" … ", text)
        for pattern, instead in PATTERNS:
            for found in pattern.finditer(words):
                around = " ".join(words[max(found.start() - 30, 0) : found.end() + 30].split())
                yield f"{place}: {found[0].strip()!r} in {around!r}; write: {instead}"


def everything():
    """All files of the book that hold prose for readers."""
    pages = [
        books.ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "tests/benchmarks/README.md")
    ]
    return [
        *books.ALL,
        *sorted((books.ROOT / "nnmath").rglob("*.py")),
        *(path for path in sorted((books.ROOT / "tools").glob("*.py")) if path.name != "prose.py"),
        *pages,
    ]


def _below(path):
    return sorted(p for suffix in ("py", "md", "ipynb") for p in path.rglob(f"*.{suffix}")) if path.is_dir() else [path]


def main(names):
    paths = [path for name in names for path in _below(Path(name))] or everything()
    found = [fault for path in paths for fault in faults(path)]
    print("\n".join(found) or f"{len(paths)} files, and none of the habits is left")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
