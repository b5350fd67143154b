"""Every exercise: a stub is not answered, zeros do not agree, each mistake is named, every right formula agrees."""

import ast
import re
from fractions import Fraction

import books
import numpy as np
import pytest
from scipy.signal import convolve2d

import nnmath as nn
from nnmath.check.mistakes import catalogue
from nnmath.exercises import EXERCISES, class_sheet, judge_seeds
from nnmath.exercises.model import Code, Pencil, Proof

SEEDS = (0, 1, 7)


def e(i, n):
    return np.eye(n)[:, [i]]


def looped(shape, entry):
    """An array filled entry by entry."""
    array = np.zeros(shape)
    for i in np.ndindex(shape):
        array[i] = entry(*i)
    return array


def outer_sum(left, right):
    """Σ over the columns, one outer product each."""
    return sum(np.outer(left[:, n], right[:, n]) for n in range(left.shape[1]))


def residual_delta(W, b, u, y):
    """δ² of the residual layer, from the hyperbolic cosine."""
    u2 = u + b + W @ np.tanh(u)
    return (np.tanh(u2) - y) / np.cosh(u2) ** 2


def smoothed_delta(W, b, x, y, s):
    """t − the smoothed targets, one example at a time."""
    powers = np.exp(W @ x + b)
    return powers / powers.sum(axis=0) - ((1 - s) * y + s / 3)


def strided_delta(K, x, y):
    """u − y of the convolution with stride 2 down the rows and gaps between the columns of the kernel."""
    u = [[np.vdot(K, x[i : i + 2, [j, j + 2, j + 4]]) for j in range(4)] for i in (0, 2)]
    return np.array(u) - y


def with_gaps(K):
    """The 2 × 5 kernel whose entries at the gaps are 0."""
    return np.kron(K, [[1, 0]])[:, :-1]


def three_layers_forward(W1, b1, W2, b2, W3, b3, x, y):
    """u¹, u², u³, and t − y."""
    u1 = W1 @ x + b1
    u2 = W2 @ np.tanh(u1) + b2
    u3 = W3 @ np.tanh(u2) + b3
    return u1, u2, u3, np.tanh(u3) - y


def over_all_paths(W1, b1, W2, b2, W3, b3, x, y):
    """∂E/∂W¹ of three layers as a sum over every path."""
    u1, u2, u3, error = three_layers_forward(W1, b1, W2, b2, W3, b3, x, y)
    slopes = [1 / np.cosh(u) ** 2 for u in (u1, u2, u3)]
    return np.einsum("kn,kn,kj,jn,ji,in,mn->im", error, slopes[2], W3, slopes[1], W2, slopes[0], x)


def with_jacobians(W1, b1, W2, b2, W3, b3, x, y):
    """∂E/∂W¹ of three layers, one example at a time, with the Jacobian of t with respect to u¹."""
    u1, u2, u3, error = three_layers_forward(W1, b1, W2, b2, W3, b3, x, y)
    total = np.zeros(W1.shape)
    for n in range(x.shape[1]):
        first, second, third = (np.diag(1 - np.tanh(u[:, n]) ** 2) for u in (u1, u2, u3))
        total += np.outer(error[:, n] @ third @ W3 @ second @ W2 @ first, x[:, n])
    return total


def complex_steps(W1, b1, W2, b2, W3, b3, x, y):
    """∂E/∂W¹ of three layers, entry by entry with a complex step."""

    def E(V):
        return np.sum(three_layers_forward(V, b1, W2, b2, W3, b3, x, y)[3] ** 2) / 2

    return looped(W1.shape, lambda i, j: E(W1 + 1e-30j * np.outer(np.eye(3)[i], np.eye(4)[j])).imag / 1e-30)


def hessian_delta(W, x, y):
    """The second derivative of ½(tanh(u) − y)² with respect to u, from the hyperbolic cosine."""
    u = W @ x
    return 1 / np.cosh(u) ** 4 - 2 * (np.tanh(u) - y) * np.tanh(u) / np.cosh(u) ** 2


def tied_both(W, x, y):
    a = np.tanh(W @ x)
    return a, W.T @ a - y


OVER = [np.eye(n, n + 1) + np.eye(n, n + 1, 1) for n in (3, 4)]  # rows and columns of overlapping blocks


def overlapping_delta(x, beta, b, y):
    """δ of the overlapping means, their sums as products of matrices."""
    u = beta * (OVER[0] @ x @ OVER[1].T) / 4 + b
    return (np.tanh(u) - y) / np.cosh(u) ** 2


