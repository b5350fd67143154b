"""The exercises of chapters 02 to 09, as data."""

import numpy as np

from ..activation import sigmoid, tanh
from ..error import E
from .model import Exercise
from ..network import Network, forward


def _layer(rng, m=4, n=3, **more):
    return {"W": rng.normal(size=(m, n)), "x": rng.normal(size=(n, 1)), "b": rng.normal(size=(m, 1)), **more}


def _softmax(u):
    return np.exp(u) / np.exp(u).sum()


def _tied(W, x, y):
    return E(W.T @ np.tanh(W @ x), y)


def _network(rng):
    return {"net": Network.random((4, 3, 5, 2), tanh, int(rng.integers(1000))),
            "x": rng.normal(size=(4, 6)), "y": rng.normal(size=(2, 6))}    # N is no width


def _cross_entropy(u, y):
    t = sigmoid(u)
    return -np.sum(y * np.log(t) + (1 - y) * np.log(1 - t))


_ALL = [
    Exercise("2.a", r"Find $\partial (u_1 + u_2 + \dots + u_m)/\partial b$, as a column.",
             _layer, lambda W, x, b: np.sum(W @ x + b), "b",
             "np.ones_like(b)",
             {"value for slope": "b", "zero returned": "0 * b", "transposed": "np.ones_like(b).T"},
             ("Write the sum out. How often does $b_i$ occur in it?",
              "Add up the columns $e_1 + e_2 + \\dots + e_m$.",
              "numpy has a function for a column of ones that is shaped like $b$.")),
    Exercise("2.b", r"All units share *one* bias $\beta$, a $1\times1$ matrix: $u_k = W_k\cdot x + \beta$. "
                    r"Find $\partial (\sum_k c_k u_k)/\partial \beta$.",
             lambda rng: {"W": rng.normal(size=(4, 3)), "x": rng.normal(size=(3, 1)), "beta": rng.normal(size=(1, 1)),
                          "c": rng.uniform(1, 3, size=(4, 1))},    # their sum is far from 0
             lambda W, x, beta, c: np.sum(c * (W @ x + beta)), "beta",
             "c.sum(keepdims=True)",
             {"ways not added": "c", "zero returned": "0 * beta", "sign": "-c.sum(keepdims=True)"},
             ("One number $\\beta$ has $m$ ways to reach the sum, one through each $u_k$.",
              "Along way $k$ the slope is $c_k$. Ways add.",
              "The answer has the shape of $\\beta$: (1, 1). `sum` has an argument that keeps both axes.")),
    Exercise("3.a", r"Find $\partial (u_1 + u_2)/\partial W$.",
             _layer, lambda W, x, b: np.sum((W @ x + b)[:2]), "W",
             "(nn.e(0, 4) + nn.e(1, 4)) @ x.T",
             {"every row": "np.ones_like(b) @ x.T", "transposed": "x @ (nn.e(0, 4) + nn.e(1, 4)).T",
              "W for x": "(nn.e(0, 4) + nn.e(1, 4)) @ W[[0]]", "one way only": "nn.e(0, 4) @ x.T"},
             ("The slope of a sum is the sum of the slopes.",
              "Two rows of the answer are not zero. Which?",
              "$(e_1 + e_2)\\,x^T$; in code $u_1$ is `k = 0`.")),
    Exercise("3.b", r"$W$ is kept symmetric: $W = S + S^T$ with free entries $S_{ij}$. For $u_k = W_k\cdot x$, find "
                    r"$\partial u_k/\partial S$.",
             lambda rng: {"S": rng.normal(size=(4, 4)), "x": rng.normal(size=(4, 1)), "k": int(rng.integers(4))},
             lambda S, x, k: ((S + S.T) @ x)[k], "S",
             "nn.e(k, 4) @ x.T + x @ nn.e(k, 4).T",
             {"one way only": "nn.e(k, 4) @ x.T", "transposed": "x @ nn.e(k, 4).T", "one way twice": "2 * nn.e(k, 4) @ x.T"},
             ("$S_{ij}$ stands in $W$ twice: at $(i, j)$ and at $(j, i)$.",
              "The first place gives $e_k x^T$. What does the second give?",
              "The second gives the transpose of the first. Ways add.")),
    Exercise("4.a", r"Find $\partial (\sum_k c_k u_k)/\partial x$.",
             lambda rng: _layer(rng, c=rng.normal(size=(4, 1))), lambda W, x, b, c: np.sum(c * (W @ x + b)), "x",
             "W.T @ c",
             {"x for W": "x", "outer slope missing": "W.sum(axis=0, keepdims=True).T", "transposed": "(W.T @ c).T",
              "sign": "-W.T @ c"},
             ("Start from $\\partial u_k/\\partial x = (W_k)^T$, once for each $k$.",
              "You get $\\sum_k c_k (W_k)^T$: a sum of columns, each with its factor.",
              "A matrix times a column is the sum of the matrix's columns, each with its factor. Which matrix has the "
              "columns $(W_k)^T$?")),
    Exercise("4.b", r"Find $\partial\, \frac12\|u\|^2/\partial x$ for $u = W\cdot x + b$.",
             _layer, lambda W, x, b: np.sum((W @ x + b)**2) / 2, "x",
             "W.T @ (W @ x + b)",
             {"factor 2": "2 * W.T @ (W @ x + b)", "x for W": "x",
              "outer slope missing": "W.sum(axis=0, keepdims=True).T", "factor ½": "W.T @ (W @ x + b) / 2"},
             ("$\\frac12 u_k^2$ has the slope $u_k$ by $u_k$.",
              "So this is exercise 4.a with $c_k = u_k$.",
              "$W^T u$, and $u$ is $W\\cdot x + b$.")),
    Exercise("5.a", r"For the sigmoid, write $f'(u)$ with nothing but $f(u)$: here $F = \sum_k f(u_k)$, by $u$; "
                    r"`s` is $f(u)$, already computed.",
             lambda rng: {"u": (u := rng.normal(size=(5, 1))), "s": sigmoid(u)}, lambda u, s: np.sum(sigmoid(u)), "u",
             "s * (1 - s)",
             {"f for f′": "s", "f′ at f(u)": "nn.sigmoid.prime(s)", "f′ twice": "(s * (1 - s))**2", "sign": "-s * (1 - s)"},
             ("Differentiate $1/(1 + e^{-u})$.",
              "You get $e^{-u}/(1 + e^{-u})^2$: one factor is $s$. What is the other?",
              "$s\\,(1 - s)$. This takes $s = f(u)$, where `prime` takes $u$: mind which one you hold.")),
    Exercise("5.b", r"For tanh: $F = \sum_i c_i \tanh(x_i)$. Find $\partial F/\partial x$ from `a` $= \tanh(x)$.",
             lambda rng: {"x": (x := rng.normal(size=(5, 1))), "a": np.tanh(x), "c": rng.normal(size=(5, 1))},
             lambda x, a, c: np.sum(c * np.tanh(x)), "x",
             "c * (1 - a**2)",
             {"f′ missing": "c", "f for f′": "c * a", "f′ at f(u)": "c * nn.tanh.prime(a)",
              "f′ twice": "c * (1 - a**2)**2", "· for ∘": "c.T @ (1 - a**2)"},
             ("$\\tanh = \\sinh/\\cosh$, and $\\cosh^2 - \\sinh^2 = 1$.",
              "$\\tanh' = 1 - \\tanh^2$, entry by entry.",
              "Each entry of $x$ has its own factor $c_i$: use ∘, in code `*`.")),
    Exercise("5.c", r"A softmax, $t_k = e^{u_k} / \sum_j e^{u_j}$, does not act entry by entry. "
                    r"Find $\partial t_k/\partial u$; `t` is at hand.",
             lambda rng: {"u": (u := rng.normal(size=(4, 1))), "t": _softmax(u), "k": int(rng.integers(4))},
             lambda u, t, k: _softmax(u)[k], "u",
             "t[k] * (nn.e(k, 4) - t)",
             {"softmax entry by entry": "nn.e(k, 4) * t[k] * (1 - t[k])", "f for f′": "t", "sign": "t[k] * (t - nn.e(k, 4))"},
             ("Nudge $u_i$ with $i \\ne k$: the denominator grows, so $t_k$ falls. By what slope?",
              "For $i \\ne k$ it is $-t_k t_i$; for $i = k$ it is $t_k - t_k^2$.",
              "Both in one line: $t_k\\,(e_k - t)$.")),
    Exercise("6.a", r"Some books leave out the ½: $E = \|t - y\|^2$. Find $\partial E/\partial t$.",
             lambda rng: {"t": rng.normal(size=(3, 4)), "y": rng.normal(size=(3, 4))},
             lambda t, y: np.sum((t - y)**2), "t",
             "2 * (t - y)",
             {"factor ½": "t - y", "y − t": "2 * (y - t)", "value for slope": "(t - y)**2"},
             ("One entry is $(t_k - y_k)^2$.", "Its slope is $2\\,(t_k - y_k)$.", "Nothing cancels the 2 now.")),
    Exercise("6.b", r"The target moves, the output stays: find $\partial E/\partial y$ for $E = \frac12\|t - y\|^2$.",
             lambda rng: {"t": rng.normal(size=(3, 4)), "y": rng.normal(size=(3, 4))},
             lambda t, y: np.sum((t - y)**2) / 2, "y",
             "y - t",
             {"sign": "t - y", "factor 2": "2 * (y - t)", "value for slope": "(t - y)**2 / 2"},
             ("Where does $y$ stand in the bracket, and with which sign?", "The inner slope is $-1$.", "$-(t - y)$.")),
    Exercise("7.a", r"Weight decay: $E = \frac12\|W x + b - y\|^2 + \frac12\lambda\|W\|^2$, with $N$ columns. "
                    r"Find $\partial E/\partial W$.",
             lambda rng: {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=(2, 1)), "x": rng.normal(size=(3, 5)),
                          "y": rng.normal(size=(2, 5)), "lam": 0.3},
             lambda W, b, x, y, lam: np.sum((W @ x + b - y)**2) / 2 + lam * np.sum(W**2) / 2, "W",
             "(W @ x + b - y) @ x.T + lam * W",
             {"mean for sum": "(W @ x + b - y) @ x.T / 5 + lam * W", "factor 2": "2 * ((W @ x + b - y) @ x.T + lam * W)",
              "sign": "-(W @ x + b - y) @ x.T - lam * W", "one way only": "(W @ x + b - y) @ x.T"},
             ("$E$ now depends on $W$ along two ways: through $u$, and directly.",
              "Through $u$ it is $\\delta x^T$ with $\\delta = Wx + b - y$.",
              "The direct way gives $\\lambda W$. Ways add.")),
    Exercise("7.b", r"A bias is a weight on a constant 1: with $V = [W\; b]$ and $z$ = $x$ with a row of ones under it, "
                    r"$u = V z$. Find $\partial E/\partial V$ for $E = \frac12\|u - y\|^2$ and $N$ columns.",
             lambda rng: {"V": rng.normal(size=(2, 4)), "z": np.vstack([rng.normal(size=(3, 5)), np.ones((1, 5))]),
                          "y": rng.normal(size=(2, 5))},
             lambda V, z, y: np.sum((V @ z - y)**2) / 2, "V",
             "(V @ z - y) @ z.T",
             {"transposed": "z @ (V @ z - y).T", "mean for sum": "(V @ z - y) @ z.T / 5", "sign": "-(V @ z - y) @ z.T",
              "last example only": "(V @ z - y)[:, [-1]] @ z[:, [-1]].T"},
             ("There is only one parameter now, so one formula will do.",
              "$\\delta = Vz - y$, and the input of this layer is $z$.",
              "$\\delta z^T$. Look at its last column: which formula of chapter 07 is it?")),
    Exercise("8.a", r"The network's input is a number like any other. Find $\partial E/\partial x^0$.",
             _network, lambda net, x, y: E(forward(net, x).t, y), "x",
             "net.W[1].T @ nn.deltas(net, nn.forward(net, x), y)[1]",
             {"f′ at the input": "net.W[1].T @ nn.deltas(net, nn.forward(net, x), y)[1] * net.f.prime(x)",
              "y − t": "-net.W[1].T @ nn.deltas(net, nn.forward(net, x), y)[1]",
              "mean for sum": "net.W[1].T @ nn.deltas(net, nn.forward(net, x), y)[1] / 6"},
             ("What is $\\partial u_k^1/\\partial x^0$? (Chapter 04.)",
              "$\\sum_k \\delta_k^1\\, (W_k^1)^T$.",
              "$(W^1)^T \\delta^1$, and no $f'$: the input passes through no $f$ on its way to $u^1$.")),
    Exercise("8.b", r"Sigmoid with cross-entropy: $E = -\sum_k \left(y_k \log t_k + (1 - y_k) \log(1 - t_k)\right)$ with $t = f(u)$. "
                    r"Find $\delta = \partial E/\partial u$.",
             lambda rng: {"u": rng.normal(size=(3, 4)), "y": rng.integers(0, 2, size=(3, 4)).astype(float)},
             _cross_entropy, "u",
             "nn.sigmoid(u) - y",
             {"f′ where it cancels": "nn.sigmoid.prime(u) * (nn.sigmoid(u) - y)", "y − t": "y - nn.sigmoid(u)",
              "factor 2": "2 * (nn.sigmoid(u) - y)", "mean for sum": "(nn.sigmoid(u) - y) / 4"},
             ("First $\\partial E/\\partial t_k = (t_k - y_k) / (t_k (1 - t_k))$.",
              "Then times $f'(u_k)$. What is $f'$ of the sigmoid in terms of $t_k$? (Exercise 5.a.)",
              "The two cancel: $\\delta = t - y$.")),
    Exercise("9.a", r"Tied weights: $t = W^T \tanh(W x)$, $E = \frac12\|t - y\|^2$. The same $W$ works twice. "
                    r"Find $\partial E/\partial W$.",
             lambda rng: {"W": rng.normal(size=(3, 4)), "x": rng.normal(size=(4, 5)), "y": rng.normal(size=(4, 5))},
             _tied, "W",
             "np.tanh(W @ x) @ (W.T @ np.tanh(W @ x) - y).T + "
             "((W @ (W.T @ np.tanh(W @ x) - y)) * nn.tanh.prime(W @ x)) @ x.T",
             {"one way only": "((W @ (W.T @ np.tanh(W @ x) - y)) * nn.tanh.prime(W @ x)) @ x.T",
              "upper layer only": "np.tanh(W @ x) @ (W.T @ np.tanh(W @ x) - y).T",
              "transposed": "(np.tanh(W @ x) @ (W.T @ np.tanh(W @ x) - y).T + "
                            "((W @ (W.T @ np.tanh(W @ x) - y)) * nn.tanh.prime(W @ x)) @ x.T).T"},
             ("Pretend there are two matrices: $u = Wx$ and $t = V^T x^1$ with $x^1 = \\tanh(u)$. Do both; then add.",
              "By $V$: $x^1 (t - y)^T$. By $W$: $\\delta\\, x^T$ with $\\delta = (V (t - y)) \\circ f'(u)$.",
              "Put $V = W$ and add the two.")),
    Exercise("9.b", r"The mean instead of the sum: $E = \frac{1}{2N}\|W x + b - y\|^2$ with $N$ columns. "
                    r"Find $\partial E/\partial W$.",
             lambda rng: {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=(2, 1)), "x": rng.normal(size=(3, 6)),
                          "y": rng.normal(size=(2, 6))},
             lambda W, b, x, y: np.sum((W @ x + b - y)**2) / (2 * x.shape[1]), "W",
             "(W @ x + b - y) @ x.T / x.shape[1]",
             {"constant factor": "(W @ x + b - y) @ x.T", "1/N twice": "(W @ x + b - y) @ x.T / x.shape[1]**2",
              "sign": "-(W @ x + b - y) @ x.T / x.shape[1]"},
             ("A constant factor of $E$ is a constant factor of its gradient.",
              "$N$ is the number of columns: `x.shape[1]`.",
              "So a step with η on the mean is a step with η/N on the sum.")),
]

EXERCISES = {exercise.tag: exercise for exercise in _ALL}
