"""Convolution and pooling: worked by hand, proved by sympy, and against scipy, autograd and complex steps."""

import autograd
import autograd.numpy as anp
import numpy as np
import oracles
import pytest
import scipy.signal
import sympy
from numpy.testing import assert_allclose, assert_array_equal

import nnmath as nn
from nnmath.pooling import down, up

# The example of one picture of 3 × 3, one kernel of 2 × 2, softsign, and the mean of the four places.
X = np.array([[-1, 1, 2], [-1, 0, 1], [1, -1, -1]]).reshape(1, 3, 3, 1)
K = np.array([[-1, 1], [-2, 1]]).reshape(1, 1, 2, 2)
NET = nn.MixedNetwork(
    {1: nn.Convolution(), 2: nn.MeanPooling(2)}, {1: K}, {1: [[-1]]}, {1: nn.softsign, 2: nn.identity}
)

# Sizes that are all different: (stride, padding, m, c, (a, b), (h, w), N)
CASES = [
    (1, 0, 2, 3, (2, 4), (6, 5), 1),
    (1, 0, 4, 1, (1, 1), (3, 2), 5),
    (2, 0, 2, 3, (3, 2), (8, 7), 5),
    (1, 2, 2, 3, (3, 4), (6, 5), 1),
    (2, 1, 3, 2, (4, 3), (7, 6), 5),
    (3, 2, 1, 2, (2, 3), (5, 8), 4),
    (4, 0, 2, 1, (2, 2), (7, 9), 3),
    (1, 0, 2, 3, (5, 4), (5, 4), 2),
]


def random_case(stride, padding, m, c, kernel, picture, N, dtype=float):
    rng = np.random.default_rng([stride, padding, m, c, N])
    conv = nn.Convolution(stride, padding)
    kernels, x, b = rng.normal(size=(m, c, *kernel)), rng.normal(size=(c, *picture, N)), rng.normal(size=(m, 1))
    v = rng.normal(size=conv.u(kernels, x, b).shape)
    return conv, *(array.astype(dtype) for array in (kernels, x, b, v))


def by_loops(K, x, b, stride=1, padding=0):
    """u, entry by entry, for numbers of any kind."""
    (m, c, a, bb), (_, h, w, N) = K.shape, x.shape
    padded = np.zeros((c, h + 2 * padding, w + 2 * padding, N), x.dtype)
    padded[:, padding : padding + h, padding : padding + w] = x
    H, V = (h + 2 * padding - a) // stride + 1, (w + 2 * padding - bb) // stride + 1
    u = np.zeros((m, H, V, N), np.result_type(K, x, b))
    for o, i, j, n in np.ndindex(u.shape):
        u[o, i, j, n] = b[o, 0] + sum(
            K[o, p, r, s] * padded[p, i * stride + r, j * stride + s, n]
            for p in range(c)
            for r in range(a)
            for s in range(bb)
        )
    return u


def test_worked_by_hand():
    trace = nn.forward(NET, X)
    assert_array_equal(trace.u[1][0, :, :, 0], [[3, 1], [-3, 1]])
    assert_array_equal(trace.x[1][0, :, :, 0], [[3 / 4, 1 / 2], [-3 / 4, 1 / 2]])
    assert trace.t.item() == 1 / 4
    y = [[3 / 4]]
    assert nn.objective(NET, trace, y) == 1 / 8
    delta = nn.deltas(NET, trace, y)
    assert delta[2].item() == -1 / 2
    assert_array_equal(delta[1][0, :, :, 0], [[-1 / 128, -1 / 32], [-1 / 128, -1 / 32]])
    g = nn.gradient(NET, trace, y)
    assert_array_equal(g.dE_dW[1][0, 0], [[-1 / 64, -13 / 128], [1 / 32, 1 / 128]])
    assert g.dE_db[1].item() == -5 / 64
    dE_dx = [[1 / 128, 3 / 128, -1 / 32], [3 / 128, 5 / 64, -1 / 16], [1 / 64, 7 / 128, -1 / 32]]
    assert_array_equal(nn.Convolution().dE_dx(delta[1], K, X)[0, :, :, 0], dE_dx)
    assert_array_equal(nn.Convolution().u(K[:, :, ::-1, ::-1], X, [[-1]])[0, :, :, 0], [[-5, -5], [0, -3]])


