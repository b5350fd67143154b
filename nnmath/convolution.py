"""The convolution layer: one kernel of a few weights that meets every place of a picture.

A picture is (c, h, w, N), that is c maps of h × w places for each of N examples, and a kernel is (m, c, a, b), that is
a × b weights from each of c maps to each of m maps. As in all frameworks the kernel is not flipped, so what the field
calls a convolution is a cross-correlation. Places i, j and p, q count from 0 in code and from 1 on the page.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
        patches = self._patches(x, K)
        return (_rows(K) @ _flat(patches) + b).reshape(len(K), *patches.shape[3:])

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
        slopes[m] = self._patches(x, K)[..., i, j, 0]
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
        K = maps("K", K, None, None, None, None)
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
        return np.dot(_flat(delta, 1), _flat(self._patches(x, K)).T).reshape(K.shape)  # δ xᵀ, as in Chapter 7

    dE_dW = dE_dK  # in a network the kernels of layer l are W^l

    def dE_dx(self, delta: ArrayLike, K: ArrayLike, x: ArrayLike, b: ArrayLike | None = None) -> Array:
        """∂E/∂x^c_pq = Σ_m Σ_ab δ^m_{p−a, q−b} K^{mc}_ab, the full correlation of δ with the flipped kernel

        With a stride the entries of δ are spread out, with zeros between them.
        Shapes: delta (m, h′, w′, N) → (c, h, w, N). Errors: those of u. Source: P12; Chapter 13.
        """
        delta, K, x = self._delta(delta, K, x, b)
        padded = self._pad(x).shape
        flipped = K[:, :, ::-1, ::-1].swapaxes(0, 1)
        patches = FULL._patches(_spread(delta, self.stride, K, padded), flipped)
        return self._crop((_rows(flipped) @ _flat(patches)).reshape(padded))

    def checked(
        self, K: ArrayLike, b: ArrayLike | None, name: str = "K", bias: str = "b"
    ) -> tuple[Array, Array | None]:
        """K (m, c, a, b) and b (m, 1) or None, if they are that

        Raises
        ------
        TypeError, ValueError
            For anything else.
        """
        K = maps(name, K, None, None, None, None)
        return K, None if b is None else matrix(bias, b, len(K), 1)

    def _layer(self, K: ArrayLike, x: ArrayLike, b: ArrayLike | None) -> tuple[Array, Array, Array]:
        K, biases = self.checked(K, b)
        x = maps("x", x, K.shape[1], None, None, None)
        for axis, side in ((1, "high"), (2, "wide")):
            if K.shape[axis + 1] > x.shape[axis] + 2 * self.padding:
                raise ValueError(
                    f"K is {K.shape[axis + 1]} {side} and x {x.shape[axis]} with a padding of {self.padding}; "
                    f"expected a kernel no larger than the padded picture"
                )
        return K, x, np.zeros((1, 1), K.dtype) if biases is None else biases

    def _unit(
        self, place: tuple[int, int, int], K: ArrayLike, x: ArrayLike, b: ArrayLike | None
    ) -> tuple[list[int], Array, Array]:
        K, x, b = self._layer(K, x, b)
        maps("x", x, None, None, None, 1)
        sizes = (len(K), *self._sizes(K, x))
        return [index(name, value, size) for name, value, size in zip("mij", place, sizes)], K, x

    def _delta(self, delta: ArrayLike, K: ArrayLike, x: ArrayLike, b: ArrayLike | None) -> tuple[Array, Array, Array]:
        K, x, b = self._layer(K, x, b)
        return maps("delta", delta, len(K), *self._sizes(K, x), x.shape[3]), K, x

    def _sizes(self, K: Array, x: Array) -> tuple[int, int]:
        """(h′, w′), the number of places of the kernel."""
        h, w = (1 + (x.shape[axis] + 2 * self.padding - K.shape[axis + 1]) // self.stride for axis in (1, 2))
        return h, w

    def _patches(self, x: Array, K: Array) -> Array:
        """x^c_{i+a, j+b} as a view (c, a, b, h′, w′, N) of the padded x."""
        windows = sliding_window_view(self._pad(x), K.shape[2:], axis=(1, 2))[:, :: self.stride, :: self.stride]
        return windows.transpose(0, 4, 5, 1, 2, 3)

    def _pad(self, x: Array) -> Array:
        p = self.padding
        return np.pad(x, ((0, 0), (p, p), (p, p), (0, 0))) if p else x

    def _crop(self, x: Array) -> Array:
        p = self.padding
        return x[:, p:-p, p:-p] if p else x


FULL = Convolution()


def _spread(delta: Array, stride: int, K: Array, padded: tuple[int, ...]) -> Array:
    """δ with stride − 1 zeros between its entries, and zeros around it for the places of x at the edges."""
    a, b = K.shape[2:]
    spread = np.zeros((len(delta), padded[1] + a - 1, padded[2] + b - 1, padded[3]), delta.dtype)
    bottom, right = ((n - 1) * stride + k for n, k in zip(delta.shape[1:3], (a, b)))
    spread[:, a - 1 : bottom : stride, b - 1 : right : stride] = delta
    return spread


def _rows(K: Array) -> Array:
    """One row for each map out."""
    return K.reshape(len(K), -1)


def _flat(array: Array, axes: int = 3) -> Array:
    """A matrix, with the first axes as its rows and the others as its columns."""
    return array.reshape(int(np.prod(array.shape[:axes])), -1)
