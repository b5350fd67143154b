"""Formulas as HTML, set when the site is built: KaTeX (docs/katex) runs here, and no page needs a script for them."""

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
    engine.eval(KATEX.read_text(encoding="utf-8"))
    engine.eval(f"const set = {SET}")
    return engine


@cache
def html(formula, display=False):
    """The HTML of a formula, with MathML for screen readers. Errors: JSEvalException if KaTeX cannot read it."""
    return _engine().call("set", formula, display)
