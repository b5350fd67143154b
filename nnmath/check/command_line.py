"""python -m nnmath check FILE.py: checks the gradient that a file defines."""

from __future__ import annotations

import argparse
import runpy
import sys
from collections.abc import Sequence
from typing import Any

from .judge import judge


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 means that the gradient agrees or nearly agrees, 1 that it does not, 2 that there is none to
    check."""
    options = _parser().parse_args(arguments)
    names = runpy.run_path(options.file)
    values = {}
    for what, others in (("F", ("F", "loss")), ("gradient", ("gradient", "grad")), ("at", ("at", "point", "params"))):
        given = getattr(options, what)
        found = [name for name in ([given] if given else others) if name in names]
        if not found:
            print(
                f"{options.file} has no {' or '.join([given] if given else others)}; expected the function F, its "
                "gradient and the point at, or their names after --F, --gradient, and --at",
                file=sys.stderr,
            )
            return 2
        values[what] = names[found[0]]
    verdict = judge(values["gradient"], values["F"], values["at"], sample=_number(options.sample))
    print(verdict)
    return 0 if verdict.kind in ("agrees", "nearly agrees") else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nnmath", description="The mathematics of back-propagation.")
    commands = parser.add_subparsers(required=True, metavar="check")
    check = commands.add_parser(
        "check",
        help="check a gradient against finite differences and say what is wrong with it",
        description="The file defines a function F(at) of one number, its gradient (a "
        "function, or an array) and the point at.",
    )
    check.add_argument("file")
    check.add_argument("--F", help="the name of the function; F or loss by default")
    check.add_argument("--gradient", help="the name of the gradient; gradient or grad by default")
    check.add_argument("--at", help="the name of the point; at, point, or params by default")
    check.add_argument("--sample", help='how many entries of each array to measure, or "all"')
    return parser


def _number(text: str | None) -> Any:
    return int(text) if text and text.isdigit() else text
