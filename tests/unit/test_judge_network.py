"""A whole network judged: what is right is said to be right, and one wrong formula is named however far it spreads."""

import re
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import nnmath as nn
from nnmath.check import mistakes, network_difference

RNG = np.random.default_rng(3)
NETS = {"different widths": nn.Network.random((4, 3, 5, 2), nn.tanh, 1), "square": nn.Network.random((3, 3, 3, 3), nn.tanh, 2)}
FORMULAS = ("delta_L", "delta", "dE_dW", "dE_db")


def example(net):
    return RNG.normal(size=(net.sizes[0], 6)), RNG.normal(size=(net.sizes[-1], 6))


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
def test_the_right_gradients_agree(net):
    x, y = example(net)
    verdict = nn.judge_network(nn.gradient(net, nn.forward(net, x), y), net, x, y)
    assert verdict.kind == "agrees" and verdict.reasons == () and verdict.text == "agrees: all 6 gradients"
    assert {part.kind for part in verdict.of.values()} == {"agrees"} and len(verdict.of) == 6


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
@pytest.mark.parametrize("formula, name", [(formula, name) for formula in FORMULAS for name in mistakes.names(formula)[1:]])
def test_one_mistake_explains_all_that_it_spoiled(net, formula, name):
    x, y = example(net)
    try:
        wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, formula, name)
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


def test_its_words_and_its_html_give_each_part_a_line():
    net = nn.Network({1: [[2]]}, {1: [[1]]}, nn.identity)
    verdict = nn.judge_network(({1: [[6]]}, {1: [[-6]]}), net, [[1]], [[-3]])    # t = 3, t − y = 6
    assert str(verdict) == repr(verdict) == (
        "disagrees: 1 of 2 gradients, the topmost is b[1]; right are W[1].\n"
        "  W[1] agrees: 1 entry, to 6 digits\n"
        "  b[1] disagrees: at entry [0, 0] you claim -6, the referee measures 6. This is “y − t”. "
        f"{mistakes.catalogue['y − t'].tempting} {mistakes.catalogue['y − t'].symptom}")


def test_one_part_alone_is_told_its_mistake():
    """What W[2] was given is the mistake of a formula, but the other layers were spared: no one mistake explains all."""
    net = NETS["square"]
    x, y = example(net)
    trace = nn.forward(net, x)
    right = nn.gradient(net, trace, y)
    for formula, name in (("dE_dW", "x of the next layer"), ("delta", "W for Wᵀ"), ("dE_dW", "f′ twice")):
        wrong = mistakes.gradient_with_mistake(net, trace, y, formula, name)
        verdict = nn.judge_network(({**right.dE_dW, 2: wrong.dE_dW[2]}, right.dE_db), net, x, y)
        assert verdict.kind == "disagrees" and "One mistake" not in verdict.text
        assert verdict.reasons == verdict.of["W", 2].reasons[:1] == (name,)
    for formula, name in (("dE_db", "last example only"), ("delta", "f′ twice"), ("delta_L", "f′ at f(u)")):    # made in W's formula, too
        wrong = mistakes.gradient_with_mistake(net, trace, y, formula, name)
        verdict = nn.judge_network((right.dE_dW, {**right.dE_db, 2: wrong.dE_db[2]}), net, x, y)
        assert verdict.reasons == verdict.of["b", 2].reasons[:1] == (name,)


@pytest.mark.parametrize("net, x, y, kind", [
    (NETS["square"], np.zeros((3, 2)), np.zeros((3, 2)), "inconclusive"),
    (nn.Network({1: [[1, 1]], 2: [[1]]}, {1: [[-2]], 2: [[1]]}, nn.relu), [[1], [1]], [[3]], "inconclusive"),    # and a kink below
    (nn.Network({1: [[1, 1]]}, {1: [[-2]]}, nn.relu), [[1], [1]], [[3]], "not differentiable"),
])
def test_right_gradients_are_never_explained_by_a_mistake(net, x, y, kind):
    """Where slopes are zero many a wrong formula gives zeros too."""
    verdict = nn.judge_network(nn.gradient(net, nn.forward(net, x), y), net, x, y)
    assert verdict.kind == kind and verdict.reasons == () and "mistake" not in verdict.text


