"""What the alternative texts say is so: their numbers are read back and checked against arrays made in another way."""

import io
import re

import books
import numpy as np
import oracles
import pytest
from matplotlib.figure import Figure
from PIL import Image

import nnmath as nn
from nnmath import show
from nnmath.check import mistakes
from nnmath.show.toolkit.glyphs import Lines
from nnmath.show.toolkit.style import COLORS, FAINT, INK

W = np.array([[1, -2, 0.5], [0, 3, -1], [2, 1, 1], [-1, 0.5, 2]])
x, b = nn.column([1, 2, -1.5]), nn.column([0.5, -1, 0, 1])
NET = nn.Network(
    {1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, {1: nn.column([0, 2]), 2: nn.column([1, 2])}, nn.softsign
)
X, Y = nn.column([1, 3]), nn.column([1, 0])
TRUE_W, TRUE_B, _ = oracles.autograd_gradient(NET, X, Y)


def read(text):
    """The numbers of a text, minus signs and powers of ten included, indices left out."""
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+\.?\d*(?:e[+−]\d+)?", text)]


def close(told, true, digits=3):
    np.testing.assert_allclose(told, np.ravel(true), rtol=0.6 * 10.0 ** (1 - digits), atol=1e-12)


def after(words, text):
    return text.partition(words)[2]


def value(formula, **symbols):
    """A formula of numbers, as the page writes it, or a line of code: its value."""
    return np.array(
        eval(formula.replace("·", "*").replace("−", "-").replace("ᵀ", ""), {**vars(nn), **symbols}), dtype=float
    )


@pytest.mark.parametrize("k", range(4))
@pytest.mark.parametrize("nudge", [-2.0, 0.3, 1.0])
def test_a_nudged_weight_moves_one_output_by_nudge_times_x(k, nudge):
    for j in range(3):
        alt = show.NudgeW(W, x, b).update(i=k, j=j, nudge=nudge).alt
        moved = W.copy()
        moved[k, j] += nudge
        change = (moved @ x - W @ x)[k, 0]
        told, equation = alt.split("; the others stay the same. ")
        close(read(told), [nudge, change])
        assert f"u{'₁₂₃₄'[k]} moves" in told
        name, symbols, product, total = equation.removesuffix(".").split(" = ")
        assert (name, symbols) == (f"Δu{'₁₂₃₄'[k]}", f"ΔW{'₁₂₃₄'[k]}{'₁₂₃'[j]}·x{'₁₂₃'[j]}")
        close([value(product), value(total)], [change, change])
        close(read(product), [nudge, x[j, 0]])


@pytest.mark.parametrize("i", range(4))
def test_a_nudged_bias_moves_its_output_by_the_nudge(i):
    alt, n = show.NudgeB(W, x, b).update(i=i, nudge=-0.7).alt, "₁₂₃₄"[i]
    assert alt == f"b{n} is nudged by −0.7: u{n} moves by −0.7; the others stay the same. Δu{n} = Δb{n} = −0.7."


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
    _, symbols, total, told = (
        show.Reading(W, x, b).update(k=k, x_1=x_1).alt.removesuffix(".").split(": ")[1].split(" = ")
    )
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
    close(read(column), [*np.eye(4)[k], 1, k + 1, 0, *biases.flat, *(W @ x + biases).flat])


@pytest.mark.parametrize("k", range(4))
def test_a_row_stands_up_as_a_column(k):
    moved = W.copy()
    moved[0, 0] = 2.5
    told = show.RowsStoodUp(W, x, b).update(k=k, W_11=2.5).alt.split(": ", 1)[1]
    close(read(told), [*moved[k], k + 1, k + 1, *moved[:, 0]])


@pytest.mark.parametrize(
    "f, slope",
    [
        ("tanh", lambda s: 1 / np.cosh(s) ** 2),
        ("softplus", lambda s: 1 / (1 + np.exp(-s))),
        ("relu", lambda s: float(s > 0)),
        ("softsign", lambda s: 1 / (1 + abs(s)) ** 2),
    ],
)
@pytest.mark.parametrize("at, nudge", [(-1.25, 0.5), (2.0, -0.75)])
def test_the_tangent_tells_what_f_makes_of_a_nudge(f, slope, at, nudge):
    act = {
        "tanh": np.tanh,
        "softplus": lambda s: np.log1p(np.exp(s)),
        "relu": lambda s: max(s, 0.0),
        "softsign": lambda s: s / (1 + abs(s)),
    }[f]
    point, change, product = (
        show.Tangent().update(f=f, x=at, nudge=nudge).alt.removesuffix(".").replace(":", ",").split(",  ")
    )
    close(read(point), [at, nudge])
    close(read(change), [act(at + nudge) - act(at)])
    close(read(product), [slope(at), nudge, slope(at) * nudge])


@pytest.mark.parametrize("k", range(4))
def test_the_nudge_goes_through_f_entry_by_entry(k):
    alt = show.ThroughF(W, x, b, nn.tanh).update(k=k, x_1=-0.75).alt
    slopes = 1 / np.cosh([-0.75, 2, -1.5]) ** 2
    rows, first = alt.removesuffix(".").split(". ∂")
    close(read(after(": ", rows)), [*W[k], *slopes, *(W[k] * slopes)])
    _, _, called, product, told = first.split(" = ")
    close(read(called), [W[k, 0], -0.75])
    close([*read(product), value(told)], [W[k, 0], slopes[0], W[k, 0] * slopes[0]])


@pytest.mark.parametrize(
    "method, quotient",
    [
        ("forward", lambda h: (np.sin(1 + h) - np.sin(1)) / h),
        ("central", lambda h: np.cos(1) * np.sin(h) / h),
        ("complex step", lambda h: np.cos(1) * np.sinh(h) / h),
    ],
)
def test_the_laboratory_tells_the_slope_and_its_error(method, quotient):
    h = 10**-1.5
    alt = show.StepSize().update(method=method, h=h).alt
    step, slope, error = [read(part)[-1] for part in re.split(": |, the", alt)]
    close([step, slope], [h, quotient(h)], 2)
    close(error, abs(quotient(h) - np.cos(1)), 1)


@pytest.mark.parametrize("precision, alike", [("float64", 8), ("float32", 8)])
def test_the_laboratory_shows_the_digits_that_cancel(precision, alike):
    picture = show.StepSize().update(method="central", precision=precision, h=1e-9)
    right, left, _ = [text for text, _ in picture._said.boxes()]
    digits = [text.split(" = ")[1] for text in (right, left)]
    assert all(abs(float(text) - np.sin(1)) < 1e-7 for text in digits)
    assert digits[0][: 2 + alike] == digits[1][: 2 + alike] and (digits[0] == digits[1]) == (precision == "float32")


def test_a_line_has_each_symbol_in_its_color_and_nothing_else():
    lines = Lines(Figure().add_axes((0, 0, 1, 1)), (0, 0))
    lines.set("Δu₂ = W₂·x¹ + bias, ∂E/∂b", ["code: ", ("x.T", FAINT)])
    first, second = lines._lines
    assert [piece for piece in first if piece[1] != INK] == [
        ("Δu₂", COLORS["u"]),
        ("W₂", COLORS["W"]),
        ("x¹", COLORS["x"]),
        ("b", COLORS["b"]),
    ]
    assert second == [("code: ", INK), ("x.T", FAINT)]
    assert [text for text, _ in lines.boxes()] == ["Δu₂ = W₂·x¹ + bias, ∂E/∂b", "code: x.T"]


def test_a_row_of_the_stack_is_x():
    for k in range(4):
        close(read(after(":", show.RowOfW(W, x, b).update(k=k, x_1=-2.5).alt)), [k + 1, -2.5, 2, -1.5])


def test_the_passes_tell_every_layer():
    passes = show.Passes(NET, X, Y)
    told = [passes.update(step=step).alt for step in range(passes.steps[1] + 1)]
    trace, u2 = nn.forward(NET, X), NET.W[2] @ nn.forward(NET, X).x[1] + NET.b[2]
    true = {
        1: NET.W[1] @ X + NET.b[1],
        2: trace.x[1],
        3: u2,
        4: trace.x[2],
        6: TRUE_B[2],
        7: TRUE_B[1],
    }  # with one example δ is ∂E/∂b
    for step, values in true.items():
        whole, _, entries = told[step].partition(": ")
        close(read(whole.rpartition("=")[2]), values, 4)
        close([read(entry.rpartition("=")[2])[0] for entry in entries.split("; ")], values, 4)
    close(read(told[5].rpartition("=")[2]), np.sum((trace.x[2] - Y) ** 2) / 2, 4)


def worked_out(text):
    """The value of a sum of products as it is written in a text."""
    return eval(text.replace("−", "-").replace("·", "*").replace("²", "**2").replace("½", "0.5*"))


def test_each_entry_of_the_passes_is_what_its_numbers_give():
    passes = show.Passes(NET, X, Y)
    for step in (1, 3, 6, 7):
        for entry in after(": ", passes.update(step=step).alt).rstrip(".").split("; "):
            _, terms, value = entry.split(" = ")
            close([worked_out(terms)], read(value), 4)
    _, _, terms, value = passes.update(step=5).alt.rstrip(".").split(" = ")
    close([worked_out(terms)], read(value), 4)


@pytest.mark.parametrize("i", range(2))
def test_the_paths_add_up_to_delta(i):
    picture = show.Paths(NET, X, Y)
    brought = [float(TRUE_B[2][k, 0] * NET.W[2][k, i]) for k in range(2)]
    assert read(picture.update(i=i, paths=0).alt) == []
    close(read(picture.update(i=i, paths=1).alt.rpartition("=")[2]), brought[0], 4)
    alt = picture.update(i=i, paths=2).alt
    close(read(alt.partition(". The paths")[0].rpartition("=")[2]), sum(brought), 4)
    close(read(alt.rpartition("=")[2]), TRUE_B[1][i], 4)
    assert ("reinforce" in alt) == (brought[0] * brought[1] > 0)


@pytest.mark.parametrize(
    "f, true",
    [
        ("tanh", np.tanh),
        ("sigmoid", lambda u: 1 / (1 + np.exp(-u))),
        ("softsign", lambda u: u / (1 + abs(u))),
        ("identity", lambda u: u),
    ],
)
def test_the_bowl_tells_both_slopes(f, true):
    E = lambda u, y: (true(u) - y) ** 2 / 2
    for u, y in [(-1.25, 1.0), (0.5, -0.5), (3.0, 0.25)]:
        alt, h = show.Bowl().update(u=u, y=y, f=f).alt, 1e-5
        told = [read(part.rpartition("=")[2])[0] for part in re.split(r"\. |; ", alt)[1:]]
        error, by_t, by_u = told
        close([error, by_t], [E(u, y), true(u) - y])
        close([by_u], (E(u + h, y) - E(u - h, y)) / (2 * h))


def test_two_paths_add_up():
    picture = show.TwoPaths(lambda s: s**2, lambda s: 1 - s, (lambda s: 2 * s, lambda s: -1.0))
    for s in (-1.5, 0.25, 1.0):
        alt = picture.update(s=s).alt
        close([worked_out(alt.split(" = ")[-2]), read(alt.rpartition(" = ")[2])[0]], [2 * s**3 - (1 - s)] * 2)


def test_the_walk_downhill():
    xs, ys = np.array([[-1.5, -0.5, 0.5, 1, 2]]), np.array([[-0.8, -0.5, 0.5, 0.7, 0.9]])
    chain = nn.Network({1: [[1]], 2: [[1]]}, {1: [[0]], 2: [[0]]}, nn.tanh)
    error = lambda v, w: np.sum((np.tanh(w * np.tanh(v * xs)) - ys) ** 2) / 2
    for eta in (0.01, 0.3):
        alt, v, w, h = show.Downhill(chain, xs, ys).update(eta=eta).alt, -1.5, 2.0, 1e-6
        walk = [(v, w)]
        for _ in range(40):
            by_v, by_w = (error(v + h, w) - error(v - h, w)) / (2 * h), (error(v, w + h) - error(v, w - h)) / (2 * h)
            v, w = v - eta * by_v, w - eta * by_w
            walk.append((v, w))
        told = re.search(r"from (\S+) to (\S+?)[.;] ", alt)
        close([*read(told[1]), *read(told[2])], [error(-1.5, 2.0), error(v, w)])
        close([read(part.rpartition("=")[2])[0] for part in after("first step: ", alt).split(",  ")], walk[1])


def test_the_promise_of_a_step():
    square = sum(np.sum(a**2) for part in (TRUE_W, TRUE_B) for a in part.values())
    for eta in (0.0625, 2.0):
        E = nn.E(
            nn.forward(
                nn.Network(
                    {l: NET.W[l] - eta * TRUE_W[l] for l in (1, 2)},
                    {l: NET.b[l] - eta * TRUE_B[l] for l in (1, 2)},
                    NET.f,
                ),
                X,
            ).t,
            Y,
        )
        alt = show.Drop(NET, X, Y).update(eta=eta).alt
        close(
            [worked_out(alt.split(" = ")[-2]), *read(alt.rpartition(" = ")[2])],
            [1.25 - eta * square, 1.25 - eta * square, E],
            4,
        )


def test_the_boundary_tells_error_and_sides():
    points, sides = np.array([[1, -1, 0.5, 0.25], [0.5, 1, -1, 0.75]]), np.array([[1, -1, 1, -1]])
    net = nn.Network.random((2, 3, 1), nn.tanh, seed=2)
    picture = show.Boundary(net, points, sides, eta=0.1, every=5, frames=3)
    for frame in range(3):
        t = np.tanh(net.W[2] @ np.tanh(net.W[1] @ points + net.b[1]) + net.b[2])
        step, _, E, right, of = read(picture.update(frame=frame).alt.replace("½", "2 "))
        close([step, E, right, of], [5 * frame, np.sum((t - sides) ** 2) / 2, np.sum(t * sides > 0), 4])
        for _ in range(5):
            W, b, _ = oracles.autograd_gradient(net, points, sides)
            net = nn.Network({l: net.W[l] - 0.1 * W[l] for l in W}, {l: net.b[l] - 0.1 * b[l] for l in b}, net.f)


def test_what_still_trains_tells_where_it_ends():
    points, sides = np.array([[1, -1, 0.5, 0.25], [0.5, 1, -1, 0.75]]), np.array([[1, -1, 1, -1]])
    start = nn.Network.random((2, 3, 1), nn.tanh, seed=2)
    picture = show.StillTrains(start, points, sides, 0.05, 10, [("delta", "f′ missing")])
    ends = {}
    for name in picture.names:
        net = start
        for _ in range(10):
            t1 = np.tanh(net.W[1] @ points + net.b[1])
            t = np.tanh(net.W[2] @ t1 + net.b[2])
            top = (t - sides) * (1 - t**2)
            low = (net.W[2].T @ top) * (1 if name == "f′ missing" else 1 - t1**2)
            net = nn.Network(
                {1: net.W[1] - 0.05 * low @ points.T, 2: net.W[2] - 0.05 * top @ t1.T},
                {
                    1: net.b[1] - 0.05 * low.sum(axis=1, keepdims=True),
                    2: net.b[2] - 0.05 * top.sum(axis=1, keepdims=True),
                },
                nn.tanh,
            )
        ends[name] = np.sum((nn.forward(net, points).t - sides) ** 2) / 2
    alts = {name: picture.update(mistake=name).alt for name in picture.names}
    close(read(re.search(r"to (\S+)\. The check", alts["correct"])[1]), ends["correct"])
    told = re.search(r"to (\S+); with the correct gradient, it goes to (\S+)\. The check", alts["f′ missing"])
    close([*read(told[1]), *read(told[2])], [ends["f′ missing"], ends["correct"]])
    assert ": agrees" in alts["correct"] and "This is the “f′ missing” mistake." in alts["f′ missing"]


def test_the_cost_is_that_of_a_count():
    for width, depth in [(4, 1), (5, 3), (8, 2)]:
        forward = back = parameters = 0
        for l in range(depth):
            for _ in range(width):  # every unit of the layer: its bias, its f′, and
                parameters, back = parameters + 1, back + 1
                for _ in range(width):  # every weight: forward, in δ xᵀ, and in every layer but the first in Wᵀδ
                    parameters, forward, back = parameters + 1, forward + 1, back + 1 + (l > 0)
        alt = show.Cost().update(width=width, depth=depth).alt.replace(",", "")
        layers, units, M, P = read(alt.partition("; ")[0])
        assert (layers, units, M, P) == (depth, width, forward, parameters)
        assert read(alt.split("; ")[1].rpartition("=")[2]) == [2 * parameters * forward]
        total, passes = read(" ".join(alt.split("=")[-2:]))
        assert total == forward + back and abs(passes - total / forward) < 0.006


DIGITS, LABELS = np.random.default_rng(6).uniform(size=(64, 40)), np.random.default_rng(7).integers(0, 10, 40)
READERS = [nn.Network.random((64, 12, 10), nn.sigmoid, seed=seed) for seed in range(3)]


def reads(net):
    sigmoid = lambda u: 1 / (1 + np.exp(-u))
    return [
        max(range(10), key=lambda k: column[k])
        for column in sigmoid(net.W[2] @ sigmoid(net.W[1] @ DIGITS + net.b[1]) + net.b[2]).T
    ]


@pytest.mark.parametrize("epoch", range(3))
def test_what_is_read_is_counted(epoch):
    said = reads(READERS[epoch])
    wrong = [(is_a, read_as) for is_a, read_as in zip(LABELS, said) if is_a != read_as]
    learning = read(show.Learning(READERS, DIGITS, LABELS).update(epoch=epoch).alt)
    assert learning[:2] == [epoch, round(100 * (40 - len(wrong)) / 40)] and learning[2] == 24
    pairs = list(zip(learning[4::2], learning[5::2]))
    assert learning[3] == len(pairs) and all(pair in wrong for pair in pairs)
    misread = read(show.Confusion(READERS, DIGITS, LABELS).update(epoch=epoch).alt)
    assert misread[:3] == [epoch, len(wrong), 40]
    assert misread[5] == max(wrong.count(pair) for pair in wrong) == wrong.count((misread[3], misread[4]))


def test_a_misread_digit_tells_its_outputs_and_its_steepest_pixel():
    net, said = READERS[0], reads(READERS[0])
    which = [n for n in range(40) if said[n] != LABELS[n]]
    for n, column in enumerate(which[:3]):
        alt, pixels = show.Misread(net, DIGITS, LABELS).update(n=n).alt, DIGITS[:, [column]]
        slopes = nn.numerical_gradient(lambda v: nn.E(nn.forward(net, v).t, np.eye(10)[:, [LABELS[column]]]), pixels)
        row, place = np.unravel_index(np.abs(slopes).argmax(), (8, 8))
        t = nn.forward(net, pixels).t[:, 0]
        told = read(alt)
        assert told[:4] == [n + 1, len(which), LABELS[column], said[column]]
        close([told[5], told[7]], [t[said[column]], t[LABELS[column]]], 1)
        assert told[8:] == [row + 1, place + 1]


def test_a_start_tells_its_share():
    picture = show.Starts({"works": [0.1, 0.5, 0.989], "fails": [0.1, 0.1, 0.116]})
    assert picture.alt == "works: after 2 epochs, 99% of the digits are read correctly."
    assert picture.update(start="fails").alt == "fails: after 2 epochs, 12% of the digits are read correctly."


def test_every_weight_tells_its_own_gradient():
    picture = show.WeightPath(NET, X, Y)
    true = {f"W{'¹²'[l - 1]}{'₁₂'[i]}{'₁₂'[j]}": TRUE_W[l][i, j] for l in (1, 2) for i in range(2) for j in range(2)}
    assert [name for name, _ in picture.weights] == list(true)
    for name, n in picture.weights:
        alt = picture.update(weight=n).alt
        delta, below, product = read(after("·", alt))
        close([delta * below, product], [true[name]] * 2, 4)
        assert f"∂E/∂{name} = " in alt and f"along {2 if '¹' in name else 1} path" in alt


def test_every_slice_tells_the_entry():
    for i in range(4):
        for j in range(3):
            told, code = show.Slices(W, x, b).update(i=i, j=j).alt.split(". In code: ")
            true = [x[j, 0] if k == i else 0 for k in range(4)]
            close([read(slope)[0] for slope in after(": ", told).split(", ")], true)
            close(value(code, W=W, x=x, b=b), true)


DELTA = np.array([[0.5], [-1.0], [2.0], [0.25]])
SLICES = {
    "outer": [DELTA[k, 0] * np.eye(4)[:, [k]] @ x.T for k in range(4)],
    "back": [DELTA[k, 0] * W[[k]].T for k in range(4)],
}


@pytest.mark.parametrize(
    "kind, picture",
    [("outer", show.UnfoldOuter(DELTA, W, x, b)), ("back", show.UnfoldBack(DELTA, W, x, b))],
    ids=["outer", "back"],
)
def test_the_unfolded_sum_tells_the_entry_so_far_in_numbers_and_in_code(kind, picture):
    slices = SLICES[kind]
    for step in range(5):
        for i, j in np.ndindex(slices[0].shape):
            told, *code = (
                picture.update(step=step, i=i, **({"j": j} if kind == "outer" else {}))
                .alt.removesuffix(".")
                .split(". ")
            )
            terms = [table[i, j] for table in slices[:step]]
            *parts, total = told.rpartition(": ")[2].split(" = ")
            close(value(total), sum(terms))
            assert not parts or np.allclose(read(parts[0]), terms)
            assert len(code) == (0 if step == 0 else 1 if step < 4 else 3)
            close([value(line, W=W, x=x, b=b, delta=DELTA).item() for line in code[::2]], [sum(terms)] * len(code[::2]))
            if step == 4:
                close(read(code[1])[-1], sum(terms))


def test_a_nudge_in_a_block_tells_how_the_mean_and_the_maximum_move():
    values = np.array([[1.0, 4, 0, 2], [3, 2, 5, 1], [-2, 0, 3, 1], [1, -3, 2, 6]])
    for place in range(16):
        for nudge in (-4.0, -0.5, 1.5, 4.0):
            after_nudge = values.copy()
            after_nudge.flat[place] += nudge
            i, j = np.array(divmod(place, 4)) // 2 * 2
            before, block = values[i : i + 2, j : j + 2], after_nudge[i : i + 2, j : j + 2]
            alt = show.Blocks().update(place=place, nudge=nudge).alt
            told = read(alt.replace("/", " "))
            wins = block.ravel().argmax() == (place // 4 % 2) * 2 + place % 2
            close(told, [after_nudge.flat[place], nudge, nudge, 4, nudge / 4, block.max() - before.max()])
            assert ("not the largest" not in alt) == wins

            delta = np.array([[1, -2], [0.5, 3]])[i // 2, j // 2]
            alt = show.Blame().update(place=place, nudge=nudge).alt
            close(read(alt.replace("/4", " 4")), [after_nudge.flat[place], delta, delta, 4, delta / 4, delta * wins])
            assert ("not the largest" not in alt) == wins


def test_what_goes_back_through_a_mean_tells_its_factors():
    u = np.array([[3, 1, 0.5, -1], [-3, 1, 2, -0.5], [1, 0.5, -1, 3], [-2, 4, 1, -1]])
    delta = np.array([[1, -2], [0.5, 3]])
    W = np.array(
        [[0.5 * (p // 2 == i and q // 2 == j) for p in range(4) for q in range(4)] for i in (0, 1) for j in (0, 1)]
    )
    for place in range(16):
        alt = show.ThroughMean(u, delta, 2.0, nn.softsign).update(place=place).alt
        formula, row = alt.removesuffix(".").split("; row ")
        slope = 1 / (1 + abs(u.flat[place])) ** 2
        product, total = formula.split(" = ")[2:]
        close([value(product), value(total)], [(W.T @ delta.ravel())[place] * slope] * 2)
        (column,) = np.flatnonzero(W[:, place])
        assert read(row) == [place + 1, 0.5, column + 1]


def test_break_it_shows_the_claim_and_its_verdict():
    F = lambda V: nn.u(V, x, b)[1]
    picture = show.BreakIt("du_dW", F, W, "x", r"\partial u_k / \partial W", k=1, W=W, x=x, b=b)
    rows = lambda alt: [read(row) for row in re.findall(r"\(([^()]*)\)(?=[;.])", after(": ", alt))]
    assert rows(picture.alt) == [[0, 0, 0], [1, 2, -1.5], [0, 0, 0], [0, 0, 0]] and "The verdict: agrees" in picture.alt
    for name in picture.names[1:]:
        alt = picture.update(mistake=name).alt
        assert alt.startswith(f"“{name}”") and "The verdict: disagrees" in alt and "correct" not in alt


def menu_of_du_dW(**options):
    return show.break_it(
        "du_dW", lambda V: nn.u(V, x, b)[1], W, "x", r"\partial u_k / \partial W", k=1, W=W, x=x, b=b, **options
    )


def test_a_menu_offers_the_mistakes_that_are_named_in_their_order():
    everything = menu_of_du_dW()
    assert everything.picture.names == mistakes.names("du_dW")
    menu = menu_of_du_dW(names=["W for x", "transposed"])
    assert menu.picture.names == ["correct", "W for x", "transposed"]
    assert menu.spec["controls"][0]["texts"] == ("correct", "W for x", "transposed")
    assert menu.picture.update(mistake="W for x").alt == everything.picture.update(mistake="W for x").alt
    assert menu._stored[0]["text/plain"].startswith("“W for x”")
    chosen = menu_of_du_dW(names=["W for x", "transposed"], stored="transposed")
    assert chosen._stored[0]["text/plain"].startswith("“transposed”")


@pytest.mark.parametrize(
    "options, told",
    [
        ({"names": ["transposed", "u for x"]}, "'u for x' is not a mistake in the formula 'du_dW'; expected some of"),
        ({"names": "transposed"}, "names is 'transposed'; expected a list of mistakes, some of"),
        ({"names": []}, r"names is \[\]; expected a list of mistakes"),
        ({"names": 5}, "names is 5; expected a list of mistakes"),
        ({"names": (name for name in ["transposed"])}, "names is <generator object .*; expected a list of mistakes"),
        ({"names": ["correct"]}, "'correct' is not a mistake in the formula 'du_dW'; expected some of"),
        ({"names": ["transposed"], "stored": "W for x"}, "mistake is stored at 'W for x'; expected one of 'correct'"),
    ],
)
def test_a_menu_rejects_what_it_cannot_offer(options, told):
    with pytest.raises(ValueError, match=told):
        menu_of_du_dW(**options)


def test_a_menu_rejects_a_mistake_whose_symbols_are_missing():
    delta, inputs = {1: np.ones((2, 1))}, {0: np.ones((2, 1))}
    with pytest.raises(ValueError, match='"next layer\'s δ" cannot be shown with these symbols; expected some of'):
        show.BreakIt("dE_dW", np.sum, np.ones((2, 2)), "W", "E", names=["next layer's δ"], l=1, delta=delta, x=inputs)


def test_a_menu_names_the_mistake_it_shows_where_another_gives_the_same_numbers():
    """For two equal examples, the mean and the last example are the same."""
    delta, inputs = {1: np.array([[1.0, 1], [3, 3]])}, {0: np.array([[1.0, 1], [2, 2]])}
    F = lambda V: np.sum(delta[1] * (V @ inputs[0]))
    for name in ("mean for sum", "last example only"):
        picture = show.BreakIt("dE_dW", F, np.ones((2, 2)), "W", "E", names=[name], l=1, delta=delta, x=inputs)
        assert f"This is the “{name}” mistake." in picture.update(mistake=name).alt


@pytest.mark.parametrize(
    "picture",
    [show.UnfoldOuter(nn.column([2, -1, 0.5, 0.25]), W, x, b), show.Passes(NET, X, Y), show.StepSize()],
    ids=lambda picture: type(picture).__name__,
)
def test_the_live_frame_is_the_stored_one_to_the_eye(picture):
    stored, live = (
        np.asarray(Image.open(io.BytesIO(picture.png(live=live))).convert("RGB"), int) for live in (False, True)
    )
    assert np.abs(stored - live).max() <= 16, "a color that the eye can tell"


def test_the_lucky_formulas_of_chapter_08_are_those_that_it_speaks_of():
    """Two wrong recursions pass on the pencil network."""
    chapter = books.read(next(path for path in books.CHAPTERS if path.name.startswith("08")))
    found = [value.picture for _, value in books.run(chapter) if isinstance(value, show.Explorer)]
    [pencil] = [picture for picture in found if isinstance(picture, show.BreakIt)]
    passing = [name for name in pencil.names if "The verdict: agrees" in pencil.update(mistake=name).alt]
    assert passing == ["correct", "W of the previous layer", "∘ before ·"]


# Chapters 12 and 13


PICTURE = np.array([[2, -1, 0.5, 1], [0, 1, -2, 3], [1, -0.5, 1, 2]])
KERNEL = np.array([[1, -2, 0.5], [3, 1, -1]])
DELTAS = np.array([[0.5, -1], [2, -0.25]])


def total_of(told):
    """The sum of products in the last equation of a text, worked out, and the total that is told."""
    _, terms, total = told.removesuffix(".").rsplit(" = ", 2)
    return worked_out(terms), read(total)[-1]


@pytest.mark.parametrize("i, j", list(np.ndindex(2, 2)))
def test_a_kernel_at_a_place_tells_its_patch_and_its_sum(i, j):
    alt = show.Sliding(KERNEL, PICTURE, 0.5).update(i=i, j=j).alt
    place, told = alt.split(": ")
    true = sum(KERNEL[a, b] * PICTURE[i + a, j + b] for a in range(2) for b in range(3)) + 0.5
    close(read(place), [i + 1, j + 1, *PICTURE[i : i + 2, j : j + 3].flat])
    close(total_of(told), [true, true])
    assert told.startswith(f"u{'₁₂'[i]}{'₁₂'[j]} = ")
    row = show.TiedMatrix(KERNEL, PICTURE).update(k=2 * i + j).alt
    laid = np.zeros(PICTURE.shape)
    laid[i : i + 2, j : j + 3] = KERNEL
    close(read(row), [2 * i + j + 1, *laid.flat])
    pairs = re.findall("K([₀₁])([₀₁₂])·x([₁₂₃])([₁₂₃₄])", row)
    number_of = {sign: n for n, sign in enumerate("₀₁₂₃₄")}
    pairs = [tuple(number_of[sign] for sign in pair) for pair in pairs]
    assert pairs == [(a, b, i + a + 1, j + b + 1) for a in range(2) for b in range(3)]


def test_a_shifted_digit_tells_how_far_it_is_away():
    for right in (-1, 2):
        alt = show.Shifted(DIGITS, LABELS).update(n=3, right=right).alt
        digit = DIGITS[:, 3].reshape(8, 8)
        inside = digit[:, : 8 - right] if right > 0 else digit[:, -right:]
        moved = np.hstack([np.zeros((8, right)), inside] if right > 0 else [inside, np.zeros((8, -right))])
        away = {n: np.linalg.norm(DIGITS[:, n] - DIGITS[:, 3]) for n in range(40) if LABELS[n] != LABELS[3]}
        nearest = min(away, key=away.get)
        told = read(alt)
        assert told[:5] == [4, LABELS[3], abs(right), np.sum(moved != digit), 64] and told[6] == LABELS[nearest]
        close([told[5], told[7]], [np.linalg.norm(moved - digit), away[nearest]])
        kernel = np.array([[1, -2], [0.5, 0]])
        largest = read(show.Maps(DIGITS[:, 3], {"edges": kernel}).update(kernel="edges", right=right).alt)
        answers = [
            max(np.sum(kernel * picture[r : r + 2, c : c + 2]) for r in range(7) for c in range(7))
            for picture in (digit, moved)
        ]
        close([largest[0], largest[-1]], answers)


@pytest.mark.parametrize("a, b", list(np.ndindex(2, 3)))
def test_a_weight_tells_the_pixels_that_it_met(a, b):
    alt = show.KernelGradient(DELTAS, PICTURE, 1).update(a=a, b=b).alt
    true = sum(DELTAS[i, j] * PICTURE[i + a, j + b] for i in range(2) for j in range(2))
    close(total_of(alt), [true, true])
    met = re.findall("x[₁₂₃₄]{2}", alt.split(":")[0])
    assert met == [f"x{'₁₂₃₄'[i + a]}{'₁₂₃₄'[j + b]}" for i in range(2) for j in range(2)]
    assert f"∂E/∂K{'₀₁'[a]}{'₀₁₂'[b]} = " in alt


@pytest.mark.parametrize("p, q", list(np.ndindex(3, 4)))
def test_a_pixel_tells_the_outputs_that_it_reaches(p, q):
    reach = show.Reach(DELTAS, KERNEL, PICTURE, 1).update(p=p, q=q).alt
    back = show.FlippedKernel(DELTAS, KERNEL, 1).update(p=p, q=q).alt
    paths = [(i, j) for i in range(2) for j in range(2) if 0 <= p - i < 2 and 0 <= q - j < 3]
    true = sum(DELTAS[i, j] * KERNEL[p - i, q - j] for i, j in paths)
    close([*total_of(reach), *total_of(back)], [true] * 4)
    names = [(f"{'₁₂'[i]}{'₁₂'[j]}", f"{'₀₁'[p - i]}{'₀₁₂'[q - j]}") for i, j in paths]
    assert re.findall("u([₁₂]{2}) through K([₀₁₂]{2})", reach) == names
    assert sorted(re.findall("δ([₁₂]{2})·K([₀₁₂]{2})", reach)) == names
    assert sorted((d, k) for k, d in re.findall("K([₀₁₂]{2})·δ([₁₂]{2})", back)) == names


def test_the_tape_tells_what_each_operation_receives():
    tape, back = show.Tape(NET, X, Y), {1: NET.W[1].T @ TRUE_B[1], 2: NET.W[2].T @ TRUE_B[2]}
    for l, step in ((2, 12), (1, 15)):
        alt, (this, before) = tape.update(step=step).alt, ("⁰¹²"[l], "⁰¹²"[l - 1])
        close(read(after("with v = ", alt.partition(". W")[0])), TRUE_B[l])
        told = after(f"W{this} receives v (x{before})ᵀ = ", alt)
        to_W, to_x = told.split(f". x{before} receives (W{this})ᵀ v = ")
        close(read(to_W), TRUE_W[l])
        close(read(to_x.removesuffix(".")), back[l])
    t = nn.forward(NET, X).t
    close(read(after("t receives v·(t − y) = ", tape.update(step=9).alt).partition(". y")[0]), t - Y)
    assert tape.update(step=7).alt.endswith("E = ½‖t − y‖² = 1.25. Its rule will need t and y.")


@pytest.mark.parametrize("n, m, wins", [(6, 1, "reverse mode wins"), (1, 6, "forward mode wins"), (3, 3, "equal")])
def test_the_modes_count_their_passes(n, m, wins):
    alt = show.Modes().update(n=n, m=m, passes=2).alt
    assert read(alt.partition(". The number")[0]) == [n, m, 2, min(2, n), n, min(2, m), m, n, m] and wins in alt


@pytest.mark.parametrize("k", [1, 6, 36])
def test_checkpoints_tell_how_many_inputs_are_kept(k):
    told = read(show.Checkpoints().update(k=k).alt)
    assert told == [k, 36 // k, 36, 36, k, k, 1, 36 // k + k - 1, 36 - 36 // k]
