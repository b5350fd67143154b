"""The referee: derivatives by nudging. It imports nothing of nnmath, so it knows none of the formulas."""

import sys
import time

import numpy as np

MEMORY = 2**22    # bytes that the copies of a network may fill: more would be fetched from afar, and slower


def numerical_gradient(F, at, h=None):
    """∂F/∂a_i ≈ (F(a + h e_i) − F(a − h e_i)) / 2h, the central difference, entry by entry

    Shapes: at any shape, F(at) one number → the shape of at. h defaults to ε^{1/3} max(1, |a_i|), ε that of at's dtype.
    Errors: ValueError unless F gives one finite number and h > 0; TypeError for complex or object entries. Chapter 01.
    """
    at = point(at)
    slopes = np.empty_like(at)
    for i in np.ndindex(at.shape):
        step = _step(at[i], h)
        slopes[i] = (finite_number(F, nudged(at, i, step)) - finite_number(F, nudged(at, i, -step))) / (2 * step)
    return slopes


def numerical_jacobian(F, at, h=None):
    """J_ki ≈ (F_k(a + h e_i) − F_k(a − h e_i)) / 2h: row k is what output k does, column i what input i causes

    Shapes: at (n, 1), F(at) (m, 1) → (m, n). Errors: those of gradient; ValueError unless both are columns. Chapter 04.
    """
    at = point(at)
    if at.ndim != 2 or at.shape[1] != 1:
        raise ValueError(f"at has shape {at.shape}; expected a column (n, 1)")
    columns = []
    for i in np.ndindex(at.shape):
        step = _step(at[i], h)
        rise = _column(F, nudged(at, i, step)) - _column(F, nudged(at, i, -step))
        columns.append(rise / (2 * step))
    return np.hstack(columns)


def report_progress(done, total):
    """How far the referee has come, on a terminal; nowhere else, since a notebook would store it."""
    if sys.stderr.isatty():
        print(f"\r{done:,} of {total:,} parameters", end="\n" if done == total else "", file=sys.stderr, flush=True)


def numerical_gradient_of_network(F, net, x, sample=None, seed=0, memory=MEMORY, progress=report_progress):
    """∂E/∂W_ij^l ≈ (E(W_ij^l + h) − E(W_ij^l − h)) / 2h, the same for b_i^l: every layer's, many nudges at once

    A nudge of W_ij^l leaves all below layer l as it is and moves u_i^l alone, by h x_j^{l−1}, because u^l is affine in
    W^l and b^l: so copies of u^l, moved, run on together as columns. That is all that is known of the network; the rest
    is F(l, u, n), which runs it on from u^l = u and gives each column's share of E, that of example n[c] in column c.
    Shapes: x[l] (n_l, N), u (n_l, C), n (C,), F (C,) → two dicts {l: …} in the shapes of net.W and net.b. `sample`
    measures that many parameters of each layer, chosen by seed, and gives NaN for the others; the copies fill `memory`
    bytes at most; progress(done, total) is called once a second. Errors: ValueError unless F gives finite numbers, one
    a column, and for a sample or memory below 1. Chapter 09.
    """
    slopes = {l: np.full(at.shape, np.nan) for l, at in all_parameters(net).items()}
    for l, where, at, errors in blocks(F, net, x, 2, sample, seed, memory, progress):
        steps = 2.0**np.round(np.log2(np.cbrt(np.finfo(float).eps) * np.maximum(1, np.abs(at))))
        up, down = errors(np.stack([steps, -steps], axis=1)).T
        slopes[l][where] = (up - down) / (2 * steps)
        if not np.isfinite(slopes[l][where]).all():
            raise ValueError(f"F gave numbers that are not finite near layer {l}; expected finite ones")
    return {l: a[:, :-1] for l, a in slopes.items()}, {l: a[:, -1:] for l, a in slopes.items()}


def all_parameters(net):
    """(W^l b^l), one array a layer: u^l = (W^l b^l)(x^{l−1}; 1)"""
    return {l: np.hstack([net.W[l], net.b[l]]).astype(np.float64) for l in net.W}


