"""Which mistakes explain all gradients of a network at once, found layer by layer from the output.

Back-propagation computes the δ of the output layer first, and every other δ from the one after it. So does the search:
it tries the catalogue's forms of δ, of ∂E/∂W and of ∂E/∂b in the output layer, keeps those that give the claimed
numbers with the fewest mistakes, and goes on to the layer before. A mistake that was found once costs nothing in the
other layers, because a program uses one line or one helper function for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import combinations
from typing import Any

import numpy as np

from .mistakes import names, value
from .mistakes.backward import GivenSlope, output_formula
from .mistakes.formulas import DOES_NOT_FIT

Array = np.ndarray
Key = tuple[str, int]  # ("W", l) or ("b", l)
MistakeKey = tuple[str, str, float]  # formula, name, factor

# These forms only multiply, so the factor is fitted to the numbers and named afterwards.
SCALED = {"y − t", "sign", "factor 2", "factor ½", "mean for sum", "1/N twice"}
IN_A_LAYER = 2  # mistakes made for the first time in one layer
ROUNDING = 1e4  # machine epsilons: two ways to compute the same gradient were never farther apart
SAME = 1e-9  # two factors that differ by less are one
ENOUGH = 4  # entries that a factor and a λ together must explain, because two numbers can explain any two


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
    made: Mapping[MistakeKey, Made] = field(default_factory=dict)

    def cost(self, keys: list[MistakeKey]) -> int:
        """How many of these mistakes were not made in a later layer."""
        return len({key for key in keys if key not in self.made})

    def with_layer(self, l: int, delta: Array, found: list[tuple[MistakeKey, Made]]) -> State:
        made = dict(self.made)
        for key, one in found:
            before = made[key].layers if key in made else ()
            made[key] = replace(one, layers=(*before, l))
        return State({**self.delta, l: delta}, made)


@dataclass(frozen=True, eq=False)
class Problem:
    """What the gradients are of: a network with its forward pass, the targets, the loss, λ, and an early update's η."""

    net: Any
    trace: Any
    y: Array
    loss: Any
    decay: float
    eta: float


