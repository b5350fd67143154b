"""A verdict in words: the terminal and the notebook say the same, and one file holds the texts."""

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import nnmath as nn
from nnmath.check import mistakes
from nnmath.check.diagnosis import catalogued
from nnmath.check.render import place
from nnmath.check.structure import leaves
from nnmath.check.verdict import KINDS, Diagnosis, NetworkVerdict, Verdict, Worst

GOLDEN = Path(__file__).parent / "golden_verdicts.txt"
WORST = Worst((1, 2), 4.0, 3.0)
ONE = {
    "agrees": Verdict("agrees", digits=6, compared=6, entries=6),
    "one entry": Verdict("agrees", digits=3, compared=1, entries=1),
    "a sample": Verdict("agrees", digits=6, compared=20, entries=10_025, notes=("The others were measured together.",)),
    "nearly": Verdict(
        "nearly agrees",
        compared=6,
        entries=6,
        differing=1,
        worst=Worst((0,), 1.0, 1.0 + 1e-6),
        miss=1e-6,
        problem="Typical causes are a small constant inside F.",
    ),
    "disagrees": Verdict("disagrees", compared=6, entries=6, differing=1, worst=WORST),
    "with a reason": Verdict(
        "disagrees",
        compared=6,
        entries=6,
        differing=6,
        worst=WORST,
        diagnoses=(
            Diagnosis("factor 3", "Every entry is 3 times the measured value.", "Is it a sum?", (("factor", 3.0),)),
        ),
    ),
    "with twins": Verdict(
        "disagrees",
        compared=6,
        entries=6,
        differing=6,
        worst=WORST,
        tag="3.1",
        diagnoses=(Diagnosis("a", "This is the “a” mistake.", same_numbers=("b", "c")),),
    ),
    "no numbers": Verdict("disagrees", problem="the claim is None; expected real numbers of shape (2, 3)."),
    "markup": Verdict("disagrees", problem="the claim is a <b>Tensor & 'co'</b>."),
    "inconclusive": Verdict("inconclusive", problem="the slopes are zero here.", compared=6, entries=6),
    "not differentiable": Verdict("not differentiable", problem="at entry [0] the slopes from both sides differ."),
    "open": Verdict("not answered yet", problem="put your answer in place of the dots", tag="3.a"),
}
PARTS = tuple(
    replace(verdict, path=f"['layer {n}']") for n, (name, verdict) in enumerate(ONE.items()) if name != "open"
)
MANY = {
    "several agree": Verdict(
        "agrees",
        digits=3,
        compared=7,
        entries=7,
        arrays=(replace(ONE["agrees"], path="['W']"), replace(ONE["one entry"], path="['b']")),
        notes=("No gradient was given for c.",),
    ),
    "several": Verdict("disagrees", worst=WORST, path="['layer 4']", arrays=PARTS),
    "network": NetworkVerdict(
        "disagrees", {("W", 2): ONE["agrees"], ("W", 1): ONE["with a reason"], ("b", 1): ONE["with a reason"]}
    ),
    "network, one mistake": NetworkVerdict(
        "disagrees", {("W", 1): ONE["with a reason"]}, (catalogued("sign"),), whole=True
    ),
    "network agrees": NetworkVerdict("agrees", {("W", 1): ONE["agrees"]}, notes=("A note.",)),
}
ALL = ONE | MANY


def words_of(page):
    """What a browser shows of the HTML, without the sign before it; the items of a list are lines."""
    page = page.replace("<ul", "\n  <ul").replace("</li><li>", "\n  ")
    shown = html.unescape(re.sub("<[^>]+>", "", page))
    sign, _, words = shown.partition(" ")
    assert len(sign) == 1
    return words


@pytest.mark.parametrize("name", ALL)
def test_the_notebook_says_what_the_terminal_says(name):
    assert words_of(ALL[name]._repr_html_()) == str(ALL[name])


