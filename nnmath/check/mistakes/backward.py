"""Back-propagation with mistakes in it: the whole backward pass, with some of its formulas replaced by wrong forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ...backprop import Gradient
from ...error import Loss, squared_error
from ...network import Network, Trace
from .formulas import names, value

# The formulas of a backward pass in the order of their use. "delta_L" is the δ of the output layer under the squared
# error, "softmax_cross_entropy" and "cross_entropy" are that of the two losses in chapter 11.
PASS = ("delta_L", "softmax_cross_entropy", "cross_entropy", "slope", "delta", "dE_dW", "dE_db", "decay", "bias_decay")


def gradient_with_mistake(
    net: Network, trace: Trace, y: np.ndarray, formula: str = "delta", name: str = "correct", eta: float = 1.0
) -> Gradient:
    """Every ∂E/∂W^l and ∂E/∂b^l by back-propagation, with one formula replaced by a mistake

    It is `gradient_with_mistakes` for one mistake and the squared error.
    """
    return gradient_with_mistakes(net, trace, y, {formula: name}, eta=eta)


def gradient_with_mistakes(
    net: Network,
    trace: Trace,
    y: np.ndarray,
    replaced: Mapping[str, str],
    loss: Loss = squared_error,
    decay: float = 0.0,
    eta: float = 1.0,
) -> Gradient:
    """Every ∂E/∂W^l and ∂E/∂b^l by back-propagation, with some of its formulas replaced by mistakes

    Parameters
    ----------
    replaced : {formula: mistake}, for example {"slope": "f′ missing", "delta": "already updated W"}. The mistakes in
        "slope" are made wherever f′ is used.
    loss, decay : the loss, and λ of its weight decay.
    eta : the learning rate of "already updated W".

    Returns
    -------
    Gradient
        Its arrays may have wrong shapes. A form that needs a layer before the first or after the last one is replaced
        by the right form there.

    Raises
    ------
    ValueError
        There is no such formula, the mistake cannot be made in it, or the loss does not use the formula.
    Exception
        Whatever the wrong code itself raises.
    """
    for formula, name in replaced.items():
        if formula not in PASS:
            raise ValueError(f"{formula!r} is not a formula of back-propagation; expected one of {', '.join(PASS)}")
        if name not in names(formula):
            raise ValueError(f"{name!r} is not a mistake in the formula {formula!r}; expected one of {names(formula)}")
    wanted = [(name, l) for name, there in (("W", net.W), ("b", net.b)) for l in there]
    arrays = arrays_with_mistakes(wanted, net, trace, y, replaced, loss, decay, eta)
    return Gradient({l: arrays["W", l] for l in net.W}, {l: arrays["b", l] for l in net.b})


def arrays_with_mistakes(
    wanted: Iterable[tuple[str, int]],
    net: Network,
    trace: Trace,
    y: np.ndarray,
    replaced: Mapping[str, str],
    loss: Loss,
    decay: float,
    eta: float,
) -> dict[tuple[str, int], Any]:
    """The same for some arrays only, under ("W", l) and ("b", l)."""
    return _Pass(net, trace, y, replaced, loss, decay, eta).arrays(list(wanted))


class _Pass:
    """One backward pass."""

    def __init__(
        self,
        net: Network,
        trace: Trace,
        y: np.ndarray,
        replaced: Mapping[str, str],
        loss: Loss,
        decay: float,
        eta: float,
    ) -> None:
        self.net, self.replaced, self.loss, self.decay = net, replaced, loss, decay
        self.symbols: dict[str, Any] = {
            "W": net.W,
            "b": net.b,
            "f": net.f,
            "u": trace.u,
            "x": trace.x,
            "t": trace.t,
            "y": y,
            "L": net.L,
            "eta": eta,
            "lam": decay,
        }

    def arrays(self, wanted: list[tuple[str, int]]) -> dict[tuple[str, int], Any]:
        delta = {self.net.L: self._output_delta()}
        for l in range(self.net.L - 1, 0, -1):
            delta[l] = self._value("delta", l, delta)
        found = {(name, l): self._value(f"dE_d{name}", l, delta) for name, l in wanted}
        if self.decay:
            for name, l in wanted:
                found[name, l] = found[name, l] + self._value("decay" if name == "W" else "bias_decay", l, delta)
        return found

    def _output_delta(self) -> np.ndarray:
        formula, symbols = output_formula(self.net, self.loss), self.symbols
        unused = ({"delta_L", "softmax_cross_entropy", "cross_entropy"} - {formula}) & set(self.replaced)
        if unused:
            raise ValueError(f"{unused.pop()!r} is not used with this loss; expected {formula!r}")
        L, y = self.net.L, symbols["y"]
        f, u, scale = self.net.f[L], symbols["u"][L], self.loss.scale(y.shape[1])
        name = self.replaced.get(formula or "", "correct")
        if formula == "delta_L":
            return scale * value("delta_L", name, **symbols | {"f": self._slopes(L)})
        if formula:
            return scale * value(formula, name, u=u, t=symbols["t"], y=y, f=f)
        if f.name == "softmax":
            return self.loss.dE_du(f, u, y)
        return self._slopes(L)[L].prime(u) * self.loss.dE_dt(symbols["t"], y)

    def _value(self, formula: str, l: int, delta: Mapping[int, np.ndarray]) -> Any:
        symbols = {**self.symbols, "l": l, "delta": delta, "f": self._slopes(l)}
        name = self.replaced.get(formula, "correct")
        try:
            return value(formula, name, **symbols)
        except KeyError:  # a layer before the first or after the last one
            return value(formula, "correct", **symbols)

    def _slopes(self, l: int) -> Mapping[int, Any]:
        """f, or in its place something whose `prime` is the wrong f′ of layer l."""
        if self.replaced.get("slope", "correct") == "correct" or self.net.f[l].name == "softmax":
            return self.net.f
        return {l: GivenSlope(value("slope", self.replaced["slope"], **{**self.symbols, "l": l}))}


class GivenSlope:
    """What has a given array as its derivative, whatever u is."""

    def __init__(self, slope: np.ndarray) -> None:
        self.slope = slope

    def prime(self, u: np.ndarray) -> np.ndarray:
        return self.slope


def output_formula(net: Network, loss: Loss) -> str | None:
    """The formula of the catalogue that gives the δ of the output layer, or None if it has none for this loss."""
    is_pair = loss.from_u is not None and loss.from_u.f is net.f[net.L]
    if is_pair:
        return "softmax_cross_entropy" if net.f[net.L].name == "softmax" else "cross_entropy"
    return "delta_L" if loss.values is squared_error.values and net.f[net.L].name != "softmax" else None
