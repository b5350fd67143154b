"""Bad input is turned away at the door: the error says what came, what was expected, and how to mend it."""

from itertools import islice

import numpy as np
import pytest

import nnmath as nn

W, x, b = np.ones((3, 2)), np.ones((2, 1)), np.ones((3, 1))
NET = nn.Network({1: W, 2: np.ones((4, 3))}, {1: b, 2: np.ones((4, 1))}, nn.tanh)
TRACE = nn.forward(NET, np.ones((2, 5)))
Y = np.zeros((4, 5))
GRADIENT = nn.gradient(NET, TRACE, Y)
LAYER = {
    "u": lambda **a: nn.u(**{"W": W, "x": x, "b": b, **a}),
    "du_db": lambda **a: nn.du_db(0, **{"W": W, "x": x, "b": b, **a}),
    "du_dW": lambda **a: nn.du_dW(0, **{"W": W, "x": x, "b": b, **a}),
    "du_dx": lambda **a: nn.du_dx(0, **{"W": W, "x": x, "b": b, **a}),
    "du_dx_through": lambda **a: nn.du_dx_through(0, **{"W": W, "x": x, "b": b, "f": nn.tanh, **a}),
}


def turned_away(call, error, *words):
    """call() raises error, and its message holds the words in this order."""
    with pytest.raises(error) as caught:
        call()
    message, place = str(caught.value), 0
    assert type(caught.value) is error
    for word in words:
        assert word in message[place:], f"{word!r} is missing in {message!r}"
        place = message.index(word, place) + len(word)


@pytest.mark.parametrize("name", LAYER)
@pytest.mark.parametrize(
    "given, words",
    [
        ({"W": np.ones((3, 4))}, ["x has shape (2, 1)", "expected (4, "]),
        ({"W": np.ones((2, 2))}, ["b has shape (3, 1)", "expected (2, 1)"]),
        ({"W": np.ones(2)}, ["W has shape (2,)", "expected (any, any)"]),
        ({"W": 3.0}, ["W has shape ()", "expected (any, any)"]),
        ({"W": np.ones((1, 3, 2))}, ["W has shape (1, 3, 2)", "expected (any, any)"]),
        ({"x": np.ones((3, 1))}, ["x has shape (3, 1)", "expected (2, "]),
        ({"x": np.ones(2)}, ["x has shape (2,)", "expected (2, ", "write nn.column(x)"]),
        ({"b": np.ones((2, 1))}, ["b has shape (2, 1)", "expected (3, 1)"]),
        ({"b": np.ones((1, 3))}, ["b has shape (1, 3)", "expected (3, 1)", "b.T"]),
        ({"b": np.ones((3, 2))}, ["b has shape (3, 2)", "expected (3, 1)"]),
        ({"b": np.ones((1, 1))}, ["b has shape (1, 1)", "expected (3, 1)"]),
        ({"b": np.ones(3)}, ["b has shape (3,)", "expected (3, 1)", "write nn.column(b)"]),
        ({"b": 1.0}, ["b has shape ()", "expected (3, 1)"]),
    ],
)
def test_wrong_shapes_of_a_layer(name, given, words):
    turned_away(lambda: LAYER[name](**given), ValueError, *words)


@pytest.mark.parametrize("name", [name for name in LAYER if name != "u"])
def test_the_derivatives_take_one_column(name):
    turned_away(lambda: LAYER[name](x=np.ones((2, 3))), ValueError, "x has shape (2, 3)", "expected (2, 1)")
    turned_away(lambda: LAYER[name](x=np.ones((1, 2))), ValueError, "x has shape (1, 2)", "expected (2, 1)", "x.T")


