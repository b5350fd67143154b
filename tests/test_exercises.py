"""Every exercise: a stub is not answered, zeros do not pass, each known mistake is named, right ways are right."""

import numpy as np
import pytest

import nnmath as nn
from nnmath.exercise_book import EXERCISES
from nnmath.mistakes import catalogue

SEEDS = (0, 1, 7)


@pytest.mark.parametrize("tag", EXERCISES)
def test_a_stub_is_not_answered_yet(tag):
    for stub in (lambda **_: ..., lambda **_: None):
        assert nn.exercise(tag).judge(stub).kind == "not answered yet"


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
def test_every_right_way_is_right(seed):
    def with_einsum(W, x, b, c):
        return np.einsum("kj,kn->jn", W, c)

    def with_a_loop(W, x, b, c):
        gradient = np.zeros_like(x)
        for k in range(len(c)):
            gradient += c[k] * W[[k]].T
        return gradient

    assert nn.exercise("4.a", seed).judge(with_einsum).kind == "agrees"
    assert nn.exercise("4.a", seed).judge(with_a_loop).kind == "agrees"
    for right in (lambda x, a, c: c * (1 - np.tanh(x)**2), lambda x, a, c: c / np.cosh(x)**2):
        assert nn.exercise("5.b", seed).judge(right).kind == "agrees"
    for right in (lambda u, s: s - s**2, lambda u, s: np.exp(-u) / (1 + np.exp(-u))**2):
        assert nn.exercise("5.a", seed).judge(right).kind == "agrees"


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