def blocks(F, net, x, moves, sample, seed, memory, progress):
    """(l, where, at, errors) for some parameters of a layer at a time: errors(steps) gives E with each of them moved by
    each of its steps, (entries, moves)."""
    _at_least_one("sample", sample), _at_least_one("memory", memory)
    parameters, rng = all_parameters(net), np.random.default_rng(seed)
    chosen = {l: _chosen(at, sample, rng) for l, at in parameters.items()}
    done, total, told, long = 0, sum(i.size for i, _ in chosen.values()), time.monotonic(), False
    for l, at in parameters.items():
        inputs = _inputs(x, l, at.shape[1] - 1)
        u, widest = at @ inputs, max(len(above) for k, above in parameters.items() if k >= l)
        columns = max(1, int(memory / (8 * 8 * widest)))    # F fills some eight arrays of the widest layer
        size = max(1, columns // (moves * inputs.shape[1]))
        for start in range(0, chosen[l][0].size, size):
            i, j = (some[start:start + size] for some in chosen[l])
            yield l, (i, j), at[i, j], lambda steps: _errors(F, l, u, i, inputs[j], steps, columns)
            done += i.size
            if time.monotonic() - told > 1 or long and done == total:
                told, long = time.monotonic(), True
                progress(done, total)


def _at_least_one(name, number):
    if number is not None and not number >= 1:
        raise ValueError(f"{name} is {number}; expected at least 1")


def _inputs(x, l, rows):
    """(x^{l−1}; 1), what the columns of (W^l b^l) are multiplied by."""
    below = np.asarray(x[l-1])
    if below.ndim != 2 or len(below) != rows:
        raise ValueError(f"x[{l - 1}] has shape {below.shape}; expected ({rows}, N), as in forward(net, x).x")
    return np.vstack([below, np.ones((1, below.shape[1]))])


def _chosen(at, sample, rng):
    """Rows and columns of the entries to be measured."""
    return np.unravel_index(np.sort(rng.permutation(at.size)[:sample]), at.shape)    # [:None] is all of them


def _errors(F, l, u, i, inputs, steps, columns):
    """E where u_i^l is moved by each step times its inputs (entries, N): (entries, moves)."""
    i, E = np.repeat(i, steps.shape[1]), np.zeros(steps.size)
    by = (steps[:, :, np.newaxis] * inputs[:, np.newaxis]).reshape(steps.size, -1)
    for some in np.array_split(np.arange(u.shape[1]), -(-u.shape[1] // columns)):    # all examples at once if they fit
        copies, n = np.repeat(u[:, np.newaxis, some], steps.size, axis=1), np.tile(some, steps.size)
        copies[i, np.arange(steps.size)] += by[:, some]
        shares = np.asarray(F(l, copies.reshape(len(u), -1), n))
        if shares.shape != n.shape:
            raise ValueError(f"F gave shape {shares.shape}; expected {n.shape}: one share of E for each column")
        E += shares.reshape(steps.size, -1).sum(axis=1)
    return E.reshape(steps.shape)


def point(at):
    """at as an array of real, finite numbers, in float64 unless it is float32."""
    at = np.asarray(at)
    if at.dtype.kind not in "fiub":
        raise TypeError(f"at has dtype {at.dtype}; expected real numbers")
    if at.dtype != np.float32:
        at = at.astype(np.float64)
    if at.size == 0:
        raise ValueError(f"at is empty, shape {at.shape}; expected at least one entry to nudge")
    if not np.isfinite(at).all():
        raise ValueError("at holds NaN or infinity; expected a finite point")
    return at


def _step(entry, h):
    """A step that is exact in binary, so that (a + h) − a is h and not merely near it."""
    if h is None:
        h = np.cbrt(np.finfo(entry.dtype).eps) * max(1, abs(entry))
        return entry.dtype.type(2.0 ** np.round(np.log2(h)))
    if not (np.ndim(h) == 0 and np.isfinite(h) and h > 0):
        raise ValueError(f"h is {h!r}; expected one positive number, or None for the default")
    return entry.dtype.type(h)


def nudged(at, i, step):
    """A copy of at with entry i moved by step."""
    nudged = at.copy()
    nudged[i] += step
    return nudged


def finite_number(F, at):
    """F(at), if it is one finite number. Errors: ValueError."""
    value = one_number(F, at)
    if not np.isfinite(value):
        raise ValueError(f"F gave {value} at a point near the one asked for; expected a finite number")
    return value


def one_number(F, at):
    """F(at), if it is one real number, NaN and infinity included. Errors: ValueError."""
    value = np.asarray(F(at))
    if value.size != 1 or value.dtype.kind not in "fiub":
        gave = "None" if value.shape == () and value[()] is None else f"shape {value.shape} and dtype {value.dtype}"
        raise ValueError(f"F gave {gave}; expected one real number: "
                         f"a gradient belongs to a scalar F, for example one entry u_k or E")
    return value.reshape(())[()] if value.dtype.kind == "f" else np.float64(value.item())    # bools and bytes have no −


def _column(F, at):
    value = np.asarray(F(at))
    if value.ndim != 2 or value.shape[1] != 1 or not np.isfinite(value).all():
        raise ValueError(f"F gave shape {value.shape}; expected a column (m, 1) of finite numbers")
    return value