def window(place):
    """The blocks of two places that contain this one."""
    return slice(max(place - 1, 0), place + 1)


def combined_slope(alpha, x, y, lam):
    """∂E/∂α of combined maps, map by map."""
    t = alpha[0] * x[[0]] + alpha[1] * x[[1]] + alpha[2] * x[[2]]
    return np.array([[np.sum((t - y) * x[i]) - lam * (1 + np.log(alpha[i, 0]))] for i in range(3)])


def three_layers(W, b, x, y):
    """∂E/∂W of three sigmoid layers, from the hyperbolic cosine, with the sums over indices written out."""
    f, slope = lambda u: (1 + np.tanh(u / 2)) / 2, lambda u: 1 / (4 * np.cosh(u / 2) ** 2)
    u1 = W[0] @ x + b[0]
    u2 = W[1] @ f(u1) + b[1]
    u3 = W[2] @ f(u2) + b[2]
    d3 = (f(u3) - y) * slope(u3) / 5
    d2 = np.einsum("kn,ki->in", d3, W[2]) * slope(u2)
    d1 = np.einsum("kn,ki->in", d2, W[1]) * slope(u1)
    return {1: outer_sum(d1, x), 2: outer_sum(d2, f(u1)), 3: outer_sum(d3, f(u2))}


def by_the_package(W, b, x, y):
    net = nn.Network(dict(enumerate(W, 1)), dict(enumerate(b, 1)), nn.sigmoid)
    dE_dW = nn.gradient(net, nn.forward(net, x), y).dE_dW
    return np.stack([dE_dW[l] / 5 for l in (1, 2, 3)])


def averages(K, b, x):
    """The means of the maps, place by place."""
    u = [[[np.sum(K[m] * x[i : i + 2, j : j + 3]) + b[m, 0] for j in range(4)] for i in range(4)] for m in range(2)]
    return np.tanh(u).mean(axis=(1, 2))[:, None]


def softmax_of(u):
    return np.exp(u) / np.exp(u).sum(axis=0)


def averaged(K, b, W, x, delta):
    """δ of the maps and their kernels, from the δ of the scores."""
    u = nn.Convolution().u(K[:, None], x[None, :, :, None], b)
    return (W.T @ delta)[:, :, None, None] / 16 / np.cosh(u) ** 2, K[:, None]


