"""Layers that make pictures smaller: each block of size × size places becomes one, its mean or its largest entry.

A picture is (c, h, w, N), that is c maps of h × w places for each of N examples; h and w are multiples of the size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .shapes import Array, count, maps, matrix


def down(x: ArrayLike, size: int) -> Array:
    """The mean of each block of size × size places

    Shapes: x (c, h, w, N) → (c, h/size, w/size, N). Errors: ValueError for sizes that do not fit.
    Source: P13; Chapter 14.
    """
    return _blocks(x, size).mean(axis=(2, 4))


def up(delta: ArrayLike, size: int) -> Array:
    """Each entry written to all size × size places of its block

    Shapes: delta (c, h, w, N) → (c, h·size, w·size, N). Errors: ValueError for another shape. Source: P13; Chapter 14.
    """
    delta = maps("delta", delta)
    return delta.repeat(count("size", size), axis=1).repeat(size, axis=2)


@dataclass(frozen=True)
class Pooling:
    """Any layer that makes each block of size × size places one

    Parameters
    ----------
    size : int
        The height and width of a block.

    Raises
    ------
    TypeError, ValueError
        For a size below 1. Source: P13, P14; Chapter 14.
    """

    size: int

    def __post_init__(self) -> None:
        count("size", self.size)


class MeanPooling(Pooling):
    """u = β · down(x) + b, the paper's subsampling, for blocks of size × size places. Source: P13; Chapter 14."""

    def u(self, beta: ArrayLike | None, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """u = β · down(x) + b, with one β and one b for each map

        Shapes: beta (c, 1) or None for 1, x (c, h, w, N), b (c, 1) or None for 0 → (c, h/size, w/size, N).
        Errors: TypeError, ValueError for other shapes. Source: P13; Chapter 14.
        """
        beta, x, b = self._layer(beta, x, b)
        return beta * down(x, self.size) + b

    def dE_dbeta(self, delta: ArrayLike, beta: ArrayLike | None, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂β = Σ δ ∘ down(x), over the places and the examples

        Shapes: delta (c, h/size, w/size, N) → (c, 1). Errors: those of u. Source: P13; Chapter 14.
        """
        beta, x, b = self._layer(beta, x, b)
        return _sum(_like(delta, x, self.size) * down(x, self.size))

    dE_dW = dE_dbeta  # in a network the β of layer l is W^l

    def dE_db(self, delta: ArrayLike, beta: ArrayLike | None, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂b = Σ δ, over the places and the examples

        Shapes: delta (c, h/size, w/size, N) → (c, 1). Errors: those of u. Source: P13; Chapter 14.
        """
        beta, x, b = self._layer(beta, x, b)
        return _sum(_like(delta, x, self.size))

    def dE_dx(self, delta: ArrayLike, beta: ArrayLike | None, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂x = β/s² · up(δ), where s is the size

        Shapes: delta (c, h/size, w/size, N) → (c, h, w, N). Errors: those of u. Source: P13; Chapter 14.
        """
        beta, x, b = self._layer(beta, x, b)
        return beta / self.size**2 * up(_like(delta, x, self.size), self.size)

    def checked(
        self, beta: ArrayLike | None, b: ArrayLike | None, name: str = "beta", bias: str = "b"
    ) -> tuple[Array | None, Array | None]:
        """β and b, each (c, 1) or None, if they are that

        Raises
        ------
        TypeError, ValueError
            For anything else.
        """
        given = {n: None if value is None else matrix(n, value, columns=1) for n, value in ((name, beta), (bias, b))}
        return given[name], given[bias]

    def _layer(self, beta: ArrayLike | None, x: ArrayLike, b: ArrayLike | None) -> tuple[Array, Array, Array]:
        x = maps("x", x)
        given = [
            np.full((1, 1), default, x.dtype) if value is None else matrix(name, value, len(x), 1)
            for name, value, default in (("beta", beta, 1), ("b", b, 0))
        ]
        beta, b = (value[:, :, np.newaxis, np.newaxis] for value in given)
        return beta, x, b


class MaxPooling(Pooling):
    """u is the largest entry of each block of size × size places. Source: P14; Chapter 14."""

    def u(self, W: None, x: ArrayLike, b: None = None) -> Array:
        """u = the largest entry of each block; the layer has no parameters, so W and b are None

        Shapes: x (c, h, w, N) → (c, h/size, w/size, N). Errors: TypeError, ValueError for other shapes.
        Source: P14; Chapter 14.
        """
        return _blocks(x, self.size).max(axis=(2, 4))

    def dE_dx(self, delta: ArrayLike, W: None, x: ArrayLike, b: None = None) -> Array:
        """∂E/∂x is δ at the largest entry of each block and 0 elsewhere; of equal entries the first one counts

        At a tie E has a kink, and no derivative.
        Shapes: delta (c, h/size, w/size, N) → (c, h, w, N). Errors: those of u. Source: P14; Chapter 14.
        """
        blocks = _blocks(x, self.size)
        c, h, s, w, _, N = blocks.shape
        entries = blocks.transpose(0, 1, 3, 5, 2, 4).reshape(c, h, w, N, s * s)
        winner = np.arange(s * s) == entries.argmax(axis=-1, keepdims=True)
        shares = winner * _like(delta, x, self.size)[..., np.newaxis]
        return shares.reshape(c, h, w, N, s, s).transpose(0, 1, 4, 2, 5, 3).reshape(c, h * s, w * s, N)

    def dE_dW(self, delta: ArrayLike, W: None, x: ArrayLike, b: None = None) -> Array:
        """Refuses: the layer has no parameters."""
        raise TypeError("MaxPooling has no W and no b; expected a derivative with respect to x")

    dE_db = dE_dW

    def checked(self, W: None, b: None, name: str = "W", bias: str = "b") -> tuple[None, None]:
        """W and b, if both are None

        Raises
        ------
        TypeError
            For anything else.
        """
        for n, value in ((name, W), (bias, b)):
            if value is not None:
                raise TypeError(f"{n} is given; expected no parameters for MaxPooling, which has none")
        return None, None


def _blocks(x: ArrayLike, size: int) -> Array:
    """x as (c, h/size, size, w/size, size, N)."""
    pictures = maps("x", x)
    c, h, w, N = pictures.shape
    if h % count("size", size) or w % size:
        raise ValueError(
            f"x has pictures of {h} × {w}; expected a height and a width that are multiples of the size {size}"
        )
    return pictures.reshape(c, h // size, size, w // size, size, N)


def _like(delta: ArrayLike, x: ArrayLike, size: int) -> Array:
    """delta, if it has the shape of u."""
    c, h, _, w, _, N = _blocks(x, size).shape
    return maps("delta", delta, c, h, w, N)


def _sum(array: Array) -> Array:
    """The sum over places and examples, one number for each map, (c, 1)."""
    return array.sum(axis=(1, 2, 3))[:, np.newaxis]
