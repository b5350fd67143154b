"""A network with layers of several kinds; forward, deltas, gradient, step, and descend work on it as on any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from .activation import Activation, quiet_underflow
from .backprop import Gradient, deltas, require_trace, with_decay
from .error import Loss, require_loss, squared_error
from .network import Network, Trace, activations
from .shapes import Array, columns, count, generator, index, layers, matrix, real


@runtime_checkable
class Layer(Protocol):
    """What a kind of layer can do. W and b are its parameters, or None where it has none."""

    def u(self, W: Any, x: Any, b: Any) -> Array: ...
    def dE_dW(self, delta: Any, W: Any, x: Any, b: Any) -> Array: ...
    def dE_db(self, delta: Any, W: Any, x: Any, b: Any) -> Array: ...
    def dE_dx(self, delta: Any, W: Any, x: Any, b: Any) -> Array: ...
    def checked(self, W: Any, b: Any, name: str, bias: str) -> tuple[Array | None, Array | None]: ...


@dataclass(frozen=True)
class Dense:
    """u = W·x + b, the layer of Part I; pictures (c, h, w, N) are read as columns (c·h·w, N)

    Source: S1, S7, S14, S17; Chapters 0, 7, 8, 15.
    """

    def u(self, W: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """u = W·x + b"""
        W, x, b = self._layer(W, x, b)
        return W @ x + (0 if b is None else b)

    def dE_dW(self, delta: ArrayLike, W: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂W = δ xᵀ"""
        W, x, b = self._layer(W, x, b)
        return np.dot(matrix("delta", delta, len(W), x.shape[1]), x.T)

    def dE_db(self, delta: ArrayLike, W: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂b = the sum of δ over its columns"""
        W, x, b = self._layer(W, x, b)
        return matrix("delta", delta, len(W), x.shape[1]).sum(axis=1, keepdims=True)

    def dE_dx(self, delta: ArrayLike, W: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂x = Wᵀ δ, in the shape of x"""
        shape = np.shape(x)
        W, x, b = self._layer(W, x, b)
        return (W.T @ matrix("delta", delta, len(W), x.shape[1])).reshape(shape)

    def checked(
        self, W: ArrayLike, b: ArrayLike | None, name: str = "W", bias: str = "b"
    ) -> tuple[Array, Array | None]:
        """W (m, n) and b (m, 1) or None, if they are that

        Raises
        ------
        TypeError, ValueError
            For anything else.
        """
        W = matrix(name, W)
        return W, None if b is None else matrix(bias, b, len(W), 1)

    def _layer(self, W: ArrayLike, x: ArrayLike, b: ArrayLike | None) -> tuple[Array, Array, Array | None]:
        W, b = self.checked(W, b)
        return W, matrix("x", columns(real("x", x)), rows=W.shape[1]), b


@dataclass(frozen=True, eq=False, init=False)
class MixedNetwork(Network):
    """Layers of several kinds, keyed by the page's l, with their parameters and activations

    Parameters
    ----------
    layers : mapping {l: Dense(), Convolution(…), MeanPooling(…) or MaxPooling(…)} for l = 1 … L
    W : mapping
        W[l] is W^l of a dense layer (m, n), the kernels K of a convolution (m, c, a, b), or β of a mean (c, 1).
        A mean without β and a maximum have no entry.
    b : mapping, or None
        b[l] (m, 1); a layer without an entry has no biases.
    f : Activation or mapping {l: Activation}

    Raises
    ------
    TypeError, ValueError
        For parameters of another shape, or none where some are needed. Chapter 15.
    """

    layers: dict[int, Layer]

    def __init__(
        self,
        layers: Mapping[int, Layer],
        W: Mapping[int, ArrayLike],
        b: Mapping[int, ArrayLike] | None,
        f: Activation | Mapping[int, Activation],
    ) -> None:
        kinds = _kinds(layers)
        W, b = _known("W", W, kinds), _known("b", {} if b is None else b, kinds)
        pairs = {l: kind.checked(W.get(l), b.get(l), f"W[{l}]", f"b[{l}]") for l, kind in kinds.items()}
        object.__setattr__(self, "layers", kinds)
        object.__setattr__(self, "W", {l: pair[0] for l, pair in pairs.items() if pair[0] is not None})
        object.__setattr__(self, "b", {l: pair[1] for l, pair in pairs.items() if pair[1] is not None})
        object.__setattr__(self, "f", activations(f, len(kinds)))

    @property
    def L(self) -> int:
        """L, the number of layers."""
        return len(self.layers)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Refuses: the sizes of the pictures depend on x."""
        raise TypeError(
            "a MixedNetwork has no sizes (n_0, …, n_L), because those of its pictures depend on x; "
            "look at the shapes in forward(net, x).x"
        )

    @classmethod
    def random(  # type: ignore[override]  # the sizes of its pictures depend on x
        cls,
        layers: Mapping[int, Layer],
        shapes: Mapping[int, Sequence[int]],
        f: Activation | Mapping[int, Activation],
        seed: Any,
    ) -> "MixedNetwork":
        """W^l ~ N(0, 1/n), where n is the number of weights that lead to one output, and b^l = 0

        Parameters
        ----------
        layers : mapping {l: kind}
        shapes : mapping {l: shape of W^l}
            (m, c, a, b) of a convolution, (m, n) of a dense layer.
        f : Activation or mapping {l: Activation}
        seed : int

        Raises
        ------
        TypeError, ValueError
            Those of MixedNetwork. Chapter 15.
        """
        rng = generator(seed)
        W = {}
        for l, shape in sorted(_shapes(shapes).items()):
            W[l] = rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))
        return cls(layers, W, {l: np.zeros((len(weights), 1)) for l, weights in W.items()}, f)

    # The formulas of network.py and backprop.py, with the layers' own in place of those with W and b

    @quiet_underflow
    def _forward(self, x: Any) -> Trace:
        layer, W, b, f = self.layers, self.W, self.b, self.f
        u, x = {}, {0: real("x", x)}
        for l in layer:
            u[l] = _located(l, layer[l].u, W.get(l), x[l - 1], b.get(l))
            x[l] = f[l](u[l])
        return Trace(u, x)

    @quiet_underflow
    def _output_from(self, l: int, u: Any) -> Array:
        layer, W, b, f = self.layers, self.W, self.b, self.f
        u = real(f"u[{l}]", u)
        for later in range(index("l", l, self.L, first=1) + 1, self.L + 1):
            u = _located(later, layer[later].u, W.get(later), f[later - 1](u), b.get(later))
        return u

    @quiet_underflow
    def _deltas(self, trace: Trace, y: ArrayLike, loss: Loss = squared_error) -> dict[int, Array]:
        layer, W, b, f, L = self.layers, self.W, self.b, self.f, self.L
        u, x = require_trace(trace, L).u, trace.x
        delta = {L: require_loss(loss).dE_du(f[L], columns(u[L]), y, columns(x[L])).reshape(u[L].shape)}
        for l in range(L - 1, 0, -1):
            dE_dx = _located(l + 1, layer[l + 1].dE_dx, delta[l + 1], W.get(l + 1), x[l], b.get(l + 1))
            delta[l] = dE_dx * f[l].prime(u[l])
        return delta

    @quiet_underflow
    def _gradient(self, trace: Trace, y: ArrayLike, loss: Loss = squared_error, decay: float = 0.0) -> Gradient:
        layer, W, b = self.layers, self.W, self.b
        delta, x = deltas(self, trace, y, loss), trace.x
        dE_dW = {l: layer[l].dE_dW(delta[l], W[l], x[l - 1], b.get(l)) for l in W}
        dE_db = {l: layer[l].dE_db(delta[l], W.get(l), x[l - 1], b[l]) for l in b}
        return Gradient(with_decay(dE_dW, self, decay), dE_db)


def _shapes(given: Mapping[int, Sequence[int]]) -> dict[int, tuple[int, ...]]:
    """given, if each is a tuple of at least two sizes."""
    for l, shape in layers("shapes", given).items():
        if not isinstance(shape, (tuple, list)) or len(shape) < 2:
            raise TypeError(
                f"shapes[{l}] is {shape!r}; expected the shape of W[{l}], for example (8, 1, 3, 3) or (10, 72)"
            )
    return {l: tuple(count(f"a size in shapes[{l}]", n) for n in shape) for l, shape in given.items()}


def _kinds(given: Mapping[int, Layer]) -> dict[int, Layer]:
    """{l: kind}, in the order of l."""
    kinds = dict(sorted(layers("layers", given, range(1, max(1, len(layers("layers", given))) + 1)).items()))
    for l, kind in kinds.items():
        if isinstance(kind, type) or not isinstance(kind, Layer):
            raise TypeError(
                f"layers[{l}] is {kind!r}; expected Dense(), Convolution(), MeanPooling(2) or MaxPooling(2)"
            )
    return kinds


def _known(name: str, given: Mapping[int, ArrayLike], kinds: Mapping[int, Layer]) -> dict[int, Any]:
    """given, if each of its layers is in the network."""
    given = layers(name, given)
    for l in given:
        if l not in kinds:
            raise ValueError(f"{name} has a layer {l}; expected layers from 1 to {len(kinds)}")
    return given


def _located(l: int, call: Any, *arguments: Any) -> Array:
    """call(*arguments); an error says in which layer it arose."""
    try:
        return call(*arguments)
    except (TypeError, ValueError) as error:
        raise type(error)(f"layer {l}: {error}") from None
