"""Exercises of Chapter 12: stride and padding, an edge, the matrix of a convolution, two in a row, and a dilated
kernel."""

import numpy as np

from .model import Code, Pencil, Proof
from .numbers import integers, normal


def picture_and_kernel(rng):
    return {**small_kernel(rng), "x": integers(rng, 3, 3)}


def edge(rng):
    left, right = rng.permutation([-3.0, -2.0, 1.0, 4.0])[:2]
    return {"left": left, "right": right, "v": rng.choice([2.0, 4.0, 6.0])}


def small_kernel(rng):
    return {"K": rng.permutation([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])[:4].reshape(2, 2)}


def dilated_layer(rng):
    i, j = (int(n) for n in rng.integers(0, 2, size=2))
    return {"K": normal(rng, 2, 3), "x": normal(rng, 4, 7), "d": 2, "i": i, "j": j}


def answer_12a(K, x):
    padded = np.pad(x, 1)
    return np.array([[np.sum(K * padded[i : i + 2, j : j + 2]) for j in (0, 2)] for i in (0, 2)])


def answer_12b(left, right, v):
    k = v / (2 * (right - left))
    return np.array([[-k, k], [-k, k]])


def answer_12c(K):
    W = np.zeros((3, 8))
    for j in range(3):
        W[j, [j, j + 1]] = K[0]
        W[j, [j + 4, j + 5]] = K[1]
    return W


def answer_12e(K, x, d, i, j):
    slopes = np.zeros(x.shape)
    for a in range(K.shape[0]):
        for b in range(K.shape[1]):
            slopes[i + d * a, j + d * b] = K[a, b]
    return slopes


def dilated_entry(K, x, d, i, j):
    return np.sum(K * x[i : i + d * (K.shape[0] - 1) + 1 : d, j : j + d * (K.shape[1] - 1) + 1 : d])


def by_columns(K):
    """W for pixels that are read column by column."""
    return answer_12c(K).reshape(3, 2, 4).transpose(0, 2, 1).reshape(3, 8)


