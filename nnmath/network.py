"""L layers: x^l = f^l(u^l), u^l = W^l x^{l−1} + b^l. Every dict is keyed by the page's l; no index is shifted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Self, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from .activation import Activation, quiet_underflow, require_activation
from .shapes import Array, count, generator, index, layers, matrix
from .softmax import Softmax


@dataclass(frozen=True, eq=False)
class Network:
    """The parameters W^l, b^l and the activations f^l for l = 1 … L

    Parameters
    ----------
    W : mapping {l: (n_l, n_{l−1})}
    b : mapping {l: (n_l, 1)}, or None
        None, or an empty mapping, means that no layer has biases; b is then the empty dict.
    f : Activation or mapping {l: Activation}
        One activation for every layer, or one for each. The attribute f is always a dict {l: Activation}.

    Raises
    ------
    TypeError
        If W, b or f has the wrong type, or a layer before the last one has softmax, which does not act entry by entry.
    ValueError
        If a layer is missing, or its shape does not fit the previous layer.

    Notes
    -----
    Source: S10; Chapters 6, 11.
    """

    W: dict[int, Array]
    b: dict[int, Array]
    f: dict[int, Activation]

    def __init__(
        self, W: Mapping[int, ArrayLike], b: Mapping[int, ArrayLike] | None, f: Activation | Mapping[int, Activation]
    ) -> None:
        W, b = layers("W", W), {} if b is None else layers("b", b)
        expected = range(1, max(1, len(W), len(b)) + 1)
        layers("W", W, expected), layers("b", b, expected if b else ())
        checked: dict[int, Array] = {}
        for l in expected:
            checked[l] = matrix(f"W[{l}]", W[l], columns=len(checked[l - 1]) if l > 1 else None)
        object.__setattr__(self, "W", checked)
        object.__setattr__(self, "b", {l: matrix(f"b[{l}]", b[l], len(checked[l]), 1) for l in sorted(b)})
        object.__setattr__(self, "f", activations(f, len(checked)))

    @property
    def L(self) -> int:
        """L, the number of layers."""
        return len(self.W)

    @property
    def sizes(self) -> tuple[int, ...]:
        """(n_0, n_1, …, n_L)"""
        return (self.W[1].shape[1], *(len(W) for W in self.W.values()))

    def replace(self, W: Mapping[int, Any] | None = None, b: Mapping[int, Any] | None = None) -> Self:
        """The same network except for the layers given: net.replace(W={2: V}) has W² = V

        Raises
        ------
        TypeError, ValueError
            Those of Network; ValueError for parameters that the network does not have. Chapter 6.
        """
        W, b = ({} if given is None else layers(name, given) for name, given in (("W", W), ("b", b)))
        for name, given, own in (("W", W, self.W), ("b", b, self.b)):
            for l in given:
                if l not in own:
                    raise ValueError(f"layer {l} is not in the network's {name}; expected {_listed(own)}")
        return replace(self, W={**self.W, **W}, b={**self.b, **b})

    @classmethod
    def random(cls, sizes: Sequence[int], f: Activation | Mapping[int, Activation], seed: Any) -> "Network":
        """W^l_ij ~ N(0, 1/n_{l−1}), b^l = 0

        Parameters
        ----------
        sizes : (n_0, …, n_L)
        f : Activation or mapping {l: Activation}
        seed : int

        Raises
        ------
        TypeError
            If the sizes or the seed are not whole numbers.
        ValueError
            For fewer than two sizes, or one below 1. Chapters 6, 10.
        """
        if not isinstance(sizes, (Sequence, np.ndarray)) or isinstance(sizes, np.ndarray) and sizes.ndim != 1:
            raise TypeError(f"sizes is {sizes!r}; expected whole numbers (n_0, …, n_L), for example (2, 3, 1)")
        sizes = [count("a size", n) for n in sizes]
        if len(sizes) < 2:
            raise ValueError(
                f"sizes is {sizes}; expected at least two, those of input and output, for example (2, 3, 1)"
            )
        rng = generator(seed)
        pairs = list(enumerate(zip(sizes, sizes[1:]), start=1))
        W = {l: rng.standard_normal((m, n)) / np.sqrt(n) for l, (n, m) in pairs}
        return Network(W, {l: np.zeros((m, 1)) for l, (n, m) in pairs}, f)


@dataclass(frozen=True, eq=False)
class Trace:
    """The values of a forward pass: u^l for l = 1 … L and x^l for l = 0 … L

    Shapes: u[l], x[l] (n_l, N). Source: S10; Chapter 6.
    """

    u: dict[int, Array]
    x: dict[int, Array]

    @property
    def t(self) -> Array:
        """t = x^L, the network's output."""
        return self.x[len(self.u)]


