"""The catalogue of wrong formulas that people really write: named, explained, and run as they are shown.

A mistake has one form in each setting where it can be made: the formula in LaTeX and the code. The code that is shown is
the code that is run, in a namespace of the page's symbols, so the two cannot differ.
"""

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from ..backprop import Gradient
from ..layer import e


@dataclass(frozen=True)
class Mistake:
    """A known wrong formula: why it tempts, how to see it, and its form (LaTeX, code) in each setting."""
    name: str
    tempting: str
    symptom: str
    forms: dict = field(default_factory=dict)


# What is right in each setting; the mistakes below stand beside it.
CORRECT = {
    "du_db":         (r"e_k",                                               "e(k, m)"),
    "du_dW":         (r"e_k\, x^T",                                         "e(k, m) @ x.T"),
    "du_dx":         (r"(W_k)^T",                                           "W[[k]].T"),
    "du_dx_through": (r"(W_k)^T \circ f\,'(x)",                             "W[[k]].T * f.prime(x)"),
    "dE_dt":         (r"t - y",                                             "t - y"),
    "dE_db":         (r"\sum_n \delta^l_{\cdot n}",                         "delta[l].sum(axis=1, keepdims=True)"),
    "dE_dW":         (r"\delta^l\, (x^{l-1})^T",                            "delta[l] @ x[l-1].T"),
    "delta":         (r"((W^{l+1})^T \delta^{l+1}) \circ f\,'(u^l)",        "(W[l+1].T @ delta[l+1]) * f.prime(u[l])"),
    "delta_L":       (r"f\,'(u^L) \circ (t - y)",                           "f.prime(u[L]) * (t - y)"),
    "softmax":       (r"t_k\, (e_k - t)",                                   "t[k] * (e(k, m) - t)"),
    "cross_entropy": (r"t - y",                                             "t - y"),
    "two_batches":   (r"\nabla E_1 + \nabla E_2",                           "first + second"),
    "next_batch":    (r"\nabla E_2",                                        "second"),
}

