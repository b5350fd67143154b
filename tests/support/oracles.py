"""Oracles for the tests. None shares code with nnmath; the functions are written anew, as sums over entries.

`complex_step` takes analytic functions of complex arrays, `symbols` and `d` use sympy, and `autograd_gradient`
differentiates a network written in autograd's numpy.
"""

import autograd
import autograd.numpy as anp
import numpy as np
import sympy

import nnmath as nn

ALL = (nn.identity, nn.sigmoid, nn.tanh, nn.relu, nn.leaky_relu, nn.softplus, nn.softsign, nn.silu)
SMOOTH = (nn.identity, nn.sigmoid, nn.tanh, nn.softplus, nn.silu)  # analytic; softsign has |u|, ReLU a kink

# The textbook formulas; xp is numpy (which takes complex entries too) or autograd's numpy.
FORMULAS = {
    "identity": lambda u, xp=np: u,
    "sigmoid": lambda u, xp=np: 1 / (1 + xp.exp(-u)),
    "tanh": lambda u, xp=np: (xp.exp(u) - xp.exp(-u)) / (xp.exp(u) + xp.exp(-u)),
    "softplus": lambda u, xp=np: xp.log(1 + xp.exp(u)),
    "relu": lambda u, xp=np: u * (u > 0),
    "leaky_relu": lambda u, xp=np: u * xp.where(u > 0, 1.0, 0.01),
    "silu": lambda u, xp=np: u / (1 + xp.exp(-u)),
    "softmax": lambda u, xp=np: xp.exp(u) / xp.sum(xp.exp(u), axis=0),
    "softsign": lambda u, xp=np: u / (1 + xp.where(u > 0, u, -u)),
}

u = sympy.Symbol("u", real=True)
SYMBOLIC = {
    "identity": u,
    "sigmoid": 1 / (1 + sympy.exp(-u)),
    "tanh": sympy.tanh(u),
    "softplus": sympy.log(1 + sympy.exp(u)),
    "relu": sympy.Max(u, 0),
    "leaky_relu": sympy.Max(u, u / 100),
    "silu": u / (1 + sympy.exp(-u)),
    "softsign": u / (1 + sympy.Abs(u)),
}


def layer(W, x, b):
    """u = W·x + b, entry by entry, for numbers of any kind."""
    m, n = W.shape
    return np.array([[sum(W[k, j] * x[j, c] for j in range(n)) + b[k, 0] for c in range(x.shape[1])] for k in range(m)])


def run(W, b, x, f):
    """Every u^l and x^l of a network, entry by entry."""
    xs, us = {0: x}, {}
    for l in sorted(W):
        us[l] = layer(W[l], xs[l - 1], b[l])
        xs[l] = f(us[l])
    return us, xs


def error(t, y):
    """½ Σ (t − y)², entry by entry, for numbers of any kind."""
    return sum((t[i] - y[i]) ** 2 for i in np.ndindex(t.shape)) / 2


def complex_step(F, at, h=1e-30):
    """∂F/∂a_i = Im F(a + i h e_i) / h: no difference is taken, so nothing is lost."""
    slopes = np.empty(at.shape)
    for i in np.ndindex(at.shape):
        nudged = at.astype(complex)
        nudged[i] += 1j * h
        slopes[i] = np.imag(F(nudged)) / h
    return slopes


def central(F, at, h=1e-5):
    """(F(a + h e_i) − F(a − h e_i)) / 2h, written anew."""
    slopes = np.empty(at.shape)
    for i in np.ndindex(at.shape):
        right, left = at.copy(), at.copy()
        right[i] += h
        left[i] -= h
        slopes[i] = (F(right) - F(left)) / (right[i] - left[i])
    return slopes


def autograd_gradient(net, x, y):
    """{l: ∂E/∂W^l}, {l: ∂E/∂b^l} and ∂E/∂x⁰ by automatic differentiation."""

    def E(W, b, x):
        for l in range(1, net.L + 1):
            x = FORMULAS[net.f[l].name](anp.dot(W[l], x) + b[l], anp)
        return anp.sum((x - y) ** 2) / 2

    return tuple(autograd.grad(E, n)(net.W, net.b, x) for n in (0, 1, 2))


def symbols(name, rows, columns):
    """A table of real symbols, as an object array."""
    return np.array([[sympy.Symbol(f"{name}_{i}_{j}", real=True) for j in range(columns)] for i in range(rows)])


def d(expression, at):
    """∂expression/∂a_i by sympy, in the shape of at."""
    return np.array([[sympy.diff(expression, a) for a in row] for row in at])


def equal(left, right):
    """Whether two tables of expressions are equal whatever the values of their symbols."""
    left, right = np.asarray(left, dtype=object), np.asarray(right, dtype=object)
    return left.shape == right.shape and all(sympy.expand(a - b) == 0 for a, b in zip(left.flat, right.flat))


class f_prime(sympy.Function):
    """The derivative of a function about which nothing is known."""


class any_f(sympy.Function):
    """A function about which nothing is known but that it has a derivative."""

    def fdiff(self, argindex=1):
        return f_prime(self.args[0])


ANY_F = nn.Activation("any f", np.vectorize(any_f, otypes=[object]), np.vectorize(f_prime, otypes=[object]))


def let_symbols_in(monkeypatch):
    """Open the doors of nnmath, which let real numbers in only, so that its own lines run on symbols."""
    for module in ("layer", "error", "network"):
        monkeypatch.setattr(f"nnmath.{module}.matrix", lambda name, value, *sizes, **more: np.asarray(value))
    for name in ("numbers", "of_shape"):
        monkeypatch.setattr(f"nnmath.activation.{name}", lambda name, value, *shape: np.asarray(value))
