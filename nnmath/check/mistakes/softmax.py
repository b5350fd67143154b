"""Right and wrong forms of softmax, cross-entropy and weight decay, chapters 08 and 11.

Here u and t are those of the output layer.
"""

# Readers see the code of these functions, so it keeps the spacing of the notebooks, W[l+1] and not W[l + 1].
# fmt: off

import numpy as np

from ...layer import e
from .model import Formula

softmax = Formula("softmax")


@softmax.right(r"t_k\, (e_k - t)")
def _(t, k, m):
    return t[k] * (e(k, m) - t)


@softmax.wrong("softmax entry by entry", r"e_k\, t_k (1 - t_k)")
def _(k, m, t):
    return e(k, m) * t[k] * (1 - t[k])


@softmax.wrong("sign", r"t_k\, (t - e_k)")
def _(t, k, m):
    return t[k] * (t - e(k, m))


@softmax.wrong("f for f′", r"t")
def _(t):
    return t


cross_entropy = Formula("cross_entropy")


@cross_entropy.right(r"t - y")
def _(t, y):
    return t - y


@cross_entropy.wrong("f′ where it cancels", r"f\,'(u) \circ (t - y)")
def _(f, u, t, y):
    return f.prime(u) * (t - y)


@cross_entropy.wrong("output's f′ forgotten", r"(t - y) / (t \circ (1 - t))")
def _(t, y):
    return (t - y) / (t * (1 - t))


@cross_entropy.wrong("one class only", r"-y \circ (1 - t)")
def _(t, y):
    return -y * (1 - t)


@cross_entropy.wrong("y − t", r"y - t")
def _(t, y):
    return y - t


@cross_entropy.wrong("factor 2", r"2\,(t - y)")
def _(t, y):
    return 2 * (t - y)


@cross_entropy.wrong("mean for sum", r"(t - y)/N")
def _(t, y, N):
    return (t - y) / N


softmax_cross_entropy = Formula("softmax_cross_entropy")


@softmax_cross_entropy.right(r"t - y")
def _(t, y):
    return t - y


@softmax_cross_entropy.wrong("f′ where it cancels", r"t \circ (1 - t) \circ (t - y)")
def _(t, y):
    return t * (1 - t) * (t - y)


@softmax_cross_entropy.wrong("softmax entry by entry", r"-y \circ (1 - t)")
def _(t, y):
    return -y * (1 - t)


@softmax_cross_entropy.wrong("output's f′ forgotten", r"-y / t")
def _(t, y):
    return -y / t


@softmax_cross_entropy.wrong("softmax over the wrong axis", r"e^{u} / \sum_n e^{u_{\cdot n}} - y")
def _(u, y):
    return np.exp(u) / np.exp(u).sum(axis=1, keepdims=True) - y


@softmax_cross_entropy.wrong("softmax over the whole batch", r"e^{u} / \sum_{kn} e^{u_{kn}} - y")
def _(u, y):
    return np.exp(u) / np.exp(u).sum() - y


@softmax_cross_entropy.wrong("y not subtracted", r"t")
def _(t):
    return t


@softmax_cross_entropy.wrong("y − t", r"y - t")
def _(t, y):
    return y - t


@softmax_cross_entropy.wrong("factor 2", r"2\,(t - y)")
def _(t, y):
    return 2 * (t - y)


@softmax_cross_entropy.wrong("mean for sum", r"(t - y)/N")
def _(t, y, N):
    return (t - y) / N


decay = Formula("decay")


@decay.right(r"\lambda W^l")
def _(lam, W, l):
    return lam * W[l]


@decay.wrong("weight decay missing", r"0")
def _(W, l):
    return np.zeros_like(W[l])


@decay.wrong("weight decay doubled", r"2 \lambda W^l")
def _(lam, W, l):
    return 2 * lam * W[l]


@decay.wrong("weight decay halved", r"\frac{1}{2} \lambda W^l")
def _(lam, W, l):
    return lam * W[l] / 2


@decay.wrong("weight decay over N", r"\frac{1}{N} \lambda W^l")
def _(lam, W, l, N):
    return lam * W[l] / N


@decay.wrong("weight decay times N", r"N \lambda W^l")
def _(lam, W, l, N):
    return lam * W[l] * N


@decay.wrong("weight decay subtracted", r"-\lambda W^l")
def _(lam, W, l):
    return -lam * W[l]


bias_decay = Formula("bias_decay")


@bias_decay.right(r"0")
def _(b, l):
    return np.zeros_like(b[l])


@bias_decay.wrong("bias decayed", r"\lambda b^l")
def _(lam, b, l):
    return lam * b[l]


FORMULAS = (softmax, cross_entropy, softmax_cross_entropy, decay, bias_decay)
