"""Which mistakes explain all gradients of a network at once, found layer by layer from the output.

Back-propagation computes the δ of the output layer first, and every other δ from the one after it. So does the search:
it tries the catalogue's forms of δ, of ∂E/∂W and of ∂E/∂b in the output layer, keeps those that give the claimed numbers,
and goes on to the layer before. A mistake that was found once costs nothing in the other layers, because a program uses
one line or one helper function for all of them. Explanations with fewer mistakes come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np

from .mistakes import names, value
from .mistakes.backward import GivenSlope, output_formula
from .mistakes.formulas import DOES_NOT_FIT

Array = np.ndarray
Key = tuple[str, str, float]    # formula, name, factor

SCALED = {"y − t", "sign", "factor 2", "factor ½", "mean for sum", "1/N twice"}    # forms that only multiply: fitted instead
MOST = 3          # mistakes in one explanation
ROUNDING = 1e4    # machine epsilons: two ways to compute the same gradient were never farther apart
SAME = 1e-9       # two factors that differ by less are one


@dataclass(frozen=True)
class Made:
    """One mistake of an explanation: the formula and the layers it was made in, and the numbers that were fitted."""

    formula: str
    name: str
    layers: tuple[int, ...]
    evidence: tuple[tuple[str, float], ...] = ()
    same_numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """The layers explained so far, with the δ that the claimed gradients were computed from."""

    delta: Mapping[int, Array] = field(default_factory=dict)
    made: Mapping[Key, Made] = field(default_factory=dict)

    def cost(self, keys: list[Key]) -> int:
        """How many of these mistakes were not made in a later layer."""
        return len({key for key in keys if key not in self.made})

    def with_layer(self, l: int, delta: Array, found: list[tuple[Key, Made]]) -> State:
        made = dict(self.made)
        for key, one in found:
            before = made[key].layers if key in made else ()
            made[key] = replace(one, layers=(*before, l))
        return State({**self.delta, l: delta}, made)


class Search:
    """The search for one set of claims.

    Parameters
    ----------
    claims
        {("W", l): array, ("b", l): array}.
    net, trace, y, loss, decay, eta
        As in `judge_network`.
    """

    def __init__(self, claims: Mapping, net: Any, trace: Any, y: Array, loss: Any, decay: float, eta: float) -> None:
        self.claims, self.net, self.loss, self.eta = claims, net, loss, eta
        self.N = y.shape[1]
        self.scale = loss.scale(self.N)
        self.start = output_formula(net, loss)
        self.symbols = {"W": net.W, "b": net.b, "f": net.f, "u": trace.u, "x": trace.x, "t": trace.t, "y": y, "L": net.L,
                        "eta": eta, "lam": decay, "N": self.N}
        self.decays = names("decay") if decay else ["correct"]
        self.bias_decays = names("bias_decay") if decay else ["correct"]

    def explanations(self) -> Iterator[tuple[Made, ...]]:
        """Explanations of all claims with as few mistakes as possible, the mistakes of later layers first."""
        with np.errstate(all="ignore"):
            for budget in range(1, MOST + 1):
                found = False
                for state in self._from_layer(self.net.L, State(), budget):
                    found = True
                    yield tuple(state.made.values())
                if found:
                    return

    def _from_layer(self, l: int, state: State, budget: int) -> Iterator[State]:
        """The states that explain layers 1 to l with at most `budget` new mistakes."""
        if l == 0:
            if state.made:
                yield state
            return
        for delta, found in self._deltas(l, state, budget):
            left = budget - state.cost([key for key, _ in found])
            for explained in self._gradients(l, delta, found, state, left):
                spent = len(explained.made) - len(state.made)
                yield from self._from_layer(l - 1, explained, budget - spent)

    # δ of one layer ----------------------------------------------------------------------------------------------------

    def _deltas(self, l: int, state: State, budget: int) -> Iterator[tuple[Array, list]]:
        """(δ^l, the mistakes in it) for all right and wrong forms, those with fewer new mistakes first."""
        forms = self._output_forms() if l == self.net.L else [("delta", name) for name in names("delta")]
        slopes = names("slope") if self._has_slope(l) else ["correct"]
        choices = [[(formula, name) for formula, name in (form, ("slope", slope)) if name != "correct"]
                   for form in forms for slope in slopes
                   if form[1] not in SCALED and (form[1] == "correct" or form[1] not in names("slope"))]
        tried = sorted(choices, key=lambda made: state.cost([(*one, 1.0) for one in made]))
        for made in tried:
            if state.cost([(*one, 1.0) for one in made]) > budget:
                return
            try:
                delta, evidence = self._delta(l, state, dict(made))
            except DOES_NOT_FIT:
                continue
            if np.shape(delta) == self.symbols["u"][l].shape and np.all(np.isfinite(delta)):
                yield delta, [((formula, name, 1.0), Made(formula, name, (), evidence)) for formula, name in made]

    def _output_forms(self) -> list[tuple[str, str]]:
        if self.start is None:
            return [("delta_L", "correct")]
        formula = "dE_dt" if self.start == "delta_L" else self.start
        return [(formula, name) for name in names(formula)]

    def _has_slope(self, l: int) -> bool:
        """Whether the δ of this layer contains f′."""
        return self.net.f[l].name != "softmax" and (l < self.net.L or self.start in ("delta_L", None))

    def _delta(self, l: int, state: State, made: Mapping[str, str]) -> tuple[Array, tuple]:
        symbols = {**self.symbols, "l": l, "delta": state.delta}
        if l == self.net.L:
            return self._output_delta(symbols, made), ()
        symbols["f"] = {l: GivenSlope(value("slope", made.get("slope", "correct"), **symbols))}
        if made.get("delta") != "already updated W":
            return value("delta", made.get("delta", "correct"), **symbols), ()
        eta = self._fitted_eta(l, symbols)
        evidence = () if np.isclose(eta, self.eta, rtol=1e-6) else (("learning rate", eta),)
        return value("delta", "already updated W", **{**symbols, "eta": eta}), evidence

    def _output_delta(self, symbols: dict, made: Mapping[str, str]) -> Array:
        L, t, y = self.net.L, self.symbols["t"], self.symbols["y"]
        f, u = self.net.f[L], self.symbols["u"][L]
        if self.start not in ("delta_L", None):
            return self.scale * value(self.start, made.get(self.start, "correct"), u=u, t=t, y=y, f=f)
        if not self._has_slope(L):
            return self.loss.dE_du(f, u, y)
        slope = value("slope", made.get("slope", "correct"), **symbols)
        if self.start is None:
            return slope * self.loss.dE_dt(t, y)
        return self.scale * slope * value("dE_dt", made.get("dE_dt", "correct"), t=t, y=y)

    def _fitted_eta(self, l: int, symbols: dict) -> float:
        """The learning rate with which W^{l+1} was updated too early, from ∂E/∂W^l, which is affine in it."""
        none, one = (value("delta", "already updated W", **{**symbols, "eta": eta}) for eta in (0.0, 1.0))
        x = self.symbols["x"][l-1]
        start, change = none @ x.T, (one - none) @ x.T
        claim = np.asarray(self.claims["W", l], dtype=float)
        if claim.shape != change.shape or not change.any():
            raise ValueError("no learning rate can be fitted")
        size = np.abs(change).max()
        return float(np.sum((claim - start) / size * (change / size)) / np.sum((change / size)**2))

    # ∂E/∂W and ∂E/∂b of one layer --------------------------------------------------------------------------------------

    def _gradients(self, l: int, delta: Array, found: list, state: State, budget: int) -> Iterator[State]:
        """The states with layer l explained, from all forms of ∂E/∂W and ∂E/∂b that give the claims."""
        symbols = {**self.symbols, "l": l, "delta": {**state.delta, l: delta}}
        biases = self._fits("dE_db", ("b", l), "bias_decay", self.bias_decays, symbols) if l in self.net.b else [None]
        weights = self._fits("dE_dW", ("W", l), "decay", self.decays, symbols) if biases else []
        ways = [way for W in weights for b in biases for way in self._factors(l, W, b)]
        for factor, more in sorted(ways, key=lambda way: state.cost([key for key, _ in way[1]])):
            if state.cost([key for key, _ in more]) <= budget:
                yield state.with_layer(l, factor * delta, found + more)

    def _fits(self, formula: str, key: tuple, decay: str, decays: list[str], symbols: dict) -> list:
        """(factor, the mistakes) for all forms that give the claim but for a factor."""
        fits = []
        for decayed in decays:
            added = value(decay, decayed, **symbols) if self.symbols["lam"] else 0.0
            for name in names(formula):
                if name in SCALED:
                    continue
                try:
                    factor = fitted_factor(self.claims[key], value(formula, name, **symbols), added)
                except DOES_NOT_FIT:
                    continue
                if factor is not None:
                    made = [(one, which) for one, which in ((formula, name), (decay, decayed)) if which != "correct"]
                    fits.append((factor, np.size(self.claims[key]), made))
        return fits

    def _factors(self, l: int, W: tuple, b: tuple | None) -> Iterator[tuple[float, list]]:
        """(factor of δ, all mistakes): each way to share the factors of ∂E/∂W and ∂E/∂b between δ and the two formulas."""
        of_W, _, made = W
        of_b = of_W if b is None else b[0]
        made = [((*one, 1.0), Made(*one, ())) for one in made + ([] if b is None else b[2])]
        is_known = b is None or b[1] > 1 or W[1] == 1
        start = "delta_L" if l == self.net.L else "delta"
        for of_delta in dict.fromkeys((1.0, of_W, of_b)):
            shares = {start: of_delta, "dE_dW": of_W / of_delta, "dE_db": of_b / of_delta}
            named = [self._named(formula, share) for formula, share in shares.items() if abs(share - 1) > SAME]
            if is_known or not any(one.name == "constant factor" for some in named for _, one in some):
                yield of_delta, made + [one for some in named for one in some]

    def _named(self, formula: str, factor: float) -> list[tuple[Key, Made]]:
        """The mistakes that multiply by this factor."""
        minus = "y − t" if formula == "delta_L" else "sign"
        single = {minus: -1.0, "factor 2": 2.0, "factor ½": 0.5}
        if self.N > 1:
            single |= {"1/N twice": 1 / self.N, "1/N missing": self.N} if self.scale != 1 else {
                "mean for sum": 1 / self.N, "1/N twice": 1 / self.N**2}
        alike = [name for name, one in single.items() if abs(factor / one - 1) < SAME]
        if alike:
            return [((formula, alike[0], factor), Made(formula, alike[0], (), (("factor", factor),), tuple(alike[1:])))]
        for pair in combinations(single, 2):
            if abs(factor / (single[pair[0]] * single[pair[1]]) - 1) < SAME:
                return [((formula, name, single[name]), Made(formula, name, (), (("factor", single[name]),)))
                        for name in pair]
        return [((formula, "constant factor", round(factor, 9)), Made(formula, "constant factor", (), (("factor", factor),)))]


def fitted_factor(claim: Any, right: Array, added: Any = 0.0) -> float | None:
    """c if claim = c · right + added up to rounding, otherwise None."""
    claim, eps = _numbers(claim)
    if claim is None or claim.shape != np.shape(right):
        return None
    rest = claim - added
    size = np.abs(right).max(initial=0.0)
    rounding = ROUNDING * eps * max(size, np.abs(claim).max(initial=0.0))
    if not np.isfinite(size) or size == 0:
        return 1.0 if size == 0 and np.all(np.abs(rest) <= rounding) else None
    factor = float(np.sum(rest / size * (right / size)) / np.sum((right / size)**2))
    if abs(factor) < SAME or not np.all(np.abs(rest - factor * right) <= ROUNDING * eps * np.abs(claim).max()):
        return None
    return 1.0 if abs(factor - 1) < max(SAME, ROUNDING * eps) else factor


def _numbers(claim: Any) -> tuple[Array | None, float]:
    """The claim as an array with its machine epsilon, or None if it has no finite real numbers."""
    try:
        array = np.asarray(claim)
    except Exception:    # whatever it is, it is no array of numbers
        return None, 0.0
    if array.dtype.kind not in "fiu" or not np.all(np.isfinite(array)):
        return None, 0.0
    eps = float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else float(np.finfo(float).eps)
    return array.astype(float), eps
