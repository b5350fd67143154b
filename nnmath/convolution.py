"""The convolution layer: one kernel of a few weights that meets every place of a picture.

A picture is (c, h, w, N), that is c maps of h × w places for each of N examples, and a kernel is (m, c, a, b), that is
a × b weights from each of c maps to each of m maps. As in all frameworks the kernel is not flipped, so what the field
calls a convolution is a cross-correlation. Places i, j and p, q count from 0 in code and from 1 on the page.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .layer import e
from .shapes import Array, count, index, maps, matrix


@dataclass(frozen=True)
class Convolution:
    """u^m_ij = Σ_c Σ_ab K^{mc}_ab x^c_{i+a, j+b} + b^m

    Parameters
    ----------
    stride : int
        The kernel is placed at every stride-th row and column.
    padding : int
        So many rows and columns of zeros are put around x first.

    Raises
    ------
    TypeError, ValueError
        For a stride below 1 or a padding below 0. Source: P7 to P12; Chapters 12, 13.
    """

    stride: int = 1
    padding: int = 0

    def __post_init__(self) -> None:
        count("stride", self.stride)
        count("padding", self.padding, least=0)

    def u(self, K: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """u^m_ij = Σ_c Σ_ab K^{mc}_ab x^c_{i+a, j+b} + b^m

        The patches of x become the columns of a matrix, and the layer is the product of Chapter 0 again, K·x + b.

        Parameters
        ----------
        K : (m, c, a, b)
        x : (c, h, w, N)
        b : (m, 1), optional

        Returns
        -------
        (m, h′, w′, N)

        Raises
        ------
        TypeError, ValueError
            If an array has the wrong type or shape, or the kernel is larger than the picture. Source: P7; Chapter 12.
        """
        K, x, b = self._layer(K, x, b)
        patches = self._patches(K, self._pad(x))
        return (_flat(K, 1) @ _flat(patches, 3) + b).reshape(len(K), *patches.shape[3:])

    def du_db(self, m: int, i: int, j: int, K: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂u^m_ij/∂b = e_m

        Shapes: x (c, h, w, 1) → (m, 1). Errors: those of u; IndexError for m, i, j. Source: P8; Chapter 12.
        """
        (m, i, j), K, x = self._unit((m, i, j), K, x, b)
        return e(m, len(K), K.dtype)

    def du_dK(self, m: int, i: int, j: int, K: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂u^m_ij/∂K^{mc}_ab = x^c_{i+a, j+b}, and 0 for the kernels of the other maps

        Shapes: x (c, h, w, 1) → (m, c, a, b). Errors: those of u; IndexError for m, i, j. Source: P8; Chapter 12.
        """
        (m, i, j), K, x = self._unit((m, i, j), K, x, b)
        slopes = np.zeros(K.shape, x.dtype)
        slopes[m] = self._patches(K, self._pad(x))[..., i, j, 0]
        return slopes

    def du_dx(self, m: int, i: int, j: int, K: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂u^m_ij/∂x^c_pq = K^{mc}_{p−i, q−j} where that exists, and 0 elsewhere

        Shapes: x (c, h, w, 1) → (c, h, w, 1). Errors: those of u; IndexError for m, i, j. Source: P8; Chapter 12.
        """
        (m, i, j), K, x = self._unit((m, i, j), K, x, b)
        slopes = np.zeros_like(self._pad(x), K.dtype)
        top, left = i * self.stride, j * self.stride
        slopes[:, top : top + K.shape[2], left : left + K.shape[3], 0] = K[m]
        return self._crop(slopes)

    def as_matrix(self, K: ArrayLike, height: int, width: int) -> Array:
        """W with columns(u) = W·columns(x): its rows are shifted copies of K, so its entries are tied

        Shapes: K (m, c, a, b) → (m·h′·w′, c·h·w) for pictures of height × width. Errors: those of u.
        Source: P9; Chapter 12.
        """
        K = maps("K", K)
        x = np.zeros((K.shape[1], count("height", height), count("width", width), 1), K.dtype)
        units = np.ndindex(self.u(K, x).shape[:3])
        return np.stack([self.du_dx(m, i, j, K, x).ravel() for m, i, j in units])

    def dE_db(self, delta: ArrayLike, K: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂b^m = Σ_ij δ^m_ij, summed over the examples too

        Shapes: delta (m, h′, w′, N) → (m, 1). Errors: those of u. Source: P10; Chapter 13.
        """
        delta, K, x = self._delta(delta, K, x, b)
        return _flat(delta, 1).sum(axis=1, keepdims=True)

    def dE_dK(self, delta: ArrayLike, K: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂K^{mc}_ab = Σ_ij δ^m_ij x^c_{i+a, j+b}, x correlated with δ, summed over the examples too

        Shapes: delta (m, h′, w′, N) → (m, c, a, b). Errors: those of u. Source: P11; Chapter 13.
        """
        delta, K, x = self._delta(delta, K, x, b)
        patches = _flat(self._patches(K, self._pad(x)), 3)
        return np.dot(_flat(delta, 1), patches.T).reshape(K.shape)  # δ xᵀ, as in Chapter 7

    dE_dW = dE_dK  # in a network the kernels of layer l are W^l

    def dE_dx(self, delta: ArrayLike, K: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂x^c_pq = Σ_m Σ_ab δ^m_{p−a, q−b} K^{mc}_ab, the full correlation of δ with the flipped kernel

        In other words, Kᵀδ goes back to the patches, as in Chapter 8, and x_pq adds up what comes from each patch that
        it is in, as the entry a = p − i, b = q − j of patch i, j.
        Shapes: delta (m, h′, w′, N) → (c, h, w, N). Errors: those of u. Source: P12; Chapter 13.
        """
        delta, K, x = self._delta(delta, K, x, b)
        padded = np.zeros(self._padded_shape(x), np.result_type(delta, K))
        patches = self._patches(K, padded)
        to_patches = (_flat(K, 1).T @ _flat(delta, 1)).reshape(patches.shape)
        for ab in np.ndindex(K.shape[2:]):
            entries = patches[:, *ab]  # a view of one entry of each patch, no two of which are the same entry of x
            entries += to_patches[:, *ab]
        return self._crop(padded)

    def checked(
        self, K: ArrayLike, b: ArrayLike | None, name: str = "K", bias: str = "b"
    ) -> tuple[Array, Array | None]:
        """K (m, c, a, b) and b (m, 1) or None, if they are that

        Raises
        ------
        TypeError, ValueError
            For anything else.
        """
        K = maps(name, K)
        return K, None if b is None else matrix(bias, b, len(K), 1)

    def _layer(self, K: ArrayLike, x: ArrayLike, b: ArrayLike | None) -> tuple[Array, Array, Array]:
        K, biases = self.checked(K, b)
        x = maps("x", x, K.shape[1])
        for side, size, there, room in zip(("high", "wide"), K.shape[2:], x.shape[1:], self._padded_shape(x)[1:]):
            if size > room:
                raise ValueError(
                    f"K is {size} {side} and x {there} with a padding of {self.padding}; "
                    f"expected a kernel no larger than the padded picture"
                )
        return K, x, np.zeros((len(K), 1), K.dtype) if biases is None else biases

    def _unit(
        self, place: tuple[int, int, int], K: ArrayLike, x: ArrayLike, b: ArrayLike | None
    ) -> tuple[list[int], Array, Array]:
        K, x, b = self._layer(K, x, b)
        maps("x", x, last=1)
        sizes = (len(K), *self._sizes(K, self._padded_shape(x)))
        return [index(name, value, size) for name, value, size in zip("mij", place, sizes)], K, x

    def _delta(self, delta: ArrayLike, K: ArrayLike, x: ArrayLike, b: ArrayLike | None) -> tuple[Array, Array, Array]:
        K, x, b = self._layer(K, x, b)
        return maps("delta", delta, len(K), *self._sizes(K, self._padded_shape(x)), x.shape[3]), K, x

    def _padded_shape(self, x: Array) -> tuple[int, int, int, int]:
        (c, h, w, N), p = x.shape, self.padding
        return c, h + 2 * p, w + 2 * p, N

    def _sizes(self, K: Array, padded: tuple[int, int, int, int]) -> tuple[int, int]:
        """(h′, w′), the number of places of the kernel in a picture of this shape."""
        return 1 + (padded[1] - K.shape[2]) // self.stride, 1 + (padded[2] - K.shape[3]) // self.stride

    def _patches(self, K: Array, padded: Array) -> Array:
        """x^c_{i+a, j+b} as a view (c, a, b, h′, w′, N) of the padded x; an entry of x is in many patches."""
        of_c, of_row, of_column, of_n = padded.strides  # bytes from one entry to the next
        shape = (len(padded), *K.shape[2:], *self._sizes(K, padded.shape), padded.shape[3])
        steps = (of_c, of_row, of_column, self.stride * of_row, self.stride * of_column, of_n)
        return np.ndarray(shape, padded.dtype, buffer=padded, strides=steps)

    def _pad(self, x: Array) -> Array:
        """x with rows and columns of zeros around it, in one block of memory."""
        p = self.padding
        if not p:
            return np.ascontiguousarray(x)
        padded = np.zeros(self._padded_shape(x), x.dtype)
        padded[:, p:-p, p:-p] = x
        return padded

    def _crop(self, padded: Array) -> Array:
        p = self.padding
        return padded[:, p:-p, p:-p] if p else padded


def _flat(array: Array, axes: int) -> Array:
    """A matrix, with the first axes as its rows and the others as its columns."""
    return array.reshape(math.prod(array.shape[:axes]), -1)