_ALL = [
    Mistake("transposed", "The product has the same numbers either way round.",
            "A gradient has the shape of what it is taken by. Compare the two shapes; a square matrix hides it.", {
                "du_db": (r"(e_k)^T", "e(k, m).T"),
                "du_dW": (r"x\, (e_k)^T", "x @ e(k, m).T"),
                "du_dx": (r"W_k", "W[[k]]"),
                "dE_dW": (r"x^{l-1} (\delta^l)^T", "x[l-1] @ delta[l].T")}),
    Mistake("index off by one", "The page counts units from 1, the code from 0.",
            "The right numbers stand one row away from where the referee finds them.", {
                "du_db": (r"e_{k+1}", "e((k + 1) % m, m)"),
                "du_dW": (r"e_{k+1}\, x^T", "e((k + 1) % m, m) @ x.T"),
                "du_dx": (r"(W_{k+1})^T", "W[[(k + 1) % m]].T")}),
    Mistake("every row", "Every unit does have a bias and a row of weights.",
            "Only row k occurs in u_k: nudge another row and u_k stays.", {
                "du_db": (r"(1, \ldots, 1)^T", "np.ones_like(b)"),
                "du_dW": (r"(1, \ldots, 1)^T x^T", "np.ones_like(b) @ x.T"),
                "du_dx": (r"\sum_i (W_i)^T", "W.sum(axis=0, keepdims=True).T")}),
    Mistake("one row only", "The other rows are zero, so they seem not worth writing.",
            "The zeros are part of the answer: the gradient has an entry for every entry of W.", {
                "du_dW": (r"x^T", "x.T")}),
    Mistake("value for derivative", "The quantity itself is at hand, and of the right shape.",
            "Double the value: a slope that should stay the same doubles with it.", {
                "du_db": (r"b \circ e_k", "b * e(k, m)"),
                "dE_dt": (r"\frac{1}{2} (t - y)^2", "(t - y)**2 / 2")}),
    Mistake("W for x", "In W_k·x both factors look alike.",
            "The slope by one factor is the other factor: by W it is x.", {
                "du_dW": (r"e_k\, W_k", "e(k, m) @ W[[k]]")}),
    Mistake("x for W", "In W_k·x both factors look alike.",
            "The slope by one factor is the other factor: by x it is W.", {
                "du_dx": (r"x", "x")}),
    Mistake("column for row", "(W_k)ᵀ is read as row k of Wᵀ.",
            "(W_k)ᵀ is row k, stood up; row k of Wᵀ is a column of W. A square W hides the shape.", {
                "du_dx": (r"\mathrm{column}\ k\ \mathrm{of}\ W", "W[:, [k]]")}),
    Mistake("f′ missing", "The weights alone carry the signal back, it seems.",
            "Where f is flat nothing can pass: a saturated unit must get almost nothing.", {
                "du_dx_through": (r"(W_k)^T", "W[[k]].T"),
                "delta": (r"(W^{l+1})^T \delta^{l+1}", "W[l+1].T @ delta[l+1]")}),
    Mistake("f′ twice", "f′ is in δ already, and is put into the gradient once more.",
            "Divide by the right value: what is left over is f′ itself.", {
                "du_dx_through": (r"(W_k)^T \circ f\,'(x) \circ f\,'(x)", "W[[k]].T * f.prime(x) * f.prime(x)"),
                "delta": (r"((W^{l+1})^T \delta^{l+1}) \circ f\,'(u^l) \circ f\,'(u^l)",
                          "(W[l+1].T @ delta[l+1]) * f.prime(u[l]) * f.prime(u[l])"),
                "delta_L": (r"f\,'(u^L) \circ f\,'(u^L) \circ (t - y)", "f.prime(u[L]) * f.prime(u[L]) * (t - y)"),
                "dE_dW": (r"(\delta^l \circ f\,'(u^l))\, (x^{l-1})^T", "(delta[l] * f.prime(u[l])) @ x[l-1].T")}),
    Mistake("f′ at f(u)", "The forward pass keeps x = f(u), and f′(x) is quickly written.",
            "f′ wants the point where f was taken: u. For tanh, 1 − x² is f′(u) from x; f′(x) is something else.", {
                "du_dx_through": (r"(W_k)^T \circ f\,'(f(x))", "W[[k]].T * f.prime(f(x))"),
                "delta": (r"((W^{l+1})^T \delta^{l+1}) \circ f\,'(x^l)", "(W[l+1].T @ delta[l+1]) * f.prime(x[l])"),
                "delta_L": (r"f\,'(t) \circ (t - y)", "f.prime(t) * (t - y)")}),
    Mistake("relu′ from the output", "For a ReLU the output tells the slope: x > 0 just where u > 0.",
            "A ReLU's output is never below 0, so with ≥ for > all of it passes; and for no other f does it tell the slope.", {
                "delta": (r"((W^{l+1})^T \delta^{l+1}) \circ [x^l \geq 0]", "(W[l+1].T @ delta[l+1]) * (x[l] >= 0)")}),
    Mistake("f′ at the input", "Every step of the recursion ends with f′, so the last one should, too.",
            "The input x⁰ passes through no f: there is no u⁰."),
    Mistake("f for f′", "One prime is easily lost.",
            "Where f is flat the slope is 0, however large f is there.", {
                "du_dx_through": (r"(W_k)^T \circ f(x)", "W[[k]].T * f(x)")}),
    Mistake("· for ∘", "The row W_k and the column f′(x) fit as a product.",
            "A product sums over the inputs; a gradient keeps one entry for each.", {
                "du_dx_through": (r"W_k\, f\,'(x)", "W[[k]] @ f.prime(x)")}),
    Mistake("y − t", "The error is often spoken of as target minus output.",
            "Every sign is turned: descent would climb.", {
                "dE_dt": (r"y - t", "y - t"),
                "delta_L": (r"f\,'(u^L) \circ (y - t)", "f.prime(u[L]) * (y - t)")}),
    Mistake("factor 2", "A ½ was overlooked, or the 2 of a square was kept beside it.",
            "Every entry is twice as large as measured. In E = ½‖t − y‖² the ½ cancels the 2.", {
                "dE_dt": (r"2\,(t - y)", "2 * (t - y)"),
                "delta_L": (r"2\, f\,'(u^L) \circ (t - y)", "2 * f.prime(u[L]) * (t - y)")}),
    Mistake("factor ½", "The 2 that a square leaves was forgotten, or a ½ carried along.",
            "Every entry is half as large as measured. In E = ½‖t − y‖² the 2 cancels the ½.", {
                "dE_dt": (r"\frac{1}{2}\,(t - y)", "(t - y) / 2"),
                "delta_L": (r"\frac{1}{2}\, f\,'(u^L) \circ (t - y)", "f.prime(u[L]) * (t - y) / 2")}),
    Mistake("mean for sum", "Many libraries average over the examples.",
            "What the examples add up to is too small by one factor, and that factor is N, the number of columns.", {
                "dE_dt": (r"(t - y)/N", "(t - y) / N"),
                "dE_db": (r"\frac{1}{N} \sum_n \delta^l_{\cdot n}", "delta[l].mean(axis=1, keepdims=True)"),
                "dE_dW": (r"\frac{1}{N}\, \delta^l (x^{l-1})^T", "delta[l] @ x[l-1].T / N"),
                "delta_L": (r"f\,'(u^L) \circ (t - y)/N", "f.prime(u[L]) * (t - y) / N")}),
    Mistake("1/N twice", "The mean is taken in E and once more in the gradient.",
            "Every entry is too small by N².", {
                "dE_db": (r"\frac{1}{N^2} \sum_n \delta^l_{\cdot n}", "delta[l].sum(axis=1, keepdims=True) / N**2"),
                "dE_dW": (r"\frac{1}{N^2}\, \delta^l (x^{l-1})^T", "delta[l] @ x[l-1].T / N**2")}),
    Mistake("sum over the wrong axis", "axis=0 and axis=1 both give a sum.",
            "The result has an entry for each example where one for each unit is wanted.", {
                "dE_db": (r"\sum_k \delta^l_{k \cdot}", "delta[l].sum(axis=0, keepdims=True)")}),
    Mistake("one scalar", "sum() without an axis adds up everything.",
            "One number stands where every unit has its own bias; as an update it would broadcast unseen.", {
                "dE_db": (r"\sum_{k,n} \delta^l_{kn}", "delta[l].sum()")}),
    Mistake("not summed over examples", "For one example ∂E/∂b is δ itself.",
            "With N columns the claim has N columns; as an update it would make b grow into a matrix.", {
                "dE_db": (r"\delta^l", "delta[l]")}),
    Mistake("last example only", "In a loop over the examples, = is written for +=.",
            "It is the gradient of one example; the others leave no trace.", {
                "dE_db": (r"\delta^l_{\cdot N}", "delta[l][:, [-1]]"),
                "dE_dW": (r"\delta^l_{\cdot N} (x^{l-1}_{\cdot N})^T", "delta[l][:, [-1]] @ x[l-1][:, [-1]].T"),
                "two_batches": (r"\nabla E_2", "second")}),
    Mistake("gradient not reset", "The sum is kept in one place and += goes on from the batch before.",
            "Subtract the right gradient: what is left is the one of the batch before.", {
                "next_batch": (r"\nabla E_1 + \nabla E_2", "first + second")}),
    Mistake("x of the next layer", "x and δ of one layer carry the same number l in many programs.",
            "W^l multiplies x^{l−1}, the input of its layer: the columns are counted by n_{l−1}.", {
                "dE_dW": (r"\delta^l (x^l)^T", "delta[l] @ x[l].T")}),
    Mistake("u for x", "u^{l−1} is the layer's output before f, and of the same shape.",
            "W^l never sees u^{l−1}: it multiplies f(u^{l−1}).", {
                "dE_dW": (r"\delta^l (u^{l-1})^T", "delta[l] @ u[l-1].T")}),
    Mistake("next layer's δ", "On the way down the last δ is still at hand.",
            "Each layer has its own δ; equal widths hide that the wrong one is used.", {
                "dE_db": (r"\sum_n \delta^{l+1}_{\cdot n}", "delta[l+1].sum(axis=1, keepdims=True)"),
                "dE_dW": (r"\delta^{l+1} (x^{l-1})^T", "delta[l+1] @ x[l-1].T"),
                "delta": (r"\delta^{l+1} \circ f\,'(u^l)", "delta[l+1] * f.prime(u[l])")}),
    Mistake("W for Wᵀ", "Forward it was W, so backward it is W.",
            "Unit i collects blame along column i of W, that is along row i of Wᵀ. A square W hides it.", {
                "delta": (r"(W^{l+1} \delta^{l+1}) \circ f\,'(u^l)", "(W[l+1] @ delta[l+1]) * f.prime(u[l])")}),
    Mistake("W of the previous layer", "Layer l is at work, so its own W seems due.",
            "W^l lies below u^l. The way from u^l up to E leads through W^{l+1}.", {
                "delta": (r"((W^l)^T \delta^{l+1}) \circ f\,'(u^l)", "(W[l].T @ delta[l+1]) * f.prime(u[l])")}),
    Mistake("W⁻¹ for Wᵀ", "Going back sounds like undoing.",
            "Blame is a slope, not the signal: slopes along a path multiply, they do not divide.", {
                "delta": (r"((W^{l+1})^{-1} \delta^{l+1}) \circ f\,'(u^l)",
                          "np.linalg.solve(W[l+1], delta[l+1]) * f.prime(u[l])")}),
    Mistake("bracket misplaced", "Without brackets the line reads from right to left.",
            "f′(u^l) belongs to the lower layer: it is multiplied after the sum over k, not within it.", {
                "delta": (r"(W^{l+1})^T (\delta^{l+1} \circ f\,'(u^l))", "W[l+1].T @ (delta[l+1] * f.prime(u[l]))")}),
    Mistake("∘ before ·", "f′ * W.T @ δ looks like the page, but Python works from left to right.",
            "With one example it is right; with N it fails, or is silently wrong when N is the upper layer's width.", {
                "delta": (r"(f\,'(u^l) \circ (W^{l+1})^T)\, \delta^{l+1}", "f.prime(u[l]) * W[l+1].T @ delta[l+1]")}),
    Mistake("already updated W", "Updating each layer as soon as its gradient is known saves a loop.",
            "The error grows with η: at η = 0 there is none. δ^l needs the W^{l+1} that ran forward.", {
                "delta": (r"((W^{l+1} - \eta\, \delta^{l+1} (x^l)^T)^T \delta^{l+1}) \circ f\,'(u^l)",
                          "((W[l+1] - eta * delta[l+1] @ x[l].T).T @ delta[l+1]) * f.prime(u[l])")}),
    Mistake("x inside δ", "∂E/∂W has a factor x, and it slips into δ.",
            "δ is the slope by u; x joins only where the slope by W is taken.", {
                "delta": (r"((W^{l+1})^T \delta^{l+1}) \circ f\,'(u^l) \circ x^l",
                          "(W[l+1].T @ delta[l+1]) * f.prime(u[l]) * x[l]")}),
    Mistake("output's f′ forgotten", "t − y is called “the error”, and with cross-entropy it is the whole δ^L.",
            "With E = ½‖t − y‖² the slope passes through f: a saturated output must have a small δ.", {
                "delta_L": (r"t - y", "t - y")}),
    Mistake("f′ where it cancels", "With the squared error f′ belongs there.",
            "Sigmoid with cross-entropy: the slope of the logarithm divides by just this f′.", {
                "cross_entropy": (r"f\,'(u) \circ (t - y)", "f.prime(u) * (t - y)")}),
    Mistake("softmax entry by entry", "Every other activation has a derivative for each entry alone.",
            "All entries of a softmax share one denominator: nudge one, and all move.", {
                "softmax": (r"e_k\, t_k (1 - t_k)", "e(k, m) * t[k] * (1 - t[k])")}),
    Mistake("sign", "A minus is lost, or belongs to the update.",
            "Every entry has the right size and the wrong sign.", {
                "du_dx": (r"-(W_k)^T", "-W[[k]].T"),
                "dE_dW": (r"-\delta^l (x^{l-1})^T", "-delta[l] @ x[l-1].T"),
                "delta": (r"-((W^{l+1})^T \delta^{l+1}) \circ f\,'(u^l)", "-(W[l+1].T @ delta[l+1]) * f.prime(u[l])")}),
    Mistake("zero returned", "An array was made ready and never filled.",
            "Every entry is 0, the referee's are not.", {
                "du_db": (r"0", "np.zeros_like(b)"),
                "du_dW": (r"0", "np.zeros_like(W)"),
                "du_dx_through": (r"0", "np.zeros_like(x)")}),
    # These are made where several ways lead to F: in the exercises.
    Mistake("one path only", "The first way that is found explains so much that the search stops.",
            "Ways add: subtract the claim from the right value, and what is left is the way that was forgotten."),
    Mistake("one path twice", "There are two ways, so the slope of one is doubled.",
            "Each way has a slope of its own: work out the other one, too."),
    Mistake("later layer only", "The gradient of the upper layer is found first, and looks complete.",
            "The same W works below, too: follow δ one layer further down, and add."),
    Mistake("paths not added", "The slope along each way is right, so the list of them looks like the answer.",
            "Ways add: a gradient has one entry for each entry of what it is taken by."),
    Mistake("outer derivative missing", "The inner slopes are at hand, and they are added as they are.",
            "Slopes along a way multiply: each inner slope carries the outer one as its factor."),
    Mistake("1/N missing", "The sum over the examples looks complete.",
            "Every entry is N times too big, where N is the number of columns."),
    # These show in the numbers alone; the judge looks for them whatever the network.
    Mistake("constant factor", "A constant of E was dropped or counted twice.", "Every entry is off by one and the same factor."),
    Mistake("rows in another order", "Units were sorted or renamed in one place only.",
            "Every row is there, at another place."),
    Mistake("columns in another order", "Inputs were sorted or renamed in one place only.",
            "Every column is there, at another place."),
    Mistake("one row wrong", "A loop stops early, or one unit is treated apart.", "All rows but one are right."),
    Mistake("one column wrong", "A loop stops early, or one input is treated apart.", "All columns but one are right."),
    Mistake("one entry wrong", "A single entry is treated apart.", "All entries but one are right."),
    Mistake("flat vector", "numpy drops an axis easily: an index, a sum or ravel() will do.",
            "The numbers are right, but (n,) is no column: with (n, 1) it would broadcast into a matrix."),
    Mistake("an axis too many", "keepdims=True, or a column where the program keeps flat vectors.",
            "The numbers are right, but (n, 1) is no flat vector: with (n,) it would broadcast into a matrix."),
    Mistake("another shape", "A transpose or a sum is missing, or there is one too many.",
            "A gradient has the shape of what it is taken by."),
    Mistake("other arrays", "The gradients were collected in another order, or under other names.",
            "There is one for each array of the point, under the same name."),
    Mistake("not a number", "A division by zero or an overflow came before.", "Look for the first NaN or infinity on the way."),
    Mistake("no numbers", "A return line, a call or a key is easily forgotten.", "Print what you hand in: is it an array of numbers?"),
    Mistake("unsolved stub", "The dots run without an error.", "Put your formula in their place."),
]

