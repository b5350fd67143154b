"""How fast is the readable convolution? python tests/benchmarks/convolution.py

One convolution forward, and its three gradients, beside PyTorch on one thread each, with the same numbers. The best of
many runs counts, in CPU time. "Windows" is the memory of the matrix of patches of x, the largest array of a forward
pass. On the way back there is one such matrix for K, and then another one for x.
"""

import os
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy is loaded

import numpy as np
import torch
from speed import best

import nnmath as nn

CASES = [((1, 8, 8), 8), ((8, 8, 8), 16), ((16, 16, 16), 16), ((16, 32, 32), 32)]  # (c, h, w) and the maps out
KERNELS, EXAMPLES = (3, 5), (1, 16, 128)


def ours(K, x, b, delta):
    conv = nn.Convolution()
    return lambda: conv.u(K, x, b), lambda: (
        conv.u(K, x, b),
        conv.dE_dK(delta, K, x, b),
        conv.dE_dx(delta, K, x, b),
        conv.dE_db(delta, K, x, b),
    )


def theirs(K, x, b, delta):
    K, b = torch.tensor(K, requires_grad=True), torch.tensor(b[:, 0], requires_grad=True)
    x = torch.tensor(x.transpose(3, 0, 1, 2).copy(), requires_grad=True)
    v = torch.tensor(delta.transpose(3, 0, 1, 2).copy())
    forward = lambda: torch.nn.functional.conv2d(x, K, b)

    def bare():
        with torch.no_grad():
            return forward()

    return bare, lambda: torch.autograd.grad(forward(), (K, x, b), v)


def table(seconds=0.1):
    torch.set_num_threads(1)
    print("| x | K | N | forward, µs | ÷ torch | forward and gradients, µs | ÷ torch | windows |")
    print("|---|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(0)
    for (c, h, w), m in CASES:
        for size in KERNELS:
            for N in EXAMPLES:
                K, x, b = rng.normal(size=(m, c, size, size)), rng.normal(size=(c, h, w, N)), rng.normal(size=(m, 1))
                delta = rng.normal(size=(m, h - size + 1, w - size + 1, N))
                times = [
                    [best(run, seconds, time.process_time) for run in side(K, x, b, delta)] for side in (ours, theirs)
                ]
                (u, all_of_it), (their_u, their_all) = times
                kilobytes = c * size**2 * delta[0].size * 8 / 1e3
                memory = f"{kilobytes:.0f} kB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"
                print(
                    f"| {c}×{h}×{w} | {m}×{size}×{size} | {N} | {u * 1e6:.0f} | {u / their_u:.2f} "
                    f"| {all_of_it * 1e6:.0f} | {all_of_it / their_all:.2f} | {memory} |"
                )


if __name__ == "__main__":
    table()
