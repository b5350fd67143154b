"""Exercises of Chapter 16: a graph by pencil, what must be kept, a rule of your own, a forward pass, and a proof."""

import numpy as np

from .model import Code, Pencil, Proof
from .numbers import normal


def two_numbers(rng):
    a = rng.integers(1, 4)
    return {"a": float(a), "b": float(rng.choice([b for b in (1, 2, 3, 4) if b != a]))}


def sizes(rng):
    h, m = rng.choice([(3, 3), (3, 5), (5, 2), (5, 3), (5, 4), (7, 2)])
    return {"h": int(h), "m": int(m), "n": int(rng.integers(2, 5))}


def columns_and_v(rng):
    return {"a": normal(rng, 4, 3) + np.sign(rng.normal(size=(4, 3))) * 0.5, "v": normal(rng, 4, 3)}


def layer_and_direction(rng):
    return {"W": normal(rng, 2, 3), "x": normal(rng, 3, 5), "y": normal(rng, 2, 5), "D": normal(rng, 2, 3)}


def answer_16a(a, b):
    s = a + b
    back_s = a * s + s * a  # from E = p s, and from p = a s
    return np.array([s * s + back_s, back_s])


def answer_16b(h, m, n):
    places = (h - 1) ** 2
    return np.array([h * h, m * places, 0, m * places // 4, n])


def answer_16c(a, v):
    length = np.sqrt((a**2).sum(axis=0))
    t = a / length
    return (v - t * (t * v).sum(axis=0)) / length


def answer_16d(W, x, y, D):
    t = np.tanh(W @ x)
    slope = 1 - t**2
    t_rate = slope * (D @ x)
    delta_rate = t_rate * slope + (t - y) * (-2 * t * t_rate)
    return delta_rate @ x.T


def slope_held_fixed(W, x, y, D):
    slope = 1 - np.tanh(W @ x) ** 2
    return (slope**2 * (D @ x)) @ x.T


EXERCISES = (
    Pencil(
        tag="16.a",
        question=r"A small graph has three operations, $s = a + b$, then $p = a\,s$, and then $E = p\,s$. Both $a$ and "
        r"$s$ are used twice. Go forward and backward through it with a pencil, and answer with the list of "
        r"$\partial E/\partial a$ and $\partial E/\partial b$.",
        numbers=two_numbers,
        solution=answer_16a,
        worked=r"In the backward pass, $E = p\,s$ sends $s$ to $p$ and $p$ to $s$. Then $p = a\,s$ sends $s \cdot s$ "
        r"to $a$ and $s \cdot a$ to $s$, where $p + a s$ is now together. Finally, $s = a + b$ sends that sum to $a$ "
        r"and to $b$.",
        mistakes={
            "one path only": lambda a, b: np.array([(a + b) ** 2 + a * (a + b), a * (a + b)]),
            "a used once": lambda a, b: np.array([2 * a * (a + b), 2 * a * (a + b)]),
            "a used once, the other time": lambda a, b: np.array([(a + b) ** 2, 2 * a * (a + b)]),
        },
        hints=(
            r"Write the three values above the arrows first, and then the derivatives below them, from right to left.",
            r"What has reached $s$ before you go back through $s = a + b$? Two operations used $s$.",
        ),
    ),
    Pencil(
        tag="16.b",
        question=r"A network reads a picture of $h\times h$ pixels. Its five steps are a convolution with $m$ kernels "
        r"of size $2\times2$, tanh, the mean over $2\times2$ blocks (without $\beta$ and $b$), a dense layer with $n$ "
        r"units, and softmax with cross-entropy. For the gradients with respect to $K$, $W$, and the biases, how many "
        r"numbers from the forward pass does the rule of each step read, not counting the parameters and the target? "
        r"Use the rule of tanh that reads its output $x$, namely $(1 - x\circ x)\circ v$. Answer with the list of five "
        r"numbers.",
        numbers=sizes,
        solution=answer_16b,
        worked=r"A $2\times2$ kernel has $(h-1)^2$ positions on the picture. The convolution reads its input, which "
        r"has $h^2$ numbers. The rule of tanh reads the output, $m(h-1)^2$ numbers. The mean reads nothing. The dense "
        r"layer reads its input, a quarter as many, and softmax with cross-entropy reads the $n$ outputs $t$.",
        mistakes={
            "the input of the mean kept": lambda h, m, n: answer_16b(h, m, n) + [0, 0, m * (h - 1) ** 2, 0, 0],
            "u kept beside x": lambda h, m, n: answer_16b(h, m, n) * [1, 2, 1, 1, 1],
            "one map only": lambda h, m, n: answer_16b(h, 1, n),
            "t forgotten": lambda h, m, n: answer_16b(h, m, n) * [1, 1, 1, 1, 0],
            "as many places as pixels": lambda h, m, n: np.array([h * h, m * h * h, 0, m * h * h / 4, n]),
        },
        hints=(
            r"Go through the rules in (16.4) to (16.6). Which arrays besides $v$ and the parameters do they need?",
            r"A $2\times2$ kernel has $(h - 1)^2$ positions on an $h\times h$ picture.",
            r"The rule of the mean reads only $v$ and the size of its blocks.",
        ),
    ),
    Code(
        tag="16.c",
        question=r"A new operation scales each column of $a$ to length 1: $\text{out}_{\cdot n} = a_{\cdot n} / "
        r"\|a_{\cdot n}\|$, where $a_{\cdot n}$ is column $n$ of $a$. Find its rule, that is, what is sent back to $a$ "
        r"if $v = \partial E/\partial\,\text{out}$.",
        numbers=columns_and_v,
        F=lambda a, v: np.sum(v * a / np.sqrt((a**2).sum(axis=0))),
        with_respect_to="a",
        solution=answer_16c,
        mistakes={
            "one path only": lambda a, v: v / np.sqrt((a**2).sum(axis=0)),
            "divided once too little": lambda a, v: answer_16c(a, v) * np.sqrt((a**2).sum(axis=0)),
            "the second path has the wrong sign": lambda a, v: 2 * v / np.sqrt((a**2).sum(axis=0)) - answer_16c(a, v),
            "length of the whole array": lambda a, v: (v - a * (a * v).sum() / (a**2).sum()) / np.sqrt((a**2).sum()),
        },
        hints=(
            r"Look at one column. The entry $a_j$ reaches $\text{out}_j$ through the numerator, and *every* "
            r"$\text{out}_k$ through the length $r = \|a\|$.",
            r"$\partial r/\partial a_j = a_j/r$, so $\partial\,\text{out}_k/\partial a_j = [k = j]/r - a_k a_j/r^3$.",
            r"Multiply by $v_k$ and add over $k$. With $t = a/r$ the result is $(v - t\,(t\cdot v))/r$.",
        ),
    ),
    Code(
        tag="16.d",
        question=r"For one layer $t = \tanh(W x)$ and $E = \frac12\|t - y\|^2$, the gradient is $G = \delta x^T$ with "
        r"$\delta = (t - y) \circ (1 - t \circ t)$. Move $W$ in the direction $D$. How fast does $G$ change? Push the "
        r"rate $D$ forward through *all* the steps that lead to $G$, including those of the backward pass. (The result "
        r"is the **Hessian**, the matrix of all second derivatives, times $D$. It is also the gradient of "
        r"$\sum_{ij} D_{ij} G_{ij}$ with respect to $W$, which is how it is checked.)",
        numbers=layer_and_direction,
        F=lambda W, x, y, D: np.sum(D * (((np.tanh(W @ x) - y) / np.cosh(W @ x) ** 2) @ x.T)),
        with_respect_to="W",
        solution=answer_16d,
        mistakes={
            "f′ treated as a constant": slope_held_fixed,
            "one path only": lambda W, x, y, D: answer_16d(W, x, y, D) - slope_held_fixed(W, x, y, D),
            "f′ missing": lambda W, x, y, D: (
                ((D @ x) * (1 - np.tanh(W @ x) ** 2) - 2 * (np.tanh(W @ x) - y) * np.tanh(W @ x) * (D @ x)) @ x.T
            ),
            "the gradient itself": lambda W, x, y, D: ((np.tanh(W @ x) - y) * (1 - np.tanh(W @ x) ** 2)) @ x.T,
        },
        hints=(
            r"The rate of $u = W x$ is $D x$, and that of $t$ is $(1 - t\circ t) \circ (D x)$.",
            r"$t$ occurs twice in $\delta$. The rates along the two paths add, by the product rule.",
            r"The rate of $1 - t\circ t$ is $-2\,t$ times the rate of $t$. Since $x$ does not move, the rate of $G$ is "
            r"that of $\delta$, times $x^T$.",
        ),
    ),
    Proof(
        tag="16.e",
        question=r"Prove that the loop in `backward` is correct for any tape: when it reaches the entry that "
        r"produced the value $z$, `back[z]` is the complete derivative $\partial E/\partial z$, however often $z$ is "
        r"used. (For an input, which no entry produced, this holds at the end of the loop.)",
        hints=(
            r"A value can only be used after it was made. Where on the tape are all the entries that use $z$?",
            r"Use induction along the loop. Assume the statement for all the entries that come after that of $z$.",
            r"Then (16.1), summed over all entries that use $z$, is the chain rule over several paths.",
        ),
        proof=r"We go through the tape from its end, by induction. The first value that the loop reaches is $E$, and "
        r"`back[E]` is $\partial E/\partial E = 1$. Now take a value $z$ that was made earlier, and assume the "
        r"statement for all values that were made after $z$. Let $o_1, \dots, o_r$ be the outputs of the entries that "
        r"use $z$. Each of them was made after $z$, because an operation needs its inputs before it can run. So the "
        r"loop has reached all of them, and at that time `back` held the complete $\partial E/\partial o_s$ by "
        r"assumption. The rule then added $J_s^T\,\partial E/\partial o_s$ to `back[z]`, where $J_s$ is the Jacobian "
        r"of $o_s$ with respect to $z$. Nothing else was added. Since $z$ reaches $E$ only through $o_1, \dots, o_r$, "
        r"the sum of these terms is $\partial E/\partial z$ by the chain rule over several paths. If $z$ is used twice "
        r"by the same operation, there is one rule for each use, and the same argument holds for the uses. An "
        r"output that does not reach $E$ has the derivative zero and is skipped. An input is complete "
        r"when all the entries that use it have been visited, at the end of the loop.",
    ),
)
