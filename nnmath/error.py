"""The error E of a network's output t against the target y."""

import numpy as np

from .shapes import matrix


def E(t, y):
    """E = ½ ‖t − y‖², summed over the columns

    Shapes: t, y (m, N) → one number. Errors: ValueError if t and y differ in shape. Source: S11; chapter 06.
    """
    t, y = _pair(t, y)
    return float(np.sum((t - y)**2)) / 2


def dE_dt(t, y):
    """∂E/∂t = t − y

    Shapes: t, y (m, N) → (m, N). Errors: ValueError if t and y differ in shape. Source: S21; chapter 08.
    """
    t, y = _pair(t, y)
    return t - y


def _pair(t, y):
    t = matrix("t", t)
    return t, matrix("y", y, *t.shape)
