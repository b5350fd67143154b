"""Finite differences of a whole network's parameters, many steps at once. It imports none of the network's formulas."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
MEMORY = 2**22  # bytes for the copies of a network: they fit the processor's cache, and larger blocks were slower
LIVE = 8  # arrays of the widest layer that F holds at a time, measured with the networks of chapter 10


def numerical_gradient_of_network(
    F: Callable,
    net: Any,
    x: Mapping[int, Array],
    sample: int | None = None,
    seed: int = 0,
    memory: int = MEMORY,
    progress: Callable | None = None,
) -> tuple[dict, dict]:
    """∂E/∂W_ij^l ≈ (E(W_ij^l + h) − E(W_ij^l − h)) / 2h, and the same for b_i^l, for every layer

    A step in W_ij^l leaves everything before layer l as it is and moves u_i^l alone, by h x_j^{l−1}, because u^l is
    affine in W^l and b^l. So copies of u^l, each with one entry moved, run on together as columns. This is all that is
    known of the network.

    Parameters
    ----------
    F
        F(l, u, n) runs the network on from u^l = u, (n_l, C), and gives each column's share of E, (C,); column c
        belongs to example n[c].
    net
        The network, of which only the arrays W[l] and b[l] are used.
    x
        The layers' inputs by l: x[l] is (n_l, N).
    sample
        How many entries of each array are measured; the others are NaN. They are chosen by `seed`.
    memory
        How many bytes the copies may fill.
    progress
        progress(done, total) is called once a second; the default writes to a terminal.

    Returns
    -------
    tuple of dict
        {l: …} in the shapes of W[l], and {l: …} in the shapes of b[l].

    Raises
    ------
    ValueError
        Unless F gives finite numbers, one a column, and for a sample or memory below 1.

    Notes
    -----
    Chapter 9.
    """
    parameters = affine_parameters(net)
    slopes = {l: np.full(array.shape, np.nan) for l, array in parameters.items()}
    for block in Blocks(F, net, x, 2, sample, seed, memory, progress or report_progress):
        steps = 2.0 ** np.round(np.log2(np.cbrt(np.finfo(float).eps) * np.maximum(1, np.abs(block.at))))
        up, down = block.errors(np.stack([steps, -steps], axis=1)).T
        found = (up - down) / (2 * steps)
        if not np.isfinite(found).all():
            raise ValueError(f"F gave numbers that are not finite near layer {block.l}; expected finite ones")
        slopes[block.l][block.rows, block.columns] = found
    return split_parameters(net, slopes)


def report_progress(done: int, total: int) -> None:
    """How far the referee has come, on a terminal; nowhere else, because a notebook would store it."""
    if sys.stderr.isatty():
        print(f"\r{done:,} of {total:,} parameters", end="\n" if done == total else "", file=sys.stderr, flush=True)


def affine_parameters(net: Any) -> dict[int, Array]:
    """(W^l b^l) of each layer in one array, because u^l = (W^l b^l)(x^{l−1}; 1). A layer without biases has W^l
    alone."""
    return {l: np.hstack([W, *_bias(net, l)]).astype(np.float64) for l, W in net.W.items()}


def split_parameters(net: Any, arrays: Mapping[int, Array]) -> tuple[dict[int, Array], dict[int, Array]]:
    """What belongs to W^l and what belongs to b^l, from arrays in the shapes of `affine_parameters`."""
    width = {l: W.shape[1] for l, W in net.W.items()}
    return (
        {l: a[:, : width[l]] for l, a in arrays.items()},
        {l: a[:, width[l] :] for l, a in arrays.items() if a.shape[1] > width[l]},
    )


def _bias(net: Any, l: int) -> list[Array]:
    bias = (net.b or {}).get(l)
    return [] if bias is None else [bias]


@dataclass(frozen=True, eq=False)
class Block:
    """Some entries of (W^l b^l), few enough for the memory, and what moving them does to E.

    Entry n is at (rows[n], columns[n]) and has the value at[n]; u is u^l, and inputs is (x^{l−1}; 1).
    """

    F: Callable
    l: int
    rows: Array
    columns: Array
    at: Array
    u: Array
    inputs: Array
    copies: int

    def errors(self, steps: Array, some: Any = slice(None)) -> Array:
        """E with each of some entries moved by each of its steps, (entries, steps)."""
        by = steps[:, :, np.newaxis] * self.inputs[self.columns[some]][:, np.newaxis]  # (entries, steps, N)
        by, rows = by.reshape(steps.size, -1), np.repeat(self.rows[some], steps.shape[1])
        examples = np.arange(self.u.shape[1])
        parts = np.array_split(examples, -(-len(examples) // self.copies))  # all examples at once if they fit
        return np.sum([self._errors_of(part, rows, by[:, part]) for part in parts], axis=0).reshape(steps.shape)

    def _errors_of(self, examples: Array, rows: Array, by: Array) -> Array:
        """The share of E that these examples have, for each moved entry."""
        moved = np.repeat(self.u[:, np.newaxis, examples], len(rows), axis=1)  # (n_l, moves, examples)
        moved[rows, np.arange(len(rows))] += by
        n = np.tile(examples, len(rows))
        shares = np.asarray(self.F(self.l, moved.reshape(len(self.u), -1), n))
        if shares.shape != n.shape:
            raise ValueError(f"F gave shape {shares.shape}; expected {n.shape}: one share of E for each column")
        return shares.reshape(len(rows), -1).sum(axis=1)


@dataclass
class Blocks:
    """The blocks of a network's parameters, layer by layer; going through them reports the progress."""

    F: Callable
    net: Any
    x: Mapping[int, Array]
    moves: int
    sample: int | None
    seed: int
    memory: int
    progress: Callable

    def __post_init__(self) -> None:
        for name, number in (("sample", self.sample), ("memory", self.memory)):
            if number is not None and not number >= 1:
                raise ValueError(f"{name} is {number}; expected at least 1")
        self.parameters = affine_parameters(self.net)

    def __iter__(self) -> Iterator[Block]:
        rng = np.random.default_rng(self.seed)
        chosen = {l: self._chosen(l, rng) for l in self.parameters}
        done, total = 0, sum(len(rows) for rows, _ in chosen.values())
        reported, is_long = time.monotonic(), False
        for l in self.parameters:
            for block in self._blocks_of(l, *chosen[l]):
                yield block
                done += len(block.rows)
                if time.monotonic() - reported > 1 or is_long and done == total:
                    reported, is_long = time.monotonic(), True
                    self.progress(done, total)

    def _chosen(self, l: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Rows and columns of the entries to be measured: a sample of W^l and another one of b^l."""
        width = self.net.W[l].shape[1]
        numbers = np.arange(self.parameters[l].size).reshape(self.parameters[l].shape)
        arrays = [part.ravel() for part in (numbers[:, :width], numbers[:, width:]) if part.size]
        picked = [rng.permutation(part)[: self.sample] for part in arrays]  # [:None] is all of them
        rows, columns = np.unravel_index(np.sort(np.concatenate(picked)), self.parameters[l].shape)
        return rows, columns

    def _blocks_of(self, l: int, rows: Array, columns: Array) -> Iterator[Block]:
        at = self.parameters[l]
        inputs = self._inputs(l)
        widest = max(len(later) for k, later in self.parameters.items() if k >= l)
        copies = max(1, int(self.memory / (LIVE * np.dtype(float).itemsize * widest)))
        size = max(1, copies // (self.moves * inputs.shape[1]))
        u = at @ inputs
        for start in range(0, len(rows), size):
            i, j = rows[start : start + size], columns[start : start + size]
            yield Block(self.F, l, i, j, at[i, j], u, inputs, copies)

    def _inputs(self, l: int) -> Array:
        """(x^{l−1}; 1), or x^{l−1} alone for a layer without biases: what the columns of (W^l b^l) are multiplied
        by."""
        x, n = np.asarray(self.x[l - 1]), self.net.W[l].shape[1]
        if x.ndim != 2 or len(x) != n:
            raise ValueError(f"x[{l - 1}] has shape {x.shape}; expected ({n}, N), as in forward(net, x).x")
        return np.vstack([x, np.ones((self.parameters[l].shape[1] - n, x.shape[1]))])
