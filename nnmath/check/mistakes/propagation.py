"""Right and wrong forms of back-propagation and its parts, chapters 06 to 10. All are written for layer l."""

# Readers see the code of these functions, so it keeps the spacing of the notebooks, W[l+1] and not W[l + 1].
# fmt: off

import numpy as np

from .model import Formula

dE_dt = Formula("dE_dt")


@dE_dt.right(r"t - y")
def _(t, y):
    return t - y


@dE_dt.wrong("value for derivative", r"\frac{1}{2} (t - y)^2")
def _(t, y):
    return (t - y)**2 / 2


@dE_dt.wrong("y − t", r"y - t")
def _(t, y):
    return y - t


@dE_dt.wrong("factor 2", r"2\,(t - y)")
def _(t, y):
    return 2 * (t - y)


@dE_dt.wrong("factor ½", r"\frac{1}{2}\,(t - y)")
def _(t, y):
    return (t - y) / 2


@dE_dt.wrong("mean for sum", r"(t - y)/N")
def _(t, y, N):
    return (t - y) / N


dE_db = Formula("dE_db")


@dE_db.right(r"\sum_n \delta^l_{\cdot n}")
def _(delta, l):
    return delta[l].sum(axis=1, keepdims=True)


@dE_db.wrong("mean for sum", r"\frac{1}{N} \sum_n \delta^l_{\cdot n}")
def _(delta, l):
    return delta[l].mean(axis=1, keepdims=True)


@dE_db.wrong("1/N twice", r"\frac{1}{N^2} \sum_n \delta^l_{\cdot n}")
def _(delta, l, N):
    return delta[l].sum(axis=1, keepdims=True) / N**2


@dE_db.wrong("sum over the wrong axis", r"\sum_k \delta^l_{k \cdot}")
def _(delta, l):
    return delta[l].sum(axis=0, keepdims=True)


@dE_db.wrong("one scalar", r"\sum_{k,n} \delta^l_{kn}")
def _(delta, l):
    return delta[l].sum()


@dE_db.wrong("not summed over examples", r"\delta^l")
def _(delta, l):
    return delta[l]


@dE_db.wrong("last example only", r"\delta^l_{\cdot N}")
def _(delta, l):
    return delta[l][:, [-1]]


@dE_db.wrong("next layer's δ", r"\sum_n \delta^{l+1}_{\cdot n}")
def _(delta, l):
    return delta[l+1].sum(axis=1, keepdims=True)


dE_dW = Formula("dE_dW")


@dE_dW.right(r"\delta^l\, (x^{l-1})^T")
def _(delta, l, x):
    return delta[l] @ x[l-1].T


@dE_dW.wrong("transposed", r"x^{l-1} (\delta^l)^T")
def _(delta, l, x):
    return x[l-1] @ delta[l].T


@dE_dW.wrong("f′ twice", r"(\delta^l \circ f\,'(u^l))\, (x^{l-1})^T")
def _(delta, l, f, u, x):
    return (delta[l] * f[l].prime(u[l])) @ x[l-1].T


@dE_dW.wrong("mean for sum", r"\frac{1}{N}\, \delta^l (x^{l-1})^T")
def _(delta, l, x, N):
    return delta[l] @ x[l-1].T / N


@dE_dW.wrong("1/N twice", r"\frac{1}{N^2}\, \delta^l (x^{l-1})^T")
def _(delta, l, x, N):
    return delta[l] @ x[l-1].T / N**2


@dE_dW.wrong("last example only", r"\delta^l_{\cdot N} (x^{l-1}_{\cdot N})^T")
def _(delta, l, x):
    return delta[l][:, [-1]] @ x[l-1][:, [-1]].T


@dE_dW.wrong("output for input", r"\delta^l (x^l)^T")
def _(delta, l, x):
    return delta[l] @ x[l].T


@dE_dW.wrong("u for x", r"\delta^l (u^{l-1})^T")
def _(delta, l, u):
    return delta[l] @ u[l-1].T


@dE_dW.wrong("next layer's δ", r"\delta^{l+1} (x^{l-1})^T")
def _(delta, l, x):
    return delta[l+1] @ x[l-1].T


@dE_dW.wrong("sign", r"-\delta^l (x^{l-1})^T")
def _(delta, l, x):
    return -delta[l] @ x[l-1].T


delta = Formula("delta")


@delta.right(r"((W^{l+1})^T \delta^{l+1}) \circ f\,'(u^l)")
def _(W, delta, f, u, l):
    return (W[l+1].T @ delta[l+1]) * f[l].prime(u[l])


@delta.wrong("f′ missing", r"(W^{l+1})^T \delta^{l+1}")
def _(W, delta, l):
    return W[l+1].T @ delta[l+1]


@delta.wrong("f′ twice", r"((W^{l+1})^T \delta^{l+1}) \circ f\,'(u^l) \circ f\,'(u^l)")
def _(W, delta, f, u, l):
    return (W[l+1].T @ delta[l+1]) * f[l].prime(u[l]) * f[l].prime(u[l])


