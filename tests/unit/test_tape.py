"""Reverse mode: every rule against complex steps, whole networks against back-propagation and autograd."""

import autograd
import autograd.numpy as anp
import numpy as np
import oracles
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from worked import pencil_and_paper

import nnmath as nn

tape = nn.tape
RNG = np.random.default_rng(5)
A, B, COLUMN, ROW, V = (RNG.uniform(0.5, 2, size=shape) for shape in ((3, 4), (3, 4), (3, 1), (4,), (4, 2)))

# F in terms of operations that arrays have too, so that the same line runs on a tape and on complex numbers
OPERATIONS = {
    "+": (lambda a, b: a + b, (A, B)),
    "−": (lambda a, b: a - b, (A, B)),
    "∘": (lambda a, b: a * b, (A, B)),
    "/": (lambda a, b: a / b, (A, B)),
    "@": (lambda a, b: a @ b, (A, V)),
    "−a": (lambda a: -a, (A,)),
    "a³": (lambda a: a**3, (A,)),
    "√a": (lambda a: a**0.5, (A,)),
    "+ column": (lambda a, b: a + b, (A, COLUMN)),
    "column / a": (lambda a, b: b / a, (A, COLUMN)),
    "row ∘ a": (lambda a, b: b * a, (A, ROW)),
    "constant": (lambda a: 2 - B * (3 / a) + COLUMN * a, (A,)),
    "product with a constant": (lambda a: (B.T @ a) @ (2 * V), (A,)),
    "twice": (lambda a: a * a + a, (A,)),
    "a number": (lambda a, b: a * b, (A, np.array(1.5))),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_rule_by_complex_steps(name):
    F, arrays = OPERATIONS[name]
    values = [tape.Value(array) for array in arrays]
    out = F(*values)
    assert_allclose(out.value, F(*arrays), rtol=1e-15)
    weights = RNG.normal(size=out.value.shape)
    for n, slopes in enumerate(tape.gradients(tape.total(weights * out), *values)):

        def moved(array):
            return (weights * F(*(array if m == n else other for m, other in enumerate(arrays)))).sum()

        assert slopes.shape == arrays[n].shape
        assert_allclose(slopes, oracles.complex_step(moved, arrays[n]), rtol=1e-12, atol=1e-13)


def test_exp_log_reshape_and_an_operation_of_your_own():
    a = tape.Value(A)
    sin = tape.operation(np.sin, lambda v, out, a: v * np.cos(a))
    E = tape.total(tape.exp(sin(a)) * tape.log(a) * tape.reshape(a, 12, 1).value.sum()) + tape.total(
        tape.reshape(a, 12, 1) ** 2
    )
    constant = A.sum()
    F = lambda a: (np.exp(np.sin(a)) * np.log(a)).sum() * constant + (a**2).sum()
    assert_allclose(tape.gradients(E, a)[0], oracles.complex_step(F, A), rtol=1e-12)


def test_many_uses_add_up_and_an_unused_input_has_no_gradient():
    a, unused = tape.Value(2.0), tape.Value([1.0, 2.0])
    E = a
    for _ in range(50):
        E = E + E  # 2^50 paths
    slope, nothing = tape.gradients(E, a, unused)
    assert slope == 2.0**50
    assert_array_equal(nothing, [0, 0])
    deep = a
    for _ in range(20_000):
        deep = deep + 1.0
    assert tape.gradients(deep, a)[0] == 1  # no recursion, so no limit to it


def test_the_numbers_of_chapter_08_by_hand():
    net, x, y, right = pencil_and_paper()
    W, b = ({l: tape.Value(a) for l, a in part.items()} for part in (net.W, net.b))
    t = x
    for l in W:
        t = tape.apply(net.f[l], W[l] @ t + b[l])
    E = tape.total((t - y) ** 2) / 2
    assert E.value == right.E
    found = tape.gradients(E, *W.values(), *b.values())
    for slopes, truth in zip(found, [*right.dE_dW.values(), *right.dE_db.values()]):
        assert_array_equal(slopes, truth)


def test_the_numbers_of_chapter_13_by_hand():
    x = tape.Value(np.array([[-1, 1, 2], [-1, 0, 1], [1, -1, -1]]).reshape(1, 3, 3, 1))
    K, b = tape.Value(np.array([[-1, 1], [-2, 1]]).reshape(1, 1, 2, 2)), tape.Value([[-1]])
    mean = tape.layer(nn.MeanPooling(2), None, tape.apply(nn.softsign, tape.layer(nn.Convolution(), K, x, b)), None)
    E = tape.total((mean - 3 / 4) ** 2) / 2
    dE_dK, dE_db, dE_dx = tape.gradients(E, K, b, x)
    assert_array_equal(dE_dK[0, 0], [[-1 / 64, -13 / 128], [1 / 32, 1 / 128]])
    assert_array_equal(dE_db, [[-5 / 64]])
    assert_array_equal(128 * dE_dx[0, :, :, 0], [[1, 3, -4], [3, 10, -8], [2, 7, -4]])


@pytest.mark.parametrize("f", [*oracles.ALL, nn.softmax], ids=repr)
def test_activations_and_dense_layers_against_autograd(f):
    W, b, x = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 1)), RNG.normal(size=(4, 5))
    values = [tape.Value(array) for array in (W, x, b)]
    weights = RNG.normal(size=(3, 5))
    E = tape.total(weights * tape.apply(f, tape.layer(nn.Dense(), *values)))
    F = lambda W, x, b: anp.sum(weights * oracles.FORMULAS[f.name](anp.dot(W, x) + b, anp))
    for n, slopes in enumerate(tape.gradients(E, *values)):
        assert_allclose(slopes, autograd.grad(F, n)(W, x, b), rtol=1e-11, atol=1e-13)


def test_float32_stays_float32():
    a = tape.Value(A.astype(np.float32))
    E = tape.total(tape.apply(nn.tanh, a) ** 2 / 2)
    assert tape.gradients(E, a)[0].dtype == np.float32


@pytest.mark.parametrize(
    "call, error, words",
    [
        (
            lambda: tape.gradients(tape.Value(A), tape.Value(B)),
            ValueError,
            r"E has shape \(3, 4\); expected one number.*tape.total",
        ),
        (lambda: tape.gradients(A.sum()), TypeError, "E is a float64; expected a Value"),
        (lambda: tape.gradients(tape.Value(1.0), A), TypeError, "an input is a ndarray; expected a Value"),
        (lambda: tape.Value("words"), TypeError, "value has dtype .*; expected real numbers"),
        (lambda: tape.Value(1j), TypeError, "value has dtype complex128"),
        (lambda: tape.apply(np.tanh, tape.Value(A)), TypeError, "expected an Activation"),
    ],
)
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call()
