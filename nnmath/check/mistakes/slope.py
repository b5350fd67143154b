"""Right and wrong forms of f′(u^l), which a program computes in one helper function and uses in every layer."""

# Readers see the code of these functions, so it keeps the spacing of the notebooks, W[l+1] and not W[l + 1].
# fmt: off

import numpy as np

from .model import Formula

slope = Formula("slope")


@slope.right(r"f\,'(u^l)")
def _(f, u, l):
    return f[l].prime(u[l])


@slope.wrong("f′ missing", r"1")
def _(u, l):
    return np.ones_like(u[l])


@slope.wrong("f′ twice", r"f\,'(u^l) \circ f\,'(u^l)")
def _(f, u, l):
    return f[l].prime(u[l]) * f[l].prime(u[l])


@slope.wrong("f′ at f(u)", r"f\,'(x^l)")
def _(f, x, l):
    return f[l].prime(x[l])


@slope.wrong("f for f′", r"x^l")
def _(x, l):
    return x[l]


@slope.wrong("sign", r"-f\,'(u^l)")
def _(f, u, l):
    return -f[l].prime(u[l])


@slope.wrong("x(1 − x) for f′", r"x^l \circ (1 - x^l)")
def _(x, l):
    return x[l] * (1 - x[l])


@slope.wrong("1 − x² for f′", r"1 - (x^l)^2")
def _(x, l):
    return 1 - x[l]**2


@slope.wrong("u(1 − u) for f′", r"u^l \circ (1 - u^l)")
def _(u, l):
    return u[l] * (1 - u[l])


@slope.wrong("1 − u² for f′", r"1 - (u^l)^2")
def _(u, l):
    return 1 - u[l]**2


@slope.wrong("x(1 + x) for f′", r"x^l \circ (1 + x^l)")
def _(x, l):
    return x[l] * (1 + x[l])


@slope.wrong("1 + x² for f′", r"1 + (x^l)^2")
def _(x, l):
    return 1 + x[l]**2


@slope.wrong("1 − x for f′", r"1 - x^l")
def _(x, l):
    return 1 - x[l]


@slope.wrong("step for f′", r"[u^l > 0]")
def _(u, l):
    return (u[l] > 0) * 1.0


@slope.wrong("relu′ from the output", r"[x^l \geq 0]")
def _(x, l):
    return (x[l] >= 0) * 1.0


FORMULAS = (slope,)