# Three right ways to each answer: other functions, other algebra, a loop.
RIGHT = {
    "1.b": (
        lambda x: x.prod() * x**-1,
        lambda x: looped((4, 1), lambda i, _: np.prod(np.delete(x, i))),
        lambda x: np.sign(x) * np.sign(x.prod()) * np.exp(np.log(np.abs(x)).sum() - np.log(np.abs(x))),
    ),
    "2.b": (
        lambda W, x, beta, c: np.array([[c.sum()]]),
        lambda W, x, beta, c: np.einsum("kn->n", c).reshape(1, 1),
        lambda W, x, beta, c: np.ones((1, 4)) @ c,
    ),
    "3.a": (
        lambda W, x, b: np.vstack([x.T, x.T, 0 * x.T, 0 * x.T]),
        lambda W, x, b: np.outer([1, 1, 0, 0], x),
        lambda W, x, b: looped((4, 3), lambda i, j: x[j, 0] if i < 2 else 0),
    ),
    "3.b": (
        lambda S, x, k: (A := np.outer(e(k, 4), x)) + A.T,
        lambda S, x, k: np.einsum("i,j->ij", e(k, 4)[:, 0], x[:, 0]) + np.einsum("j,i->ij", e(k, 4)[:, 0], x[:, 0]),
        lambda S, x, k: looped((4, 4), lambda i, j: (i == k) * x[j, 0] + (j == k) * x[i, 0]),
    ),
    "4.a": (
        lambda W, x, b, c: np.einsum("kj,kn,kn->jn", W, c, W @ x + b),
        lambda W, x, b, c: ((c * (W @ x + b)).T @ W).T,
        lambda W, x, b, c: sum(c[k] * (W[[k]] @ x + b[[k]]) * W[[k]].T for k in range(4)),
    ),
    "5.b": (
        lambda x, c: c * (nn.sigmoid(x) + x * nn.sigmoid.prime(x)),
        lambda x, c: c * (1 + np.exp(-x) + x * np.exp(-x)) / (1 + np.exp(-x)) ** 2,
        lambda x, c: looped(
            (5, 1), lambda i, j: c[i, j] * (1 + np.tanh(x[i, j] / 2) + x[i, j] / 2 / np.cosh(x[i, j] / 2) ** 2) / 2
        ),
    ),
    "5.c": (
        lambda u, t, k: ((np.diagflat(t) - t @ t.T)[[k]]).T,
        lambda u, t, k: e(k, 4) * t - t * t[k],
        lambda u, t, k: looped((4, 1), lambda i, _: t[k, 0] * ((i == k) - t[i, 0])),
    ),
    "6.b": (
        lambda t, y: np.sinh(t - y) / np.cosh(t - y),
        lambda t, y: 1 - 2 / (np.exp(2 * (t - y)) + 1),
        lambda t, y: looped((3, 4), lambda k, n: 2 * nn.sigmoid(2 * (t[k, n] - y[k, n])) - 1),
    ),
    "7.b": (
        lambda g, W, b, x, y: np.einsum("kn,kj,jn->", g * (W @ x) + b - y, W, x).reshape(1, 1),
        lambda g, W, b, x, y: [[np.trace((g * (W @ x) + b - y).T @ W @ x)]],
        lambda g, W, b, x, y: sum((g * W @ x[:, [n]] + b - y[:, [n]]).T @ W @ x[:, [n]] for n in range(5)),
    ),
    "7.c": (
        lambda V, z, y: np.einsum("kn,jn->kj", V @ z - y, z),
        lambda V, z, y: V @ z @ z.T - y @ z.T,
        lambda V, z, y: outer_sum(V @ z - y, z),
    ),
    "8.b": (
        lambda W, b, u, y: (d := residual_delta(W, b, u, y)) + np.einsum("kn,ki,in->in", d, W, np.cosh(u) ** -2),
        lambda W, b, u, y: np.hstack(
            [
                (np.diagflat(1 / np.cosh(u[:, n]) ** 2) @ W.T + np.eye(3)) @ residual_delta(W, b, u, y)[:, [n]]
                for n in range(4)
            ]
        ),
        lambda W, b, u, y: looped(
            (3, 4), lambda i, n: (d := residual_delta(W, b, u, y)[:, n])[i] + d @ W[:, i] * (1 - np.tanh(u[i, n]) ** 2)
        ),
    ),
    "8.c": (
        lambda u, y: 1 / (1 + np.exp(-u)) - y,
        lambda u, y: (1 - y) * nn.sigmoid(u) - y * nn.sigmoid(-u),
        lambda u, y: looped((3, 4), lambda k, n: (1 + np.tanh(u[k, n] / 2)) / 2 - y[k, n]),
    ),
    "9.b": (
        lambda W, x, y: (
            np.einsum("kn,jn->kj", *tied_both(W, x, y))
            + np.einsum("kn,jn->kj", (W @ tied_both(W, x, y)[1]) * (1 - np.tanh(W @ x) ** 2), x)
        ),
        lambda W, x, y: (ad := tied_both(W, x, y))[0] @ ad[1].T + (W @ ad[1] / np.cosh(W @ x) ** 2) @ x.T,
        lambda W, x, y: outer_sum((ad := tied_both(W, x, y))[0], ad[1]) + outer_sum(W @ ad[1] * (1 - ad[0] ** 2), x),
    ),
    "9.d": (over_all_paths, with_jacobians, complex_steps),
    "10.c": (
        lambda s, p, net, y: np.einsum("jn,jn->", net.W[1].T @ nn.deltas(net, nn.forward(net, s * p), y)[1], p).reshape(
            1, 1
        ),
        lambda s, p, net, y: np.array([[np.trace((net.W[1] @ p).T @ nn.deltas(net, nn.forward(net, s * p), y)[1])]]),
        lambda s, p, net, y: sum(
            p[:, [n]].T @ net.W[1].T @ nn.deltas(net, nn.forward(net, s * p[:, [n]]), y[:, [n]])[1] for n in range(5)
        ),
    ),
    "10.d": (
        lambda W, b, x, y: np.array(list(three_layers(W, b, x, y).values())),
        by_the_package,
        lambda W, b, x, y: sum(by_the_package(W, b, x[:, [n]], y[:, [n]]) for n in range(5)),
    ),
    "11.c": (
        lambda u, y, beta: np.einsum("kn,kn->", nn.softmax(beta * u) - y, u).reshape(1, 1),
        lambda u, y, beta: np.array([[np.trace((nn.softmax(beta * u) - y).T @ u)]]),
        lambda u, y, beta: sum((nn.softmax(beta * u[:, [n]]) - y[:, [n]]).T @ u[:, [n]] for n in range(4)),
    ),
    "11.d": (
        lambda W, b, x, y, s, lam: np.einsum("kn,jn->kj", smoothed_delta(W, b, x, y, s), x) / 5 + lam * W,
        lambda W, b, x, y, s, lam: smoothed_delta(W, b, x, y, s) @ (x.T / 5) + lam * W,
        lambda W, b, x, y, s, lam: outer_sum(smoothed_delta(W, b, x, y, s) / 5, x) + lam * W,
    ),
    "12.e": (
        lambda K, x, d, i, j: np.pad(
            np.kron(K, [[1, 0], [0, 0]])[:-1, :-1], ((i, x.shape[0] - i - 3), (j, x.shape[1] - j - 5))
        ),
        lambda K, x, d, i, j: sum(
            K[a, b] * np.outer(e(i + d * a, 4), e(j + d * b, 7)) for a in range(2) for b in range(3)
        ),
        lambda K, x, d, i, j: looped(
            (4, 7),
            lambda p, q: sum(K[a, b] for a in range(2) for b in range(3) if (p, q) == (i + d * a, j + d * b)),
        ),
    ),
    "13.c": (
        lambda K, x, y: np.array(
            [[np.sum(strided_delta(K, x, y) * x[a : a + 3 : 2, 2 * b : 2 * b + 4]) for b in range(3)] for a in range(2)]
        ),
        lambda K, x, y: sum(
            nn.Convolution().dE_dK(
                strided_delta(K, x, y)[None, [i], :, None],
                with_gaps(K)[None, None],
                x[None, 2 * i : 2 * i + 2, :, None],
            )[0, 0, :, ::2]
            for i in range(2)
        ),
        lambda K, x, y: looped(
            (2, 3),
            lambda a, b: sum(
                strided_delta(K, x, y)[i, j] * x[2 * i + a, j + 2 * b] for i in range(2) for j in range(4)
            ),
        ),
    ),
    "13.d": (
        lambda K, x, y: np.pad(
            sum(np.kron(strided_delta(K, x, y)[:, [j]], with_gaps(K)) @ np.eye(5, 8, j) for j in range(4)),
            ((0, 1), (0, 0)),
        ),
        lambda K, x, y: np.vstack(
            [
                *(
                    nn.Convolution().dE_dx(
                        strided_delta(K, x, y)[None, [i], :, None], with_gaps(K)[None, None], np.zeros((1, 2, 8, 1))
                    )[0, :, :, 0]
                    for i in range(2)
                ),
                np.zeros((1, 8)),
            ]
        ),
        lambda K, x, y: looped(
            (5, 8),
            lambda p, q: sum(
                strided_delta(K, x, y)[i, j] * K[a, b]
                for i in range(2)
                for j in range(4)
                for a in range(2)
                for b in range(3)
                if (p, q) == (2 * i + a, j + 2 * b)
            ),
        ),
    ),
    "15.c": (
        lambda K, b, W, x, y: nn.Convolution().dE_dK(
            *averaged(K, b, W, x, softmax_of(W @ averages(K, b, x)) - y), x[None, :, :, None]
        )[:, 0],
        lambda K, b, W, x, y: looped(
            (2, 2, 3),
            lambda m, p, q: np.sum(
                averaged(K, b, W, x, softmax_of(W @ averages(K, b, x)) - y)[0][m, :, :, 0] * x[p : p + 4, q : q + 4]
            ),
        ),
        lambda K, b, W, x, y: sum(
            averaged(K, b, W, x, softmax_of(W @ averages(K, b, x)) - y)[0][:, i, j, :, None] * x[i : i + 2, j : j + 3]
            for i, j in np.ndindex(4, 4)
        ),
    ),
    "15.d": (
        lambda K, b, W, x, k: nn.Convolution().dE_dx(*averaged(K, b, W, x, e(k, 4)), x[None, :, :, None])[0, :, :, 0],
        lambda K, b, W, x, k: sum(
            convolve2d(delta, kernel) for delta, kernel in zip(averaged(K, b, W, x, e(k, 4))[0][..., 0], K)
        ),
        lambda K, b, W, x, k: looped(
            (5, 6),
            lambda p, q: sum(
                averaged(K, b, W, x, e(k, 4))[0][m, p - r, q - s, 0] * K[m, r, s]
                for m, r, s in np.ndindex(K.shape)
                if 0 <= p - r < 4 and 0 <= q - s < 4
            ),
        ),
    ),
    "14.c": (
        lambda x, beta, b, y: (
            sum(np.pad(overlapping_delta(x, beta, b, y), ((i, 1 - i), (j, 1 - j))) for i in (0, 1) for j in (0, 1))
            * beta
            / 4
        ),
        lambda x, beta, b, y: beta / 4 * (OVER[0].T @ overlapping_delta(x, beta, b, y) @ OVER[1]),
        lambda x, beta, b, y: looped(
            (4, 5), lambda p, q: beta[0, 0] / 4 * np.sum(overlapping_delta(x, beta, b, y)[window(p), window(q)])
        ),
    ),
    "14.d": (
        lambda c, x, y, lam: (np.diagflat(a := nn.softmax(c)) - a @ a.T) @ combined_slope(a, x, y, lam),
        lambda c, x, y, lam: (a := nn.softmax(c)) * (g := combined_slope(a, x, y, lam)) - a * (a.T @ g),
        lambda c, x, y, lam: looped(
            (3, 1),
            lambda i, _: sum(
                combined_slope(a := np.exp(c) / np.exp(c).sum(), x, y, lam)[k, 0] * a[k, 0] * ((i == k) - a[i, 0])
                for k in range(3)
            ),
        ),
    ),
    "16.c": (
        lambda a, v: v / np.linalg.norm(a, axis=0) - a * (a * v).sum(axis=0) / np.linalg.norm(a, axis=0) ** 3,
        lambda a, v: np.hstack(
            [
                (np.eye(4) / (r := np.sqrt(c.T @ c)) - c @ c.T / r**3).T @ v[:, [n]]
                for n, c in enumerate(np.hsplit(a, 3))
            ]
        ),
        lambda a, v: looped(
            (4, 3),
            lambda j, n: sum(
                v[k, n] * ((k == j) - a[k, n] * a[j, n] / (a[:, n] @ a[:, n])) / np.sqrt(a[:, n] @ a[:, n])
                for k in range(4)
            ),
        ),
    ),
    "16.d": (
        lambda W, x, y, D: np.einsum("kn,jn->kj", hessian_delta(W, x, y) * (D @ x), x),
        lambda W, x, y, D: outer_sum(hessian_delta(W, x, y) * np.einsum("kj,jn->kn", D, x), x),
        lambda W, x, y, D: looped(
            (2, 3),
            lambda i, j: sum(
                hessian_delta(W, x, y)[i, n] * x[j, n] * x[l, n] * D[i, l] for n in range(5) for l in range(3)
            ),
        ),
    ),
}


