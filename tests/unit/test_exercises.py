"""Every exercise: a stub is not answered, zeros do not pass, each known mistake is named, right ways are right."""

import ast
import functools

import books
import numpy as np
import pytest

import nnmath as nn
from nnmath.exercises.book import EXERCISES
from nnmath.check.mistakes import catalogue

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


def delta1(net, x, y):
    """δ¹ of three tanh layers, written out."""
    u1 = net.W[1] @ x + net.b[1]
    u2 = net.W[2] @ np.tanh(u1) + net.b[2]
    t = np.tanh(net.W[3] @ np.tanh(u2) + net.b[3])
    d2 = net.W[3].T @ ((t - y) * (1 - t**2)) / np.cosh(u2)**2
    return net.W[2].T @ d2 / np.cosh(u1)**2


def tied_both(W, x, y):
    a = np.tanh(W @ x)
    return a, W.T @ a - y


# Three right ways to each answer: other functions, other algebra, a loop.
RIGHT = {
    "2.a": (lambda W, x, b: b / b, lambda W, x, b: sum(e(k, 4) for k in range(4)), lambda W, x, b: [[1], [1], [1], [1]]),
    "2.b": (lambda W, x, beta, c: np.array([[c.sum()]]), lambda W, x, beta, c: np.einsum("kn->n", c).reshape(1, 1),
            lambda W, x, beta, c: np.ones((1, 4)) @ c),
    "3.a": (lambda W, x, b: np.vstack([x.T, x.T, 0 * x.T, 0 * x.T]), lambda W, x, b: np.outer([1, 1, 0, 0], x),
            lambda W, x, b: looped((4, 3), lambda i, j: x[j, 0] if i < 2 else 0)),
    "3.b": (lambda S, x, k: (A := np.outer(e(k, 4), x)) + A.T, lambda S, x, k: np.einsum("i,j->ij", e(k, 4)[:, 0], x[:, 0])
            + np.einsum("j,i->ij", e(k, 4)[:, 0], x[:, 0]),
            lambda S, x, k: looped((4, 4), lambda i, j: (i == k) * x[j, 0] + (j == k) * x[i, 0])),
    "4.a": (lambda W, x, b, c: np.einsum("kj,kn->jn", W, c), lambda W, x, b, c: (c.T @ W).T,
            lambda W, x, b, c: sum(c[k] * W[[k]].T for k in range(4))),
    "4.b": (lambda W, x, b: W.T @ W @ x + W.T @ b, lambda W, x, b: np.einsum("kj,kn->jn", W, W @ x + b),
            lambda W, x, b: sum((W[[k]] @ x + b[[k]]) * W[[k]].T for k in range(4))),
    "5.a": (lambda u, s: s - s**2, lambda u, s: np.exp(-u) / (1 + np.exp(-u))**2,
            lambda u, s: looped((5, 1), lambda i, j: s[i, j]**2 * np.exp(-u[i, j]))),
    "5.b": (lambda x, a, c: c * (1 - np.tanh(x)**2), lambda x, a, c: c / np.cosh(x)**2,
            lambda x, a, c: looped((5, 1), lambda i, j: c[i, j] * (1 - a[i, j]) * (1 + a[i, j]))),
    "5.c": (lambda u, t, k: ((np.diagflat(t) - t @ t.T)[[k]]).T, lambda u, t, k: e(k, 4) * t - t * t[k],
            lambda u, t, k: looped((4, 1), lambda i, _: t[k, 0] * ((i == k) - t[i, 0]))),
    "6.a": (lambda t, y: (t - y) + (t - y), lambda t, y: 2 * t - 2 * y,
            lambda t, y: looped((3, 4), lambda k, n: 2 * (t[k, n] - y[k, n]))),
    "6.b": (lambda t, y: -(t - y), lambda t, y: -t + y, lambda t, y: looped((3, 4), lambda k, n: y[k, n] - t[k, n])),
    "7.a": (lambda W, b, x, y, lam: np.einsum("kn,jn->kj", W @ x + b - y, x) + lam * W,
            lambda W, b, x, y, lam: W @ (x @ x.T + lam * np.eye(3)) + (b - y) @ x.T,
            lambda W, b, x, y, lam: outer_sum(W @ x + b - y, x) + lam * W),
    "7.b": (lambda V, z, y: np.einsum("kn,jn->kj", V @ z - y, z), lambda V, z, y: V @ z @ z.T - y @ z.T,
            lambda V, z, y: outer_sum(V @ z - y, z)),
    "8.a": (lambda net, x, y: np.einsum("kj,kn->jn", net.W[1], delta1(net, x, y)), lambda net, x, y: net.W[1].T @ delta1(net, x, y),
            lambda net, x, y: np.hstack([net.W[1].T @ delta1(net, x[:, [n]], y[:, [n]]) for n in range(x.shape[1])])),
    "8.b": (lambda u, y: 1 / (1 + np.exp(-u)) - y, lambda u, y: (1 - y) * nn.sigmoid(u) - y * nn.sigmoid(-u),
            lambda u, y: looped((3, 4), lambda k, n: (1 + np.tanh(u[k, n] / 2)) / 2 - y[k, n])),
    "9.a": (lambda W, x, y: (np.einsum("kn,jn->kj", *tied_both(W, x, y))
                             + np.einsum("kn,jn->kj", (W @ tied_both(W, x, y)[1]) * (1 - np.tanh(W @ x)**2), x)),
            lambda W, x, y: (ad := tied_both(W, x, y))[0] @ ad[1].T + (W @ ad[1] / np.cosh(W @ x)**2) @ x.T,
            lambda W, x, y: outer_sum((ad := tied_both(W, x, y))[0], ad[1]) + outer_sum(W @ ad[1] * (1 - ad[0]**2), x)),
    "9.b": (lambda W, b, x, y: np.einsum("kn,jn->kj", W @ x + b - y, x) / 6, lambda W, b, x, y: ((W @ x + b - y) / 6) @ x.T,
            lambda W, b, x, y: np.mean([np.outer((W @ x + b - y)[:, n], x[:, n]) for n in range(6)], axis=0)),
}