class Search:
    """The search for the claims {("W", l): array, ("b", l): array}."""

    def __init__(self, claims: Mapping, problem: Problem) -> None:
        net, trace, y, loss, decay, eta = (getattr(problem, one.name) for one in fields(problem))
        self.claims, self.net, self.loss, self.eta = claims, net, loss, eta
        self.outputs, self.N = y.shape
        self.scale = loss.scale(self.N)
        self.start = output_formula(net, loss)
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
            "N": self.N,
        }
        self.decays = names("decay") if decay else ["correct"]
        self.bias_decays = names("bias_decay") if decay else ["correct"]

    def explanations(self) -> Iterator[tuple[Made, ...]]:
        """Explanations of all claims, each with its mistakes from the output layer to the first."""
        with np.errstate(all="ignore"):
            for state in self._from_layer(self.net.L, State()):
                yield tuple(state.made.values())

    def _from_layer(self, l: int, state: State) -> Iterator[State]:
        """The states that explain all layers, if those after layer l are explained by this one."""
        if l == 0:
            yield state
            return
        for explained in self._explained(l, state):
            yield from self._from_layer(l - 1, explained)

    def _explained(self, l: int, state: State) -> list[State]:
        """The states with layer l explained by as few new mistakes as possible."""
        deltas = self._deltas(l, state)
        for number in range(IN_A_LAYER + 1):
            found = [
                explained
                for delta, made in deltas
                if state.cost([key for key, _ in made]) <= number
                for explained in self._gradients(l, delta, made, state, number)
            ]
            if found:
                return found
        return []

    # δ of one layer

    def _deltas(self, l: int, state: State) -> list[tuple[Array, list]]:
        """(δ^l, the mistakes in it) for all right and wrong forms, those with fewer new mistakes first."""
        forms = self._output_forms() if l == self.net.L else [("delta", name) for name in names("delta")]
        slopes = names("slope") if self._has_slope(l) else ["correct"]
        choices = [
            [(formula, name) for formula, name in (form, ("slope", slope)) if name != "correct"]
            for form in forms
            for slope in slopes
            if form[1] not in SCALED and (form[1] == "correct" or form[1] not in names("slope"))
        ]
        found = []
        for made in choices:
            try:
                tried = self._delta(l, state, dict(made))
            except DOES_NOT_FIT:
                continue
            found += [
                (delta, [((*one, 1.0), Made(*one, (), evidence)) for one in made])
                for delta, evidence in tried
                if np.shape(delta) == self.symbols["u"][l].shape and np.all(np.isfinite(delta))
            ]
        return sorted(found, key=lambda one: state.cost([key for key, _ in one[1]]))

    def _output_forms(self) -> list[tuple[str, str]]:
        if self.start is None:
            return [("delta_L", "correct")]
        formula = "dE_dt" if self.start == "delta_L" else self.start
        return [(formula, name) for name in names(formula)]

    def _has_slope(self, l: int) -> bool:
        """Whether the δ of this layer contains f′."""
        return self.net.f[l].name != "softmax" and (l < self.net.L or self.start in ("delta_L", None))

    def _delta(self, l: int, state: State, made: Mapping[str, str]) -> list[tuple[Array, tuple]]:
        """(δ^l, numbers that were fitted) with these mistakes; usually it is one."""
        symbols = {**self.symbols, "l": l, "delta": state.delta}
        if l == self.net.L:
            return [(self._output_delta(symbols, made), ())]
        symbols["f"] = self._slopes(l, made)
        if made.get("delta") != "already updated W":
            return [(value("delta", made.get("delta", "correct"), **symbols), ())]
        none, one = (value("delta", "already updated W", **{**symbols, "eta": eta}) for eta in (0.0, 1.0))
        etas = self._fitted_etas(l, none, one - none)
        return [
            (none + eta * (one - none), () if np.isclose(eta, self.eta, rtol=1e-6) else (("learning rate", eta),))
            for eta in etas
        ]

    def _slopes(self, l: int, made: Mapping[str, str]) -> Mapping[int, Any]:
        """The activations, or what has the wrong f′ of layer l as its derivative."""
        if "slope" not in made:
            return self.net.f
        return {l: GivenSlope(value("slope", made["slope"], **{**self.symbols, "l": l}))}

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

    def _fitted_etas(self, l: int, start: Array, change: Array) -> list[float]:
        """The learning rates with which W^{l+1} may have been updated too early, where δ^l = start + η change.

        One is found from ∂E/∂W^l and one from ∂E/∂b^l, because either of them may have a mistake of its own.
        """
        etas: list[float] = []
        for key, of_delta in (
            (("W", l), lambda d: d @ self.symbols["x"][l - 1].T),
            (("b", l), lambda d: d.sum(axis=1, keepdims=True)),
        ):
            claim, _ = numbers_of(self.claims.get(key))
            parts = [of_delta(start), of_delta(change)]
            if claim is None or claim.shape != parts[0].shape or claim.size < ENOUGH - 1 or not parts[1].any():
                continue
            sizes = [np.abs(part).max() for part in parts]
            basis = np.stack([part.ravel() / size for part, size in zip(parts, sizes)], axis=1)
            factor, times_eta = np.linalg.lstsq(basis, claim.ravel(), rcond=None)[0]
            eta = times_eta / sizes[1] / (factor / sizes[0]) if factor else np.inf  # the claim may have a factor
            etas += [float(eta)] if np.isfinite(eta) and not np.isclose(eta, etas, rtol=1e-6).any() else []
        return etas

    # ∂E/∂W and ∂E/∂b of one layer

    def _gradients(self, l: int, delta: Array, found: list, state: State, number: int) -> Iterator[State]:
        """The states with layer l explained by this δ and so many new mistakes, from the forms of ∂E/∂W and ∂E/∂b."""
        slope = {formula: name for (formula, name, _), _ in found if formula == "slope"}
        symbols = {**self.symbols, "l": l, "delta": {**state.delta, l: delta}}
        biases = self._fits("dE_db", ("b", l), "bias_decay", self.bias_decays, symbols) if l in self.net.b else [None]
        weights: list = []
        for f in (self.net.f, self._slopes(l, slope)):  # ∂E/∂W may use the right f′ or the same wrong one
            if biases and not weights:
                weights = self._fits("dE_dW", ("W", l), "decay", self.decays, {**symbols, "f": f})
        ways = [way for W in weights for b in biases for way in self._factors(l, W, b)]
        for factor, more in ways:
            if state.cost([key for key, _ in found + more]) == number:
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
                    made = [
                        ((one, which, 1.0), Made(one, which, ()))
                        for one, which in ((formula, name), (decay, decayed))
                        if which != "correct"
                    ]
                    fits.append((factor, np.size(self.claims[key]), made))
        return fits or self._fit_with_decay(formula, key, decay, symbols)

    def _fit_with_decay(self, formula: str, key: tuple, decay: str, symbols: dict) -> list:
        """The same for a decay whose λ is found from the numbers."""
        right, parameter = value(formula, "correct", **symbols), symbols[key[0]][key[1]]
        claim, eps = numbers_of(self.claims[key])
        if claim is None or claim.shape != right.shape or claim.size < ENOUGH or not (right.any() and parameter.any()):
            return []
        sizes = np.abs(right).max(), np.abs(parameter).max()
        basis = np.stack([right.ravel() / sizes[0], parameter.ravel() / sizes[1]], axis=1)
        factor, lam = np.linalg.lstsq(basis, claim.ravel(), rcond=None)[0]
        close = ROUNDING * eps * np.abs(claim).max()
        if np.any(np.abs(basis @ [factor, lam] - claim.ravel()) > close) or abs(lam) <= 100 * close or not factor:
            return []
        lam = float(f"{lam / sizes[1]:.6g}")
        name = "weight decay" if key[0] == "W" else "bias decayed"
        return [(float(factor / sizes[0]), claim.size, [((decay, name, lam), Made(decay, name, (), (("λ", lam),)))])]

    def _factors(self, l: int, W: tuple, b: tuple | None) -> Iterator[tuple[float, list]]:
        """(factor of δ, all mistakes) for each way to share the factors of ∂E/∂W and ∂E/∂b between δ and these two."""
        of_W, size_of_W, made = W
        of_b, size_of_b, more = (of_W, 1, []) if b is None else b
        start = "delta_L" if l == self.net.L else "delta"
        for of_delta in dict.fromkeys((1.0, of_W, of_b)):
            size_of_delta = max(size_of_W * (of_delta == of_W), size_of_b * (of_delta == of_b))
            shares = (
                (start, of_delta, size_of_delta),
                ("dE_dW", of_W / of_delta, size_of_W),
                ("dE_db", of_b / of_delta, size_of_b),
            )
            factors = [(self._named(formula, share), size) for formula, share, size in shares if abs(share - 1) > SAME]
            # A single number is some multiple of any other, so a factor without a name explains nothing there.
            if all(size > 1 or named[0][1].name != "constant factor" for named, size in factors):
                yield of_delta, made + more + [one for named, _ in factors for one in named]

    def _named(self, formula: str, factor: float) -> list[tuple[MistakeKey, Made]]:
        """The mistakes that multiply by this factor."""
        minus = "y − t" if formula == "delta_L" else "sign"
        single = {minus: -1.0, "factor 2": 2.0, "factor ½": 0.5}
        if self.N > 1:
            single |= (
                {"1/N twice": 1 / self.N, "1/N missing": self.N}
                if self.scale != 1
                else {"mean for sum": 1 / self.N, "1/N twice": 1 / self.N**2}
            )
        if self.outputs > 1:
            single["mean over all entries"] = 1 / (self.outputs * self.N * self.scale)
        alike = [name for name, one in single.items() if abs(factor / one - 1) < SAME]
        if alike:
            factor = single[alike[0]]
            return [((formula, alike[0], factor), Made(formula, alike[0], (), (("factor", factor),), tuple(alike[1:])))]
        for pair in combinations(single, 2):
            if abs(factor / (single[pair[0]] * single[pair[1]]) - 1) < SAME:
                return [
                    ((formula, name, single[name]), Made(formula, name, (), (("factor", single[name]),)))
                    for name in pair
                ]
        constant = Made(formula, "constant factor", (), (("factor", factor),))
        return [((formula, "constant factor", round(factor, 9)), constant)]