@pytest.mark.parametrize("name", LAYER)
@pytest.mark.parametrize("argument", ["W", "x", "b"])
@pytest.mark.parametrize(
    "spoil, error, words",
    [
        (lambda a: np.where(a == a, np.nan, a), ValueError, ["holds", "NaN or infinite", "nan", "finite"]),
        (lambda a: -np.inf * a, ValueError, ["holds", "NaN or infinite", "-inf", "finite"]),
        (lambda a: a[:0], ValueError, ["is empty, shape (0, ", "at least one entry"]),
        (lambda a: a[:, :0], ValueError, ["is empty", "at least one entry"]),
        (lambda a: a + 0j, TypeError, ["has dtype complex128", "expected real numbers", "Convert it"]),
        (lambda a: a.astype(object), TypeError, ["has dtype object", "expected real numbers"]),
        (lambda a: a.astype(str), TypeError, ["has dtype <U", "expected real numbers"]),
        (lambda a: a.astype(np.float16), TypeError, ["has dtype float16", "float64, float32, or integers"]),
        (lambda a: None, TypeError, ["has dtype object", "expected real numbers"]),
        (lambda a: [[1, 2], [3]], ValueError, ["is no table of numbers", "rows of one length"]),
    ],
)
def test_wrong_entries_of_a_layer(name, argument, spoil, error, words):
    value = spoil({"W": W, "x": x, "b": b}[argument])
    turned_away(lambda: LAYER[name](**{argument: value}), error, argument, *words)


@pytest.mark.parametrize("name", ["du_db", "du_dW", "du_dx"])
def test_k_out_of_range(name):
    derivative = getattr(nn, name)
    for k in (-1, 3, 10**30):
        turned_away(lambda: derivative(k, W, x, b), IndexError, f"k = {k}", "expected 0 to 2", "counts from 0")
    for k in (1.0, "1", None, True, np.array([0])):
        turned_away(lambda: derivative(k, W, x, b), TypeError, "k is", "expected an integer")
    turned_away(lambda: nn.du_dx_through(3, W, x, b, nn.tanh), IndexError, "k = 3", "expected 0 to 2")
    assert derivative(np.int64(2), W, x, b).shape


def test_e_and_column():
    turned_away(lambda: nn.e(4, 4), IndexError, "k = 4", "expected 0 to 3", "counts from 0")
    turned_away(lambda: nn.e(-1, 4), IndexError, "k = -1", "expected 0 to 3")
    turned_away(lambda: nn.e(0, 0), ValueError, "m is 0", "from 1 up")
    turned_away(lambda: nn.e(0, 2.0), TypeError, "m is 2.0", "expected an integer")
    turned_away(lambda: nn.column(b), ValueError, "values has shape (3, 1)", "expected (n,)")
    turned_away(lambda: nn.column(1), ValueError, "values has shape ()", "expected (n,)")
    turned_away(lambda: nn.column([]), ValueError, "values is empty")
    turned_away(lambda: nn.column([1, np.nan]), ValueError, "NaN")
    turned_away(lambda: nn.column("12"), TypeError, "dtype", "expected real numbers")


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: nn.u(W, np.ones(5), b), "x has shape (5,); expected (2, any)"),  # column(x) would not fit either
        (lambda: nn.u(W[:1], x, 1.0), "b has shape (); expected (1, 1)"),  # and a number is no vector
        (lambda: nn.u(np.ones((1, 3, 2)), x, b), "W has shape (1, 3, 2); expected (any, any)"),
        (
            lambda: nn.E(np.ones((1, 3)), np.ones(3)),
            "y has shape (3,); expected (1, 3). For a matrix with one row, write y[np.newaxis].",
        ),
        (lambda: nn.E(np.ones((2, 3)), np.ones(3)), "y has shape (3,); expected (2, 3)"),
        (lambda: nn.E(np.ones((1, 3)), 0), "y has shape (); expected (1, 3)"),
        (
            lambda: nn.u([[np.nan, np.inf]], x, b),
            "W holds 2 entries that are NaN or infinite, the first is nan; expected finite numbers",
        ),
        (lambda: nn.forward_from(NET, 0, b), "l = 0 is out of range; expected 1 to 2"),  # l is the same in both
    ],
)
def test_advice_is_given_only_where_it_helps(call, message):
    with pytest.raises((ValueError, IndexError)) as caught:
        call()
    assert str(caught.value) == message