Function = TypeVar("Function", bound=Callable)


def overridable(function: Function) -> Function:
    """function(net, …), which a kind of networks can override: forward(net, x) calls net._forward(x)."""
    name = f"_{function.__name__}"
    setattr(Network, name, function)

    @wraps(function)
    def run(net: Network, *arguments: Any, **options: Any) -> Any:
        return getattr(require_network(net), name)(*arguments, **options)

    return cast(Function, run)


@overridable
@quiet_underflow
def forward(net: Network, x: Any) -> Trace:
    """u^l = W^l x^{l−1} + b^l, x^l = f^l(u^l), for l = 1 … L

    Parameters
    ----------
    net : Network
    x : (n_0, N)

    Returns
    -------
    Trace

    Raises
    ------
    TypeError, ValueError
        Unless net is a network, and x has its shape. Source: S10, S11; Chapter 6.
    """
    W, b, f = parameters(net)
    u, x = {}, {0: matrix("x", x, rows=W[1].shape[1])}
    for l in W:
        u[l] = W[l] @ x[l - 1] + b[l]
        x[l] = f[l](u[l])
    return Trace(u, x)


def forward_from(net: Network, l: int, u: ArrayLike) -> Array:
    """t as a function of u^l; only the activations and the layers after l are run

    Parameters
    ----------
    net : Network
    l : int
        From 1 to L.
    u : (n_l, N)

    Returns
    -------
    t (n_L, N)

    Raises
    ------
    TypeError, ValueError, IndexError
        If u has the wrong shape, or l is out of range. Source: S10, S11; Chapter 7.
    """
    return require_network(net).f[net.L](output_from(net, l, u))


@overridable
@quiet_underflow
def output_from(net: Network, l: int, u: Any) -> Array:
    """u^L as a function of u^l; only the layers after l are run

    Parameters
    ----------
    net : Network
    l : int
        From 1 to L.
    u : (n_l, N)

    Returns
    -------
    u^L (n_L, N)

    Raises
    ------
    TypeError, ValueError, IndexError
        If u has the wrong shape, or l is out of range. Source: S10; Chapter 11.
    """
    W, b, f = parameters(net)
    l = index("l", l, net.L, first=1)
    u = matrix(f"u[{l}]", u, rows=net.sizes[l])
    for later in range(l + 1, net.L + 1):
        u = W[later] @ f[later - 1](u) + b[later]
    return u


def parameters(net: Network) -> tuple[dict[int, Array], dict[int, Any], dict[int, Activation]]:
    """(W, b, f) of a network, with b^l = 0 where it has no biases."""
    return net.W, net.b or dict.fromkeys(net.W, 0), net.f


def require_network(net: object) -> Network:
    """net, if it is a Network

    Raises
    ------
    TypeError
        For anything else.
    """
    if not isinstance(net, Network):
        raise TypeError(f"net is a {type(net).__name__}; expected a Network, which is the first argument")
    return net


def activations(f: Activation | Mapping[int, Activation], L: int) -> dict[int, Activation]:
    """{l: f^l} for l = 1 … L

    Raises
    ------
    TypeError
        If f is not an activation, or is softmax before the last layer.
    ValueError
        For a missing layer.
    """
    if not isinstance(f, Mapping):
        f = dict.fromkeys(range(1, L + 1), require_activation(f))
    f = {l: require_activation(one, f"f[{l}]") for l, one in sorted(layers("f", f, range(1, L + 1)).items())}
    for l in range(1, L):
        if isinstance(f[l], Softmax):
            raise TypeError(
                f"f[{l}] is softmax; expected an activation that acts entry by entry, because layer {l} is not "
                f"the last one. For softmax at the output only write {{1: nnmath.tanh, …, {L}: nnmath.softmax}}"
            )
    return f


def _listed(parameters: Mapping[int, Any]) -> str:
    return f"{min(parameters)} to {max(parameters)}" if parameters else "no layers, because it has none"
