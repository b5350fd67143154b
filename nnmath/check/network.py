"""All gradients of a network, checked layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..backprop import Gradient
from ..error import Loss, require_loss, squared_error
from ..mixed import MixedNetwork
from ..network import Network, forward, output_from, require_network
from ..shapes import columns, count, matrix, number
from .comparison import compare
from .judge import TOGETHER, How, Parameter
from .measurement import Measurement, measure_network
from .network_difference import MEMORY, report_progress
from .network_explanation import explained
from .network_search import Key, Problem
from .sampling import Progress, sample_sizes
from .verdict import NetworkVerdict, Verdict

Array = np.ndarray


@np.errstate(all="ignore")  # the caller may have set all="raise"; the verdict reports what is not finite
def judge_network(
    gradients: Gradient | tuple | list,
    net: Network,
    x: Array,
    y: Array,
    loss: Loss = squared_error,
    decay: float = 0.0,
    eta: float = 1.0,
    sample: int | str | None = None,
    memory: int = MEMORY,
    progress: Callable = report_progress,
) -> NetworkVerdict:
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
    sample : how many entries of each array are measured, or "all". By default all of them or, where the layers are not
        all dense and that would take too long, as many as there is time for; the verdict says so.
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
    Chapters 9 and 11.
    """
    dE_dW, dE_db = _by_layer(gradients, require_network(net))
    require_loss(loss)
    decay, eta = number("decay", decay), number("eta", eta)
    if sample is not None and sample != "all":
        count("sample", sample)
    trace = forward(net, x)
    problem = Problem(net, trace, matrix("y", y, *columns(trace.t).shape), loss, decay, eta)
    claims = {
        (name, l): given.get(l)
        for l in range(net.L, 0, -1)
        for name, given, there in (("W", dE_dW, net.W), ("b", dE_db, net.b))
        if l in there
    }
    if not claims:
        raise ValueError("the network has no parameters, so there is no gradient to check; expected at least one W[l]")
    if isinstance(net, MixedNetwork):
        truth, of = _judged_entry_by_entry(problem, claims, sample, progress)
    else:
        truth = _measured(problem, None if isinstance(sample, str) else sample, memory, progress)
        of = {key: compare(claim, truth[key]) for key, claim in claims.items()}
    kind = max((one.kind for one in of.values()), key=SEVERITY.index)
    notes = _notes(net, of, decay)
    if kind != "disagrees":
        return NetworkVerdict(kind, of, notes=notes)
    return explained(NetworkVerdict(kind, of, notes=notes), problem, claims, truth)


SEVERITY = ("agrees", "nearly agrees", "inconclusive", "not differentiable", "disagrees")


# What is claimed and what is measured -------------------------------------------------------------------------------


def _by_layer(gradients: Any, net: Network) -> tuple[dict, dict]:
    """(dE_dW, dE_db), each a dict whose keys are layers of the network."""
    pair = (gradients.dE_dW, gradients.dE_db) if hasattr(gradients, "dE_dW") else gradients
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise TypeError(
            f"gradients is a {type(gradients).__name__}; expected a Gradient, or a pair of dicts (dE_dW, dE_db)"
        )
    for name, given, there in (("dE_dW", pair[0], net.W), ("dE_db", pair[1], net.b)):
        if not isinstance(given, dict):
            raise TypeError(
                f"{name} is a {type(given).__name__}; expected a dict with the layers 1 to {net.L} as "
                f"keys, such as dict(enumerate(arrays, 1))"
            )
        if not set(given) <= set(there):
            layers = ", ".join(map(str, given))
            expected = f"1 to {net.L}, counted as on the page" if len(there) == net.L else ", ".join(map(str, there))
            expected = expected or "none, because the network has no biases"
            raise ValueError(f"{name} has the layers {layers}; expected {expected}")
    return pair[0], pair[1]


def _measured(problem: Problem, sample: int | None, memory: int, progress: Callable) -> dict[Key, Measurement]:
    """The slopes of the loss by finite differences; to them the slopes of the decay term are added."""
    net, loss, y = problem.net, problem.loss, problem.y
    scale = loss.scale(y.shape[1])

    def F(l: int, u: Array, n: Array) -> Array:
        return scale * loss.per_example(net.f[net.L], output_from(net, l, u), y[:, n])

    truth = measure_network(F, net, problem.trace.x, sample, memory=memory, progress=progress)
    for l, W in net.W.items():
        of_loss = truth["W", l]
        # A central difference of ½λw² is λw for every step, so nothing has to be measured.
        truth["W", l] = replace(
            of_loss,
            slopes=of_loss.slopes + problem.decay * W,
            conditioning=of_loss.conditioning + np.abs(problem.decay * W),
        )
    return truth


def _judged_entry_by_entry(
    problem: Problem, claims: Mapping[Key, Any], sample: int | str | None, progress: Callable | None
) -> tuple[dict[Key, Measurement], dict[Key, Verdict]]:
    """Measurements and verdicts for a network whose layers are not all dense."""
    rng, truth, of = np.random.default_rng(0), {}, {}
    of_key = _objectives(problem)
    first, slowest = next(iter(of_key.values()))  # the first layer: all later ones run again after a step
    numbers = sample_sizes([at.size for at, _ in of_key.values()], sample, slowest, first)
    bar = Progress(sum(numbers), progress)
    for (key, (at, F)), most in zip(of_key.items(), numbers):
        chosen = np.sort(rng.permutation(at.size)[:most])
        of[key], truth[key] = Parameter("", at, claims[key], {}).measured(F, chosen, How(), bar)
    return truth, {key: of[key] for key in claims}


def _objectives(problem: Problem) -> dict[Key, tuple[Array, Callable]]:
    """Each array of parameters, with the objective as a function of it. The layers before it need not run again."""
    net, x = problem.net, problem.trace.x

    def E(l: int, W: Any, b: Any) -> float:
        u = output_from(net, l, net.layers[l].u(W, x[l - 1], b))
        return problem.loss.of_u(net.f[net.L], columns(u), problem.y)

    def with_W(l: int) -> Callable:
        # The decay of the other layers is a constant, which would only add rounding.
        return lambda W: E(l, W, net.b.get(l)) + problem.decay / 2 * float(np.sum(W**2))

    def with_b(l: int) -> Callable:
        return lambda b: E(l, net.W.get(l), b)

    of_W = {("W", l): (at, with_W(l)) for l, at in net.W.items()}
    return of_W | {("b", l): (at, with_b(l)) for l, at in net.b.items()}


def _notes(net: Network, of: Mapping[Key, Verdict], decay: float) -> tuple[str, ...]:
    """What the reader should know about an agreement: arrays that were only sampled, and biases that hide a mistake."""
    together = [key for key, one in of.items() if TOGETHER in one.notes]
    sampled = [
        (1 - one.compared / one.entries, key)
        for key, one in of.items()
        if 0 < one.compared < one.entries and one.kind != "disagrees" and key not in together
    ]
    notes = [TOGETHER] if together and not any(one.kind == "disagrees" for one in of.values()) else []
    if sampled:
        missed, (name, l) = max(sampled)
        notes.append(
            f"Only some entries were measured: there is a {100 * missed:.3g}% chance that a single wrong entry in "
            f"{name}[{l}] would go unnoticed."
        )
    zero = [f"b[{l}]" for l, b in net.b.items() if not b.any()]
    if decay and zero:
        notes.append(f"All entries of {', '.join(zero)} are 0, so a decayed bias would not show there.")
    return tuple(notes)