def test_an_f_without_its_derivative():
    turned_away(lambda: nn.du_dx_through(0, W, x, b, np.tanh), TypeError, "f is", "tanh", "expected an Activation")
    turned_away(lambda: nn.Network({1: W}, {1: b}, "tanh"), TypeError, "f is 'tanh'", "expected an Activation")


@pytest.mark.parametrize("E", [nn.E, nn.dE_dt])
def test_t_and_y(E):
    t = np.ones((2, 3))
    turned_away(lambda: E(t, np.ones((2, 1))), ValueError, "y has shape (2, 1)", "expected (2, 3)")
    turned_away(lambda: E(t, t.T), ValueError, "y has shape (3, 2)", "expected (2, 3)", "y.T")
    turned_away(lambda: E(np.ones(2), np.ones((2, 1))), ValueError, "t has shape (2,)", "column(t)")
    turned_away(lambda: E(np.ones((2, 1)), np.ones(2)), ValueError, "y has shape (2,)", "expected (2, 1)", "column(y)")
    turned_away(lambda: E(t, t * np.nan), ValueError, "y holds", "NaN")
    turned_away(lambda: E(t, t * 1j), TypeError, "y has dtype complex128")
    turned_away(lambda: E(t, 0), ValueError, "y has shape ()", "expected (2, 3)")


@pytest.mark.parametrize(
    "given, error, words",
    [
        (({}, {}), ValueError, ["W has the layers []", "expected [1]"]),
        (({1: W, 2: np.ones((4, 3))}, {1: b}), ValueError, ["b has the layers [1]", "expected [1, 2]"]),
        (({1: W}, {1: b, 2: b}), ValueError, ["W has the layers [1]", "expected [1, 2]"]),
        (({0: W}, {0: b}), ValueError, ["W has the layers [0]", "expected [1]"]),
        (({1: W, 3: W}, {1: b, 3: b}), ValueError, ["W has the layers [1, 3]", "expected [1, 2]"]),
        (({"1": W, 2: W}, {"1": b, 2: b}), ValueError, ["W has the layers ['1', 2]", "expected [1, 2]"]),
        (([W], [b]), TypeError, ["W is a list", "expected a dict keyed by the layer l"]),
        (({1: W, 2: W}, {1: b, 2: b}), ValueError, ["W[2] has shape (3, 2)", "expected (any, 3)", "W[2].T"]),
        (({1: W}, {1: np.ones(3)}), ValueError, ["b[1] has shape (3,)", "expected (3, 1)", "column(b[1])"]),
        (({1: W}, {1: np.ones((1, 3))}), ValueError, ["b[1] has shape (1, 3)", "expected (3, 1)"]),
        (({1: np.ones(2)}, {1: np.ones((1, 1))}), ValueError, ["W[1] has shape (2,)", "expected (any, any)"]),
        (({1: W, 2: np.ones(3)}, {1: b, 2: np.ones((1, 1))}), ValueError, ["W[2] has shape (3,)", "W[2][np.newaxis]"]),
        (({1: W * np.inf}, {1: b}), ValueError, ["W[1] holds 6 entries", "infinite"]),
        (({1: W + 0j}, {1: b}), TypeError, ["W[1] has dtype complex128"]),
    ],
)
def test_networks_that_do_not_fit(given, error, words):
    turned_away(lambda: nn.Network(*given, nn.tanh), error, *words)