def test_one_wrong_gradient_beside_some_that_say_nothing_is_wrong():
    net = nn.Network.random((2, 3, 2), nn.tanh, 1)
    x, y = np.zeros((2, 3)), np.zeros((2, 3))    # every slope is zero here
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(({**right.dE_dW, 1: np.ones((3, 2))}, right.dE_db), net, x, y)
    assert verdict.kind == "disagrees" and verdict.of["b", 2].kind == "inconclusive" and verdict.of["W", 1].kind == "disagrees"


def test_each_reason_comes_once():
    net = nn.Network.random((2, 3), nn.tanh, 0)    # one layer: a wrong δ is δ^L alone, and several formulas give it
    x, y = example(net)
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, "delta_L", "mean for sum")
    verdict = nn.judge_network(wrong, net, x, y)
    assert verdict.reasons[0] == "mean for sum" and len(set(verdict.reasons)) == len(verdict.reasons)


def test_a_sample_the_memory_and_the_progress_are_the_referees(monkeypatch):
    net = NETS["different widths"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(right, net, x, y, sample=1)
    assert {part.kind for part in verdict.of.values()} <= {"agrees", "inconclusive"}
    assert all(f"1 entry sampled from {right.dE_dW[l].size}," in verdict.of["W", l].text for l in (1, 2) if verdict.of["W", l].kind == "agrees")
    assert any("1 entry sampled from" in part.text for part in verdict.of.values())
    with pytest.raises(ValueError, match="memory is 0"):
        nn.judge_network(right, net, x, y, memory=0)
    clock, told = iter(np.arange(0, 1e6, 2.0)), []
    monkeypatch.setattr(network_difference.time, "monotonic", lambda: next(clock))
    nn.judge_network(right, net, x, y, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (15 + 20 + 12, 15 + 20 + 12)


def test_the_step_of_an_already_updated_W_is_given():
    net = NETS["different widths"]
    x, y = example(net)
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, "delta", "already updated W", eta=0.01)
    assert nn.judge_network(wrong, net, x, y, eta=0.01).reasons[:1] == ("already updated W",)
    assert nn.judge_network(wrong, net, x, y).reasons[:1] != ("already updated W",)


def test_float32_gradients_are_explained_in_their_own_precision():
    net = NETS["square"]
    x, y = example(net)
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, "delta", "W for Wᵀ")
    single = tuple({l: value.astype(np.float32) for l, value in part.items()} for part in (wrong.dE_dW, wrong.dE_db))
    assert "One mistake explains all of it: “W for Wᵀ”" in nn.judge_network(single, net, x, y).text


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("noise, named", [(1e-13, True), (1e-9, False)])
def test_a_mistake_explains_numbers_up_to_rounding_whatever_their_size(size, noise, named):
    net = nn.Network.random((3, 3, 3), nn.identity, 1)
    x, y = (size * a for a in example(net))
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, "delta", "W for Wᵀ")
    pair = tuple({l: value * (1 + noise * np.cos(np.arange(value.size)).reshape(value.shape)) for l, value in part.items()}
                 for part in (wrong.dE_dW, wrong.dE_db))
    assert ("One mistake explains all of it: “W for Wᵀ”" in nn.judge_network(pair, net, x, y).text) == named


@pytest.mark.parametrize("net", [NETS["square"], nn.Network.random((3, 2), nn.tanh, 1)], ids=["square", "one layer"])
@pytest.mark.parametrize("claim", [None, "one", [[1], [2, 3]], 1j, np.ones(2)])
def test_a_claim_that_is_no_gradient_is_not_explained(net, claim):
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(({**right.dE_dW, 1: claim}, right.dE_db), net, x, y)
    assert verdict.kind == "disagrees" and verdict.reasons == verdict.of["W", 1].reasons[:1] and "One mistake" not in verdict.text