CODE = [tag for tag, exercise in EXERCISES.items() if isinstance(exercise, Code)]
JUDGED = [tag for tag, exercise in EXERCISES.items() if not isinstance(exercise, Proof)]
MISTAKES = [(tag, name) for tag in JUDGED for name in EXERCISES[tag].mistakes]


def posed_as(exercise, seed=0):
    """An exercise that is in no chapter."""
    return nn.exercises.ExerciseInstance(exercise, seed)


PENCIL = Pencil(
    tag="0.z",
    question="Find $2 x$.",
    hints=("Double it.",),
    worked="Twice x.",
    numbers=lambda rng: {"x": np.array([[1.0], [3.0]])},
    solution=lambda x: 2 * x,
    mistakes={"factor ½": lambda x: x / 2},
)
PROOF = Proof(tag="0.y", question="Show that $1 = 1$.", hints=("Look at both sides.",), proof="Both sides are equal.")


def unfinished(**_):
    raise NotImplementedError


@pytest.mark.parametrize("tag", JUDGED)
def test_a_stub_is_not_answered_yet(tag):
    for stub in (lambda **_: ..., unfinished, ...):
        verdict = nn.exercise(tag).judge(stub)
        assert verdict.kind == "not answered yet" and verdict.reasons == () and verdict.tag == tag


