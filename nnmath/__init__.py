"""The mathematics of back-propagation, spelled like the page.

    page                  code                              shape
    x, u, b               x, u, b                           (n, 1), (m, 1), (m, 1); N examples are N columns
    W, W_k                W, W[[k]]                         (m, n), (1, n)
    e_k                   e(k, m)                           (m, 1)
    u = W·x + b           u(W, x, b)                        (m, N)
    ∂u_k/∂b               du_db(k, W, x, b)                 (m, 1)
    ∂u_k/∂W               du_dW(k, W, x, b)                 (m, n)
    ∂u_k/∂x               du_dx(k, W, x, b)                 (n, 1)
    ∂u_k/∂x through f     du_dx_through(k, W, x, b, f)      (n, 1)
    f(u), f′(u)           f(u), f.prime(u)                  that of u
    W^l, b^l              net.W[l], net.b[l]                (n_l, n_{l−1}), (n_l, 1), l = 1 … L
    u^l, x^l              trace.u[l], trace.x[l]            (n_l, N), x from l = 0
    t                     trace.t                           (n_L, N)
    E = ½ ‖t − y‖²        E(t, y)                           one number
    δ^l = ∂E/∂u^l         deltas(net, trace, y)[l]          (n_l, N)
    ∂E/∂W^l, ∂E/∂b^l      gradient(net, trace, y).dE_dW[l], .dE_db[l]
    W^l ← W^l − η ∂E/∂W^l step(net, gradient, eta)

k counts from 1 on the page and from 0 in code; l is the same in both.
"""

from .check import finite_difference, mistakes
from .check.finite_difference import numerical_gradient, numerical_jacobian
from .activation import Activation, identity, relu, sigmoid, softplus, softsign, tanh
from .backprop import Gradient, deltas, gradient
from .data import mini_batches, one_hot
from .descent import State, descend, step
from .error import E, dE_dt
from .exercises import exercise
from .layer import column, du_db, du_dW, du_dx, du_dx_through, e, u
from .network import Network, Trace, forward, forward_from
from .check.book import check, same
from .check.judge import judge
from .check.network import judge_network
from .check.verdict import Diagnosis, NetworkVerdict, Verdict

__all__ = [
    "Activation", "identity", "relu", "sigmoid", "softplus", "softsign", "tanh",
    "column", "e", "u", "du_db", "du_dW", "du_dx", "du_dx_through",
    "E", "dE_dt", "Network", "Trace", "forward", "forward_from",
    "deltas", "gradient", "Gradient", "step", "descend", "State",
    "finite_difference", "mistakes", "numerical_gradient", "numerical_jacobian", "judge", "judge_network", "check", "same", "Verdict", "NetworkVerdict", "Diagnosis", "exercise",
    "one_hot", "mini_batches",
]