def test_random_and_replace():
    turned_away(lambda: nn.Network.random((3,), nn.tanh, 0), ValueError, "sizes is [3]", "at least two")
    turned_away(lambda: nn.Network.random((3, 0), nn.tanh, 0), ValueError, "size is 0", "from 1 up")
    turned_away(lambda: nn.Network.random((3, 2.5), nn.tanh, 0), TypeError, "size is 2.5", "expected an integer")
    turned_away(lambda: NET.replace(W={3: W}), ValueError, "layer 3 is not in the network's W", "1 to 2")
    turned_away(lambda: NET.replace(b={0: b}), ValueError, "layer 0 is not in the network's b", "1 to 2")
    turned_away(lambda: NET.replace(W={1: W.T}), ValueError, "W[2] has shape (4, 3)", "expected (any, 2)")


def test_forward_and_forward_from():
    turned_away(lambda: nn.forward(NET, np.ones(2)), ValueError, "x has shape (2,)", "expected (2, any)", "column(x)")
    turned_away(lambda: nn.forward(NET, np.ones((3, 1))), ValueError, "x has shape (3, 1)", "expected (2, any)")
    turned_away(lambda: nn.forward(NET, np.ones((5, 2))), ValueError, "x has shape (5, 2)", "x.T")
    turned_away(lambda: nn.forward(NET, np.full((2, 1), np.nan)), ValueError, "x holds 2 entries", "nan")
    turned_away(lambda: nn.forward(NET, np.ones((2, 0))), ValueError, "x is empty")
    for l in (0, 3, -1):
        turned_away(lambda: nn.forward_from(NET, l, b), IndexError, f"l = {l}", "expected 1 to 2")
    turned_away(lambda: nn.forward_from(NET, 1.0, b), TypeError, "l is 1.0", "expected an integer")
    turned_away(
        lambda: nn.forward_from(NET, 1, np.ones((2, 1))), ValueError, "u[1] has shape (2, 1)", "expected (3, any)"
    )
    turned_away(lambda: nn.forward_from(NET, 2, np.ones(4)), ValueError, "u[2] has shape (4,)", "column(u[2])")


@pytest.mark.parametrize("function", [nn.deltas, nn.gradient])
def test_backpropagation(function):
    turned_away(lambda: function(NET, TRACE, np.zeros(4)), ValueError, "y has shape (4,)", "expected (4, 5)")
    turned_away(lambda: function(NET, TRACE, np.zeros((4, 1))), ValueError, "y has shape (4, 1)", "expected (4, 5)")
    turned_away(lambda: function(NET, TRACE, Y.T), ValueError, "y has shape (5, 4)", "expected (4, 5)", "y.T")
    turned_away(lambda: function(NET, TRACE, Y * np.nan), ValueError, "y holds 20 entries", "nan")
    turned_away(lambda: function(NET, TRACE.x[0], Y), TypeError, "trace is a ndarray", "forward(net, x)")


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda u, x: ({2: u[2]}, x), ["trace.u has the layers [2]", "expected [1, 2]"]),
        (lambda u, x: (u, {l: x[l] for l in (1, 2)}), ["trace.x has the layers [1, 2]", "expected [0, 1, 2]"]),
        (lambda u, x: ({}, {}), ["trace.x has the layers []", "expected [0, 1, 2]"]),
        (lambda u, x: ({**u, 3: u[2]}, x), ["trace.u has the layers [1, 2, 3]", "expected [1, 2]"]),
        (lambda u, x: ({**u, 1: u[1][:, 0]}, x), ["trace.u[1] has shape (3,)", "expected (3, 5)"]),
        (lambda u, x: ({**u, 1: u[1][:1]}, x), ["trace.u[1] has shape (1, 5)", "expected (3, 5)"]),
        (lambda u, x: (u, {**x, 1: x[1][:, :1]}), ["trace.x[1] has shape (3, 1)", "expected (3, 5)"]),
        (lambda u, x: (u, {**x, 0: x[0][:1]}), ["trace.x[0] has shape (1, 5)", "expected (2, 5)"]),
        (lambda u, x: (u, {**x, 0: x[0][:, 0]}), ["trace.x[0] has shape (2,)", "expected (2, "]),
        (lambda u, x: ({**u, 1: np.hstack([u[1], u[1]])}, x), ["trace.u[1] has shape (3, 10)", "expected (3, 5)"]),
    ],
)
def test_a_trace_of_another_network(spoil, words):
    for function in (nn.deltas, nn.gradient):
        turned_away(lambda: function(NET, nn.Trace(*spoil(TRACE.u, TRACE.x)), Y), ValueError, *words)


