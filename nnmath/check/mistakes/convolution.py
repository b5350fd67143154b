"""Right and wrong forms of convolution and pooling, chapters 12 to 14.

conv and mean are layers such as `Convolution()` and `MeanPooling(2)`, and s is the size of a block. The shapes are
those of these layers: K (m, c, a, b), x (c, h, w, N), delta (m, h′, w′, N), beta (c, 1).
"""

# Readers see the code of these functions, so it keeps the spacing of the notebooks, W[l+1] and not W[l + 1].
# fmt: off

import numpy as np

from ...pooling import MaxPooling, up
from .model import Formula


def first_in_block(delta: np.ndarray, s: int) -> np.ndarray:
    """Each δ written to the first of the s × s places of its block, with 0 at the others."""
    spread = np.zeros_like(up(delta, s))
    spread[:, ::s, ::s] = delta
    return spread


def winners(x: np.ndarray, s: int) -> np.ndarray:
    """True at the largest entry of each block of s × s places, False elsewhere."""
    return x == up(MaxPooling(s).u(None, x), s)


dE_dK = Formula("dE_dK")


@dE_dK.right(r"\sum_{ij} \delta^m_{ij}\, x^c_{i+a,\, j+b}")
def _(conv, delta, K, x):
    return conv.dE_dK(delta, K, x)


@dE_dK.wrong("gradient flipped", r"\sum_{ij} \delta^m_{ij}\, x^c_{i+A-a,\, j+B-b}")
def _(conv, delta, K, x):
    return conv.dE_dK(delta, K, x)[:, :, ::-1, ::-1]


@dE_dK.wrong("rows and columns swapped", r"\sum_{ij} \delta^m_{ij}\, x^c_{i+b,\, j+a}")
def _(conv, delta, K, x):
    return conv.dE_dK(delta, K, x).swapaxes(2, 3)


@dE_dK.wrong("maps swapped", r"\sum_{ij} \delta^c_{ij}\, x^m_{i+a,\, j+b}")
def _(conv, delta, K, x):
    return conv.dE_dK(delta, K, x).swapaxes(0, 1)


@dE_dK.wrong("last place only", r"\delta^m_{HW}\, x^c_{H+a,\, W+b}")
def _(delta, K, x):
    return np.einsum("mn,cabn->mcab", delta[:, -1, -1], x[:, -K.shape[2]:, -K.shape[3]:])


@dE_dK.wrong("mean over places", r"\frac{1}{HW} \sum_{ij} \delta^m_{ij}\, x^c_{i+a,\, j+b}")
def _(conv, delta, K, x):
    return conv.dE_dK(delta, K, x) / delta[0, :, :, 0].size


@dE_dK.wrong("sign", r"-\sum_{ij} \delta^m_{ij}\, x^c_{i+a,\, j+b}")
def _(conv, delta, K, x):
    return -conv.dE_dK(delta, K, x)


dE_dx_conv = Formula("dE_dx_conv")


@dE_dx_conv.right(r"\sum_m \sum_{ab} \delta^m_{p-a,\, q-b}\, K^{mc}_{ab}")
def _(conv, delta, K, x):
    return conv.dE_dx(delta, K, x)


@dE_dx_conv.wrong("flip forgotten", r"\sum_m \sum_{ab} \delta^m_{p-a,\, q-b}\, K^{mc}_{A-a,\, B-b}")
def _(conv, delta, K, x):
    return conv.dE_dx(delta, K[:, :, ::-1, ::-1], x)


@dE_dx_conv.wrong("rows and columns swapped", r"\sum_m \sum_{ab} \delta^m_{p-a,\, q-b}\, K^{mc}_{ba}")
def _(conv, delta, K, x):
    return conv.dE_dx(delta, K.swapaxes(2, 3), x)


@dE_dx_conv.wrong("maps swapped", r"\sum_m \sum_{ab} \delta^m_{p-a,\, q-b}\, K^{cm}_{ab}")
def _(conv, delta, K, x):
    return conv.dE_dx(delta, K.swapaxes(0, 1), x)


@dE_dx_conv.wrong("sign", r"-\sum_m \sum_{ab} \delta^m_{p-a,\, q-b}\, K^{mc}_{ab}")
def _(conv, delta, K, x):
    return -conv.dE_dx(delta, K, x)


dE_db_conv = Formula("dE_db_conv")


@dE_db_conv.right(r"\sum_{ijn} \delta^m_{ijn}")
def _(conv, delta, K, x):
    return conv.dE_db(delta, K, x)


@dE_db_conv.wrong("not summed over places", r"\sum_n \delta^m_{ijn}")
def _(delta):
    return delta.sum(axis=3)


@dE_db_conv.wrong("last place only", r"\sum_n \delta^m_{HWn}")
def _(delta):
    return delta[:, -1, -1].sum(axis=1, keepdims=True)


@dE_db_conv.wrong("mean over places", r"\frac{1}{HW} \sum_{ijn} \delta^m_{ijn}")
def _(delta):
    return delta.mean(axis=(1, 2)).sum(axis=1, keepdims=True)


@dE_db_conv.wrong("one scalar", r"\sum_{mijn} \delta^m_{ijn}")
def _(delta):
    return delta.sum()


dE_dx_mean = Formula("dE_dx_mean")


@dE_dx_mean.right(r"\frac{\beta}{s^2}\, \mathrm{up}(\delta)")
def _(mean, delta, beta, x):
    return mean.dE_dx(delta, beta, x)


@dE_dx_mean.wrong("1/s² missing", r"\beta\, \mathrm{up}(\delta)")
def _(mean, delta, beta, x, s):
    return mean.dE_dx(delta, beta, x) * s**2


@dE_dx_mean.wrong("β missing", r"\frac{1}{s^2}\, \mathrm{up}(\delta)")
def _(delta, s):
    return up(delta, s) / s**2


@dE_dx_mean.wrong("δ not spread", r"\beta\, \delta\ \mathrm{at\ the\ first\ entry}")
def _(delta, beta, s):
    return beta[:, :, np.newaxis, np.newaxis] * first_in_block(delta, s)


dE_dbeta = Formula("dE_dbeta")


@dE_dbeta.right(r"\sum \delta \circ \mathrm{down}(x)")
def _(mean, delta, beta, x):
    return mean.dE_dbeta(delta, beta, x)


@dE_dbeta.wrong("1/s² missing", r"\sum \mathrm{up}(\delta) \circ x")
def _(delta, x, s):
    return (up(delta, s) * x).sum(axis=(1, 2, 3))[:, np.newaxis]


@dE_dbeta.wrong("mean over places", r"\frac{1}{HW} \sum \delta \circ \mathrm{down}(x)")
def _(mean, delta, beta, x):
    return mean.dE_dbeta(delta, beta, x) / delta[0, :, :, 0].size


dE_dx_max = Formula("dE_dx_max")


@dE_dx_max.right(r"\delta\ \mathrm{at\ the\ largest\ entry}")
def _(delta, x, s):
    return winners(x, s) * up(delta, s)


@dE_dx_max.wrong("δ to all entries", r"\mathrm{up}(\delta)")
def _(delta, s):
    return up(delta, s)


@dE_dx_max.wrong("mean for maximum", r"\frac{1}{s^2}\, \mathrm{up}(\delta)")
def _(delta, s):
    return up(delta, s) / s**2


@dE_dx_max.wrong("δ to the first entry", r"\delta\ \mathrm{at\ the\ first\ entry}")
def _(delta, s):
    return first_in_block(delta, s)


FORMULAS = (dE_dK, dE_dx_conv, dE_db_conv, dE_dx_mean, dE_dbeta, dE_dx_max)
