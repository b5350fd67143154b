"""How much does the tape of Chapter 16 cost? python tests/benchmarks/reverse.py

The same calculation and its gradients on nnmath's tape, with the package autograd, and in plain numpy with the
gradients written by hand. What a side takes beyond plain numpy is its overhead. Each on one thread; the best of many
runs counts, in CPU time.
"""

import os
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy is loaded

import autograd
import autograd.numpy as anp
import numpy as np
from speed import best

from nnmath import tape


def network(sizes, N, seed=0):
    """(tape, autograd, plain) of E = ½‖t − y‖² for a network with tanh, each a function that returns its gradients."""
    rng = np.random.default_rng(seed)
    L = len(sizes) - 1
    W = [rng.normal(size=(m, n)) / np.sqrt(n) for n, m in zip(sizes, sizes[1:])]
    b = [np.zeros((m, 1)) for m in sizes[1:]]
    x, y = rng.normal(size=(sizes[0], N)), rng.normal(size=(sizes[-1], N))
    tanh = tape.operation(np.tanh, lambda v, t, u: v * (1 - t * t))

    def E(values, tanh, total):
        t = x
        for l in range(L):
            t = tanh(values[l] @ t + values[L + l])
        return total((t - y) ** 2) / 2

    def plain():
        kept = [x]
        for W_l, b_l in zip(W, b):
            kept.append(np.tanh(W_l @ kept[-1] + b_l))
        error = kept[-1] - y
        np.sum(error**2) / 2
        delta, dE_dW, dE_db = error * (1 - kept[-1] * kept[-1]), [], []
        for l in range(L - 1, -1, -1):
            dE_dW.append(delta @ kept[l].T)
            dE_db.append(delta.sum(axis=1, keepdims=True))
            if l:
                delta = (W[l].T @ delta) * (1 - kept[l] * kept[l])
        return [*dE_dW[::-1], *dE_db[::-1]]

    def ours():
        values = [tape.Value(array) for array in [*W, *b]]
        return tape.gradients(E(values, tanh, tape.total), *values)

    slopes = autograd.grad(lambda values: E(values, anp.tanh, anp.sum))
    return ours, lambda: slopes([*W, *b]), plain


def chain(steps):
    """The same for a number that goes through steps multiplications and additions."""
    a = np.array(0.5)

    def E(a):
        z = a
        for _ in range(steps // 2):
            z = z * a + a
        return z

    def plain():
        kept, z = [], a
        for _ in range(steps // 2):
            kept.append(z)
            z = z * a + a
        v, back = np.array(1.0), np.array(0.0)
        for z in reversed(kept):
            back = back + v + v * z
            v = v * a
        return [back + v]

    def ours():
        value = tape.Value(a)
        return tape.gradients(E(value), value)

    slope = autograd.grad(E)
    return ours, lambda: [slope(0.5)], plain


CASES = {
    "64-30-10, 1 example": lambda: network((64, 30, 10), 1),
    "64-30-10, 128 examples": lambda: network((64, 30, 10), 128),
    "16 layers of 8, 1 example": lambda: network((8,) * 17, 1),
    "1,000 operations on one number": lambda: chain(1000),
}


def table(seconds=0.5):
    print("| calculation | tape, µs | ÷ autograd | overhead ÷ autograd's | ÷ plain |")
    print("|---|---|---|---|---|")
    for name, make in CASES.items():
        sides = make()
        for one, other in zip(*(side() for side in sides[1:])):
            np.testing.assert_allclose(one, other, rtol=1e-10)
        for one, other in zip(sides[0](), sides[2]()):
            np.testing.assert_allclose(one, other, rtol=1e-10)
        ours, theirs, plain = (best(side, seconds, time.process_time) for side in sides)
        print(
            f"| {name} | {ours * 1e6:,.0f} | {ours / theirs:.2f} | {(ours - plain) / (theirs - plain):.2f} "
            f"| {ours / plain:.1f} |"
        )


if __name__ == "__main__":
    table()