@pytest.mark.parametrize("tag", JUDGED)
def test_a_forgotten_return_is_named(tag):
    verdict = nn.exercise(tag).judge(lambda **_: None)
    assert verdict.kind == "disagrees" and "your function returned None: is there a return?" in str(verdict)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tag", JUDGED)
def test_the_solution_agrees(tag, seed):
    assert nn.exercise(tag, seed).judge(EXERCISES[tag].solution).kind == "agrees"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tag", JUDGED)
def test_zeros_do_not_agree(tag, seed):
    zeros = nn.exercise(tag, seed).judge(lambda **arguments: 0 * np.asarray(EXERCISES[tag].solution(**arguments)))
    assert zeros.kind == "disagrees" and "zero returned" in zeros.reasons


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tag, name", MISTAKES)
def test_each_mistake_is_named(tag, name, seed):
    verdict = nn.exercise(tag, seed).judge(EXERCISES[tag].mistakes[name])
    assert verdict.kind == "disagrees" and verdict.reasons[0] == name


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tag", RIGHT)
def test_every_right_formula_agrees(tag, seed):
    assert len(RIGHT[tag]) == 3
    for right in RIGHT[tag]:
        assert nn.exercise(tag, seed).judge(right).kind == "agrees"


@pytest.mark.parametrize("tag", JUDGED)
def test_any_seed_gives_numbers_that_teach(tag):
    """A teacher may take any seed: the right answer is seen to 6 digits, no entry is lost in the others, and each
    mistake differs from the right answer and from every other mistake."""
    exercise = EXERCISES[tag]
    for seed in range(100, 130):
        posed = nn.exercise(tag, seed)
        verdict = posed.judge(exercise.solution)
        assert verdict.kind == "agrees", seed
        assert isinstance(exercise, Pencil) or "to 6 digits" in str(verdict), seed
        answers = [np.asarray(one(**posed.arguments)) for one in (exercise.solution, *exercise.mistakes.values())]
        right = answers[0]
        assert 0.01 < np.abs(right).max() < 100
        for i, one in enumerate(answers):
            for other in answers[:i]:
                assert one.shape != other.shape or np.abs(one - other).max() > 1e-4 * np.abs(right).max(), seed


