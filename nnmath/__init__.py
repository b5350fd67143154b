"""The mathematics of back-propagation, written as on the page.

    page                   code                             shape                        other books
    x, u, b                x, u, b                          (n, 1), (m, 1), (m, 1)       a, z, b
    W, W_k                 W, W[[k]]                        (m, n), (1, n)               W, w_k
    e_k                    e(k, m)                          (m, 1)                       one-hot vector
    u = W·x + b            u(W, x, b)                       (m, N)                       z, the pre-activation
    ∂u_k/∂b                du_db(k, W, x, b)                (m, 1)
    ∂u_k/∂W                du_dW(k, W, x, b)                (m, n)
    ∂u_k/∂x                du_dx(k, W, x, b)                (n, 1)
    ∂u_k/∂x through f      du_dx_through(k, W, x, b, f)     (n, 1)
    f(u), f′(u)            f(u), f.prime(u)                 that of u                    σ(z), σ′(z); g, φ, h
    W^l, b^l, f^l          net.W[l], net.b[l], net.f[l]     (n_l, n_{l−1}), (n_l, 1)     W^[l], Θ^(l)
    u^l, x^l               trace.u[l], trace.x[l]           (n_l, N), x from l = 0       z^l, a^l, or h^l
    t, y                   trace.t, y                       (n_L, N)                     ŷ or a^L, y; some call y t
    E = ½ ‖t − y‖²         E(t, y)                          one number                   L, J, C; the loss or cost
    δ^l = ∂E/∂u^l          deltas(net, trace, y)[l]         (n_l, N)                     δ^l, dz^[l]
    ∂E/∂W^l, ∂E/∂b^l       gradient(net, trace, y)          those of W^l, b^l            dW^[l]; some transpose it
    W^l ← W^l − η ∂E/∂W^l  step(net, gradient, eta)                                      α or ε, the learning rate
    E + ½ λ Σ ‖W^l‖²       objective(net, trace, y, …)      one number                   the regularized loss
    K, x of a picture      Convolution().u(K, x, b)         (m, c, a, b), (c, h, w, N)   kernel or filter, NCHW

N examples are N columns. k counts from 1 on the page and from 0 in code; l, from 1 to L, is the same in both.
"""

from . import tape
from .activation import Activation, identity, leaky_relu, relu, sigmoid, silu, softplus, softsign, tanh
from .backprop import Gradient, deltas, gradient, objective
from .check import finite_difference, mistakes
from .check.backward import judge_backward
from .check.book import check, same
from .check.finite_difference import numerical_gradient, numerical_jacobian
from .check.frameworks import judge_jax, judge_torch
from .check.judge import judge
from .check.network import judge_network
from .check.testing import assert_gradient
from .check.verdict import Diagnosis, NetworkVerdict, Verdict
from .convolution import Convolution
from .data import digits, mini_batches, one_hot
from .descent import State, descend, step
from .error import E, Loss, dE_dt, squared_error
from .exercises import exercise
from .layer import column, du_db, du_dW, du_dx, du_dx_through, e, u
from .mixed import Dense, MixedNetwork
from .network import Network, Trace, forward, forward_from, output_from
from .pooling import MaxPooling, MeanPooling
from .softmax import binary_cross_entropy, cross_entropy, softmax

__version__ = "0.2.0"

__all__ = [
    "Activation", "identity", "leaky_relu", "relu", "sigmoid", "silu", "softmax", "softplus", "softsign", "tanh",
    "column", "e", "u", "du_db", "du_dW", "du_dx", "du_dx_through",
    "E", "dE_dt", "Loss", "squared_error", "cross_entropy", "binary_cross_entropy",
    "Network", "Trace", "forward", "forward_from", "output_from",
    "MixedNetwork", "Dense", "Convolution", "MeanPooling", "MaxPooling", "tape",
    "deltas", "gradient", "Gradient", "objective", "step", "descend", "State",
    "finite_difference", "mistakes", "numerical_gradient", "numerical_jacobian",
    "judge", "judge_network", "judge_backward", "judge_torch", "judge_jax", "assert_gradient", "check", "same",
    "Verdict", "NetworkVerdict", "Diagnosis", "exercise",
    "digits", "one_hot", "mini_batches",
]  # fmt: skip
