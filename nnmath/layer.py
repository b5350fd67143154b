"""One layer u = W·x + b, and the four derivatives of one output u_k.

k counts from 0 in code and from 1 on the page. A derivative ∂u_k/∂B has the shape of B.
"""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .activation import Activation, require_activation
from .shapes import Array, count, index, matrix, real


def column(values: ArrayLike) -> Array:
    """x = (x_1, …, x_n)ᵀ as a column

    Parameters
    ----------
    values : n numbers, a list or a vector

    Returns
    -------
    (n, 1)

    Raises
    ------
    TypeError, ValueError
        Unless values is one list of real, finite numbers. Chapter 0.
    """
    vector = real("values", values)
    if vector.ndim != 1:
        raise ValueError(f"values has shape {vector.shape}; expected (n,): one list of numbers")
    return vector[:, np.newaxis]


def e(k: int, m: int, dtype: DTypeLike = float) -> Array:
    """e_k: 1 in row k, 0 elsewhere

    Parameters
    ----------
    k, m : int
        0 ≤ k < m.

    Returns
    -------
    (m, 1)

    Raises
    ------
    TypeError, ValueError, IndexError
        Unless k and m are such numbers. Source: S4; Chapter 2.
    """
    unit = np.zeros((count("m", m), 1), dtype)
    unit[index("k", k, m)] = 1
    return unit


def u(W: ArrayLike, x: ArrayLike, b: ArrayLike) -> Array:
    """u = W·x + b

    Parameters
    ----------
    W : (m, n)
    x : (n, N)
    b : (m, 1)

    Returns
    -------
    (m, N)

    Raises
    ------
    TypeError, ValueError
        If an array has the wrong type or shape. Source: S1, S2; Chapter 0.
    """
    W, x, b = _layer(W, x, b)
    return W @ x + b


def du_db(k: int, W: ArrayLike, x: ArrayLike, b: ArrayLike) -> Array:
    """∂u_k/∂b = e_k

    Parameters
    ----------
    k : int
        From 0 to m − 1.
    W : (m, n)
    x : (n, 1)
    b : (m, 1)

    Returns
    -------
    (m, 1)

    Raises
    ------
    TypeError, ValueError, IndexError
        If an array has the wrong type or shape, or k is out of range. Source: S3, S4; Chapter 2.
    """
    k, W, x, b = _unit(k, W, x, b)
    return e(k, len(b), b.dtype)


def du_dW(k: int, W: ArrayLike, x: ArrayLike, b: ArrayLike) -> Array:
    """∂u_k/∂W = e_k xᵀ

    Parameters
    ----------
    k : int
        From 0 to m − 1.
    W : (m, n)
    x : (n, 1)
    b : (m, 1)

    Returns
    -------
    (m, n)

    Raises
    ------
    TypeError, ValueError, IndexError
        If an array has the wrong type or shape, or k is out of range. Source: S5, S6; Chapter 3.
    """
    k, W, x, b = _unit(k, W, x, b)
    return e(k, len(b), x.dtype) @ x.T


def du_dx(k: int, W: ArrayLike, x: ArrayLike, b: ArrayLike) -> Array:
    """∂u_k/∂x = (W_k)ᵀ

    Parameters
    ----------
    k : int
        From 0 to m − 1.
    W : (m, n)
    x : (n, 1)
    b : (m, 1)

    Returns
    -------
    (n, 1)

    Raises
    ------
    TypeError, ValueError, IndexError
        If an array has the wrong type or shape, or k is out of range. Source: S7; Chapter 4.
    """
    k, W, x, b = _unit(k, W, x, b)
    return W[[k]].T


def du_dx_through(k: int, W: ArrayLike, x: ArrayLike, b: ArrayLike, f: Activation) -> Array:
    """∂u_k/∂x = (W_k)ᵀ ∘ f′(x) for u_k = W_k·f(x) + b_k

    Parameters
    ----------
    k : int
        From 0 to m − 1.
    W : (m, n)
    x : (n, 1)
    b : (m, 1)
    f : Activation

    Returns
    -------
    (n, 1)

    Raises
    ------
    TypeError, ValueError, IndexError
        If an array has the wrong type or shape, k is out of range, or f has no f′. Source: S8, S9; Chapter 5.
    """
    k, W, x, b = _unit(k, W, x, b)
    return W[[k]].T * require_activation(f).prime(x)


def _layer(W: ArrayLike, x: ArrayLike, b: ArrayLike, columns: int | None = None) -> tuple[Array, Array, Array]:
    W = matrix("W", W)
    m, n = W.shape
    return W, matrix("x", x, n, columns), matrix("b", b, m, 1)


def _unit(k: int, W: ArrayLike, x: ArrayLike, b: ArrayLike) -> tuple[int, Array, Array, Array]:
    W, x, b = _layer(W, x, b, columns=1)
    return index("k", k, len(b)), W, x, b
