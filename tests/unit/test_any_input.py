"""Any input gives a result, or an error that says what came and what was expected."""

from collections import UserDict
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnmath as nn

W, B, X, Y = (
    {1: np.ones((3, 2)), 2: np.ones((2, 3))},
    {1: np.zeros((3, 1)), 2: np.ones((2, 1))},
    np.ones((2, 5)),
    np.ones((2, 5)) / 2,
)
F = {1: nn.tanh, 2: nn.softmax}
NET, BARE = nn.Network(W, B, F), nn.Network(W, None, nn.sigmoid)
TRACE = nn.forward(NET, X)
GRADIENT = nn.gradient(NET, TRACE, Y)
K, PICTURE, DELTA = np.ones((2, 1, 2, 2)), np.ones((1, 4, 4, 3)), np.ones((2, 3, 3, 3))
CONVOLUTION, MEAN, MAX = nn.Convolution(), nn.MeanPooling(2), nn.MaxPooling(2)
POOLED = np.ones((1, 2, 2, 3))
MIXED = nn.MixedNetwork({1: CONVOLUTION, 2: nn.Dense()}, {1: K, 2: np.ones((2, 18))}, {1: [[0], [0]]}, nn.tanh)
MIXED_TRACE = nn.forward(MIXED, PICTURE)
TARGETS = np.ones((2, 3)) / 2

CALLS = {  # name: (function, arguments that are right)
    "column": (nn.column, ([1, 2],)),
    "e": (nn.e, (0, 3)),
    "u": (nn.u, (W[1], X, B[1])),
    **{name: (getattr(nn, name), (0, W[1], X[:, :1], B[1])) for name in ("du_db", "du_dW", "du_dx")},
    "du_dx_through": (nn.du_dx_through, (0, W[1], X[:, :1], B[1], nn.tanh)),
    "E": (nn.E, (X, Y)),
    "dE_dt": (nn.dE_dt, (X, Y)),
    **{
        f"{f}": (f, (X,))
        for f in (nn.tanh, nn.sigmoid, nn.relu, nn.leaky_relu, nn.softplus, nn.softsign, nn.silu, nn.softmax)
    },
    **{
        f"{f}.prime": (f.prime, (X,))
        for f in (nn.tanh, nn.sigmoid, nn.relu, nn.leaky_relu, nn.softplus, nn.softsign, nn.silu)
    },
    "vjp": (nn.tanh.vjp, (X, Y)),
    "softmax.vjp": (nn.softmax.vjp, (X, Y)),
    "jacobian": (nn.softmax.jacobian, (X[:, :1],)),
    "cross_entropy": (nn.cross_entropy, (X / 2, Y)),
    "of_u": (nn.cross_entropy.of_u, (nn.softmax, X, Y)),
    "dE_du": (nn.binary_cross_entropy.mean.dE_du, (nn.sigmoid, X, Y)),
    "cross_entropy.dE_dt": (nn.cross_entropy.dE_dt, (X / 2, Y)),
    "Network": (nn.Network, (W, B, F)),
    "random": (nn.Network.random, ((2, 3, 1), nn.tanh, 0)),
    "replace": (NET.replace, (W, B)),
    "forward": (nn.forward, (NET, X)),
    "forward_from": (nn.forward_from, (NET, 1, TRACE.u[1])),
    "output_from": (nn.output_from, (BARE, 1, TRACE.u[1])),
    "deltas": (nn.deltas, (NET, TRACE, Y, nn.cross_entropy)),
    "gradient": (nn.gradient, (NET, TRACE, Y, nn.squared_error, 0.1)),
    "objective": (nn.objective, (NET, TRACE, Y, nn.cross_entropy, 0.1)),
    "step": (nn.step, (NET, GRADIENT, 0.1)),
    "descend": (lambda *given: list(islice(nn.descend(*given), 2)), (NET, X, Y, 0.1, nn.cross_entropy, 0.1)),
    "one_hot": (nn.one_hot, ([0, 1], 2)),
    "mini_batches": (nn.mini_batches, (X, Y, 2, 0)),
    "Convolution": (nn.Convolution, (1, 0)),
    "conv.u": (CONVOLUTION.u, (K, PICTURE, [[0], [0]])),
    "conv.dE_dK": (CONVOLUTION.dE_dK, (DELTA, K, PICTURE)),
    "conv.dE_dx": (CONVOLUTION.dE_dx, (DELTA, K, PICTURE)),
    "conv.dE_db": (CONVOLUTION.dE_db, (DELTA, K, PICTURE, [[0], [0]])),
    "conv.du_dK": (CONVOLUTION.du_dK, (0, 1, 1, K, PICTURE[..., :1])),
    "as_matrix": (CONVOLUTION.as_matrix, (K, 4, 4)),
    "MeanPooling": (nn.MeanPooling, (2,)),
    "mean.u": (MEAN.u, ([[2]], PICTURE, [[1]])),
    "mean.dE_dx": (MEAN.dE_dx, (POOLED, [[2]], PICTURE)),
    "mean.dE_dbeta": (MEAN.dE_dbeta, (POOLED, [[2]], PICTURE)),
    "max.u": (MAX.u, (None, PICTURE)),
    "max.dE_dx": (MAX.dE_dx, (POOLED, None, PICTURE)),
    "MixedNetwork": (nn.MixedNetwork, (MIXED.layers, MIXED.W, MIXED.b, nn.tanh)),
    "MixedNetwork.random": (nn.MixedNetwork.random, ({1: nn.Dense()}, {1: (2, 3)}, nn.tanh, 0)),
    "mixed forward": (nn.forward, (MIXED, PICTURE)),
    "mixed deltas": (nn.deltas, (MIXED, MIXED_TRACE, TARGETS, nn.squared_error)),
    "mixed gradient": (nn.gradient, (MIXED, MIXED_TRACE, TARGETS, nn.squared_error, 0.1)),
    "mixed output_from": (nn.output_from, (MIXED, 1, MIXED_TRACE.u[1])),
    "Value": (nn.tape.Value, (X,)),
    "gradients": (nn.tape.gradients, (nn.tape.Value(1.0), nn.tape.Value(X))),
    "apply": (nn.tape.apply, (nn.tanh, nn.tape.Value(X))),
}

