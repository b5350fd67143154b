"""Why the gradients of a network are wrong: the mistakes that explain all of them, or else those of single arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from ..activation import identity, sigmoid
from ..backprop import Gradient, deltas, gradient
from ..convolution import Convolution
from ..error import squared_error
from ..mixed import MixedNetwork
from ..network import Network, Trace
from ..softmax import binary_cross_entropy, cross_entropy, softmax
from . import mistakes
from .comparison import compare
from .measurement import Measurement
from .mistakes.backward import arrays_with_mistakes
from .mistakes.formulas import DOES_NOT_FIT
from .network_search import Key, Made, Problem, Search, fitted_factor
from .verdict import Diagnosis, NetworkVerdict, Verdict

Array = np.ndarray
MANY = 8  # explanations with the same numbers that are looked at


def explained(
    verdict: NetworkVerdict,
    problem: Problem,
    claims: Mapping[Key, Any],
    truth: Mapping[Key, Measurement],
) -> NetworkVerdict:
    """The verdict with the mistakes that explain the claims."""
    notes, wrong = verdict.notes, [key for key, one in verdict.of.items() if one.kind != "agrees"]
    if isinstance(problem.net, MixedNetwork):
        suspects = _suspects_of_layers(problem, wrong)
    else:
        notes += _other_losses(problem, claims)
        whole = _whole(problem, claims)
        if whole:
            of = {key: replace(one, diagnoses=()) for key, one in verdict.of.items()}  # one explanation is enough
            return replace(verdict, of=of, diagnoses=whole, notes=notes, whole=True)
        suspects = _suspects(problem, wrong)
    again = {key: _explained(problem, key, claims[key], truth[key], suspects) for key in wrong}
    # Where only the rest of a sample differs, along a direction, no single entry is known to be wrong.
    of = {**verdict.of, **{key: one for key, one in again.items() if one.kind == verdict.of[key].kind}}
    return replace(verdict, of=of, diagnoses=_first_reasons(of), notes=notes)


def _whole(problem: Problem, claims: Mapping[Key, Any]) -> tuple[Diagnosis, ...]:
    """The mistakes that explain all gradients together; other names for the same numbers are listed with the first."""
    found, L = sorted(islice(Search(claims, problem).explanations(), MANY), key=len), problem.net.L
    if not found:
        return ()
    first = tuple(_diagnosis(made, L) for made in found[0])
    if len(first) > 1:
        return first
    names = [name for one in found if len(one) == 1 for name in (_name(one[0], L), *one[0].same_numbers)]
    twins = tuple(name for name in dict.fromkeys(names) if name != first[0].name)
    return (replace(first[0], same_numbers=twins),)


def _other_losses(problem: Problem, claims: Mapping[Key, Any]) -> tuple[str, ...]:
    """A note if these are the right gradients of another loss, perhaps with another output activation."""
    net, trace, y = problem.net, problem.trace, problem.y
    for f in (net.f[net.L], identity, sigmoid, softmax):
        other = Network(net.W, net.b, {**net.f, net.L: f})
        passed = Trace(trace.u, {**trace.x, net.L: f(trace.u[net.L])})
        for one in (squared_error, binary_cross_entropy, cross_entropy):
            for tried in (one, one.mean):
                try:
                    right = gradient(other, passed, y, tried)
                except ValueError:
                    continue  # these targets are not for this loss
                if _common_factor(claims, right) == 1:
                    output = "" if f is net.f[net.L] else f" and {f.name} as the output's f"
                    return (
                        f"These are the right gradients for another loss, {tried.name}{output}. If that is what you "
                        f"train with, tell judge_network so with loss=.",
                    )
    return _other_scales(problem, claims)


def _other_scales(problem: Problem, claims: Mapping[Key, Any]) -> tuple[str, ...]:
    """A note if these are the right gradients of another mean of the squared errors, which is the same loss scaled."""
    m, N = np.shape(problem.y)
    right = gradient(problem.net, problem.trace, problem.y, squared_error)
    factor = _common_factor(claims, right)
    if factor is None:
        return ()
    means = {
        2 / (m * N): "the mean of the squared errors over all entries",
        1 / (m * N): "half the mean of the squared errors over all entries",
        2 / N: "the mean of the squared errors over the examples, without the ½",
    }
    for scale, said in means.items():
        if scale != 1 and abs(factor - scale) < 1e-6 * scale:
            return (
                f"These are the right gradients for another loss, {said}. If that is what you train with, multiply "
                f"them by {1 / scale:.12g} before you pass them to judge_network, or pass your own Loss with loss=.",
            )
    return ()


def _common_factor(claims: Mapping[Key, Any], right: Gradient) -> float | None:
    """c if every claim is c times the right array, None if there is no such c."""
    arrays = {("W", l): array for l, array in right.dE_dW.items()}
    arrays |= {("b", l): array for l, array in right.dE_db.items()}
    factors = [fitted_factor(claim, arrays[key]) for key, claim in claims.items()]
    known = [factor for factor in factors if factor is not None]
    if not known or len(known) < len(factors):
        return None
    return known[0] if all(abs(factor - known[0]) <= 1e-6 * abs(known[0]) for factor in known) else None


def _diagnosis(made: Made, L: int) -> Diagnosis:
    name = _name(made, L)
    known = mistakes.catalogue[name]
    evidence = (("layers", made.layers), *made.evidence)
    return Diagnosis(name, _where(made, L), f"{known.tempting} {known.symptom}", evidence, made.same_numbers)


def _name(made: Made, L: int) -> str:
    is_output_slope = made.formula == "slope" and made.name == "f′ missing" and made.layers == (L,)
    return "output's f′ forgotten" if is_output_slope else made.name


def _where(made: Made, L: int) -> str:
    """In which layers it was made, where that is not clear from the name, and the numbers that were fitted."""
    fitted = "".join(
        f" The {what} that fits is {value:.4g}."
        for what, value in made.evidence
        if what != "factor" or made.name == "constant factor"
    )
    hidden, layers = tuple(range(L - 1, 0, -1)), made.layers
    if _name(made, L) != made.name:
        return fitted.strip()
    if made.formula == "slope" and L > 1:
        named = {(L, *hidden): "in every layer", hidden: "in the hidden layers", (L,): "in the output layer"}
        return f"It was made {named.get(layers, _listed(layers))}.{fitted}"
    everywhere = {"delta": hidden, "delta_L": (L,), "dE_dt": (L,)}.get(made.formula, (L, *hidden))
    if layers == everywhere or _reaches(made, layers, everywhere):
        return fitted.strip()
    return f"It was made {_listed(layers)}.{fitted}"


def _reaches(made: Made, layers: tuple[int, ...], everywhere: tuple[int, ...]) -> bool:
    """Whether the mistake was made wherever it can be: some forms need a layer that the first or the last one lacks."""
    last, first = {"next layer's δ": (1, 0), "u for x": (0, 1)}.get(made.name, (0, 0))
    return layers == everywhere[last : len(everywhere) - first]


def _listed(layers: tuple[int, ...]) -> str:
    return f"in layer{'s' * (len(layers) > 1)} {' and '.join(map(str, layers))}"


def _suspects(problem: Problem, wrong: list[Key]) -> dict[tuple[str, str], dict[Key, Array]]:
    """{(formula, name): {("W", l): …}} for the wrong arrays, and every mistake that runs on this network."""
    found = {}
    for formula in mistakes.PASS:
        for name in mistakes.names(formula)[1:]:
            try:
                found[formula, name] = arrays_with_mistakes(
                    wrong,
                    problem.net,
                    problem.trace,
                    problem.y,
                    {formula: name},
                    problem.loss,
                    problem.decay,
                    problem.eta,
                )
            except DOES_NOT_FIT:
                continue  # this mistake would have raised an error
    return found


def _suspects_of_layers(problem: Problem, wrong: list[Key]) -> dict[tuple[str, str], dict[Key, Array]]:
    """The same for the kernels and biases of convolutions, whose formulas may be wrong layer by layer."""
    net, x = problem.net, problem.trace.x
    delta = deltas(net, problem.trace, problem.y, problem.loss)
    found: dict[tuple[str, str], dict[Key, Array]] = {}
    for name, l in wrong:
        if isinstance(net.layers[l], Convolution):
            formula = "dE_dK" if name == "W" else "dE_db_conv"
            values = mistakes.suspects(formula, conv=net.layers[l], delta=delta[l], K=net.W[l], x=x[l - 1])
            for mistake, value in values.items():
                found.setdefault((formula, mistake), {})[name, l] = value
    return found


def _explained(problem: Problem, key: Key, claim: Any, truth: Measurement, suspects: Mapping) -> Verdict:
    """The verdict on one array with the mistake that explains this array alone."""
    here: dict[str, Array] = {}
    for (_, name), values in suspects.items():
        # Of two formulas with a mistake of the same name, the one that gives the claim.
        if key in values and (name not in here or fitted_factor(claim, values[key]) == 1):
            here[name] = values[key]
    outputs, examples = problem.y.shape
    parameter = (problem.net.W if key[0] == "W" else problem.net.b)[key[1]]
    return compare(claim, truth, here, at=parameter, counts={"examples": examples, "outputs": outputs})


def _first_reasons(of: Mapping[Key, Verdict]) -> tuple[Diagnosis, ...]:
    """The best reason of each array, each name once."""
    first: dict[str, Diagnosis] = {}
    for one in of.values():
        for diagnosis in one.diagnoses[:1]:
            first.setdefault(diagnosis.name, diagnosis)
    return tuple(first.values())