catalogue = {mistake.name: mistake for mistake in _ALL}


def names(setting):
    """"correct" and then the mistakes that can be made in this setting, for a dropdown.

    Errors: ValueError for an unknown setting.
    """
    _known(setting)
    return ["correct"] + [mistake.name for mistake in _ALL if setting in mistake.forms]


def form(setting, name):
    """(LaTeX, code) of the correct formula or of a mistake in this setting. Errors: ValueError if there is none."""
    if name not in names(setting):
        raise ValueError(f"{name!r} is not in the setting {setting!r}; expected one of {names(setting)}")
    return CORRECT[setting] if name == "correct" else catalogue[name].forms[setting]


def value(setting, name, **symbols):
    """What the formula gives, run as it is shown, in a namespace of the page's symbols.

    Errors: ValueError for an unknown setting or name; whatever the wrong code itself raises.
    """
    _, code = form(setting, name)
    return eval(_compiled(code), {"np": np, "e": e}, symbols | _sizes(symbols))


@cache
def _compiled(code):
    return compile(code, code, "eval")


def suspects(setting, **symbols):
    """{name: wrong value} of every mistake in this setting whose code runs on these symbols, for `judge`."""
    values = {}
    for name in names(setting)[1:]:
        try:
            values[name] = value(setting, name, **symbols)
        except (ValueError, KeyError, IndexError, np.linalg.LinAlgError):
            continue    # shapes or layers that do not fit: this mistake would have raised, so it is not what was made
    return values