def test_an_array_is_named_in_prose_and_found_in_code():
    class Point(NamedTuple):
        W: object
        layers: object

    at = np.array([[1.0, 2.0]])
    points = [
        ({"W": at}, "W"),
        ({"layer 1": at}, "layer 1"),
        ({"encoder.layer1.weight": at}, "encoder.layer1.weight"),
        ({"0.weight": at}, "0.weight"),
        ({"dense/kernel:0": at}, "dense/kernel:0"),
        ({"W": {1: at}}, "W[1]"),
        ({"layer": {"W": at}}, "layer['W']"),
        ({"layer": [{"in-proj": at}]}, "layer[0]['in-proj']"),
        (Point(at, ()), "W"),
        (Point((), [at]), "layers[0]"),
        ({"layer 1": {"W": at}}, "array ['layer 1']['W']"),
        ({1: at}, "array [1]"),
        ({"1": at}, "array ['1']"),
        ({"": at}, "array ['']"),
        ({"it's": at}, 'array ["it\'s"]'),
        ({"a\n": at}, "array ['a\\n']"),
        ({"W']['b": at}, "array [\"W']['b\"]"),
        ({("W", 1): at}, "array [('W', 1)]"),
        ([at], "array [0]"),
        (at, ""),
    ]
    for point, name in points:
        (leaf,) = leaves(point)
        assert place(leaf.path) == name
        where = f" in {name}" if name else ""
        verdict = str(replace(ONE["disagrees"], path=leaf.path))
        assert verdict.startswith(f"disagrees{where}: at entry [1, 2] you claim 4"), verdict
    assert place("W (entries 0 to 11, 3×4)") == "W (entries 0 to 11, 3×4)"  # a part of a flat vector


def test_no_sentence_about_several_arrays_has_brackets_around_a_word():
    """The speaker, the other arrays, the notes of each, what is left out, and the advice."""
    rng = np.random.default_rng(3)
    point = {name: rng.normal(size=shape) for name, shape in [("W 1", (4, 3)), ("b 1", (4, 1)), ("W 2", (2, 4))]}
    F = lambda p: float(np.sum(np.sin(p["W 2"] @ np.tanh(p["W 1"].sum(axis=1, keepdims=True) + p["b 1"]))))
    right = nn.numerical_gradient(lambda v: F(unflat(v, point)), flat(point))
    for wrong in (["W 1"], ["b 1"], ["W 1", "b 1"], list(point)):
        claim = unflat(right, point)
        for name in wrong:
            claim[name] = claim[name] * rng.uniform(0.5, 2, size=claim[name].shape)
        said = str(nn.judge(claim, F, point))
        assert wrong[0] in said and "['" not in said, said
    claim = unflat(right, point)
    del claim["b 1"]
    assert "No gradient was given for b 1." in str(nn.judge(claim, F, point))
    zero = {"W": np.ones((2, 2)), "layer 2": np.zeros(2)}
    said = str(nn.judge(zero | {"layer 2": np.ones(2)}, lambda p: float(p["W"].sum() + p["layer 2"].sum()), zero))
    assert "For layer 2: All these parameters are 0" in said


def flat(point):
    return np.concatenate([array.ravel() for array in point.values()])


def unflat(vector, like):
    ends = np.cumsum([array.size for array in like.values()])[:-1]
    return {name: part.reshape(like[name].shape) for name, part in zip(like, np.split(vector, ends))}


@pytest.mark.parametrize("name", mistakes.catalogue)
def test_the_notebook_says_what_the_terminal_says_for_every_mistake(name):
    for verdict in (
        replace(ONE["disagrees"], diagnoses=(catalogued(name),)),
        NetworkVerdict("disagrees", {("W", 1): ONE["disagrees"]}, (catalogued(name),), whole=True),
        NetworkVerdict("disagrees", {("W", 1): replace(ONE["disagrees"], diagnoses=(catalogued(name),))}),
    ):
        assert words_of(verdict._repr_html_()) == str(verdict) and name in str(verdict)


