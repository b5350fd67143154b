"""L layers: x^l = f(u^l), u^l = W^l x^{l−1} + b^l. Every dict is keyed by the page's l; no index is shifted."""

from dataclasses import dataclass

import numpy as np

from .activation import Activation, require_activation
from .shapes import count, index, layers, matrix


@dataclass(frozen=True, eq=False)
class Network:
    """The parameters W^l, b^l for l = 1 … L, and the activation f.

    Shapes: W[l] (n_l, n_{l−1}), b[l] (n_l, 1). Errors: ValueError for a missing layer or a shape that does not fit
    the layer below. Source: S10; chapter 06.
    """
    W: dict
    b: dict
    f: Activation

    def __post_init__(self):
        W, b, expected = {}, {}, range(1, max(1, len(self.W), len(self.b)) + 1)
        layers("W", self.W, expected), layers("b", self.b, expected)
        for l in expected:
            W[l] = matrix(f"W[{l}]", self.W[l], columns=W[l - 1].shape[0] if l > 1 else None)
            b[l] = matrix(f"b[{l}]", self.b[l], W[l].shape[0], 1)
        require_activation(self.f)
        object.__setattr__(self, "W", W)
        object.__setattr__(self, "b", b)

    @property
    def L(self):
        """L, the number of layers."""
        return len(self.W)

    @property
    def sizes(self):
        """(n_0, n_1, …, n_L)"""
        return (self.W[1].shape[1], *(len(b) for b in self.b.values()))

    def replace(self, W=None, b=None):
        """The same network but for the layers given: net.replace(W={2: V}) has W² = V.

        Errors: those of Network; ValueError for a layer that the network does not have. Chapter 06.
        """
        for l in {**(W or {}), **(b or {})}:
            if l not in self.W:
                raise ValueError(f"layer {l} is not in the network; expected 1 to {self.L}")
        return Network({**self.W, **(W or {})}, {**self.b, **(b or {})}, self.f)

    @classmethod
    def random(cls, sizes, f, seed):
        """W^l_ij ~ N(0, 1/n_{l−1}), b^l = 0

        Shapes: sizes (n_0, …, n_L). Errors: ValueError for fewer than two sizes or one below 1. Chapters 06, 10.
        """
        sizes = [count("a size", n) for n in sizes]
        if len(sizes) < 2:
            raise ValueError(f"sizes is {sizes}; expected at least two, those of input and output, for example (2, 3, 1)")
        rng = np.random.default_rng(seed)
        pairs = list(enumerate(zip(sizes, sizes[1:]), start=1))
        W = {l: rng.standard_normal((m, n)) / np.sqrt(n) for l, (n, m) in pairs}
        return cls(W, {l: np.zeros((m, 1)) for l, (n, m) in pairs}, f)


@dataclass(frozen=True, eq=False)
class Trace:
    """What a pass forward leaves behind: u^l for l = 1 … L and x^l for l = 0 … L.

    Shapes: u[l], x[l] (n_l, N). Source: S10; chapter 06.
    """
    u: dict
    x: dict

    @property
    def t(self):
        """t = x^L, the network's output."""
        return self.x[len(self.u)]


def forward(net, x):
    """u^l = W^l x^{l−1} + b^l, x^l = f(u^l), for l = 1 … L

    Shapes: x (n_0, N) → Trace. Errors: ValueError for another shape. Source: S10, S11; chapter 06.
    """
    W, b, f = net.W, net.b, net.f
    u, x = {}, {0: matrix("x", x, rows=net.sizes[0])}
    for l in W:
        u[l] = W[l] @ x[l-1] + b[l]
        x[l] = f(u[l])
    return Trace(u, x)


def forward_from(net, l, u):
    """t as a function of u^l: only f and the layers above l are run

    Shapes: u (n_l, N) → t (n_L, N). Errors: ValueError for another shape, IndexError for another l. Chapter 07.
    """
    l = index("l", l, net.L, first=1)
    x = net.f(matrix(f"u[{l}]", u, rows=net.sizes[l]))
    for above in range(l + 1, net.L + 1):
        x = net.f(net.W[above] @ x + net.b[above])
    return x
