"""All gradients of a network, checked layer by layer, and the mistakes that explain them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from ..activation import identity, sigmoid
from ..backprop import Gradient, gradient
from ..error import Loss, require_loss, squared_error
from ..network import Network, Trace, forward, output_from
from ..shapes import matrix
from ..softmax import binary_cross_entropy, cross_entropy, softmax
from . import mistakes
from .comparison import compare
from .measurement import Measurement, measure_network
from .mistakes.backward import arrays_with_mistakes
from .mistakes.formulas import DOES_NOT_FIT
from .network_difference import MEMORY, report_progress
from .network_search import Made, Search, fitted_factor
from .verdict import Diagnosis, NetworkVerdict, Verdict

Array = np.ndarray
Key = tuple[str, int]    # ("W", l) or ("b", l)
MANY = 8                 # explanations with the same numbers that are looked at


def judge_network(gradients: Gradient | tuple | list, net: Network, x: Array, y: Array, loss: Loss = squared_error,
                  decay: float = 0.0, eta: float = 1.0, sample: int | None = None, memory: int = MEMORY,
                  progress: Callable = report_progress) -> NetworkVerdict:
    """Which of a network's gradients are right, and which mistakes are in the others

    Every δ is computed from the one of the next layer, so one wrong formula may spoil all earlier layers. The mistakes
    of the catalogue are therefore tried layer by layer from the output, and reported if they explain all gradients.

    Parameters
    ----------
    gradients : a Gradient, or a pair of dicts (dE_dW, dE_db) with the page's l as keys. They may be anything else than
        right: every array gets a verdict.
    net, x, y : the network, its inputs (n_0, N) and the targets (n_L, N).
    loss : the loss, for example `cross_entropy` or `squared_error.mean`.
    decay : λ of the weight decay ½λ Σ ‖W^l‖² that is added to the loss.
    eta : the learning rate of "already updated W"; another one is found from the numbers.
    sample : how many entries of each array are measured; all of them if it is not given.
    memory, progress : as in `network_difference.numerical_gradient_of_network`.

    Returns
    -------
    NetworkVerdict
        Its `of` maps ("W", l) and ("b", l) to the single verdicts.

    Raises
    ------
    TypeError
        The gradients are no such pair.
    ValueError
        A layer is not in the network, or x or y has another shape.

    Notes
    -----
    Chapters 09 and 11.
    """
    dE_dW, dE_db = _by_layer(gradients, net)
    require_loss(loss)
    trace = forward(net, x)
    y = matrix("y", y, *trace.t.shape)
    claims = {("W", l): dE_dW.get(l) for l in reversed(net.W)} | {("b", l): dE_db.get(l) for l in net.b}
    claims = {(name, l): claims[name, l] for l in reversed(net.W) for name in ("W", "b") if (name, l) in claims}
    truth = _measured(net, trace, y, loss, decay, sample, memory, progress)
    of = {key: compare(claim, truth[key]) for key, claim in claims.items()}
    kind = max((one.kind for one in of.values()), key=SEVERITY.index)
    notes = _notes(net, of, decay)
    if kind != "disagrees":
        return NetworkVerdict(kind, of, notes=notes)
    notes += _other_losses(claims, net, trace, y)
    whole = _whole(Search(claims, net, trace, y, loss, decay, eta), net.L)
    if whole:
        of = {key: replace(one, diagnoses=()) for key, one in of.items()}    # one explanation is enough
        return NetworkVerdict(kind, of, whole, notes, whole=True)
    wrong = [key for key, one in of.items() if one.kind != "agrees"]
    suspects = _suspects(wrong, net, trace, y, loss, decay, eta)
    of |= {key: _explained(key, claims[key], truth[key], suspects, net, trace) for key in wrong}
    return NetworkVerdict(kind, of, _first_reasons(of), notes)


SEVERITY = ("agrees", "nearly agrees", "inconclusive", "not differentiable", "disagrees")


# What is claimed and what is measured -------------------------------------------------------------------------------

def _by_layer(gradients: Any, net: Network) -> tuple[dict, dict]:
    """(dE_dW, dE_db), each a dict whose keys are layers of the network."""
    pair = (gradients.dE_dW, gradients.dE_db) if hasattr(gradients, "dE_dW") else gradients
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise TypeError(f"gradients is a {type(gradients).__name__}; expected a Gradient, or a pair of dicts "
                        f"(dE_dW, dE_db)")
    for name, given, there in (("dE_dW", pair[0], net.W), ("dE_db", pair[1], net.b)):
        if not isinstance(given, dict):
            raise TypeError(f"{name} is a {type(given).__name__}; expected a dict with the layers 1 to {net.L} as "
                            f"keys, such as dict(enumerate(arrays, 1))")
        if not set(given) <= set(there):
            layers = ", ".join(map(str, given))
            expected = f"1 to {net.L}, counted as on the page" if there else "none, because the network has no biases"
            raise ValueError(f"{name} has the layers {layers}; expected {expected}")
    return pair[0], pair[1]


def _measured(net: Network, trace: Trace, y: Array, loss: Loss, decay: float, sample: int | None, memory: int,
              progress: Callable) -> dict[Key, Measurement]:
    """The slopes of the loss by finite differences; to them the slopes of the decay term are added."""
    scale = loss.scale(y.shape[1])

    def F(l: int, u: Array, n: Array) -> Array:
        return scale * loss.per_example(net.f[net.L], output_from(net, l, u), y[:, n])

    truth = measure_network(F, net, trace.x, sample, memory=memory, progress=progress)
    if decay:
        for l, W in net.W.items():
            of_loss = truth["W", l]
            # A central difference of ½λw² is λw for every step, so nothing has to be measured.
            truth["W", l] = replace(of_loss, slopes=of_loss.slopes + decay * W,
                                    conditioning=of_loss.conditioning + np.abs(decay * W))
    return truth


def _notes(net: Network, of: Mapping[Key, Verdict], decay: float) -> tuple[str, ...]:
    """What the reader should know about an agreement: arrays that were only sampled, and biases that hide a mistake."""
    sampled = [(1 - one.compared / one.entries, key) for key, one in of.items() if 0 < one.compared < one.entries]
    notes = []
    if sampled:
        missed, (name, l) = max(sampled)
        notes.append(f"Only some entries were measured: a single wrong entry in {name}[{l}] would go unnoticed with a "
                     f"probability of {100 * missed:.3g} %.")
    zero = [f"b[{l}]" for l, b in net.b.items() if not b.any()]
    if decay and zero:
        notes.append(f"All entries of {', '.join(zero)} are 0, so a decayed bias would not show there.")
    return tuple(notes)


# Why ----------------------------------------------------------------------------------------------------------------

def _whole(search: Search, L: int) -> tuple[Diagnosis, ...]:
    """The mistakes that explain all gradients together; other names for the same numbers are listed with the first."""
    found = sorted(islice(search.explanations(), MANY), key=len)
    if not found:
        return ()
    first = tuple(_diagnosis(made, L) for made in found[0])
    if len(first) > 1:
        return first
    names = [name for one in found if len(one) == 1 for name in (_name(one[0], L), *one[0].same_numbers)]
    twins = tuple(name for name in dict.fromkeys(names) if name != first[0].name)
    return (replace(first[0], same_numbers=twins),)


def _other_losses(claims: Mapping[Key, Any], net: Network, trace: Trace, y: Array) -> tuple[str, ...]:
    """A note if these are the right gradients of another loss, perhaps with another output activation."""
    for f in (net.f[net.L], identity, sigmoid, softmax):
        other = Network(net.W, net.b, {**net.f, net.L: f})
        passed = Trace(trace.u, {**trace.x, net.L: f(trace.u[net.L])})
        for one in (squared_error, binary_cross_entropy, cross_entropy):
            for tried in (one, one.mean):
                try:
                    right = gradient(other, passed, y, tried)
                except ValueError:
                    continue    # these targets are not for this loss
                values = {("W", l): array for l, array in right.dE_dW.items()} | {
                    ("b", l): array for l, array in right.dE_db.items()}
                if all(fitted_factor(claim, values[key]) == 1 for key, claim in claims.items()):
                    output = "" if f is net.f[net.L] else f" and {f.name} as the output's f"
                    return (f"They are the right gradients for another loss, {tried.name}{output}. If you train with "
                            f"that, tell judge_network so.",)
    return ()


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
    fitted = "".join(f" The {what} that fits is {value:.4g}." for what, value in made.evidence
                     if what != "factor" or made.name == "constant factor")
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
    return layers == everywhere[last:len(everywhere) - first]


def _listed(layers: tuple[int, ...]) -> str:
    return f"in layer{'s' * (len(layers) > 1)} {' and '.join(map(str, layers))}"


def _suspects(wrong: list[Key], net: Network, trace: Trace, y: Array, loss: Loss, decay: float, eta: float,
              ) -> dict[tuple[str, str], dict[Key, Array]]:
    """{(formula, name): {("W", l): …}} for the wrong arrays, and every mistake that runs on this network."""
    found = {}
    for formula in mistakes.PASS:
        for name in mistakes.names(formula)[1:]:
            try:
                found[formula, name] = arrays_with_mistakes(wrong, net, trace, y, {formula: name}, loss, decay, eta)
            except DOES_NOT_FIT:
                continue    # this mistake would have raised an error
    return found


def _explained(key: Key, claim: Any, truth: Measurement, suspects: Mapping, net: Network, trace: Trace) -> Verdict:
    """The verdict on one array with the mistake that explains this array alone."""
    here: dict[str, Array] = {}
    for (_, name), values in suspects.items():
        if name not in here or fitted_factor(claim, values[key]) == 1:    # of one name, the form that gives the claim
            here[name] = values[key]
    parameter = (net.W if key[0] == "W" else net.b)[key[1]]
    counts = {"examples": trace.t.shape[1], "outputs": trace.t.shape[0]}
    return compare(claim, truth, here, at=parameter, counts=counts)


def _first_reasons(of: Mapping[Key, Verdict]) -> tuple[Diagnosis, ...]:
    """The best reason of each array, each name once."""
    first: dict[str, Diagnosis] = {}
    for one in of.values():
        for diagnosis in one.diagnoses[:1]:
            first.setdefault(diagnosis.name, diagnosis)
    return tuple(first.values())
