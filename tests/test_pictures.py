"""What the alternative texts say is so: their numbers are read back and held against arrays made in another way."""

import io
import re

import numpy as np
import pytest
from PIL import Image

import nnmath as nn
import oracles
from nnmath import show

W = np.array([[1, -2, 0.5], [0, 3, -1], [2, 1, 1], [-1, 0.5, 2]])
x, b = nn.column([1, 2, -1.5]), nn.column([0.5, -1, 0, 1])
NET = nn.Network({1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, {1: nn.column([0, 2]), 2: nn.column([1, 2])}, nn.softsign)
X, Y = nn.column([1, 3]), nn.column([1, 0])
TRUE_W, TRUE_B, _ = oracles.autograd_gradient(NET, X, Y)


def read(text):
    """The numbers of a text, minus signs and powers of ten included, indices left out."""
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+\.?\d*(?:e[+−]\d+)?", text)]


def close(told, true, digits=3):
    np.testing.assert_allclose(told, np.ravel(true), rtol=0.6 * 10.0**(1 - digits), atol=1e-12)


def after(words, text):
    return text.partition(words)[2]


def value(formula, **symbols):
    """A formula of numbers, as the page writes it, or a line of code: its value."""
    return np.array(eval(formula.replace("·", "*").replace("−", "-").replace("ᵀ", ""), {**vars(nn), **symbols}), dtype=float)


@pytest.mark.parametrize("k", range(4))
@pytest.mark.parametrize("nudge", [-2.0, 0.3, 1.0])
def test_a_nudged_weight_moves_one_output_by_nudge_times_x(k, nudge):
    for j in range(3):
        alt = show.NudgeW(W, x, b).update(i=k, j=j, nudge=nudge).alt
        moved = W.copy()
        moved[k, j] += nudge
        change = (moved @ x - W @ x)[k, 0]
        told, equation = alt.split("; the others stay. ")
        close(read(told), [nudge, change])
        assert f"u{'₁₂₃₄'[k]} moves" in told
        name, symbols, product, total = equation.removesuffix(".").split(" = ")
        assert (name, symbols) == (f"Δu{'₁₂₃₄'[k]}", f"ΔW{'₁₂₃₄'[k]}{'₁₂₃'[j]}·x{'₁₂₃'[j]}")
        close([value(product), value(total)], [change, change])
        close(read(product), [nudge, x[j, 0]])


@pytest.mark.parametrize("i", range(4))
def test_a_nudged_bias_moves_its_output_by_the_nudge(i):
    alt, n = show.NudgeB(W, x, b).update(i=i, nudge=-0.7).alt, "₁₂₃₄"[i]
    assert alt == f"b{n} is nudged by −0.7: u{n} moves by −0.7; the others stay. Δu{n} = Δb{n} = −0.7."


@pytest.mark.parametrize("j", range(3))
def test_a_nudged_input_moves_all_by_its_column(j):
    alt = show.NudgeX(W, x, b).update(j=j, nudge=0.5).alt
    moving, (told, equation) = np.flatnonzero(W[:, j]), alt.split(". Δu = ")
    close(read(told), [0.5, *(0.5 * W[moving, j])])
    assert re.findall("u([₁₂₃₄]) moves", told) == ["₁₂₃₄"[k] for k in moving]
    close(read(equation), [j + 1, *W[:, j], 0.5, *(0.5 * W[:, j])])


@pytest.mark.parametrize("k", range(4))
@pytest.mark.parametrize("x_1", [-2.0, 0.5])
def test_one_output_reads_its_row_and_its_bias(k, x_1):
    point = nn.column([x_1, 2, -1.5])
    _, symbols, total, told = show.Reading(W, x, b).update(k=k, x_1=x_1).alt.removesuffix(".").split(": ")[1].split(" = ")
    assert symbols == f"W{'₁₂₃₄'[k]}·x + b{'₁₂₃₄'[k]}"
    close([value(total), value(told)], [(W @ point + b)[k, 0]] * 2)
    close(read(total), [*np.column_stack([W[k], point[:, 0]]).flat, b[k, 0]])


@pytest.mark.parametrize("k", range(4))
def test_the_unit_column_stands_beside_its_output(k):
    alt = show.UnitColumn(W, x, b).update(k=k, b_1=-2.5).alt
    sums, column = alt.split(": ")[1].split(". ∂")
    total, told = sums.split(" = ")[2:]
    biases = nn.column([-2.5, -1, 0, 1])
    close([value(total), value(told)], [(W @ x + biases)[k, 0]] * 2)
    close(read(total), [(W @ x)[k, 0], biases[k, 0]])
    close(read(column), [*np.eye(4)[k], 1, k + 1, 0])


@pytest.mark.parametrize("k", range(4))
def test_a_row_stands_up_as_a_column(k):
    moved = W.copy()
    moved[0, 0] = 2.5
    told = show.RowsStoodUp(W, x, b).update(k=k, W_11=2.5).alt.split(": ", 1)[1]
    close(read(told), [*moved[k], k + 1, k + 1])


@pytest.mark.parametrize("f, slope", [("tanh", lambda s: 1 / np.cosh(s)**2), ("softplus", lambda s: 1 / (1 + np.exp(-s))),
                                      ("relu", lambda s: float(s > 0)), ("softsign", lambda s: 1 / (1 + abs(s))**2)])
@pytest.mark.parametrize("at, nudge", [(-1.25, 0.5), (2.0, -0.75)])
def test_the_tangent_tells_what_f_makes_of_a_nudge(f, slope, at, nudge):
    act = {"tanh": np.tanh, "softplus": lambda s: np.log1p(np.exp(s)), "relu": lambda s: max(s, 0.0), "softsign": lambda s: s / (1 + abs(s))}[f]
    point, change, product = show.Tangent().update(f=f, x=at, nudge=nudge).alt.removesuffix(".").replace(":", ",").split(",  ")
    close(read(point), [at, nudge])
    close(read(change), [act(at + nudge) - act(at)])
    close(read(product), [slope(at), nudge, slope(at) * nudge])


@pytest.mark.parametrize("k", range(4))
def test_the_nudge_goes_through_f_entry_by_entry(k):
    alt = show.ThroughF(W, x, b, nn.tanh).update(k=k, x_1=-0.75).alt
    slopes = 1 / np.cosh([-0.75, 2, -1.5])**2
    rows, first = alt.removesuffix(".").split(". ∂")
    close(read(after(": ", rows)), [*W[k], *slopes, *(W[k] * slopes)])
    _, _, called, product, told = first.split(" = ")
    close(read(called), [W[k, 0], -0.75])
    close([*read(product), value(told)], [W[k, 0], slopes[0], W[k, 0] * slopes[0]])


@pytest.mark.parametrize("method, quotient", [("forward", lambda h: (np.sin(1 + h) - np.sin(1)) / h),
                                              ("central", lambda h: np.cos(1) * np.sin(h) / h),
                                              ("complex step", lambda h: np.cos(1) * np.sinh(h) / h)])
def test_the_laboratory_tells_the_slope_and_its_error(method, quotient):
    h = 10**-1.5
    alt = show.StepSize().update(method=method, h=h).alt
    step, slope, error = [read(part)[-1] for part in re.split(": |, the", alt)]
    close([step, slope], [h, quotient(h)], 2)
    close(error, abs(quotient(h) - np.cos(1)), 1)


@pytest.mark.parametrize("precision, alike", [("float64", 8), ("float32", 8)])
def test_the_laboratory_shows_the_digits_that_cancel(precision, alike):
    picture = show.StepSize().update(method="central", precision=precision, h=1e-9)
    (right, *_), (left, *_) = ([text for text, _ in line.boxes()] for line in picture._lines[:2])
    digits = [text.split(" = ")[1] for text in (right, left)]
    assert all(abs(float(text) - np.sin(1)) < 1e-7 for text in digits)
    assert digits[0][:2 + alike] == digits[1][:2 + alike] and (digits[0] == digits[1]) == (precision == "float32")


def test_a_row_of_the_stack_is_x():
    for k in range(4):
        close(read(after(":", show.RowOfW(W, x, b).update(k=k, x_1=-2.5).alt)), [k + 1, -2.5, 2, -1.5])


def test_the_passes_tell_every_layer():
    passes = show.Passes(NET, X, Y)
    told = [passes.update(step=step).alt for step in range(passes.steps[1] + 1)]
    trace, u2 = nn.forward(NET, X), NET.W[2] @ nn.forward(NET, X).x[1] + NET.b[2]
    close(read(told[1].rpartition("=")[2]), NET.W[1] @ X + NET.b[1], 4)
    close(read(told[3].rpartition("=")[2]), u2, 4)
    close(read(told[5].rpartition("=")[2]), np.sum((trace.x[2] - Y)**2) / 2, 4)
    close(read(told[6].rpartition("=")[2]), TRUE_B[2], 4)     # with one example δ is ∂E/∂b
    close(read(told[7].rpartition("=")[2]), TRUE_B[1], 4)


def test_every_weight_tells_its_own_gradient():
    picture = show.WeightPath(NET, X, Y)
    true = {f"W{'¹²'[l - 1]}{'₁₂'[i]}{'₁₂'[j]}": TRUE_W[l][i, j] for l in (1, 2) for i in range(2) for j in range(2)}
    assert [name for name, _ in picture.weights] == list(true)
    for name, n in picture.weights:
        alt = picture.update(weight=n).alt
        delta, below, product = read(after("·", alt))
        close([delta * below, product], [true[name]] * 2, 4)
        assert f"∂E/∂{name} = " in alt and f"by {2 if '¹' in name else 1} path" in alt


def test_every_slice_tells_the_entry():
    for i in range(4):
        for j in range(3):
            told, code = show.Slices(W, x, b).update(i=i, j=j).alt.split(". In code: ")
            true = [x[j, 0] if k == i else 0 for k in range(4)]
            close([read(slope)[0] for slope in after(": ", told).split(", ")], true)
            close(value(code, W=W, x=x, b=b), true)


DELTA = np.array([[0.5], [-1.0], [2.0], [0.25]])
SLICES = {"outer": [DELTA[k, 0] * np.eye(4)[:, [k]] @ x.T for k in range(4)], "back": [DELTA[k, 0] * W[[k]].T for k in range(4)]}


@pytest.mark.parametrize("kind, picture", [("outer", show.UnfoldOuter(DELTA, W, x, b)), ("back", show.UnfoldBack(DELTA, W, x, b))],
                         ids=["outer", "back"])
def test_the_unfolded_sum_tells_the_entry_so_far_in_numbers_and_in_code(kind, picture):
    slices = SLICES[kind]
    for step in range(5):
        for i, j in np.ndindex(slices[0].shape):
            told, *code = picture.update(step=step, i=i, **({"j": j} if kind == "outer" else {})).alt.removesuffix(".").split(". ")
            terms = [table[i, j] for table in slices[:step]]
            *parts, total = told.rpartition(": ")[2].split(" = ")
            close(value(total), sum(terms))
            assert not parts or np.allclose(read(parts[0]), terms)
            assert len(code) == (0 if step == 0 else 1 if step < 4 else 3)
            close([value(line, W=W, x=x, b=b, delta=DELTA).item() for line in code[::2]], [sum(terms)] * len(code[::2]))
            if step == 4:
                close(read(code[1])[-1], sum(terms))


def test_break_it_shows_the_claim_and_its_verdict():
    F = lambda V: nn.u(V, x, b)[1]
    picture = show.BreakIt("du_dW", F, W, "x", r"\partial u_k / \partial W", k=1, W=W, x=x, b=b)
    rows = lambda alt: [read(row) for row in re.findall(r"\(([^()]*)\)(?=[;.])", after(": ", alt))]
    assert rows(picture.alt) == [[0, 0, 0], [1, 2, -1.5], [0, 0, 0], [0, 0, 0]] and "The verdict: agrees" in picture.alt
    for name in picture.names[1:]:
        alt = picture.update(mistake=name).alt
        assert alt.startswith(f"“{name}”") and "The verdict: disagrees" in alt and "correct" not in alt


@pytest.mark.parametrize("picture", [show.UnfoldOuter(nn.column([2, -1, 0.5, 0.25]), W, x, b), show.Passes(NET, X, Y), show.StepSize()],
                         ids=lambda picture: type(picture).__name__)
def test_the_live_frame_is_the_stored_one_to_the_eye(picture):
    stored, live = (np.asarray(Image.open(io.BytesIO(picture.png(live=live))).convert("RGB"), int) for live in (False, True))
    assert np.abs(stored - live).max() <= 16, "a colour that the eye can tell"
