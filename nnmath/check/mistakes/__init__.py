"""The catalogue of wrong formulas that people write. Each has a name, an explanation, and the code that is run.

The words are in `texts`, and the right and wrong forms of the formulas in `layer`, `propagation`, `slope`,
`softmax`, `convolution` and `reverse`.
"""

from .backward import PASS, gradient_with_mistake, gradient_with_mistakes
from .formulas import FORMULAS, form, names, suspects, value
from .model import Mistake
from .texts import catalogue

__all__ = [
    "FORMULAS",
    "PASS",
    "Mistake",
    "catalogue",
    "form",
    "gradient_with_mistake",
    "gradient_with_mistakes",
    "names",
    "suspects",
    "value",
]
