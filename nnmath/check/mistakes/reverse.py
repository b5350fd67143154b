"""Right and wrong forms of a rule of reverse mode, Chapter 16: the layer u = W·x + x, with v = ∂E/∂u."""

# Readers see the code of these functions, so it keeps the spacing of the notebooks, W[l+1] and not W[l + 1].
# fmt: off

import numpy as np

from .model import Formula

skip = Formula("skip")


@skip.right(r"W^T v + v")
def _(W, v):
    return W.T @ v + v


@skip.wrong("one path only", r"W^T v")
def _(W, v):
    return W.T @ v


@skip.wrong("one path twice", r"W^T v + W^T v")
def _(W, v):
    return 2 * (W.T @ v)


@skip.wrong("paths not added", r"\left(W^T v,\; v\right)")
def _(W, v):
    return np.hstack([W.T @ v, v])


@skip.wrong("W for Wᵀ", r"W v + v")
def _(W, v):
    return W @ v + v


@skip.wrong("outer derivative missing", r"W^T \mathbf{1} + \mathbf{1}")
def _(W, v):
    return W.T @ np.ones_like(v) + 1


@skip.wrong("value for derivative", r"W x + x")
def _(W, x):
    return W @ x + x


FORMULAS = (skip,)
