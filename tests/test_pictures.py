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


@pytest.mark.parametrize("k", range(4))
@pytest.mark.parametrize("nudge", [-2.0, 0.3, 1.0])
def test_a_nudged_weight_moves_one_output_by_nudge_times_x(k, nudge):
    for j in range(3):
        alt = show.NudgeW(W, x, b).update(i=k, j=j, nudge=nudge).alt
        moved = W.copy()
        moved[k, j] += nudge
        close(read(alt), [nudge, (moved @ x - W @ x)[k, 0]])
        assert f"u{'₁₂₃₄'[k]} moves" in alt and alt.endswith("the others stay.")


@pytest.mark.parametrize("j", range(3))
def test_a_nudged_input_moves_all_by_its_column(j):
    alt = show.NudgeX(W, x, b).update(j=j, nudge=0.5).alt
    moving = np.flatnonzero(W[:, j])
    close(read(alt), [0.5, *(0.5 * W[moving, j])])
    assert re.findall("u([₁₂₃₄]) moves", alt) == ["₁₂₃₄"[k] for k in moving]


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


def test_the_unfolded_sum_tells_the_entry_so_far():
    delta = np.array([[0.5], [-1.0], [2.0], [0.25]])
    picture = show.UnfoldOuter(delta, W, x, b)
    for step in range(5):
        for i in range(4):
            for j in range(3):
                alt = picture.update(step=step, i=i, j=j).alt
                close(read(alt.rpartition(" = ")[2].split(",")[0]), delta[i] * x[j] if step > i else 0)


def test_break_it_shows_the_claim_and_its_verdict():
    F = lambda V: nn.u(V, x, b)[1]
    picture = show.BreakIt("du_dW", F, W, "x", r"\partial u_k / \partial W", k=1, W=W, x=x, b=b)
    rows = lambda alt: [read(row) for row in re.findall(r"\(([^()]*)\)(?=[;.])", after(": ", alt))]
    assert rows(picture.alt) == [[0, 0, 0], [1, 2, -1.5], [0, 0, 0], [0, 0, 0]] and "The verdict: agrees" in picture.alt
    for name in picture.names[1:]:
        alt = picture.update(mistake=name).alt
        assert alt.startswith(name[0].upper() + name[1:]) and "The verdict: disagrees" in alt and "correct" not in alt


@pytest.mark.parametrize("picture", [show.UnfoldOuter(nn.column([2, -1, 0.5, 0.25]), W, x, b), show.Passes(NET, X, Y), show.StepSize()],
                         ids=lambda picture: type(picture).__name__)
def test_the_live_frame_is_the_stored_one_to_the_eye(picture):
    stored, live = (np.asarray(Image.open(io.BytesIO(picture.png(live=live))).convert("RGB"), int) for live in (False, True))
    assert np.abs(stored - live).max() <= 16, "a colour that the eye can tell"
