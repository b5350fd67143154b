"""Labels, mini-batches and the handwritten digits: examples as columns."""

from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .shapes import Array, count, generator, index, matrix, numbers


class Digits(NamedTuple):
    """1,797 handwritten digits: x (64, N), each column a picture of 8 × 8 row by row, and labels (N,)."""

    x: Array
    labels: Array


def digits() -> Digits:
    """x_·n, picture n as a column of 64 numbers from 0 (paper) to 1 (ink), and its label

    Shapes: x (64, 1797), labels (1797,). x.reshape(1, 8, 8, -1) is a stack of pictures. nnmath/dataset/README.md
    says where the digits come from. Chapters 10, 15.
    """
    with files("nnmath").joinpath("dataset", "digits.npz").open("rb") as file, np.load(file) as stored:
        return Digits(stored["pixels"].T / 16, stored["labels"].astype(int))


def one_hot(labels: ArrayLike, classes: int) -> Array:
    """y_·n = e_k for the label k of example n

    Parameters
    ----------
    labels : N whole numbers from 0 to classes − 1
    classes : int

    Returns
    -------
    (classes, N)

    Raises
    ------
    TypeError, ValueError, IndexError
        If a label is not such a number. Chapter 10.
    """
    numbers("labels", labels)
    labels, classes = np.asarray(labels), count("classes", classes)
    if labels.ndim != 1 or labels.size == 0:
        raise ValueError(f"labels has shape {labels.shape}; expected (N,): one whole number for each example")
    for label in np.unique(labels).tolist():
        index("label", label, classes)
    y = np.zeros((classes, labels.size))
    y[labels, np.arange(labels.size)] = 1
    return y


def mini_batches(x: ArrayLike, y: ArrayLike, size: int, seed: Any) -> list[tuple[Array, Array]]:
    """All N examples once, in an order shuffled by seed, as pairs (x, y) of `size` columns

    The last pair is smaller if N is not a multiple of size. A size above N therefore gives one pair with all examples.

    Parameters
    ----------
    x : (n_0, N)
    y : (n_L, N)
    size : int
    seed : int

    Returns
    -------
    list of (x, y)

    Raises
    ------
    TypeError, ValueError
        Unless x and y have equally many columns, and size is a whole number from 1 up. Chapter 10.
    """
    x = matrix("x", x)
    y = matrix("y", y, columns=x.shape[1])
    size = count("size", size)
    order = generator(seed).permutation(x.shape[1])
    return [
        (x[:, order[start : start + size]], y[:, order[start : start + size]]) for start in range(0, order.size, size)
    ]
