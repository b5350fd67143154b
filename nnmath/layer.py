"""One layer u = W·x + b, and the four derivatives of one output u_k.

k counts from 0 in code and from 1 on the page. A derivative ∂u_k/∂B has the shape of B.
"""

import numpy as np

from .activation import require_activation
from .shapes import count, index, matrix, real


def column(values):
    """x = (x_1, …, x_n)ᵀ as a column.

    Shapes: n numbers → (n, 1). Errors: ValueError for anything but a list or vector of numbers. Chapter 00.
    """
    vector = real("values", values)
    if vector.ndim != 1:
        raise ValueError(f"values has shape {vector.shape}; expected (n,): one list of numbers")
    return vector[:, np.newaxis]


def e(k, m, dtype=float):
    """e_k: 1 in row k, 0 elsewhere.

    Shapes: (m, 1). Errors: IndexError unless 0 ≤ k < m, ValueError unless m ≥ 1. Source: S4; chapter 02.
    """
    unit = np.zeros((count("m", m), 1), dtype)
    unit[index("k", k, m)] = 1
    return unit


def u(W, x, b):
    """u = W·x + b

    Shapes: W (m, n), x (n, N), b (m, 1) → (m, N). Errors: ValueError for any other shape. Source: S1, S2; chapter 00.
    """
    W, x, b = _layer(W, x, b)
    return W @ x + b


def du_db(k, W, x, b):
    """∂u_k/∂b = e_k

    Shapes: W (m, n), x (n, 1), b (m, 1) → (m, 1). Errors: ValueError, IndexError. Source: S3, S4; chapter 02.
    """
    k, W, x, b = _unit(k, W, x, b)
    return e(k, len(b), b.dtype)


def du_dW(k, W, x, b):
    """∂u_k/∂W = e_k xᵀ

    Shapes: W (m, n), x (n, 1), b (m, 1) → (m, n). Errors: ValueError, IndexError. Source: S5, S6; chapter 03.
    """
    k, W, x, b = _unit(k, W, x, b)
    return e(k, len(b), x.dtype) @ x.T


def du_dx(k, W, x, b):
    """∂u_k/∂x = (W_k)ᵀ

    Shapes: W (m, n), x (n, 1), b (m, 1) → (n, 1). Errors: ValueError, IndexError. Source: S7; chapter 04.
    """
    k, W, x, b = _unit(k, W, x, b)
    return W[[k]].T


def du_dx_through(k, W, x, b, f):
    """∂u_k/∂x = (W_k)ᵀ ∘ f′(x) for u_k = W_k·f(x) + b_k

    Shapes: W (m, n), x (n, 1), b (m, 1) → (n, 1). Errors: ValueError, IndexError; TypeError unless f is an Activation.
    Source: S8, S9; chapter 05.
    """
    k, W, x, b = _unit(k, W, x, b)
    return W[[k]].T * require_activation(f).prime(x)


def _layer(W, x, b, columns=None):
    W = matrix("W", W)
    m, n = W.shape
    return W, matrix("x", x, n, columns), matrix("b", b, m, 1)


def _unit(k, W, x, b):
    W, x, b = _layer(W, x, b, columns=1)
    return index("k", k, len(b)), W, x, b