ODD = [
    None,
    True,
    0,
    1,
    -1,
    3,
    10**30,
    0.0,
    -0.5,
    2.5,
    float("nan"),
    float("inf"),
    1e308,
    1j,
    "words",
    b"bytes",
    object,
    len,
    np.tanh,
    [],
    [1, 2],
    [[1, 2], [3]],
    [None],
    ["a", "word"],
    (),
    (1, 2),
    (2, 3, 1),
    (W, B),
    {},
    {1: W[1]},
    {1: None},
    {"1": 1},
    {2: nn.tanh},
    {1, 2},
    UserDict(W),
    range(3),
    np.array([]),
    np.array(2.0),
    np.ones(2),
    np.ones((2, 1)),
    np.ones((1, 2)),
    np.ones((2, 2, 2)),
    np.ones((2, 0)),
    np.full((2, 5), np.nan),
    np.full((2, 5), 1e308),
    np.full((2, 5), 1e-308),
    np.full((2, 5), -1e308),
    np.full((2, 5), 300.0),
    np.full((3, 2), 1e200),
    np.full((1, 4, 4, 3), 1e308),
    np.full((2, 1, 2, 2), -1e308),
    np.full((2, 3, 3, 3), 1e-308),
    np.ones((2, 5)) * 1j,
    np.ones((2, 5), object),
    np.full((2, 5), "a"),
    np.ones((2, 5), np.float16),
    np.ones((2, 5), np.float32),
    np.full((2, 5), 200, np.uint8),
    np.full((2, 5), -128, np.int8),
    np.ones((2, 5), bool),
    np.ones((2, 5), np.longdouble),
    np.ma.masked_array(np.ones((2, 5)), np.eye(2, 5)),
    np.ones((2, 5), "datetime64[s]"),
    nn.tanh,
    nn.softmax,
    nn.tanh.prime,
    nn.cross_entropy,
    NET,
    BARE,
    TRACE,
    GRADIENT,
    MIXED,
    MIXED_TRACE,
    nn.Dense,
    nn.Dense(),
    nn.tape.Value(X),
    nn.Trace({}, {}),
    nn.Trace(None, None),
    nn.Trace({1: 0, 2: 0}, {0: 0, 1: 0, 2: 0}),
    nn.Gradient(None, None),
    nn.Gradient({}, {}),
]


def test_the_right_arguments_are_right():
    for name, (function, arguments) in CALLS.items():
        function(*arguments), name


@pytest.mark.parametrize("name", CALLS)
@given(data=st.data())
@settings(deadline=None, derandomize=True, max_examples=50)
def test_any_argument_gives_a_result_or_a_clear_error(name, data):
    function, right = CALLS[name]
    arguments = list(right)
    for n in data.draw(st.sets(st.integers(0, len(right) - 1), min_size=1, max_size=2)):
        arguments[n] = data.draw(st.sampled_from(ODD))
    with np.errstate(all="raise", over="ignore", invalid="ignore"):  # what truly overflows may say so
        try:
            function(*arguments)
        except (TypeError, ValueError, IndexError) as error:
            message = str(error)
            clear = ("expected", "softmax has no f′", "Maximum allowed dimension exceeded")
            assert any(words in message for words in clear), f"{type(error).__name__}: {message}"