@pytest.mark.parametrize("seed", range(200, 210))
@pytest.mark.parametrize(
    "tag, name",
    [
        ("3.b", "one path only"),
        ("5.c", "softmax entry by entry"),
        ("8.b", "one path only"),
        ("8.c", "f′ where it cancels"),
        ("9.b", "one path only"),
        ("9.d", "f′ missing"),
        ("9.d", "W for Wᵀ"),
    ],
)
def test_the_tempting_mistake_is_named_with_every_seed(tag, name, seed):
    verdict = nn.exercise(tag, seed).judge(EXERCISES[tag].mistakes[name])
    assert verdict.reasons[0] == name and name in str(verdict)


def test_no_reason_mentions_examples_where_there_is_only_one():
    for tag in JUDGED:
        arrays = [array for array in nn.exercise(tag).arguments.values() if np.ndim(array) == 2]
        columns = max((array.shape[1] for array in arrays), default=1)
        for name in set(EXERCISES[tag].mistakes) & set(catalogue):
            told = catalogue[name].tempting + catalogue[name].symptom
            assert columns > 1 or "examples" not in told, (tag, name)


def test_an_answer_may_write_into_its_numbers():
    def answer(W, x, b, c):
        c *= W @ x + b
        return W.T @ c

    assert nn.exercise("4.a").judge(answer).kind == "agrees"
    wrong = nn.exercise("4.a").judge(lambda W, x, b, c: -answer(W, x, b, c))
    assert wrong.reasons[0] == "sign"


class Hostile:
    """An object that raises whenever anybody looks at it."""

    def __array__(self, *_, **__):
        raise RuntimeError("no array")

    def __eq__(self, other):
        raise RuntimeError("no comparison")


