"""Labels and mini-batches: examples as columns."""

import numpy as np

from .shapes import index, matrix


def one_hot(labels, classes):
    """y_·n = e_k for the label k of example n

    Shapes: N labels from 0 to classes − 1 → (classes, N). Errors: ValueError, TypeError, IndexError for other labels.
    Chapter 10.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.size == 0:
        raise ValueError(f"labels has shape {labels.shape}; expected (N,): one whole number for each example")
    for label in np.unique(labels).tolist():
        index("label", label, classes)
    y = np.zeros((classes, labels.size))
    y[labels, np.arange(labels.size)] = 1
    return y


def mini_batches(x, y, size, seed):
    """All N examples once, in an order shuffled by seed, as pairs (x, y) of `size` columns; the last pair may be smaller.

    Shapes: x (n_0, N), y (n_L, N). Errors: ValueError unless x and y have as many columns and size is at least 1.
    Chapter 10.
    """
    x = matrix("x", x)
    y = matrix("y", y, columns=x.shape[1])
    index("size − 1", size - 1, x.shape[1])
    order = np.random.default_rng(seed).permutation(x.shape[1])
    return [(x[:, order[start:start + size]], y[:, order[start:start + size]]) for start in range(0, order.size, size)]
