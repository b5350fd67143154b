"""Every picture of the book on small data, with states that show all it can do: for the tests that look at pictures."""

from functools import cache
from itertools import product
from unittest import mock

import numpy as np

import nnmath as nn
from nnmath import show
from nnmath.check.judge import judge
from nnmath.show import ch09
from nnmath.show.toolkit import break_it

W = np.array([[1, -2, 0.5], [0, 3, -1], [2, 1, 1], [-1, 0.5, 2]])
x, b = nn.column([1, 2, -1.5]), nn.column([0.5, -1, 0, 1])
DELTA = np.array([[0.5], [-1.0], [2.0], [0.25]])
NET = nn.Network(
    {1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, {1: nn.column([0, 2]), 2: nn.column([1, 2])}, nn.softsign
)
X, Y = nn.column([1, 3]), nn.column([1, 0])
CHAIN = nn.Network({1: [[1.5]], 2: [[-2]], 3: [[1]]}, {1: [[0.5]], 2: [[1]], 3: [[0.5]]}, nn.softsign)
PAIR = nn.Network({1: [[1]], 2: [[1]]}, {1: [[0]], 2: [[0]]}, nn.tanh)
XS, YS = np.array([[-1.5, -0.5, 0.5, 1, 2]]), np.array([[-0.8, -0.5, 0.5, 0.7, 0.9]])
POINTS, SIDES = np.array([[1, -1, 0.5, 0.25], [0.5, 1, -1, 0.75]]), np.array([[1, -1, 1, -1]])
START = nn.Network.random((2, 3, 1), nn.tanh, seed=2)
DIGITS, LABELS = np.random.default_rng(6).uniform(size=(64, 60)), np.random.default_rng(7).integers(0, 10, 60)
READERS = [nn.Network.random((64, 12, 10), nn.sigmoid, seed=seed) for seed in range(3)]
PICTURE_READERS = {
    "dense": nn.MixedNetwork.random(
        {1: nn.Dense(), 2: nn.Dense()}, {1: (12, 64), 2: (10, 12)}, {1: nn.tanh, 2: nn.softmax}, seed=1
    ),
    "convolution": nn.MixedNetwork.random(
        {1: nn.Convolution(), 2: nn.MaxPooling(2), 3: nn.Dense()},
        {1: (5, 1, 3, 3), 3: (10, 45)},
        {1: nn.tanh, 2: nn.identity, 3: nn.softmax},
        seed=2,
    ),
}
CURVES = {"works": [0.1, 0.5, 0.989], "fails": [0.1, 0.1, 0.116], "half": [0.1, 0.2, 0.5]}
MAP = np.array([[3, 1, 0.5, -1], [-3, 1, 2, -0.5], [1, 0.5, -1, 3], [-2, 4, 1, -1]])
F = nn.tanh
PICTURE = np.array([[2, -1, 0.5, 1], [0, 1, -2, 3], [1, -0.5, 1, 2]])
KERNEL = np.array([[1, -2, 0.5], [3, 1, -1]])
DELTAS = np.array([[0.5, -1], [2, -0.25]])
KERNELS = {"edges": np.array([[1, -2], [0.5, 0]]), "average": np.full((2, 2), 0.25)}


def grid(**values):
    """Every combination of these values, as states."""
    return [dict(zip(values, chosen)) for chosen in product(*values.values())]


class PlainVerdict:
    """A verdict in few words, so that no picture changes when the wording of a verdict does."""

    def __init__(self, kind):
        self.kind = kind

    def __str__(self):
        return f"{self.kind}: and these are the words of the verdict"


def _with_plain_verdicts(module, make):
    """A picture made while its module has a judge whose verdicts are plain."""
    with mock.patch.object(module, "judge", lambda *args: PlainVerdict(judge(*args).kind)):
        return make()


def _still_trains():
    return show.StillTrains(START, POINTS, SIDES, 0.05, 10, [("delta", "f′ missing"), ("delta", "f′ twice")])


def _break_it():
    return show.BreakIt("du_dW", lambda V: nn.u(V, x, b)[1], W, "x", r"\partial u_k / \partial W", k=1, W=W, x=x, b=b)


# name: (how to make it, the states to look at)
PICTURES = {
    "Colors": (show.Colors, [{}]),
    "FirstLook": (show.FirstLook, grid(weight=[-2.0, 0.0, 1.0, 2.0, 3.0])),
    "Reading": (lambda: show.Reading(W, x, b), grid(k=range(4), x_1=[-2.0, 1.0])),
    "Secant": (show.Secant, grid(h=[1.0, 0.25], method=["forward", "central"])),
    "StepSize": (
        show.StepSize,
        [
            *grid(
                h=[1e-16, 1e-8, 1e-3, 1.0],
                method=["forward", "central", "complex step"],
                curve=["smooth"],
                precision=["float64"],
            ),
            *grid(h=[1e-8, 1.0], curve=["kinked"], precision=["float32"], method=["forward", "central"]),
        ],
    ),
    "NudgeB": (lambda: show.NudgeB(W, x, b), grid(i=range(4), nudge=[-2.0, 0.0, 0.7])),
    "NudgeW": (lambda: show.NudgeW(W, x, b), grid(i=range(4), j=range(3), nudge=[-2.0, 0.0, 1.0])),
    "NudgeX": (lambda: show.NudgeX(W, x, b), grid(j=range(3), nudge=[-2.0, 0.0, 1.0])),
    "UnitColumn": (lambda: show.UnitColumn(W, x, b), grid(k=range(4), b_1=[-2.5, 0.5])),
    "RowOfW": (lambda: show.RowOfW(W, x, b), grid(k=range(4), x_1=[-2.5, 1.0])),
    "Slices": (lambda: show.Slices(W, x, b), grid(i=range(4), j=range(3))),
    "RowsStoodUp": (lambda: show.RowsStoodUp(W, x, b), grid(k=range(4), W_11=[-3.0, 1.0])),
    "Tangent": (show.Tangent, grid(f=show.ACTIVATIONS, x=[-4.0, 0.5, 2.5], nudge=[-1.0, 1.0])),
    "ThroughF": (lambda: show.ThroughF(W, x, b, F), grid(k=range(4), x_1=[-0.75, 1.0])),
    "Answer": (lambda: show.Answer(READERS, DIGITS[:, :10], LABELS[:10]), grid(n=[0, 3], step=range(3))),
    "Bowl": (show.Bowl, grid(f=show.ACTIVATIONS, u=[-5.0, 0.5, 2.0], y=[-0.5, 1.0])),
    "Passes": (lambda: show.Passes(NET, X, Y), grid(step=range(9))),
    "PassesForward": (lambda: show.Passes(NET, X, Y, forward_only=True), grid(step=range(6))),
    "Chain": (lambda: show.Chain(CHAIN, nn.column([1]), nn.column([0.5])), grid(weight=[1, 2, 3])),
    "TwoPaths": (
        lambda: show.TwoPaths(lambda s: s**2, lambda s: 1 - s, (lambda s: 2 * s, lambda s: -1.0)),
        grid(s=[-1.5, -1.0, 0.5, 1.0, 1.5]),
    ),
    "UnfoldOuter": (lambda: show.UnfoldOuter(DELTA, W, x, b), grid(step=range(5), i=[0, 2], j=[0, 1])),
    "WeightPath": (lambda: show.WeightPath(NET, X, Y), grid(weight=range(8))),
    "Paths": (lambda: show.Paths(NET, X, Y), grid(i=range(2), paths=range(3))),
    "UnfoldBack": (lambda: show.UnfoldBack(DELTA, W, x, b), grid(step=range(5), i=range(3))),
    "Downhill": (lambda: show.Downhill(PAIR, XS, YS), grid(eta=[0.01, 0.3, 100.0])),
    "Drop": (lambda: show.Drop(NET, X, Y), grid(eta=[0.0, 0.0625, 2.0, 4.0])),
    "Boundary": (lambda: show.Boundary(START, POINTS, SIDES, eta=0.1, every=5, frames=3), grid(frame=range(3))),
    "StillTrains": (
        lambda: _with_plain_verdicts(ch09, _still_trains),
        grid(mistake=["correct", "f′ missing", "f′ twice"]),
    ),
    "Cost": (show.Cost, grid(width=[4, 32, 256], depth=[1, 2, 8])),
    "Digits": (lambda: show.Digits(DIGITS, LABELS), grid(start=[0, 24])),
    "Starts": (lambda: show.Starts(CURVES), grid(start=list(CURVES))),
    "Learning": (lambda: show.Learning(READERS, DIGITS, LABELS), grid(epoch=range(3))),
    "Confusion": (lambda: show.Confusion(READERS, DIGITS, LABELS), grid(epoch=range(3))),
    "Misread": (lambda: show.Misread(READERS[0], DIGITS, LABELS), grid(n=[0, 1, 20])),
    "Shares": (show.Shares, grid(j=range(3), nudge=[-2.0, 0.0, 2.0])),
    "SoftmaxJacobian": (show.SoftmaxJacobian, grid(k=range(3))),
    "Cure": (show.Cure, grid(u=[-8.0, -5.0, 0.0, 8.0])),
    "Shifted": (lambda: show.Shifted(DIGITS, LABELS), grid(n=[0, 7], right=[-2, 0, 1])),
    "Sliding": (lambda: show.Sliding(KERNEL, PICTURE, 0.5), grid(i=range(2), j=range(2))),
    "Maps": (lambda: show.Maps(DIGITS[:, 0], KERNELS), grid(kernel=list(KERNELS), right=[-2, 0, 1])),
    "TiedMatrix": (lambda: show.TiedMatrix(KERNEL, PICTURE), grid(k=range(4))),
    "KernelGradient": (lambda: show.KernelGradient(DELTAS, PICTURE, 1), grid(a=range(2), b=range(3))),
    "Reach": (lambda: show.Reach(DELTAS, KERNEL, PICTURE, 8), grid(p=range(3), q=range(4))),
    "FlippedKernel": (lambda: show.FlippedKernel(DELTAS, KERNEL, 8), grid(p=range(3), q=range(4))),
    "TwoLosses": (lambda: show.TwoLosses(CURVES), grid(loss=list(CURVES))),
    "Blocks": (show.Blocks, grid(place=[0, 1, 4, 11, 15], nudge=[-4.0, 0.0, 2.5])),
    "Blame": (show.Blame, grid(place=[0, 1, 4, 11, 15], nudge=[-4.0, 0.0, 2.5])),
    "ThroughMean": (
        lambda: show.ThroughMean(MAP, [[1, -2], [0.5, 3]], 2.0, nn.softsign),
        grid(place=[0, 6, 9, 15]),
    ),
    "Tape": (lambda: show.Tape(NET, X, Y), grid(step=[0, 3, 4, 7, 8, 9, 10, 11, 15])),
    "Modes": (show.Modes, [*grid(n=[1, 6], m=[1, 4], passes=[3]), {"n": 6, "m": 6, "passes": 0}]),
    "Checkpoints": (lambda: show.Checkpoints(12), grid(k=[1, 3, 12])),
    "Readers": (lambda: show.Readers(CURVES), grid(network=list(CURVES))),
    "Moves": (
        lambda: show.Moves(PICTURE_READERS, DIGITS.reshape(1, 8, 8, -1), LABELS),
        grid(network=list(PICTURE_READERS), down=[-2, 0], right=[1, 2]),
    ),
    "Inside": (
        lambda: show.Inside(PICTURE_READERS["convolution"], DIGITS.reshape(1, 8, 8, -1), LABELS),
        grid(n=[0, 59], m=[0, 4]),
    ),
    "LooksAt": (
        lambda: show.LooksAt(PICTURE_READERS, DIGITS.reshape(1, 8, 8, -1), LABELS),
        grid(network=list(PICTURE_READERS), n=[0, 1, 59]),
    ),
    "BreakIt": (
        lambda: _with_plain_verdicts(break_it, _break_it),
        grid(mistake=["correct", "transposed", "index off by one", "every row"]),
    ),
}


@cache
def picture(name):
    """The picture of this name, made once a session."""
    return PICTURES[name][0]()


def states(name):
    return PICTURES[name][1]