ODD = [
    None,
    3,
    "text",
    b"",
    [],
    {},
    [[1], [2, 3]],
    1j,
    np.array(["a"]),
    np.array([None]),
    Hostile(),
    np.ones((4, 3)),
    np.nan,
    np.ones((0, 3)),
    type,
    max,
    object(),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
@pytest.mark.parametrize("instance", [nn.exercise("3.a"), posed_as(PENCIL)], ids=["code", "pencil"])
def test_judging_never_raises(instance, odd):
    for answer in (odd, lambda **_: odd):
        assert instance.judge(answer).kind == "disagrees"


def test_a_function_that_raises_gets_a_verdict():
    verdict = nn.exercise("3.a").judge(lambda W, x, b: W @ W)
    assert verdict.kind == "disagrees" and "ValueError" in str(verdict)
    verdict = nn.exercise("3.a").judge(lambda: 0)
    assert verdict.kind == "disagrees" and "TypeError" in str(verdict)


def test_a_value_in_place_of_a_function_is_named():
    assert "the answer is a ndarray; expected a function of W, x, b" in str(nn.exercise("3.a").judge(np.ones((4, 3))))


# By pencil, and proofs


@pytest.mark.parametrize(
    "answer", [[2, 6], [[2], [6]], (2.0, 6.001), np.array([2, 6]), [Fraction(2), Fraction(6)], lambda x: x + x]
)
def test_a_pencil_answer_may_be_a_list_or_an_array_or_a_function(answer):
    assert posed_as(PENCIL).judge(answer).kind == "agrees"


@pytest.mark.parametrize("answer, reason", [([0.5, 1.5], "factor ½"), ([-2, -6], "sign"), ([[2, 6]], "transposed")])
def test_a_wrong_pencil_answer_is_explained(answer, reason):
    verdict = posed_as(PENCIL).judge(answer)
    assert verdict.kind == "disagrees" and verdict.reasons[0] == reason


def test_a_wrong_pencil_answer_does_not_give_the_right_one_away():
    verdict = posed_as(PENCIL).judge([2, 7.5])
    assert verdict.kind == "disagrees" and "1 of 2 entries" in str(verdict) and "6" not in str(verdict)


def test_a_proof_is_shown_and_not_judged():
    posed = posed_as(PROOF)
    assert posed.judge("because").kind == "not answered yet" and "Both sides are equal." in posed.key()
    assert "seed" not in str(posed)


# What is shown


def test_numbers_come_from_the_seed():
    first, again, other = (nn.exercise("3.a", seed).arguments["W"] for seed in (3, 3, 4))
    assert (first == again).all() and not np.allclose(first, other)


def test_a_question_shows_its_seed_and_exactly_the_numbers_that_are_used():
    posed = nn.exercise("3.a", seed=7)
    for text in (str(posed), posed._repr_markdown_()):
        assert "seed 7" in text
        assert all(f"{value:g}" in text for value in posed.arguments["x"].flat)


def test_the_numbers_are_folded_where_the_answer_is_a_function():
    for tag, exercise in EXERCISES.items():
        shown = nn.exercise(tag)._repr_markdown_()
        assert ("<summary>The numbers for seed 0</summary>" in shown) == isinstance(exercise, Code)
    assert "$k = 2$ on the page, which is `k = 1` in the code" in str(nn.exercise("3.b", seed=7))
    network = Proof(
        tag="0.x",
        question="",
        hints=("",),
        proof="",
        numbers=lambda rng: {"net": nn.Network.random((4, 3, 5, 2), nn.tanh, 0)},
    )
    assert "4-3-5-2 network" in str(posed_as(network))


def test_every_hint_is_one_click_away():
    for tag, exercise in EXERCISES.items():
        shown = nn.exercise(tag)._repr_markdown_()
        folded = len(exercise.hints) + isinstance(exercise, Code)
        assert shown.count("<details>") == shown.count("</details>") == folded > 0
        assert all(hint in shown for hint in exercise.hints)


def test_hints_come_in_stages_and_one_too_many_is_no_error():
    posed = nn.exercise("4.a")
    assert len({posed.hint(n) for n in (1, 2, 3)}) == 3
    for n in (0, 4, -1, "2"):
        assert "There are 3 hints here, numbered 1 to 3." in posed.hint(n)
    assert "There is 1 hint here" in posed_as(PENCIL).hint(2)


@pytest.mark.parametrize("tag", JUDGED)
def test_the_code_of_the_key_can_be_pasted_and_agrees(tag):
    code = re.search(r"```python\n(.*?)```", nn.exercise(tag, seed=5).key(), re.S)[1]
    namespace = {"np": np}
    exec(code, namespace)
    assert nn.exercise(tag, seed=9).judge(namespace["answer"]).kind == "agrees"


def test_an_unknown_tag_or_seed_is_an_error():
    with pytest.raises(KeyError, match="there is no exercise '99.z'"):
        nn.exercise("99.z")
    for seed in (-1, 1.5, "0"):
        with pytest.raises(ValueError, match="expected a whole number from 0 up"):
            nn.exercise("3.a", seed)


# For a class


def test_a_class_sheet_has_each_question_and_each_key_for_each_seed():
    sheet = class_sheet(range(3), ["3.a", "5.c"])
    for seed in range(3):
        for tag in ("3.a", "5.c"):
            assert sheet.count(str(nn.exercise(tag, seed))) == 1 and sheet.count(nn.exercise(tag, seed).key()) == 1
    assert sheet.rindex("**Exercise") < sheet.index("**Key")
    assert "**Key" not in class_sheet([0], ["3.a"], keys=False)
    assert all(tag in class_sheet([1]) for tag in EXERCISES)


def test_an_answer_made_for_one_seed_fails_with_the_others():
    numbers = EXERCISES["4.a"].solution(**nn.exercise("4.a", 0).arguments)
    verdicts = judge_seeds("4.a", lambda **_: numbers, range(4))
    assert [verdict.kind for verdict in verdicts.values()] == ["agrees", "disagrees", "disagrees", "disagrees"]
    assert list(judge_seeds("4.a", EXERCISES["4.a"].solution, (3, 5))) == [3, 5]


# A reader of chapter 09 corrects the program with three bugs, and writes one of its lines in other ways

CHAPTER = next(path for path in books.CHAPTERS if path.name.startswith("09"))
RIGHT_LINE = "delta[l] = (W[l+1].T @ delta[l+1]) * (1 - np.tanh(u[l])**2)"
CORRECTED = {
    "delta[l] = (W[l+1] @ delta[l+1]) * (1 - np.tanh(x[l])**2)": RIGHT_LINE,
    "delta[l] @ x[l].T": "delta[l] @ x[l-1].T",
    ".kind": "",
}


def verdict_on(line):
    """What the chapter says once the reader has written this line in the cell with the three bugs."""
    cells = [cell.source for cell in books.code_cells(books.read(CHAPTER))]
    written = next(n for n, source in enumerate(cells) if "def gradients" in source)
    program = "\n".join(cells[written : written + 2])
    for wrong, right in CORRECTED.items():
        assert program.count(wrong) == 1
        program = program.replace(wrong, right)
    *body, last = ast.parse(program.replace(RIGHT_LINE, line)).body
    namespace = {"np": np, "nn": nn, "f": dict.fromkeys((1, 2, 3), nn.tanh)}
    exec(compile(ast.Module(body, []), "chapter 09", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "chapter 09", "eval"), namespace)


@pytest.mark.parametrize(
    "line, name",
    [
        ("delta[l] = np.dot(W[l+1], delta[l+1]) * (1 - np.tanh(u[l])**2)", "W for Wᵀ"),
        ("delta[l] = np.einsum('ki,kn->in', W[l+1], delta[l+1])", "f′ missing"),
        ("delta[l] = sum(W[l+1][[k]].T * delta[l+1][k] for k in range(3)) * (1 - np.tanh(x[l])**2)", "f′ at f(u)"),
        ("delta[l] = W[l+1].T @ (f[l].prime(u[l]) * delta[l+1])", "parenthesis misplaced"),
        ("delta[l] = f[l].prime(u[l]) * W[l+1].T @ delta[l+1]", "∘ before ·"),
        ("delta[l] = -np.cosh(u[l])**-2.0 * (W[l+1].T @ delta[l+1])", "sign"),
        ("delta[l] = (W[l+1].T @ delta[l+1]) * f[l].prime(u[l])**2", "f′ twice"),
    ],
)
def test_a_reader_of_chapter_09_is_told_each_mistake_by_its_name(line, name):
    verdict = verdict_on(line)
    assert verdict.kind == "disagrees" and verdict.whole and verdict.reasons == (name,)


@pytest.mark.parametrize(
    "line",
    [
        RIGHT_LINE,
        "delta[l] = np.einsum('ki,kn->in', W[l+1], delta[l+1]) / np.cosh(u[l])**2",
        "delta[l] = sum(W[l+1][[k]].T * delta[l+1][k] for k in range(3)) * (1 - x[l]**2)",
    ],
)
def test_every_right_line_in_chapter_09_agrees(line):
    assert verdict_on(line).kind == "agrees"


@pytest.mark.parametrize("seed", range(50))
def test_a_step_by_hand_lowers_the_loss(seed):
    W, b, x, y, eta = (np.asarray(nn.exercise("9.a", seed).arguments[name]) for name in ("W", "b", "x", "y", "eta"))
    delta = W @ x + b - y
    stepped = (W - eta * delta @ x.T) @ x + (b - eta * delta) - y
    assert abs(stepped.item()) < abs(delta.item())


@pytest.mark.parametrize("seed", range(50))
def test_a_target_is_one_that_the_output_can_reach(seed):
    assert np.abs(nn.exercise("6.a", seed).arguments["y"]).max() < 1