def test_step_and_descend():
    for eta, error, words in [
        (np.nan, ValueError, ["eta holds", "nan"]),
        (np.inf, ValueError, ["eta holds", "inf"]),
        (None, TypeError, ["eta has dtype object"]),
        ([0.1, 0.2], ValueError, ["eta has shape (2,)", "expected one number"]),
        (1j, TypeError, ["eta has dtype complex128"]),
    ]:
        turned_away(lambda: nn.step(NET, GRADIENT, eta), error, *words)
        turned_away(lambda: next(nn.descend(NET, TRACE.x[0], Y, eta)), error, *words)
    g = GRADIENT
    turned_away(
        lambda: nn.step(NET, nn.Gradient({1: g.dE_dW[1]}, g.dE_db), 0.1),
        ValueError,
        "dE_dW has the layers [1]",
        "expected [1, 2]",
    )
    turned_away(
        lambda: nn.step(NET, nn.Gradient(g.dE_dW, {**g.dE_db, 3: 0}), 0.1),
        ValueError,
        "dE_db has the layers [1, 2, 3]",
        "expected [1, 2]",
    )
    turned_away(
        lambda: nn.step(NET, nn.Gradient(g.dE_dW, {1: 0.1, 2: 0.1}), 0.1),
        ValueError,
        "dE_db[1] has shape ()",
        "expected (3, 1)",
    )
    turned_away(
        lambda: nn.step(NET, nn.Gradient({l: v.T for l, v in g.dE_dW.items()}, g.dE_db), 0.1),
        ValueError,
        "dE_dW[1] has shape (2, 3)",
        "expected (3, 2)",
        "dE_dW[1].T",
    )
    turned_away(lambda: list(islice(nn.descend(NET, np.ones(2), Y, 0.1), 1)), ValueError, "x has shape (2,)")
    turned_away(
        lambda: list(islice(nn.descend(NET, np.ones((2, 5)), np.zeros(4), 0.1), 1)), ValueError, "y has shape (4,)"
    )


def test_the_referee():
    gradient, point = nn.numerical_gradient, np.ones((2, 1))
    turned_away(
        lambda: gradient(lambda v: v, point), ValueError, "F gave shape (2, 1)", "expected one real number", "scalar"
    )
    turned_away(lambda: gradient(lambda v: None, point), ValueError, "F gave", "expected one real number")
    turned_away(
        lambda: gradient(lambda v: v.sum() * np.nan, point), ValueError, "F gave nan", "expected a finite number"
    )
    for h in (0, -1e-5, np.nan, np.inf, np.array([1e-5])):
        turned_away(lambda: gradient(np.sum, point, h), ValueError, f"h is {h!r}", "expected one positive number")
    turned_away(lambda: gradient(np.sum, point * 1j), TypeError, "at has dtype complex128", "expected real numbers")
    turned_away(lambda: gradient(np.sum, point * np.nan), ValueError, "NaN", "expected a finite point")
    turned_away(lambda: gradient(np.sum, point[:0]), ValueError, "at is empty", "at least one entry")


class Words(dict):
    """A mapping of another class."""