def test_every_kind_is_among_these():
    assert {verdict.kind for verdict in ALL.values()} == set(KINDS)


def test_nothing_of_a_verdict_is_markup():
    assert "<b>Tensor" not in ONE["markup"]._repr_html_()


@pytest.mark.parametrize(
    "field, value",
    [
        ("digits", 3),
        ("compared", 5),
        ("entries", 60),
        ("differing", 4),
        ("path", "['W']"),
        ("problem", "It is odd."),
        ("notes", ("Look.",)),
        ("tag", "9.9"),
        ("worst", Worst((0,), 1.0, 2.0)),
        ("diagnoses", (catalogued("sign"),)),
    ],
)
def test_every_field_is_seen_in_the_words(field, value):
    verdict = ONE["agrees"] if field == "digits" else ONE["disagrees"]
    assert str(replace(verdict, **{field: value})) != str(verdict)


def test_the_texts_are_those_of_the_golden_file():
    """After a change of words: python tests/unit/test_rendering.py writes the file anew; read the difference."""
    assert GOLDEN.read_text(encoding="utf-8") == texts()


def texts():
    return "".join(f"== {name}\n{verdict}\n\n" for name, verdict in (ALL | judged()).items())


def judged():
    """Verdicts as they come, one for each thing that the check can find in the numbers alone."""
    rng = np.random.default_rng(7)
    at = rng.normal(size=(4, 5)) + 3 * np.eye(4, 5)
    right, F = 3 * at**2, lambda a: np.sum(a**3)
    row, rows = (np.arange(4)[:, np.newaxis] == 1), np.array([1, 2, 1, 3])[:, np.newaxis]
    kernel = rng.normal(size=(2, 3, 3))
    claims = {
        "sign": -right,
        "factor 2": 2 * right,
        "factor ½": right / 2,
        "too big": 5 * right,
        "too small": right / 12,
        "two at once": -2 * right,
        "constant": 1.7 * right,
        "rows": right[[1, 2, 3, 0]],
        "columns": right[:, [1, 2, 3, 4, 0]],
        "memory order": right.ravel("F").reshape(4, 5),
        "one row": np.where(row, right + rng.normal(size=5), right),
        "one entry": np.where((row & (np.arange(5) == 2)), 2.0, right),
        "zero in a row": np.where(row, 0, right),
        "added": right + 0.25,
        "clipped": np.clip(right, None, 2.0),
        "whole numbers": right.astype(int),
        "weight decay": right + 0.1 * at,
        "counted once": right / rows,
        "shape": right.ravel(),
        "axis": right[np.newaxis],
        "transposed": right.T,
        "NaN": right * np.nan,
        "nothing": None,
        "nearly": right * (1 + 1e-6 * at / 9),
    }
    found = {f"judge: {name}": nn.judge(claim, F, at) for name, claim in claims.items()}
    found["judge: reversed"] = nn.judge(3 * kernel[:, ::-1, ::-1] ** 2, F, kernel)
    found["judge: counts"] = nn.judge(right * 12, F, at, counts={"examples": 4, "outputs": 3})
    found["judge: no effect"] = nn.judge(0 * at, lambda a: 1.0, at)
    found["judge: zero"] = nn.judge(0 * at, lambda a: np.sum(a**2), 0 * at)
    found["judge: kink"] = nn.judge(np.ones(3), lambda a: np.maximum(a, 0).sum(), np.array([1.0, 0.0, 2.0]))
    found["judge: kink and wrong"] = nn.judge(
        np.array([1.0, 0.0, 7.0]), lambda a: np.maximum(a, 0).sum(), np.array([1.0, 0.0, 2.0])
    )
    found["judge: far from a kink"] = nn.judge(
        np.array([1.0, 1e3, 1.0]), lambda a: np.maximum(a, 0).sum(), np.array([1.0, 0.0, 2.0])
    )
    return found


if __name__ == "__main__":
    GOLDEN.write_text(texts(), encoding="utf-8")