def unfinished(**_):
    raise NotImplementedError


@pytest.mark.parametrize("tag", EXERCISES)
def test_a_stub_is_not_answered_yet(tag):
    for stub in (lambda **_: ..., lambda **_: None, unfinished, ...):
        verdict = nn.exercise(tag).judge(stub)
        assert verdict.kind == "not answered yet" and verdict.reasons == ()
        assert str(verdict) == f"({tag}) not answered yet: put your formula in place of the dots"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tag", EXERCISES)
def test_the_solution_agrees_and_zeros_do_not(tag, seed):
    exercise, posed = EXERCISES[tag], nn.exercise(tag, seed)
    assert posed.judge(lambda **arguments: exercise.value(exercise.solution, arguments)).kind == "agrees"
    zeros = posed.judge(lambda **arguments: np.zeros_like(arguments[exercise.by]))
    assert zeros.kind == "disagrees" and "zero returned" in zeros.reasons


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tag, name", [(tag, name) for tag, exercise in EXERCISES.items() for name in exercise.mistakes])
def test_each_mistake_is_named(tag, name, seed):
    exercise = EXERCISES[tag]
    verdict = nn.exercise(tag, seed).judge(lambda **arguments: exercise.value(exercise.mistakes[name], arguments))
    assert verdict.kind == "disagrees"
    assert verdict.reasons[0] == name
    assert name in catalogue


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tag", EXERCISES)
def test_every_right_way_is_right(tag, seed):
    assert len(RIGHT[tag]) == 3
    for right in RIGHT[tag]:
        assert nn.exercise(tag, seed).judge(right).kind == "agrees"


