"""The catalogue of wrong formulas that people write. Each has a name, an explanation and the code that is run.

The words are in `texts`, and the right and wrong forms of the formulas in `layer`, `propagation`, `slope` and
`softmax`.
"""

from .backward import gradient_with_mistake
from .formulas import FORMULAS, form, names, suspects, value
from .model import Mistake
from .texts import catalogue

__all__ = ["FORMULAS", "Mistake", "catalogue", "form", "gradient_with_mistake", "names", "suspects", "value"]