def test_slopes_of_zero_are_explained_with_the_others():
    net = nn.Network.random((2, 3), nn.tanh, 1)
    x, y = np.zeros((2, 5)), np.ones((3, 5))    # ∂E/∂W = 0
    wrong = mistakes.gradient_with_mistake(net, nn.forward(net, x), y, "delta_L", "mean for sum")
    assert "One mistake explains all of it: “mean for sum”" in nn.judge_network(wrong, net, x, y).text


def test_a_target_of_another_shape_is_turned_away():
    net = NETS["square"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    with pytest.raises(ValueError, match=r"y has shape \(3, 1\); expected \(3, 6\)"):
        nn.judge_network(right, net, x, y[:, :1])


def test_a_missing_layer_is_said():
    net = NETS["square"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network((right.dE_dW, {1: right.dE_db[1]}), net, x, y)
    assert verdict.of["b", 2].reasons == ("no numbers",) and verdict.kind == "disagrees"


@pytest.mark.parametrize("gradients, error, words", [
    (None, TypeError, "gradients is a NoneType; expected a Gradient, or a pair of dicts (dE_dW, dE_db)"),
    ("ab", TypeError, "gradients is a str; expected a Gradient"),
    ({1: 0, 2: 0}, TypeError, "gradients is a dict; expected a Gradient"),
    (({},), TypeError, "gradients is a tuple; expected a Gradient"),
    (({}, {}, {}), TypeError, "gradients is a tuple; expected a Gradient"),
    ([[], {}], TypeError, "dE_dW is a list; expected a dict with the layers 1 to 3 as keys"),
    ([{}, np.ones(3)], TypeError, "dE_db is a ndarray; expected a dict with the layers 1 to 3 as keys"),
    (({0: 1}, {}), ValueError, "dE_dW has the layers [0]; expected 1 to 3"),
    (({}, {3: 1, 4: 1}), ValueError, "dE_db has the layers [3, 4]; expected 1 to 3"),
])
def test_what_is_no_pair_of_dicts_is_turned_away(gradients, error, words):
    net = NETS["square"]
    with pytest.raises(error, match=re.escape(words)):
        nn.judge_network(gradients, net, *example(net))


def test_a_verdict_on_a_network_is_not_changed():
    verdict = nn.NetworkVerdict("agrees", {})
    with pytest.raises(FrozenInstanceError):
        verdict.kind = "disagrees"


def test_the_text_names_the_topmost_and_what_is_right():
    net = NETS["square"]
    x, y = example(net)
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(({**right.dE_dW, 1: -right.dE_dW[1]}, {**right.dE_db, 2: -right.dE_db[2]}), net, x, y)
    assert verdict.text == "disagrees: 2 of 6 gradients, the topmost is b[2]; right are W[3], b[3], W[2], b[1]."
    verdict = nn.judge_network(({**right.dE_dW, 2: -right.dE_dW[2]}, {**right.dE_db, 1: -right.dE_db[1]}), net, x, y)
    assert verdict.text == "disagrees: 2 of 6 gradients, the topmost is W[2]; right are W[3], b[3], b[2], W[1]."


def test_of_several_mistakes_that_give_the_same_numbers_the_first_is_told():
    net = nn.Network({1: [[2, 1]]}, {1: [[1]]}, nn.identity)
    x, y = [[1, 2], [0, 1]], [[0, 3]]
    right = nn.gradient(net, nn.forward(net, x), y)
    verdict = nn.judge_network(({1: right.dE_dW[1] / 2}, {1: right.dE_db[1] / 2}), net, x, y)    # N = 2
    told = mistakes.catalogue["factor ½"]
    assert verdict.reasons == ("factor ½", "mean for sum") and list(verdict.of) == [("W", 1), ("b", 1)]
    assert verdict.text == ("disagrees: 2 of 2 gradients, the topmost is W[1]. "
                            f"One mistake explains all of it: “factor ½”. {told.tempting} {told.symptom}")