def fitted_factor(claim: Any, right: Array, added: Any = 0.0) -> float | None:
    """c if claim = c · right + added up to rounding, otherwise None."""
    claim, eps = numbers_of(claim)
    if claim is None or claim.shape != np.shape(right):
        return None
    rest = claim - added
    size = np.abs(right).max(initial=0.0)
    rounding = ROUNDING * eps * max(size, np.abs(claim).max(initial=0.0))
    if not np.isfinite(size) or size == 0:
        return 1.0 if size == 0 and np.all(np.abs(rest) <= rounding) else None
    factor = float(np.sum(rest / size * (right / size)) / np.sum((right / size) ** 2))
    if abs(factor) < SAME or not np.all(np.abs(rest - factor * right) <= ROUNDING * eps * np.abs(claim).max()):
        return None
    return 1.0 if abs(factor - 1) < max(SAME, ROUNDING * eps) else factor


def numbers_of(claim: Any) -> tuple[Array | None, float]:
    """The claim as an array with its machine epsilon, or None if it has no finite real numbers."""
    try:
        array = np.asarray(claim)
    except Exception:  # whatever it is, it is no array of numbers
        return None, 0.0
    if array.dtype.kind not in "fiu" or not np.all(np.isfinite(array)):
        return None, 0.0
    eps = float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else float(np.finfo(float).eps)
    return array.astype(float), eps