def _known(setting):
    if setting not in CORRECT:
        raise ValueError(f"{setting!r} is no setting; expected one of {', '.join(CORRECT)}")


def _sizes(symbols):
    """m for e(k, m) and N for a mean, where the symbols tell them."""
    sizes = {}
    if isinstance(symbols.get("W"), np.ndarray):
        sizes["m"] = symbols["W"].shape[0]
    elif isinstance(symbols.get("t"), np.ndarray):
        sizes["m"] = symbols["t"].shape[0]
    columns = symbols.get("y", symbols.get("delta"))
    if isinstance(columns, dict):
        columns = next(iter(columns.values()))
    if columns is not None:
        sizes["N"] = columns.shape[1]
    return sizes


def gradient_with_mistake(net, trace, y, setting="delta", name="correct", eta=1.0):
    """Every ∂E/∂W^l and ∂E/∂b^l by back-propagation with one of its formulas replaced by a mistake.

    setting is "delta_L", "delta", "dE_dW" or "dE_db"; eta is the step of "already updated W". Returns a Gradient whose
    arrays may have wrong shapes. Errors: ValueError for an unknown setting or name; whatever the wrong code raises.
    """
    chosen = {s: name if s == setting else "correct" for s in ("delta_L", "delta", "dE_dW", "dE_db")}
    if setting not in chosen:
        raise ValueError(f"{setting!r} is not a formula of back-propagation; expected one of {', '.join(chosen)}")
    symbols = {"W": net.W, "f": net.f, "u": trace.u, "x": trace.x, "t": trace.t, "y": y, "L": net.L, "eta": eta}
    delta = {net.L: value("delta_L", chosen["delta_L"], **symbols)}
    for l in range(net.L - 1, 0, -1):
        delta[l] = value("delta", chosen["delta"], l=l, delta=delta, **symbols)
    return Gradient({l: value("dE_dW", chosen["dE_dW"], l=l, delta=delta, **symbols) for l in net.W},
                    {l: value("dE_db", chosen["dE_db"], l=l, delta=delta, **symbols) for l in net.b})