def test_arguments_that_are_no_arrays_or_networks():
    turned_away(
        lambda: nn.Network(W=3, b=None, f=nn.tanh), TypeError, "W is a int", "expected a dict keyed by the layer l"
    )
    turned_away(
        lambda: nn.forward(TRACE.x[0], NET),
        TypeError,
        "net is a ndarray",
        "expected a Network, which is the first argument",
    )
    turned_away(lambda: nn.forward_from(TRACE.x[0], 1, NET), TypeError, "net is a ndarray", "expected a Network")
    turned_away(
        lambda: nn.step(NET, (GRADIENT.dE_dW, GRADIENT.dE_db), 0.1),
        TypeError,
        "gradient is a tuple",
        "expected a Gradient",
        "From two dicts make Gradient(dE_dW, dE_db)",
    )
    turned_away(
        lambda: nn.Network.random(None, nn.tanh, 0), TypeError, "sizes is None", "expected whole numbers (n_0, …, n_L)"
    )
    turned_away(
        lambda: nn.Network.random((2, 3), nn.tanh, ["a", "word"]),
        TypeError,
        "seed is ['a', 'word']",
        "a whole number from 0 up",
    )
    turned_away(
        lambda: nn.deltas(NET, TRACE, Y, "cross-entropy"), TypeError, "loss is 'cross-entropy'", "expected a Loss"
    )
    turned_away(
        lambda: nn.gradient(NET, TRACE, Y, decay=-0.1), ValueError, "decay is -0.1", "expected a number from 0 up"
    )
    turned_away(
        lambda: nn.Network({1: W, 2: W.T}, {1: b, 2: x}, {1: nn.tanh}),
        ValueError,
        "f has the layers [1]",
        "expected [1, 2]",
    )
    turned_away(lambda: nn.Network({1: W}, {1: b}, {1: np.tanh}), TypeError, "f[1] is", "expected an Activation")


def test_mappings_of_any_class_are_networks():
    net = nn.Network(Words({1: W}), Words({1: b}), Words({1: nn.tanh}))
    assert type(net.W) is type(net.b) is type(net.f) is dict


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, bool])
def test_activations_convert_whole_numbers(dtype):
    """−u wraps around in uint8, and int8 would come out in float16."""
    whole = np.array([0, 1, 3, 100, 127]).astype(dtype)
    for f in (nn.identity, nn.sigmoid, nn.tanh, nn.relu, nn.leaky_relu, nn.softplus, nn.softsign, nn.silu):
        for g in (f, f.prime):
            values = g(whole)
            assert values.dtype == np.float64
            np.testing.assert_array_equal(values, g(whole.astype(float)))
    assert nn.sigmoid(np.uint8(200)) == 1 and nn.sigmoid(3) == nn.sigmoid(3.0)


def test_masked_arrays_are_refused():
    masked = np.ma.masked_array(np.ones((2, 1)), [[True], [False]])
    for call in (
        lambda: nn.u(W, masked, b),
        lambda: nn.tanh(masked),
        lambda: nn.forward(NET, masked),
        lambda: nn.E(masked, x),
    ):
        turned_away(call, TypeError, "is a masked array", "expected a plain one", ".filled(0)")


def test_nothing_harmless_is_raised_where_all_floating_point_errors_are():
    with np.errstate(all="raise"):
        assert nn.sigmoid.prime(1000) == 0 and nn.softplus(-1000) == 0 and nn.tanh.prime(np.float32(200)) == 0
        assert nn.softsign.prime(1e200) == 0 and nn.softsign.prime(-1e300) == 0 and nn.silu(-1000) == 0
        tiny = nn.Network({1: W * 1e-200, 2: np.ones((4, 3)) * 1e-200}, {1: 0 * b, 2: np.zeros((4, 1))}, nn.tanh)
        trace = nn.forward(tiny, np.full((2, 5), 1e-200))
        g = nn.gradient(tiny, trace, Y)
        assert not trace.t.any() and not g.dE_dW[1].any()
        nn.step(tiny, g, 1e-300), nn.objective(tiny, trace, Y), nn.forward_from(tiny, 1, trace.u[1])
