"""Back-propagation with mistakes in it: the whole backward pass, with some of its formulas replaced by wrong forms."""

from collections.abc import Mapping

import numpy as np

from ...backprop import Gradient
from ...network import Network, Trace
from .formulas import value

PASS = ("delta_L", "delta", "dE_dW", "dE_db")    # the formulas of the backward pass, in the order of their use


def gradient_with_mistake(net: Network, trace: Trace, y: np.ndarray, formula: str = "delta",
                          name: str = "correct", eta: float = 1.0) -> Gradient:
    """Every ∂E/∂W^l and ∂E/∂b^l by back-propagation with one of its formulas replaced by a mistake.

    Parameters
    ----------
    formula : "delta_L", "delta", "dE_dW" or "dE_db".
    name : the mistake.
    eta : the learning rate of "already updated W".

    Returns
    -------
    Gradient
        Its arrays may have wrong shapes.

    Raises
    ------
    ValueError
        There is no such formula, or the mistake cannot be made in it.
    Exception
        Whatever the wrong code itself raises.
    """
    if formula not in PASS:
        raise ValueError(f"{formula!r} is not a formula of back-propagation; expected one of {', '.join(PASS)}")
    symbols = {"W": net.W, "f": net.f, "u": trace.u, "x": trace.x, "t": trace.t, "y": y, "L": net.L, "eta": eta}
    return _backward({formula: name}, symbols, net)


def _backward(replaced: Mapping[str, str], symbols: dict, net: Network) -> Gradient:
    chosen = {formula: replaced.get(formula, "correct") for formula in PASS}
    delta = {net.L: value("delta_L", chosen["delta_L"], **symbols)}
    for l in range(net.L - 1, 0, -1):
        delta[l] = value("delta", chosen["delta"], l=l, delta=delta, **symbols)
    return Gradient({l: value("dE_dW", chosen["dE_dW"], l=l, delta=delta, **symbols) for l in net.W},
                    {l: value("dE_db", chosen["dE_db"], l=l, delta=delta, **symbols) for l in net.b})