@pytest.mark.parametrize("tag", EXERCISES)
def test_any_seed_gives_numbers_that_teach(tag):
    """A teacher may take any seed: the answer is seen to 6 digits, no entry of it is lost in the others, and each mistake
    is told from the right answer and from every other mistake."""
    exercise = EXERCISES[tag]
    for seed in range(100, 150):
        posed = nn.exercise(tag, seed)
        verdict = posed.judge(lambda **arguments: exercise.value(exercise.solution, arguments))
        assert verdict.kind == "agrees" and "to 6 digits" in str(verdict), seed
        answers = [exercise.value(code, posed.arguments) for code in (exercise.solution, *exercise.mistakes.values())]
        right = answers[0]
        assert np.abs(right).max() > 0.01 and np.abs(right).max() < 100
        for i, one in enumerate(answers):
            for other in answers[:i]:
                assert np.shape(one) != np.shape(other) or np.abs(one - other).max() > 1e-4 * np.abs(right).max(), seed


@pytest.mark.parametrize("seed", range(200, 210))
@pytest.mark.parametrize("tag, name", [("3.b", "one way only"), ("5.c", "softmax entry by entry"), ("8.a", "f′ at the input"),
                                       ("8.b", "f′ where it cancels"), ("9.a", "one way only")])
def test_the_tempting_mistake_is_named_whatever_the_seed(tag, name, seed):
    exercise = EXERCISES[tag]
    verdict = nn.exercise(tag, seed).judge(lambda **arguments: exercise.value(exercise.mistakes[name], arguments))
    assert verdict.reasons[0] == name and name in str(verdict)


def test_no_reason_speaks_of_what_is_not_there():
    """A sentence of the catalogue is shown with each named mistake: it must not tell of examples where there are none."""
    for exercise in EXERCISES.values():
        columns = max(np.shape(array)[1] for array in exercise.numbers(np.random.default_rng(0)).values() if np.ndim(array) == 2)
        for name in exercise.mistakes:
            told = catalogue[name].tempting + catalogue[name].report_progress
            assert columns > 1 or "examples" not in told, (exercise.tag, name)


def test_an_answer_may_write_into_its_numbers():
    def answer(W, x, b, c):
        W *= c    # what is asked for is right all the same
        return W.sum(axis=0, keepdims=True).T

    assert nn.exercise("4.a").judge(answer).kind == "agrees"
    wrong = nn.exercise("4.a").judge(lambda W, x, b, c: -answer(W, x, b, c))
    assert wrong.reasons[0] == "sign"


def test_a_value_in_place_of_a_function_is_told():
    verdict = nn.exercise("3.a").judge(np.ones((4, 3)))
    assert verdict.kind == "disagrees" and "the answer is a ndarray; expected a function of W, x, b" in str(verdict)


def test_a_function_that_raises_gets_a_verdict():
    verdict = nn.exercise("3.a").judge(lambda W, x, b: W @ W)
    assert verdict.kind == "disagrees" and "ValueError" in str(verdict)


def test_numbers_come_from_the_seed():
    first, again, other = (nn.exercise("3.a", seed).arguments["W"] for seed in (3, 3, 4))
    assert (first == again).all() and not np.allclose(first, other)


def test_hints_come_in_stages_and_the_key_shows_the_solution():
    posed = nn.exercise("4.a", seed=5)
    hints = [posed.hint(n) for n in (1, 2, 3)]
    assert len(set(hints)) == 3
    assert "W.T @ c" in posed.key()
    with pytest.raises(IndexError, match="expected 1 to 3"):
        posed.hint(4)
    with pytest.raises(KeyError, match="there is no exercise"):
        nn.exercise("99.z")


# A reader of chapter 08 makes mistakes on purpose ----------------------------------------------------------------------

CHAPTER = next(path for path in books.CHAPTERS if path.name.startswith("08"))
RIGHT_LINE = "delta[l] = (W[l+1].T @ delta[l+1]) * f.prime(u[l])"


@functools.cache
def chapter():
    """The chapter's own definitions, and the two cells where the reader may write and is judged: all but the pictures is run."""
    namespace, cells = {}, [cell.source for cell in books.code_cells(books.read(CHAPTER))]
    for source in cells:
        for line in ast.parse(source).body:
            if "show" not in ast.unparse(line):
                exec(compile(ast.Module([line], []), "chapter 08", "exec"), namespace)
    written, = (n for n, source in enumerate(cells) if RIGHT_LINE in source and "def " in source)
    return namespace, "\n".join(cells[written:written + 2])


