"""Why a claim is wrong: each hypothesis is checked against the numbers, and named only where it gives them.

suspects    the mistakes of a known formula, as values
scale       all entries by one factor
order       the right numbers in other places: axes, rows, memory order
weights     a multiple of the parameters added: weight decay
values      a constant added, clipped, truncated, zero where wrong, rows counted once
places      which entries, rows or columns are wrong
sums        sums that are zero in F or in the claim alone, or right although the entries are wrong
zeros       zeros that F or the claim alone has, beside other wrong entries
rank        a matrix of lower rank than the measured one
ratios      a ratio that depends on the parameter, or that varies within limits
shape       a claim in another shape
"""

from dataclasses import replace

from .case import Case, catalogued, near, worst
from .order import orders
from .places import places
from .rank import rank
from .ratios import of_parameter, within_limits
from .scale import scales
from .shape import of_shape
from .sums import sums, totals
from .suspects import ranked
from .values import values
from .weights import weights
from .zeros import zeros

__all__ = ["Case", "catalogued", "causes", "fine_causes", "near", "of_shape", "readings", "worst"]


def causes(case):
    """The hypotheses that give the claim's numbers, the most telling first: those about this formula, then one
    general one.

    Which entries are wrong is no cause; `places` tells that.
    """
    if not case.claim.any():
        return [catalogued("zero returned")]
    found = ranked(case)
    names = {diagnosis.name for diagnosis in found}
    for hypotheses in (scales, _located(values), orders, _located(weights)):
        general = hypotheses(case)
        if general:
            return found + [diagnosis for diagnosis in general if diagnosis.name not in names]
    return found


def readings(case):
    """What is seen in the numbers where no hypothesis gives them: where the wrong ones are, or what they have in
    common."""
    for reading in (places, sums, zeros, totals, of_parameter, rank, within_limits):
        found = reading(case)
        if found:
            return [replace(one, is_reading=True) for one in found]
    return []


def fine_causes(case):
    """The hypotheses that may explain a difference so small that nothing else but them is more than a chance."""
    return ranked(case) or weights(case)


def _located(hypotheses):
    """Hypotheses about the wrong entries alone say first where these are, if they are in a few rows or columns."""

    def located(case):
        found, where = hypotheses(case), places(case)
        if not (found and where):
            return found
        return [replace(found[0], seen=f"{where[0].seen} {found[0].seen}"), *found[1:], *where]

    return located
