"""A whole network's gradients held against the referee, layer by layer, and the one mistake that explains them."""

import numpy as np

from . import mistakes
from .comparison import compare
from .diagnosis import catalogued
from .measurement import measure_network
from .network_difference import MEMORY, report_progress
from .verdict import NetworkVerdict
from ..network import forward, forward_from
from ..shapes import matrix

FORMULAS = ("dE_dW", "dE_db", "delta", "delta_L")    # the nearest explanation first


def judge_network(gradients, net, x, y, eta=1.0, sample=None, memory=MEMORY, progress=report_progress):
    """Which of a network's gradients are right, and what is wrong with the others

    gradients is a Gradient, or a pair of dicts (dE_dW, dE_db) with the page's l as keys. Every δ is made from the one above,
    so one wrong formula may spoil all layers below it: each mistake of the catalogue is run through the whole network, and
    named if it explains every layer at once. eta is the step that "already updated W" would have made. sample, memory and
    progress are those of `finite_difference.numerical_gradient_of_network`, which is the referee here.
    Errors: TypeError for gradients that are no such pair, ValueError for a layer that the net has not; those of Network and
    forward for net, x and y. Chapter 09.
    """
    dE_dW, dE_db = _by_layer(gradients, net.L)
    trace = forward(net, x)
    y = matrix("y", y, *trace.t.shape)
    suspects = _suspects(net, trace, y, eta)

    def E(l, u, n):
        return ((forward_from(net, l, u) - y[:, n])**2).sum(axis=0) / 2
    truth = measure_network(E, net, trace.x, sample, memory=memory, progress=progress)
    claims = {(name, l): given.get(l) for l in reversed(net.W) for name, given in (("W", dE_dW), ("b", dE_db))}
    of = {}
    for key, claim in claims.items():
        here = {}
        for (_, wrong), values in suspects.items():
            if wrong not in here or _alike(claim, values[key]):    # of one name, the formula's that gives the claim
                here[wrong] = values[key]
        of[key] = compare(claim, truth[key], here)
    return _summed_up(of, suspects, claims)


def _by_layer(gradients, L):
    """(dE_dW, dE_db), each a dict with no layers but 1 to L."""
    pair = (gradients.dE_dW, gradients.dE_db) if hasattr(gradients, "dE_dW") else gradients
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise TypeError(f"gradients is a {type(gradients).__name__}; expected a Gradient, or a pair of dicts (dE_dW, dE_db)")
    for name, given in zip(("dE_dW", "dE_db"), pair):
        if not isinstance(given, dict):
            raise TypeError(f"{name} is a {type(given).__name__}; expected a dict with the layers 1 to {L} as keys, "
                            f"such as dict(enumerate(arrays, 1))")
        if not set(given) <= set(range(1, L + 1)):
            raise ValueError(f"{name} has the layers {list(given)}; expected 1 to {L}, counted as on the page")
    return pair


def _suspects(net, trace, y, eta):
    """{(formula, name): {("W", l): …, ("b", l): …}} for every mistake of back-propagation that runs on this network."""
    found = {}
    for setting in FORMULAS:
        for name in mistakes.names(setting)[1:]:
            try:
                wrong = mistakes.gradient_with_mistake(net, trace, y, setting, name, eta)
            except (ValueError, KeyError, IndexError, np.linalg.LinAlgError):
                continue    # the shapes do not fit: this mistake would have raised
            values = {("W", l): wrong.dE_dW[l] for l in net.W} | {("b", l): wrong.dE_db[l] for l in net.b}
            found[setting, name] = values
    return found


def _summed_up(of, suspects, claims):
    wrong = [key for key, verdict in of.items() if verdict.kind != "agrees"]
    if not wrong:
        return NetworkVerdict("agrees", of)
    kind = "disagrees" if any(of[key].kind == "disagrees" for key in wrong) else of[wrong[0]].kind
    whole = tuple(dict.fromkeys(name for (_, name), values in suspects.items()
                                if all(_alike(claims[key], values[key]) for key in of)))
    if whole and kind == "disagrees":    # where nothing is wrong, many a mistake gives the same numbers
        return NetworkVerdict(kind, of, tuple(map(catalogued, whole)), whole=True)
    firsts = {of[key].diagnoses[0].name: of[key].diagnoses[0] for key in reversed(wrong) if of[key].diagnoses}
    names = dict.fromkeys(of[key].reasons[0] for key in wrong if of[key].reasons)
    return NetworkVerdict(kind, of, tuple(firsts[name] for name in names))


def _alike(claim, value):
    """Equal but for rounding, in the precision of the claim."""
    try:
        claim, value = np.asarray(claim), np.asarray(value)
    except ValueError:
        return False
    if claim.dtype.kind not in "fiu" or claim.shape != value.shape:
        return False
    eps = np.finfo(claim.dtype).eps if claim.dtype.kind == "f" else np.finfo(float).eps
    return bool(np.all(np.abs(claim - value) <= 1e4 * eps * np.abs(value).max()))