EXERCISES = (
    Pencil(
        tag="12.a",
        question=r"The $3\times3$ picture $x$ gets a frame of zeros (padding 1), and the $2\times2$ kernel $K$ is "
        r"placed with stride 2. There is no bias. How many positions does the kernel have, and what is $u$?",
        numbers=picture_and_kernel,
        solution=answer_12a,
        mistakes={
            "kernel flipped": lambda K, x: answer_12a(K[::-1, ::-1], x),
            "rows and columns swapped": lambda K, x: answer_12a(K.T, x),
            "padding at the lower right": lambda K, x: np.array(
                [[np.sum(K * np.pad(x, (0, 2))[i : i + 2, j : j + 2]) for j in (0, 2)] for i in (0, 2)]
            ),
        },
        hints=(
            r"How large is the padded picture? By (12.9) there are $\lfloor (3 + 2 - 2)/2 \rfloor + 1$ positions "
            r"along each side.",
            r"Three of the four entries of the first patch are padding. Which entry of $K$ meets $x_{11}$?",
            r"$u_{11} = K_{11}\,x_{11}$, and $u_{12} = K_{10}\,x_{12} + K_{11}\,x_{13}$.",
        ),
        worked=r"The padded picture is $5\times5$, and the kernel has two positions along each side. The patch at "
        r"the first one contains $x_{11}$ only, at its lower right. The next one contains $x_{12}$ and $x_{13}$ in its "
        r"lower row, the one below $x_{21}$ and $x_{31}$ in its right column, and the last one four pixels.",
    ),
    Pencil(
        tag="12.b",
        question=r"Design a $2\times2$ kernel, without a bias, that finds vertical edges. It should give 0 whenever "
        r"the two pixels in each row of the patch are equal, whatever their values; its own two rows should be equal; "
        r"and it should give $v$ on a patch in which both pixels of the left column have the value $\mathit{left}$ "
        r"and both pixels of the right column have the value $\mathit{right}$. Find $K$.",
        numbers=edge,
        solution=answer_12b,
        mistakes={
            "horizontal edges": lambda left, right, v: answer_12b(left, right, v).T,
            "sign": lambda left, right, v: -answer_12b(left, right, v),
            "one row counted": lambda left, right, v: 2 * answer_12b(left, right, v),
        },
        hints=(
            r"Let the patch have the rows $(r, r)$ and $(s, s)$. What is $u$?",
            r"$u = (K_{00} + K_{01})\,r + (K_{10} + K_{11})\,s$ is 0 for all $r$ and $s$ only if each row of $K$ adds "
            r"up to 0.",
            r"So $K$ has the rows $(-k, k)$ and $(-k, k)$, and there is one number left to find.",
        ),
        worked=r"Each row of $K$ must add up to 0, and the rows are equal, so both are $(-k, k)$. On the edge, "
        r"$u = 2k\,(\mathit{right} - \mathit{left})$. This is $v$ for $k = v / (2\,(\mathit{right} - \mathit{left}))$.",
    ),
    Pencil(
        tag="12.c",
        question=r"A $2\times2$ kernel $K$ meets a $2\times4$ picture, so $u$ has one row and three columns. Write the "
        r"layer as one matrix $W$, with the pixels in the order $x_{11}, x_{12}, \dots, x_{24}$.",
        numbers=small_kernel,
        solution=answer_12c,
        mistakes={
            "kernel flipped": lambda K: answer_12c(K[::-1, ::-1]),
            "pixels column by column": by_columns,
            "transposed": lambda K: answer_12c(K).T,
        },
        hints=(
            r"$W$ has one row for each entry of $u$ and one column for each pixel.",
            r"The first row belongs to $u_{11} = K_{00}x_{11} + K_{01}x_{12} + K_{10}x_{21} + K_{11}x_{22}$. In which "
            r"column is $x_{21}$?",
            r"The next row is the same, moved to the right by one column.",
        ),
        worked=r"The first row is $(K_{00}, K_{01}, 0, 0, K_{10}, K_{11}, 0, 0)$, because $x_{21}$ is the fifth pixel. "
        r"The other rows are this one moved to the right by one and by two columns.",
    ),
    Proof(
        tag="12.d",
        question=r"One convolution layer follows another, both without biases and with no $f$ between them. Both have "
        r"one map and stride 1. The first has the kernel $K$ and the second the kernel $L$, with $3\times3$ weights "
        r"each. Prove that together they are one convolution, and find its kernel $Q$. How large is it, and how many "
        r"weights do the two layers have together?",
        hints=(
            r"Write the output of the second layer with the formula for $u$, and insert the formula for the first.",
            r"The pixel that occurs in it is $x_{i+c+a,\,j+d+b}$. Collect the terms with the same pixel.",
        ),
        proof=r"Let $u_{ij} = \sum_{ab} K_{ab}\,x_{i+a,\,j+b}$ and $v_{ij} = \sum_{cd} L_{cd}\,u_{i+c,\,j+d}$. "
        r"Inserting the first into the second gives $v_{ij} = \sum_{cd}\sum_{ab} L_{cd}\,K_{ab}\,x_{i+a+c,\,j+b+d}$. "
        r"For each pixel $x_{i+p,\,j+q}$ we collect the terms with $a + c = p$ and $b + d = q$, which gives $v_{ij} = "
        r"\sum_{pq} Q_{pq}\,x_{i+p,\,j+q}$ with $Q_{pq} = \sum_{cd} L_{cd}\,K_{p-c,\,q-d}$. The sum contains the "
        r"terms for which $K_{p-c,\,q-d}$ exists. The offsets $p$ and $q$ go from 0 to 4, so $Q$ is a $5\times5$ "
        r"kernel, and its 25 weights are made from 18. A network of convolutions without $f$ is therefore a single "
        r"convolution, just as a network of dense layers without $f$ is a single dense layer.",
    ),
    Code(
        tag="12.e",
        question=r"A **dilated** convolution leaves gaps between the pixels that its kernel meets: "
        r"$u_{ij} = \sum_{ab} K_{ab}\,x_{i+da,\,j+db}$, where $d$ is a positive integer. Here $K$ and $x$ are ordinary "
        r"matrices, and $i$ and $j$ start from 0, as in code. Find $\partial u_{ij}/\partial x$ for one position "
        r"$i, j$, in the shape of $x$.",
        numbers=dilated_layer,
        F=dilated_entry,
        with_respect_to="x",
        solution=answer_12e,
        mistakes={
            "kernel flipped": lambda K, x, d, i, j: answer_12e(K[::-1, ::-1], x, d, i, j),
            "not dilated": lambda K, x, d, i, j: answer_12e(K, x, 1, i, j),
            "the pixels for the weights": lambda K, x, d, i, j: x * (answer_12e(K, x, d, i, j) != 0),
        },
        hints=(
            r"Which entry of $K$ multiplies $x_{pq}$? Solve $p = i + da$ and $q = j + db$ for $a$ and $b$.",
            r"Most entries are 0. The others are the weights, $d$ rows and $d$ columns apart.",
            r"Start with zeros in the shape of $x$, and write $K_{ab}$ to row $i + da$ and column $j + db$.",
        ),
    ),
)
