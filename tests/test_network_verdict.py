"""A whole network judged: what is right is said to be right, and one wrong formula is named however far it spreads."""

import numpy as np
import pytest

import nnmath as nn
from nnmath import mistakes

RNG = np.random.default_rng(3)
NETS = {"different widths": nn.Network.random((4, 3, 5, 2), nn.tanh, 1), "square": nn.Network.random((3, 3, 3, 3), nn.tanh, 2)}
FORMULAS = ("delta_L", "delta", "dE_dW", "dE_db")


def example(net):
    return RNG.normal(size=(net.sizes[0], 6)), RNG.normal(size=(net.sizes[-1], 6))


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
def test_the_right_gradients_agree(net):
    x, y = example(net)
    verdict = nn.judge_network(nn.gradient(net, nn.forward(net, x), y), net, x, y)
    assert verdict.kind == "agrees" and verdict.reasons == ()
    assert {part.kind for part in verdict.of.values()} == {"agrees"} and len(verdict.of) == 6


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
@pytest.mark.parametrize("formula, name", [(formula, name) for formula in FORMULAS for name in mistakes.names(formula)[1:]])
def test_one_mistake_explains_all_that_it_spoiled(net, formula, name):
    x, y = example(net)
    try:
        wrong = mistakes.gradient(net, nn.forward(net, x), y, formula, name)
    except (ValueError, KeyError):
        return    # with these widths the mistake raises, and needs no check
    verdict = nn.judge_network(wrong, net, x, y)
    assert verdict.kind == "disagrees" and verdict.reasons[0] == name


def test_two_mistakes_are_named_one_by_one():
    net = NETS["different widths"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    dE_dW, dE_db = {**right.dE_dW, 1: -right.dE_dW[1]}, {**right.dE_db, 3: right.dE_db[3] / 6}
    verdict = nn.judge_network((dE_dW, dE_db), net, x, y)
    assert [key for key, part in verdict.of.items() if part.kind != "agrees"] == [("b", 3), ("W", 1)]
    assert set(verdict.reasons) == {"mean for sum", "sign"}
    assert "2 of 6" in verdict.text and "W[3]" in verdict.text


def test_a_missing_layer_is_said():
    net = NETS["square"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network((right.dE_dW, {1: right.dE_db[1]}), net, x, y)
    assert verdict.of["b", 2].reasons == ("no numbers",) and verdict.kind == "disagrees"