@delta.wrong("f′ at f(u)", r"((W^{l+1})^T \delta^{l+1}) \circ f\,'(x^l)")
def _(W, delta, f, x, l):
    return (W[l+1].T @ delta[l+1]) * f[l].prime(x[l])


@delta.wrong("relu′ from the output", r"((W^{l+1})^T \delta^{l+1}) \circ [x^l \geq 0]")
def _(W, delta, x, l):
    return (W[l+1].T @ delta[l+1]) * (x[l] >= 0)


@delta.wrong("mask of δ", r"\max((W^{l+1})^T \delta^{l+1}, 0)")
def _(W, delta, l):
    return np.maximum(W[l+1].T @ delta[l+1], 0)


@delta.wrong("next layer's δ", r"\delta^{l+1} \circ f\,'(u^l)")
def _(delta, f, u, l):
    return delta[l+1] * f[l].prime(u[l])


@delta.wrong("W for Wᵀ", r"(W^{l+1} \delta^{l+1}) \circ f\,'(u^l)")
def _(W, delta, f, u, l):
    return (W[l+1] @ delta[l+1]) * f[l].prime(u[l])


@delta.wrong("W of the previous layer", r"((W^l)^T \delta^{l+1}) \circ f\,'(u^l)")
def _(W, delta, f, u, l):
    return (W[l].T @ delta[l+1]) * f[l].prime(u[l])


@delta.wrong("W⁻¹ for Wᵀ", r"((W^{l+1})^{-1} \delta^{l+1}) \circ f\,'(u^l)")
def _(W, delta, f, u, l):
    return np.linalg.solve(W[l+1], delta[l+1]) * f[l].prime(u[l])


@delta.wrong("parenthesis misplaced", r"(W^{l+1})^T (\delta^{l+1} \circ f\,'(u^l))")
def _(W, delta, f, u, l):
    return W[l+1].T @ (delta[l+1] * f[l].prime(u[l]))


@delta.wrong("∘ before ·", r"(f\,'(u^l) \circ (W^{l+1})^T)\, \delta^{l+1}")
def _(f, u, W, delta, l):
    return f[l].prime(u[l]) * W[l+1].T @ delta[l+1]


@delta.wrong("already updated W", r"((W^{l+1} - \eta\, \delta^{l+1} (x^l)^T)^T \delta^{l+1}) \circ f\,'(u^l)")
def _(W, eta, delta, x, f, u, l):
    return ((W[l+1] - eta * delta[l+1] @ x[l].T).T @ delta[l+1]) * f[l].prime(u[l])


@delta.wrong("x inside δ", r"((W^{l+1})^T \delta^{l+1}) \circ f\,'(u^l) \circ x^l")
def _(W, delta, f, u, x, l):
    return (W[l+1].T @ delta[l+1]) * f[l].prime(u[l]) * x[l]


@delta.wrong("sign", r"-((W^{l+1})^T \delta^{l+1}) \circ f\,'(u^l)")
def _(W, delta, f, u, l):
    return -(W[l+1].T @ delta[l+1]) * f[l].prime(u[l])


delta_L = Formula("delta_L")


@delta_L.right(r"f\,'(u^L) \circ (t - y)")
def _(f, L, u, t, y):
    return f[L].prime(u[L]) * (t - y)


@delta_L.wrong("f′ twice", r"f\,'(u^L) \circ f\,'(u^L) \circ (t - y)")
def _(f, L, u, t, y):
    return f[L].prime(u[L]) * f[L].prime(u[L]) * (t - y)


@delta_L.wrong("f′ at f(u)", r"f\,'(t) \circ (t - y)")
def _(f, L, t, y):
    return f[L].prime(t) * (t - y)


@delta_L.wrong("y − t", r"f\,'(u^L) \circ (y - t)")
def _(f, L, u, t, y):
    return f[L].prime(u[L]) * (y - t)


@delta_L.wrong("factor 2", r"2\, f\,'(u^L) \circ (t - y)")
def _(f, L, u, t, y):
    return 2 * f[L].prime(u[L]) * (t - y)


@delta_L.wrong("factor ½", r"\frac{1}{2}\, f\,'(u^L) \circ (t - y)")
def _(f, L, u, t, y):
    return f[L].prime(u[L]) * (t - y) / 2


@delta_L.wrong("mean for sum", r"f\,'(u^L) \circ (t - y)/N")
def _(f, L, u, t, y, N):
    return f[L].prime(u[L]) * (t - y) / N


@delta_L.wrong("output's f′ forgotten", r"t - y")
def _(t, y):
    return t - y


two_batches = Formula("two_batches")


@two_batches.right(r"\nabla E_1 + \nabla E_2")
def _(first, second):
    return first + second


@two_batches.wrong("last example only", r"\nabla E_2")
def _(second):
    return second


next_batch = Formula("next_batch")


@next_batch.right(r"\nabla E_2")
def _(second):
    return second


@next_batch.wrong("gradient not reset", r"\nabla E_1 + \nabla E_2")
def _(first, second):
    return first + second


FORMULAS = (dE_dt, dE_db, dE_dW, delta, delta_L, two_batches, next_batch)
