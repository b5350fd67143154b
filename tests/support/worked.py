"""Two examples with known numbers: one worked by hand, one published."""

from types import SimpleNamespace

import numpy as np

import nnmath as nn


def pencil_and_paper(columns=1):
    """The 2-2-2 softsign network of chapters 06 to 09. Every denominator is a power of two, exact in float64."""
    net = nn.Network({1: [[-2, 1], [-2, -1]], 2: [[-1, 2], [1, 2]]}, {1: [[0], [2]], 2: [[1], [2]]}, nn.softsign)
    first = SimpleNamespace(
        u={1: [[1], [-3]], 2: [[-1], [1]]},
        x={1: [[1 / 2], [-3 / 4]], 2: [[-1 / 2], [1 / 2]]},
        E=5 / 4,
        delta={1: [[1 / 8], [-1 / 32]], 2: [[-3 / 8], [1 / 8]]},
        dE_dW={1: [[1 / 8, 3 / 8], [-1 / 32, -3 / 32]], 2: [[-3 / 16, 9 / 32], [1 / 16, -3 / 32]]},
        dE_db={1: [[1 / 8], [-1 / 32]], 2: [[-3 / 8], [1 / 8]]},
    )
    if columns == 1:
        return net, np.array([[1], [3]]), np.array([[1], [0]]), first
    both = SimpleNamespace(
        u={1: [[1, -1], [-3, 3]], 2: [[-1, 3], [1, 3]]},
        x={1: [[1 / 2, -1 / 2], [-3 / 4, 3 / 4]], 2: [[-1 / 2, 3 / 4], [1 / 2, 3 / 4]]},
        E=25 / 16,
        delta={1: [[1 / 8, -1 / 64], [-1 / 32, 1 / 256]], 2: [[-3 / 8, 3 / 64], [1 / 8, -1 / 64]]},
        dE_db={1: [[7 / 64], [-7 / 256]], 2: [[-21 / 64], [7 / 64]]},
    )
    return net, np.array([[1, 0], [3, -1]]), np.array([[1, 0], [0, 1]]), both


def published():
    """M. Mazur, "A Step by Step Backpropagation Example" (2015), 2-2-2, sigmoid, this error, as printed."""
    net = nn.Network(
        {1: [[0.15, 0.20], [0.25, 0.30]], 2: [[0.40, 0.45], [0.50, 0.55]]},
        {1: [[0.35], [0.35]], 2: [[0.60], [0.60]]},
        nn.sigmoid,
    )
    printed = SimpleNamespace(
        net_h1=0.3775,
        out_h1=0.593269992,
        out_h2=0.596884378,
        net_o1=1.105905967,
        out_o1=0.75136507,
        out_o2=0.772928465,
        E=0.298371109,
        delta_o1=0.138498562,
        dE_dw5=0.082167041,
        dE_dw1=0.000438568,
        W={
            1: [[0.149780716, 0.19956143], [0.24975114, 0.29950229]],
            2: [[0.35891648, 0.408666186], [0.511301270, 0.561370121]],
        },
        E_after=0.291027924,
        E_after_10_000=0.0000351085,
        t_after_10_000=[[0.015912196], [0.984065734]],
    )
    return net, np.array([[0.05], [0.10]]), np.array([[0.01], [0.99]]), printed
