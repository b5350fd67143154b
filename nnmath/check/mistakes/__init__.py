"""The catalogue of wrong formulas that people write: each has a name, an explanation, and code that runs as it is shown.

The words are in `texts`; the right and wrong forms of the formulas are in `layer`, `propagation`, `slope` and `softmax`.
"""

from .backward import gradient_with_mistake
from .formulas import FORMULAS, form, names, suspects, value
from .model import Mistake
from .texts import catalogue

__all__ = ["FORMULAS", "Mistake", "catalogue", "form", "gradient_with_mistake", "names", "suspects", "value"]