def verdict_on(line):
    """What the chapter says once the reader has written this line in its cell."""
    namespace, source = chapter()
    *body, last = ast.parse(source.replace(RIGHT_LINE, line)).body
    namespace = dict(namespace)
    exec(compile(ast.Module(body, []), "chapter 08", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "chapter 08", "eval"), namespace)


@pytest.mark.parametrize("line, name", [
    ("delta[l] = np.dot(W[l+1], delta[l+1]) * (1 - np.tanh(u[l])**2)", "W for Wᵀ"),
    ("delta[l] = np.einsum('ki,kn->in', W[l+1], delta[l+1])", "f′ missing"),
    ("delta[l] = sum(W[l+1][[k]].T * delta[l+1][k] for k in range(3)) * (1 - np.tanh(x[l])**2)", "f′ at f(u)"),
    ("delta[l] = W[l+1].T @ (f.prime(u[l]) * delta[l+1])", "bracket misplaced"),
    ("delta[l] = f.prime(u[l]) * W[l+1].T @ delta[l+1]", "∘ before ·"),
    ("delta[l] = -np.cosh(u[l])**-2.0 * (W[l+1].T @ delta[l+1])", "sign"),
    ("delta[l] = (W[l+1].T @ delta[l+1]) * f.prime(u[l])**2", "f′ twice"),
])
def test_a_reader_of_chapter_08_is_told_each_mistake_by_its_name(line, name):
    verdict = verdict_on(line)
    assert verdict.kind == "disagrees" and verdict.reasons[0] == name and f"“{name}”" in str(verdict)


def test_a_reader_of_chapter_08_who_is_right_in_another_way_is_not_turned_down():
    for line in (RIGHT_LINE, "delta[l] = np.einsum('ki,kn->in', W[l+1], delta[l+1]) / np.cosh(u[l])**2",
                 "delta[l] = sum(W[l+1][[k]].T * delta[l+1][k] for k in range(3)) * (1 - x[l]**2)"):
        assert verdict_on(line).kind == "agrees"


def backward(W, b, x, y, slope=lambda u, x: 1 - x**2, upper=lambda W, W_new: W, error=lambda t, y: t - y):
    """A whole pass as a reader would write it: tanh, one loop, each W updated as the loop goes down."""
    u, a = {}, {0: x}
    for l in (1, 2, 3):
        u[l] = W[l] @ a[l-1] + b[l]
        a[l] = np.tanh(u[l])
    d, dW, db = error(a[3], y) * (1 - a[3]**2), {}, {}
    for l in (3, 2, 1):
        dW[l], db[l] = d @ a[l-1].T, d.sum(axis=1, keepdims=True)
        if l > 1:
            d = (upper(W[l], W[l] - dW[l]).T @ d) * slope(u[l-1], a[l-1])
    return dW, db


@pytest.mark.parametrize("mistake, name", [
    ({"slope": lambda u, x: 1}, "f′ missing"),
    ({"slope": lambda u, x: 1 - np.tanh(x)**2}, "f′ at f(u)"),
    ({"upper": lambda W, W_new: W_new}, "already updated W"),
    ({"error": lambda t, y: y - t}, "y − t"),
    ({"error": lambda t, y: 2 * (t - y)}, "factor 2"),
])
def test_a_whole_pass_on_the_network_of_chapter_08_is_told_its_mistake(mistake, name):
    deep, x, y = (chapter()[0][symbol] for symbol in ("deep", "X5", "Y5"))
    assert nn.judge_network(backward(deep.W, deep.b, x, y), deep, x, y).kind == "agrees"
    verdict = nn.judge_network(backward(deep.W, deep.b, x, y, **mistake), deep, x, y)
    assert verdict.kind == "disagrees" and verdict.reasons[0] == name and f"“{name}”" in str(verdict)