@pytest.mark.parametrize("case", CASES)
def test_u_is_the_sum_over_entries(case):
    conv, kernels, x, b, v = random_case(*case)
    assert_allclose(conv.u(kernels, x, b), by_loops(kernels, x, b, *case[:2]), rtol=1e-12, atol=1e-13)
    assert_allclose(conv.u(kernels, x), by_loops(kernels, x, 0 * b, *case[:2]), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("case", CASES)
def test_the_gradients_by_complex_steps(case):
    conv, kernels, x, b, v = random_case(*case)
    F = lambda K, x, b: (v * by_loops(K, x, b, *case[:2])).sum()
    assert_allclose(
        conv.dE_dK(v, kernels, x, b), oracles.complex_step(lambda K: F(K, x, b), kernels), rtol=1e-12, atol=1e-13
    )
    assert_allclose(
        conv.dE_db(v, kernels, x, b), oracles.complex_step(lambda b: F(kernels, x, b), b), rtol=1e-12, atol=1e-13
    )
    if x.size < 200:
        slopes = oracles.complex_step(lambda x: F(kernels, x, b), x)
        assert_allclose(conv.dE_dx(v, kernels, x, b), slopes, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("case", CASES)
def test_the_derivatives_of_one_entry_are_the_rows_of_the_matrix(case):
    conv, kernels, x, b, v = random_case(*case)
    one, W = x[..., :1], conv.as_matrix(kernels, *x.shape[1:3])
    places = list(np.ndindex(v.shape[:3]))
    assert W.shape == (len(places), one.size)
    biases = np.repeat(b, v.shape[1] * v.shape[2], axis=0)
    assert_allclose(
        W @ x.reshape(one.size, -1) + biases, conv.u(kernels, x, b).reshape(len(places), -1), rtol=1e-12, atol=1e-13
    )
    for place in places[:: max(1, len(places) // 7)]:
        unit = np.zeros((*v.shape[:3], 1))
        unit[place] = 1
        assert_array_equal(conv.du_dx(*place, kernels, one, b), conv.dE_dx(unit, kernels, one))
        assert_array_equal(conv.du_dK(*place, kernels, one, b), conv.dE_dK(unit, kernels, one))
        assert_array_equal(conv.du_db(*place, kernels, one, b), conv.dE_db(unit, kernels, one))


@pytest.mark.parametrize("case", CASES)
def test_against_scipy(case):
    stride, padding, m, c, kernel, picture, N = case
    conv, kernels, x, b, v = random_case(*case)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    spread = np.zeros((m, *(p - k + 1 for p, k in zip(padded.shape[1:3], kernel)), N))
    spread[:, ::stride, ::stride] = v
    for n in range(N):
        for o in range(m):
            u = sum(scipy.signal.correlate2d(padded[p, :, :, n], kernels[o, p], "valid") for p in range(c))
            assert_allclose(conv.u(kernels, x, b)[o, :, :, n], u[::stride, ::stride] + b[o], rtol=1e-11, atol=1e-12)
        for p in range(c):
            full = sum(scipy.signal.convolve2d(spread[o, :, :, n], kernels[o, p], "full") for o in range(m))
            inside = full[padding : padding + picture[0], padding : padding + picture[1]]
            assert_allclose(conv.dE_dx(v, kernels, x)[p, :, :, n], inside, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    "kernel, picture, m, stride",
    [((1, 1), (2, 2), 1, 1), ((2, 2), (3, 3), 1, 1), ((3, 2), (4, 3), 2, 1), ((2, 1), (4, 3), 2, 2)],
)
def test_the_gradients_are_proved_by_sympy(monkeypatch, kernel, picture, m, stride):
    def symbols(name, *shape):
        return np.array([sympy.Symbol(f"{name}_{i}") for i in range(int(np.prod(shape)))], object).reshape(shape)

    monkeypatch.setattr("nnmath.convolution.maps", lambda name, value, *sizes: np.asarray(value))
    monkeypatch.setattr("nnmath.convolution.matrix", lambda name, value, *sizes: np.asarray(value))
    conv = nn.Convolution(stride)
    kernels, x, b = symbols("K", m, 2, *kernel), symbols("x", 2, *picture, 1), symbols("b", m, 1)
    u = conv.u(kernels, x, b)
    v = symbols("v", *u.shape)
    E = (v * by_loops(kernels, x, b, stride)).sum()
    for claim, at in (
        (conv.dE_dK(v, kernels, x, b), kernels),
        (conv.dE_dx(v, kernels, x, b), x),
        (conv.dE_db(v, kernels, x, b), b),
    ):
        assert claim.shape == at.shape
        assert all(sympy.expand(one - sympy.diff(E, symbol)) == 0 for one, symbol in zip(claim.flat, at.flat))


LAYOUTS = {
    "Fortran": np.asfortranarray,
    "backwards": lambda array: array[::-1, ::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1, ::-1],
    "every second": lambda array: np.repeat(array, 2, axis=3)[..., ::2],
    "read only": lambda array: np.frombuffer(array.tobytes()).reshape(array.shape),
    "other byte order": lambda array: array.astype(array.dtype.newbyteorder()),
    "broadcast": lambda array: np.broadcast_to(array, (1, *array.shape))[0],
}


@pytest.mark.parametrize("case", [CASES[2], CASES[3], CASES[5]])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_numbers_do_not_depend_on_the_layout_in_memory_and_nothing_is_written_into(layout, case):
    conv, kernels, x, b, v = random_case(*case)
    inputs = [LAYOUTS[layout](array) for array in (v, kernels, x)]
    assert_allclose(conv.u(*inputs[1:], b), conv.u(kernels, x, b), rtol=1e-13)
    for function in (conv.dE_dK, conv.dE_dx, conv.dE_db):
        found = function(*inputs)
        assert_allclose(found, function(v, kernels, x), rtol=1e-12, atol=1e-14)
        assert not any(np.shares_memory(found, array) for array in inputs)
    for one, other in zip(inputs, (v, kernels, x)):
        assert_array_equal(one, other)


def test_a_kernel_may_be_larger_than_the_picture_without_its_padding():
    kernels, x = np.arange(1.0, 26).reshape(1, 1, 5, 5), np.arange(1.0, 10).reshape(1, 3, 3, 1)
    assert_allclose(nn.Convolution(padding=1).u(kernels, x), np.vdot(kernels[0, 0, 1:4, 1:4], x[0, :, :, 0]))


def test_lists_are_as_good_as_arrays():
    assert_array_equal(nn.Convolution().u(K.tolist(), X.tolist(), [[-1]]), nn.Convolution().u(K, X, [[-1]]))
    for pooling in (nn.MeanPooling(3), nn.MaxPooling(3)):
        assert_array_equal(pooling.u(None, X.tolist()), pooling.u(None, X))
        assert_array_equal(
            pooling.dE_dx([[[[2]]]], None, X.tolist()), pooling.dE_dx(np.full((1, 1, 1, 1), 2.0), None, X)
        )
    assert_array_equal(nn.Convolution().as_matrix(K.tolist(), 3, 3), nn.Convolution().as_matrix(K, 3, 3))


@pytest.mark.parametrize(
    "layer, name", [(nn.Convolution(), "stride"), (nn.MeanPooling(2), "size"), (nn.MaxPooling(2), "size")]
)
def test_a_layer_cannot_be_changed(layer, name):
    with pytest.raises(AttributeError):
        setattr(layer, name, 3)


def test_shifting_the_picture_shifts_the_output():
    rng = np.random.default_rng(0)
    kernels, x = rng.normal(size=(2, 1, 3, 3)), rng.normal(size=(1, 8, 9, 1))
    u, shifted = (nn.Convolution().u(kernels, picture) for picture in (x, np.roll(x, (1, 2), axis=(1, 2))))
    assert_allclose(shifted[:, 1:, 2:], u[:, :-1, :-2], rtol=1e-14)


def test_pooling_by_hand():
    x = np.array([[1, 2, 5, 3], [4, 3, 0, 8]], float).reshape(1, 2, 4, 1)
    assert_array_equal(down(x, 2)[0, :, :, 0], [[2.5, 4]])
    assert_array_equal(up(down(x, 2), 2)[0, :, :, 0], [[2.5, 2.5, 4, 4], [2.5, 2.5, 4, 4]])
    delta = np.array([[8.0, -4.0]]).reshape(1, 1, 2, 1)
    mean, most = nn.MeanPooling(2), nn.MaxPooling(2)
    assert_array_equal(mean.u([[3]], x, [[1]])[0, :, :, 0], [[8.5, 13]])
    assert_array_equal(mean.dE_dx(delta, [[3]], x, [[1]])[0, :, :, 0], [[6, 6, -3, -3], [6, 6, -3, -3]])
    assert_array_equal(mean.dE_dbeta(delta, [[3]], x), [[4]])
    assert_array_equal(mean.dE_db(delta, [[3]], x), [[4]])
    assert_array_equal(most.u(None, x)[0, :, :, 0], [[4, 8]])
    assert_array_equal(most.dE_dx(delta, None, x)[0, :, :, 0], [[0, 0, 0, 0], [8, 0, 0, -4]])
    tie = np.ones((1, 2, 2, 1))
    assert_array_equal(most.dE_dx(tie[:, :1, :1], None, tie)[0, :, :, 0], [[1, 0], [0, 0]])


@pytest.mark.parametrize("size, shape", [(1, (2, 3, 4, 5)), (2, (3, 4, 6, 1)), (3, (2, 3, 9, 4))])
def test_pooling_by_complex_steps_and_differences(size, shape):
    rng = np.random.default_rng(size)
    x, beta, b = rng.normal(size=shape), rng.normal(size=(shape[0], 1)), rng.normal(size=(shape[0], 1))
    mean, most = nn.MeanPooling(size), nn.MaxPooling(size)
    v = rng.normal(size=mean.u(beta, x, b).shape)

    def loops(x, beta, b, pick):
        total = 0
        for c, i, j, n in np.ndindex(v.shape):
            block = x[c, i * size : (i + 1) * size, j * size : (j + 1) * size, n]
            total += v[c, i, j, n] * (beta[c, 0] * pick(block) + b[c, 0])
        return total

    average = lambda block: block.sum() / size**2
    assert_allclose((v * mean.u(beta, x, b)).sum(), loops(x, beta, b, average), rtol=1e-12)
    for claim, F, at in (
        (mean.dE_dx(v, beta, x, b), lambda x: loops(x, beta, b, average), x),
        (mean.dE_dbeta(v, beta, x, b), lambda beta: loops(x, beta, b, average), beta),
        (mean.dE_db(v, beta, x, b), lambda b: loops(x, beta, b, average), b),
        (mean.dE_dx(v, None, x), lambda x: loops(x, 0 * beta + 1, 0 * b, average), x),
    ):
        assert_allclose(claim, oracles.complex_step(F, at), rtol=1e-12, atol=1e-14)
    F = lambda x: loops(x, 0 * beta + 1, 0 * b, np.max)
    assert_allclose((v * most.u(None, x)).sum(), F(x), rtol=1e-12)
    assert_allclose(most.dE_dx(v, None, x), oracles.central(F, x), atol=1e-8)


LAYERS = {
    1: nn.Convolution(padding=1),
    2: nn.MaxPooling(2),
    3: nn.Convolution(stride=2),
    4: nn.MeanPooling(1),
    5: nn.Dense(),
}
MIXED = nn.MixedNetwork.random(
    LAYERS,
    {1: (4, 1, 3, 3), 3: (5, 4, 2, 2), 4: (5, 1), 5: (3, 20)},
    {1: nn.tanh, 2: nn.identity, 3: nn.silu, 4: nn.tanh, 5: nn.softmax},
    seed=0,
)
PICTURES, TARGETS = np.random.default_rng(1).normal(size=(1, 8, 8, 6)), nn.one_hot([0, 1, 2, 0, 1, 2], 3)


def in_autograd(W, b, x):
    """E of MIXED in autograd's numpy, with slices and sums only."""

    def conv(K, x, stride):
        a, bb = K.shape[2:]
        rows, columns = (range(0, x.shape[n] - K.shape[n + 1] + 1, stride) for n in (1, 2))
        return anp.stack(
            [anp.stack([anp.tensordot(K, x[:, i : i + a, j : j + bb], 3) for j in columns], 1) for i in rows], 1
        )

    silu, tanh = oracles.FORMULAS["silu"], anp.tanh
    padded = anp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), "constant")
    t = tanh(conv(W[1], padded, 1) + b[1][:, :, None, None])
    t = anp.max(anp.stack([t[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]), 0)
    t = silu(conv(W[3], t, 2) + b[3][:, :, None, None], anp)
    t = tanh(W[4][:, :, None, None] * t + b[4][:, :, None, None])
    u = anp.dot(W[5], t.reshape(20, -1)) + b[5]
    t = anp.exp(u) / anp.sum(anp.exp(u), 0)
    return -anp.sum(TARGETS * anp.log(t)) / 6 + 0.05 * sum(anp.sum(K**2) for K in W.values())


def test_a_whole_network_of_mixed_layers_against_autograd():
    trace = nn.forward(MIXED, PICTURES)
    g = nn.gradient(MIXED, trace, TARGETS, nn.cross_entropy.mean, 0.1)
    E = nn.objective(MIXED, trace, TARGETS, nn.cross_entropy.mean, 0.1)
    assert_allclose(E, in_autograd(MIXED.W, MIXED.b, PICTURES), rtol=1e-13)
    for part, n in ((g.dE_dW, 0), (g.dE_db, 1)):
        truth = autograd.grad(in_autograd, n)(MIXED.W, MIXED.b, PICTURES)
        assert part.keys() == truth.keys()
        for l in part:
            assert_allclose(part[l], truth[l], rtol=1e-10, atol=1e-13)
    delta = nn.deltas(MIXED, trace, TARGETS, nn.cross_entropy.mean)
    dE_dx = LAYERS[1].dE_dx(delta[1], MIXED.W[1], PICTURES)
    assert_allclose(dE_dx, autograd.grad(in_autograd, 2)(MIXED.W, MIXED.b, PICTURES), rtol=1e-10, atol=1e-13)
    for l in delta:
        assert delta[l].shape == trace.u[l].shape
        assert_array_equal(nn.forward_from(MIXED, l, trace.u[l]), trace.t)


def test_mixed_networks_step_descend_and_replace_as_others_do():
    states = nn.descend(MIXED, PICTURES, TARGETS, 0.1, nn.cross_entropy.mean)
    E = [next(states).E for _ in range(4)]
    assert E == sorted(E, reverse=True) and E[3] < E[0]
    after = MIXED.replace(W={4: np.ones((5, 1))})
    assert isinstance(after, nn.MixedNetwork) and after.L == 5 and after.layers == LAYERS
    assert_array_equal(after.W[4], 1)
    assert_array_equal(after.W[1], MIXED.W[1])


def test_a_mixed_network_of_dense_layers_is_the_network_of_part_one():
    net = nn.Network.random((4, 3, 2), nn.tanh, 0)
    mixed = nn.MixedNetwork({1: nn.Dense(), 2: nn.Dense()}, net.W, net.b, nn.tanh)
    x, y = np.random.default_rng(0).normal(size=(4, 5)), np.ones((2, 5))
    one, other = (nn.gradient(n, nn.forward(n, x), y, decay=0.1) for n in (net, mixed))
    for l in (1, 2):
        assert_array_equal(one.dE_dW[l], other.dE_dW[l])
        assert_array_equal(one.dE_db[l], other.dE_db[l])


def test_float32_stays_float32():
    conv, kernels, x, b, v = random_case(*CASES[4], dtype=np.float32)
    found = [
        conv.u(kernels, x, b),
        conv.u(kernels, x),
        conv.dE_dK(v, kernels, x),
        conv.dE_dx(v, kernels, x),
        conv.dE_db(v, kernels, x),
        conv.du_dK(0, 1, 1, kernels, x[..., :1]),
        conv.du_dx(0, 1, 1, kernels, x[..., :1]),
        conv.as_matrix(kernels, 7, 6),
    ]
    x, v = x[:, :6, :6], np.ones((2, 3, 3, 5), np.float32)
    found += [
        nn.MaxPooling(2).u(None, x),
        nn.MaxPooling(2).dE_dx(v, None, x),
        nn.MeanPooling(2).u(None, x),
        nn.MeanPooling(2).dE_dx(v, None, x),
    ]
    assert {array.dtype for array in found} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    "call, error, words",
    [
        (
            lambda: nn.Convolution().u(np.ones((1, 1, 4, 2)), X),
            ValueError,
            "K is 4 high and x 3 with a padding of 0; expected a kernel no larger",
        ),
        (lambda: nn.Convolution().u(np.ones((1, 1, 2, 4)), X), ValueError, "K is 4 wide and x 3"),
        (
            lambda: nn.Convolution(padding=1).u(np.ones((1, 1, 2, 6)), X),
            ValueError,
            "K is 6 wide and x 3 with a padding of 1; expected a kernel no larger than the padded picture",
        ),
        (lambda: nn.Convolution().as_matrix(K[0], 3, 3), ValueError, r"K has shape \(1, 2, 2\); expected .*maps out"),
        (lambda: nn.Convolution().as_matrix(K, 3.5, 3), TypeError, "height is 3.5; expected an integer"),
        (lambda: nn.Convolution().as_matrix(K, 3, 0), ValueError, "width is 0; expected a whole number from 1 up"),
        (lambda: up(X[0], 2), ValueError, r"delta has shape \(3, 3, 1\); expected \(any, any, any, any\)"),
        (lambda: up(X, 0), ValueError, "size is 0; expected a whole number from 1 up"),
        (lambda: down(X[0], 1), ValueError, r"x has shape \(3, 3, 1\)"),
        (lambda: down(X, 0), ValueError, "size is 0; expected a whole number from 1 up"),
        (lambda: nn.MeanPooling(0), ValueError, "size is 0; expected a whole number from 1 up"),
        (
            lambda: nn.MeanPooling(3).dE_dx(X, None, X),
            ValueError,
            r"delta has shape \(1, 3, 3, 1\); expected \(1, 1, 1, 1\)",
        ),
        (
            lambda: nn.Convolution().u(np.ones((1, 2, 2, 2)), X),
            ValueError,
            r"x has shape \(1, 3, 3, 1\); expected \(2, any, any, any\)",
        ),
        (
            lambda: nn.Convolution().u(K, X[0]),
            ValueError,
            r"x has shape \(3, 3, 1\); expected .* \(maps, rows, columns, examples\)",
        ),
        (
            lambda: nn.Convolution().u(K[0], X),
            ValueError,
            r"K has shape \(1, 2, 2\); expected .* \(maps out, maps in, rows, columns\)",
        ),
        (lambda: nn.Convolution().u(K, X, [1]), ValueError, r"b has shape \(1,\); expected \(1, 1\)"),
        (lambda: nn.Convolution().u(K, X * np.nan), ValueError, "x holds 9 entries that are NaN"),
        (
            lambda: nn.Convolution().dE_dK(X, K, X),
            ValueError,
            r"delta has shape \(1, 3, 3, 1\); expected \(1, 2, 2, 1\)",
        ),
        (lambda: nn.Convolution().du_dK(0, 2, 0, K, X), IndexError, "i = 2 is out of range; expected 0 to 1"),
        (lambda: nn.Convolution().du_dx(1, 0, 0, K, X), IndexError, "m = 1 is out of range; expected 0 to 0"),
        (
            lambda: nn.Convolution().du_db(0, 0, 0, K, np.ones((1, 3, 3, 2))),
            ValueError,
            r"expected \(any, any, any, 1\)",
        ),
        (lambda: nn.Convolution(0), ValueError, "stride is 0; expected a whole number from 1 up"),
        (lambda: nn.Convolution(padding=-1), ValueError, "padding is -1; expected a whole number from 0 up"),
        (lambda: nn.Convolution(1.5), TypeError, "stride is 1.5; expected an integer"),
        (
            lambda: nn.MeanPooling(2).u(None, X),
            ValueError,
            "x has pictures of 3 × 3; expected .* multiples of the size 2",
        ),
        (lambda: nn.MaxPooling(0), ValueError, "size is 0"),
        (lambda: nn.MaxPooling(1).dE_dW(X, None, X), TypeError, "MaxPooling has no W"),
        (lambda: nn.MeanPooling(3).u([[1], [2]], X), ValueError, r"beta has shape \(2, 1\); expected \(1, 1\)"),
        (
            lambda: nn.MixedNetwork({1: nn.Dense}, {}, {}, nn.tanh),
            TypeError,
            r"layers\[1\] is <class .*; expected Dense\(\), Convolution\(\)",
        ),
        (
            lambda: nn.MixedNetwork({1: nn.MaxPooling(2)}, {1: [[1]]}, {1: [[1]]}, nn.tanh),
            TypeError,
            r"W\[1\] is given; expected no parameters",
        ),
        (
            lambda: nn.MixedNetwork({1: nn.MeanPooling(2)}, {1: [1, 2]}, None, nn.tanh),
            ValueError,
            r"W\[1\] has shape \(2,\); expected \(any, 1\)",
        ),
        (
            lambda: nn.MixedNetwork({1: nn.MeanPooling(2)}, {1: [[1]]}, {1: [[1, 2]]}, nn.tanh),
            ValueError,
            r"b\[1\] has shape \(1, 2\); expected \(any, 1\)",
        ),
        (
            lambda: nn.MixedNetwork({1: nn.MaxPooling(2)}, {}, {1: [[1]]}, nn.tanh),
            TypeError,
            r"b\[1\] is given; expected no parameters",
        ),
        (
            lambda: nn.MixedNetwork({1: nn.Dense()}, {2: [[1]]}, None, nn.tanh),
            ValueError,
            "W has a layer 2; expected layers from 1 to 1",
        ),
        (
            lambda: nn.MixedNetwork({2: nn.Dense()}, {2: [[1]]}, None, nn.tanh),
            ValueError,
            r"layers has the layers \[2\]; expected \[1\]",
        ),
        (lambda: nn.MixedNetwork({1: nn.Dense()}, {}, None, nn.tanh), TypeError, r"W\[1\] has dtype object"),
        (lambda: nn.forward(MIXED, np.ones((1, 9, 8, 1))), ValueError, "layer 2: x has pictures of 9 × 8"),
        (lambda: nn.forward(MIXED, np.ones((8, 8, 1))), ValueError, r"layer 1: x has shape \(8, 8, 1\)"),
        (lambda: MIXED.sizes, TypeError, "a MixedNetwork has no sizes"),
    ],
)
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call()
