"""Right and wrong forms of one layer's derivatives, chapters 02 to 05."""

# Readers see the code of these functions, so it keeps the spacing of the notebooks, W[l+1] and not W[l + 1].
# fmt: off

import numpy as np

from ...layer import e
from .model import Formula

du_db = Formula("du_db")


@du_db.right(r"e_k")
def _(k, m):
    return e(k, m)


@du_db.wrong("transposed", r"(e_k)^T")
def _(k, m):
    return e(k, m).T


@du_db.wrong("index off by one", r"e_{k+1}")
def _(k, m):
    return e((k + 1) % m, m)


@du_db.wrong("every row", r"(1, \ldots, 1)^T")
def _(b):
    return np.ones_like(b)


@du_db.wrong("value for derivative", r"b \circ e_k")
def _(b, k, m):
    return b * e(k, m)


@du_db.wrong("zero returned", r"0")
def _(b):
    return np.zeros_like(b)


du_dW = Formula("du_dW")


@du_dW.right(r"e_k\, x^T")
def _(k, m, x):
    return e(k, m) @ x.T


@du_dW.wrong("transposed", r"x\, (e_k)^T")
def _(k, m, x):
    return x @ e(k, m).T


@du_dW.wrong("index off by one", r"e_{k+1}\, x^T")
def _(k, m, x):
    return e((k + 1) % m, m) @ x.T


@du_dW.wrong("every row", r"(1, \ldots, 1)^T x^T")
def _(b, x):
    return np.ones_like(b) @ x.T


@du_dW.wrong("one row only", r"x^T")
def _(x):
    return x.T


@du_dW.wrong("W for x", r"e_k\, W_k")
def _(k, m, W):
    return e(k, m) @ W[[k]]


@du_dW.wrong("zero returned", r"0")
def _(W):
    return np.zeros_like(W)


du_dx = Formula("du_dx")


@du_dx.right(r"(W_k)^T")
def _(W, k):
    return W[[k]].T


@du_dx.wrong("transposed", r"W_k")
def _(W, k):
    return W[[k]]


@du_dx.wrong("index off by one", r"(W_{k+1})^T")
def _(W, k, m):
    return W[[(k + 1) % m]].T


@du_dx.wrong("every row", r"\sum_i (W_i)^T")
def _(W):
    return W.sum(axis=0, keepdims=True).T


@du_dx.wrong("x for W", r"x")
def _(x):
    return x


@du_dx.wrong("column for row", r"\mathrm{column}\ k\ \mathrm{of}\ W")
def _(W, k):
    return W[:, [k]]


@du_dx.wrong("sign", r"-(W_k)^T")
def _(W, k):
    return -W[[k]].T


du_dx_through = Formula("du_dx_through")


@du_dx_through.right(r"(W_k)^T \circ f\,'(x)")
def _(W, k, f, x):
    return W[[k]].T * f.prime(x)


@du_dx_through.wrong("f′ missing", r"(W_k)^T")
def _(W, k):
    return W[[k]].T


@du_dx_through.wrong("f′ twice", r"(W_k)^T \circ f\,'(x) \circ f\,'(x)")
def _(W, k, f, x):
    return W[[k]].T * f.prime(x) * f.prime(x)


@du_dx_through.wrong("f′ at f(u)", r"(W_k)^T \circ f\,'(f(x))")
def _(W, k, f, x):
    return W[[k]].T * f.prime(f(x))


@du_dx_through.wrong("f for f′", r"(W_k)^T \circ f(x)")
def _(W, k, f, x):
    return W[[k]].T * f(x)


@du_dx_through.wrong("· for ∘", r"W_k\, f\,'(x)")
def _(W, k, f, x):
    return W[[k]] @ f.prime(x)


@du_dx_through.wrong("zero returned", r"0")
def _(x):
    return np.zeros_like(x)


FORMULAS = (du_db, du_dW, du_dx, du_dx_through)
