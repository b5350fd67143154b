"""Formulas as HTML, set when the site is built: KaTeX (docs/katex) runs here, and no page needs a script for them."""

import atexit
import re
from functools import cache
from pathlib import Path

from py_mini_racer import MiniRacer

KATEX = Path(__file__).parent / "katex" / "katex.min.js"
SET = """(formula, displayMode) => katex.renderToString(formula, {
    displayMode, throwOnError: true, strict: 'ignore',
    colorIsTextColor: true,    // \\color{…}{x} colours x alone, as in MathJax and therefore in the notebooks
})"""


@cache
def _engine():
    engine = MiniRacer()
    atexit.register(engine.close)  # otherwise Python often waits forever for V8's threads when it exits
    engine.eval(KATEX.read_text(encoding="utf-8"))
    engine.eval(f"const set = {SET}")
    return engine


@cache
def html(formula, display=False):
    """The HTML of a formula, with MathML for screen readers. Errors: JSEvalException if KaTeX cannot read it."""
    if display:
        formula = re.sub(r"\\\\(?=\s*\n)", lambda _: r"\\[0.4em]", formula)  # fractions in rows would touch
    return _engine().call("set", formula, display)
