"""How often is a gradient check wrong? Our judge beside the rules of four others, scored against 50-digit arithmetic.

    python tests/benchmarks/power.py --seeds 100:150

A check can fail twice over. A *false alarm* turns down a claim that lies within what differences of F can attain there,
plus the claim's own rounding. A *miss* lets a claim through that is more than ten times farther off. What differences
can attain is the error of the central difference, with Richardson's extrapolation where that helps, over a whole decade
of steps, the best one, not that of one lucky h.
Numbers are scored, not formulas: a wrong formula that gives the right numbers (mean for sum at N = 1) is a right claim,
and the last table lists these.
"""

import argparse
import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

import mpmath
import numpy as np
from scipy.optimize import check_grad

import nnmath as nn
from nnmath.check import measurement, mistakes
from nnmath.check.comparison import compare

mpmath.mp.dps = 50
SMOOTH = (nn.tanh, nn.sigmoid, nn.softplus, nn.softsign)


# Regimes


def _plain(rng, f, sizes=(4, 5, 3, 2), N=5, scale=1.0, bias=0.5):
    shapes = list(zip(sizes[1:], sizes))
    W = {l: scale * rng.normal(size=shape) / np.sqrt(shape[1]) for l, shape in enumerate(shapes, 1)}
    b = {l: scale * bias * rng.normal(size=(m, 1)) for l, (m, _) in enumerate(shapes, 1)}
    return nn.Network(W, b, f), rng.normal(size=(sizes[0], N)), rng.normal(size=(sizes[-1], N))


def _saturated(rng, f):
    net, x, y = _plain(rng, f)
    b = {l: rng.choice([-1, 1], size=b.shape) * rng.uniform(3, 8, size=b.shape) for l, b in net.b.items()}
    return nn.Network(net.W, b, f), x, y


def _near_optimum(rng, f):
    net, x, y = _plain(rng, f)
    t = nn.forward(net, x).t
    return net, x, t + 10 ** rng.uniform(-8, -3) * y


def _off_kinks(rng, f):
    while True:
        net, x, y = _plain(rng, nn.relu)
        trace = nn.forward(net, x)
        if min(np.abs(u).min() for u in trace.u.values()) > 0.01 and all((u > 0).any() for u in trace.u.values()):
            return net, x, y


def _single(rng, f):
    net, x, y = _plain(rng, f)
    cast = {l: W.astype(np.float32) for l, W in net.W.items()}, {l: b.astype(np.float32) for l, b in net.b.items()}
    return nn.Network(*cast, f), x.astype(np.float32), y.astype(np.float32)


REGIMES = {
    "plain, N = 1": lambda rng, f: _plain(rng, f, N=1),
    "plain, N = 5": _plain,
    "many, N = 64": lambda rng, f: _plain(rng, f, N=64),
    "square": lambda rng, f: _plain(rng, f, sizes=(4, 4, 4, 4)),
    "weights × 1e-6": lambda rng, f: _plain(rng, f, scale=1e-6),
    "relu off its kinks": _off_kinks,
    "weights × 1e3": lambda rng, f: _plain(rng, f, scale=1e3),
    "saturated": _saturated,
    "near the optimum": _near_optimum,
    "float32 claim": _single,
}
FIRST = tuple(REGIMES)[:6]  # where the goal is none at all


# The truth, in 50 digits

_each = lambda function: np.frompyfunc(function, 1, 1)
_sigmoid = lambda u: 1 / (1 + mpmath.exp(-u))
_EXACT = {
    "tanh": (_each(mpmath.tanh), _each(lambda u: mpmath.sech(u) ** 2)),
    "sigmoid": (_each(_sigmoid), _each(lambda u: _sigmoid(u) * _sigmoid(-u))),
    "softplus": (_each(lambda u: mpmath.log1p(mpmath.exp(u))), _each(_sigmoid)),
    "softsign": (_each(lambda u: u / (1 + abs(u))), _each(lambda u: 1 / (1 + abs(u)) ** 2)),
    "relu": (_each(lambda u: max(u, mpmath.mpf(0))), _each(lambda u: mpmath.mpf(int(u > 0)))),
}
_exact = lambda array: _each(lambda entry: mpmath.mpf(float(entry)))(array)


def exact_deltas(net, l, u, y):
    """δ^l … δ^L and u^l … u^L of the layers from l up, from u^l, in 50 digits."""
    f, prime = _EXACT[net.f[1].name]
    W, b = {k: _exact(W) for k, W in net.W.items()}, {k: _exact(b) for k, b in net.b.items()}
    us = {l: u}
    for k in range(l + 1, net.L + 1):
        us[k] = W[k] @ f(us[k - 1]) + b[k]
    deltas = {net.L: prime(us[net.L]) * (f(us[net.L]) - _exact(y))}
    for k in range(net.L - 1, l - 1, -1):
        deltas[k] = (W[k + 1].T @ deltas[k + 1]) * prime(us[k])
    return deltas, us


def exact_gradient(net, x, y):
    """∂E/∂W^l and ∂E/∂b^l in 50 digits."""
    f, _ = _EXACT[net.f[1].name]
    deltas, us = exact_deltas(net, 1, _exact(net.W[1]) @ _exact(x) + _exact(net.b[1]), y)
    xs = {0: _exact(x)} | {l: f(u) for l, u in us.items()}
    return ({l: deltas[l] @ xs[l - 1].T for l in net.W}, {l: deltas[l].sum(axis=1, keepdims=True) for l in net.b})


# What is claimed


@dataclass(frozen=True, eq=False)
class Place:
    """A derivative to be claimed: F at a point, its true value, the right formula's numbers and the wrong ones."""

    name: str
    F: object
    at: np.ndarray
    truth: np.ndarray
    right: np.ndarray
    wrong: dict

    @cached_property
    def measured(self):
        return measurement.measure(self.F, self.at)

    def judge(self, claim, suspects):
        """nn.judge in its two halves, since the slopes are the same for every claim."""
        return compare(claim, self.measured, suspects, at=self.at)


def places(net, x, y, eta=0.1):
    """δ^l, ∂E/∂W^l and ∂E/∂b^l of every layer, with all that the catalogue says may go wrong there."""
    trace, double = nn.forward(net, x), _double(net)
    delta = nn.deltas(net, trace, y)
    known = {
        "W": net.W,
        "x": trace.x,
        "u": trace.u,
        "f": net.f,
        "t": trace.t,
        "y": y,
        "L": net.L,
        "delta": delta,
        "eta": eta,
        "N": x.shape[1],
    }
    x64, y64 = x.astype(float), y.astype(float)
    dE_dW, dE_db = exact_gradient(net, x, y)
    for l in net.W:
        u = trace.u[l].astype(float)
        yield _place(
            f"δ{l}",
            "delta_L" if l == net.L else "delta",
            known | {"l": l},
            u,
            lambda u, l=l: nn.E(nn.forward_from(double, l, u), y64),
            exact_deltas(net, l, _exact(u), y)[0][l],
        )
        yield _place(
            f"W{l}",
            "dE_dW",
            known | {"l": l},
            double.W[l],
            lambda W, l=l: nn.E(nn.forward(double.replace(W={l: W}), x64).t, y64),
            dE_dW[l],
        )
        yield _place(
            f"b{l}",
            "dE_db",
            known | {"l": l},
            double.b[l],
            lambda b, l=l: nn.E(nn.forward(double.replace(b={l: b}), x64).t, y64),
            dE_db[l],
        )


def settings(net, x, y):
    """The other settings, on the numbers of one network: a layer, ∂E/∂t, a softmax, a cross-entropy, two batches."""
    W, b, u = net.W[1], net.b[1], nn.forward(net, x).u[net.L]
    layer = {"k": 1, "W": W, "x": x[:, :1], "b": b, "f": net.f[1]}
    W64, x64, b64, y64, u64 = (array.astype(float) for array in (W, x[:, :1], b, y, u))
    f, prime = _EXACT[net.f[1].name]
    one = _exact(nn.e(1, len(W)))
    yield _place("du_db", "du_db", layer, b64, lambda b: (W64 @ x64 + b)[1, 0], one)
    yield _place("du_dW", "du_dW", layer, W64, lambda W: (W @ x64 + b64)[1, 0], one @ _exact(x[:, :1]).T)
    yield _place("du_dx", "du_dx", layer, x64, lambda x: (W64 @ x + b64)[1, 0], _exact(W[[1]]).T)
    yield _place(
        "through",
        "du_dx_through",
        layer,
        x64,
        lambda x: (W64 @ net.f[1](x) + b64)[1, 0],
        _exact(W[[1]]).T * prime(_exact(x[:, :1])),
    )
    t = net.f[net.L](u)
    yield _place("E by t", "dE_dt", {"t": t, "y": y}, t.astype(float), lambda t: nn.E(t, y64), _exact(t) - _exact(y))
    powers = _each(mpmath.exp)(_exact(u[:, :1]))
    shares = powers / powers.sum()
    yield _place(
        "softmax",
        "softmax",
        {"k": 1, "t": _softmax(u[:, :1])},
        u64[:, :1],
        lambda u: _softmax(u)[1, 0],
        shares[1] * (_exact(nn.e(1, len(u))) - shares),
    )
    label = (y > 0).astype(y.dtype)
    yield _place(
        "cross-entropy",
        "cross_entropy",
        {"f": nn.sigmoid, "u": u, "t": nn.sigmoid(u), "y": label},
        u64,
        lambda u: np.sum(nn.softplus(u) - label * u),
        _each(_sigmoid)(_exact(u)) - _exact(label),
    )
    if x.shape[1] > 1:
        yield from _batches(net, x, y)


def _softmax(u):
    powers = np.exp(u - u.max())
    return powers / powers.sum()


def _batches(net, x, y):
    half, double = x.shape[1] // 2, _double(net)
    first, second = ((x[:, some], y[:, some]) for some in (np.s_[:half], np.s_[half:]))
    known = {
        name: nn.gradient(net, nn.forward(net, x), y).dE_dW[1]
        for name, (x, y) in (("first", first), ("second", second))
    }
    for formula, (xs, ys) in (("two_batches", (x, y)), ("next_batch", second)):
        x64, y64 = xs.astype(float), ys.astype(float)
        yield _place(
            formula,
            formula,
            known,
            double.W[1],
            lambda W, x=x64, y=y64: nn.E(nn.forward(double.replace(W={1: W}), x).t, y),
            exact_gradient(net, xs, ys)[0][1],
        )


def _double(net):
    W, b = ({l: array.astype(float) for l, array in arrays.items()} for arrays in (net.W, net.b))
    return nn.Network(W, b, net.f)


def _place(name, formula, symbols, at, F, truth):
    """The claims have the precision of their symbols: e(k, m) is a float64, and would hide that its factors are not."""
    precision = np.result_type(*(array for array in symbols.values() if isinstance(array, np.ndarray)))
    claims = {"correct": mistakes.value(formula, "correct", **symbols), **mistakes.suspects(formula, **symbols)}
    claims = {name: np.asarray(claim).astype(precision) for name, claim in claims.items()}
    right = claims.pop("correct")
    return Place(name, _remembering(F), at, truth, right, claims | _spoiled(right))


def _spoiled(right):
    """The mistakes that need no network: a factor, an order, a part."""
    wrong = {
        "factor 2": 2 * right,
        "factor ½": right / 2,
        "sign": -right,
        "constant factor": 3.7 * right,
        "zero returned": 0 * right,
    }
    if right.shape[0] > 2 and right.shape[1] > 1:
        first, entry, large = right.copy(), right.copy(), np.abs(right).max()
        first[0], entry[1, 0] = 1.5 * first[0] + large, 1.5 * right[1, 0] + large
        wrong |= {"rows in another order": np.roll(right, 1, axis=0), "one row wrong": first, "one entry wrong": entry}
    return wrong


def _remembering(F):
    """F, run once for each point: the same point is asked for again for every claim."""
    known = {}

    def remembered(at):
        key = at.tobytes()
        if key not in known:
            known[key] = float(F(at))
        return known[key]

    return remembered


# The rules


def _nudged(F, at, i, h):
    moved = at.copy()
    moved[i] += h
    return F(moved)


def _central(F, at, h):
    slopes = [(_nudged(F, at, i, h) - _nudged(F, at, i, -h)) / (2 * h) for i in np.ndindex(at.shape)]
    return np.reshape(slopes, at.shape)


def _forward(F, at, h):
    here = F(at)
    return np.reshape([(_nudged(F, at, i, h) - here) / h for i in np.ndindex(at.shape)], at.shape)


def by_gradcheck(claim, F, at):
    """torch.autograd.gradcheck with its defaults."""
    measured = _central(F, at, 1e-6)
    return bool((np.abs(claim - measured) <= 1e-5 + 1e-3 * np.abs(measured)).all())


def by_check_grad(claim, F, at):
    """scipy.optimize.check_grad below 1e-6."""
    return bool(check_grad(lambda a: F(a.reshape(at.shape)), lambda a: claim.ravel(), at.ravel()) < 1e-6)


def by_cs231n(claim, F, at):
    """CS231n: central, h = 1e-5, the largest relative error below 1e-5."""
    measured = _central(F, at, 1e-5)
    return bool(np.max(np.abs(claim - measured) / np.maximum(1e-8, np.abs(claim) + np.abs(measured))) < 1e-5)


def by_udl(claim, F, at):
    """Understanding Deep Learning, notebook 7.2: forward, h = 1e-6, allclose(1e-5, 1e-8)."""
    return bool(np.allclose(_forward(F, at, 1e-6), claim, rtol=1e-5, atol=1e-8))


PEERS = {"gradcheck": by_gradcheck, "check_grad": by_check_grad, "CS231n": by_cs231n, "UDL": by_udl}


# Scoring


def attainable(place):
    """The error of differences over a decade of steps, entry by entry, in the best decade: of the central difference as
    it is, or with its h² term taken away (Richardson), whichever comes nearer."""
    steps = 10.0 ** np.arange(-0.5, -10.01, -0.25)
    D = np.array([_central(place.F, place.at, h) for h in steps])
    R = (10 * D[2:] - D[:-2]) / 9  # two steps down h is a √10th, and h² a tenth
    return np.minimum(_best_decade(D, place.truth), _best_decade(R, place.truth))


def _best_decade(slopes, truth):
    """The least over all decades (five steps) of the largest error within one."""
    errors = np.array([_gap(step, truth) for step in slopes])
    return np.min([errors[n : n + 5].max(axis=0) for n in range(len(errors) - 4)], axis=0)


def _gap(claim, truth):
    return (np.abs(_exact(claim) - truth)).astype(float)


def limit(place):
    """How far off a claim may lie: what differences attain there, and the rounding of the right formula's own run."""
    eps = float(np.finfo(place.right.dtype).eps)
    rounding = _gap(place.right, place.truth).max() + eps * np.abs(place.right.astype(float))
    return attainable(place) + rounding


def score(passes, gap, limit):
    """ "false alarm", "miss", "right claim", "wrong claim", or "between"."""
    if (gap <= limit).all():
        return "right claim" if passes else "false alarm"
    if (gap > 10 * limit).any():
        return "miss" if passes else "wrong claim"
    return "between"


@dataclass
class Tally:
    scores: dict
    silent: Counter
    reasons: Counter  # with the suspects of a known network
    blind: Counter  # from the numbers alone
    same_numbers: Counter
    examples: list


def _blank():
    return Tally({rule: Counter() for rule in ["ours", *PEERS]}, Counter(), Counter(), Counter(), Counter(), [])


def run(regime, seeds):
    """All claims of a regime on these seeds, through every rule."""
    tally = _blank()
    for seed in seeds:
        rng = np.random.default_rng([seed, list(REGIMES).index(regime)])
        example = REGIMES[regime](rng, SMOOTH[seed % len(SMOOTH)])
        for place in (*places(*example), *settings(*example)):
            _run_place(place, tally, seed)
    return tally


def _run_place(place, tally, seed):
    allowed = limit(place)
    assert str(place.judge(place.right, place.wrong)) == str(nn.judge(place.right, place.F, place.at, place.wrong))
    for name, claim in {"correct": place.right, **place.wrong}.items():
        if np.shape(claim) != place.at.shape:
            _diagnose(name, claim, place, np.ones(place.at.shape, bool), tally, seed)
            continue
        gap = _gap(claim, place.truth)
        verdict = place.judge(claim, place.wrong)
        outcome = score(verdict.kind == "agrees", gap, allowed)
        if verdict.kind == "inconclusive":
            tally.silent[{"right claim": "right", "miss": "wrong"}.get(score(True, gap, allowed), "between")] += 1
        else:
            tally.scores["ours"][outcome] += 1
            if outcome in ("false alarm", "miss"):
                tally.examples.append((outcome, seed, place.name, name, str(verdict)[:90]))
        for rule, passes in PEERS.items():
            tally.scores[rule][score(passes(claim, place.F, place.at), gap, allowed)] += 1
        if name != "correct" and (gap <= allowed).all():
            tally.same_numbers[name] += 1
        if (gap > 10 * allowed).any():
            _diagnose(name, claim, place, gap > 10 * allowed, tally, seed)


def _diagnose(name, claim, place, far, tally, seed):
    """Is the first reason the mistake that was made, or one that gives the same numbers? With suspects and without.
    The claim is rounded anew, as a program that works in another order would round it; far marks its wrong entries."""
    eps, rng = np.finfo(place.right.dtype).eps, np.random.default_rng(seed)
    claim = (claim * (1 + eps * rng.uniform(-2, 2, size=np.shape(claim)))).astype(place.right.dtype)
    for suspects, counts in ((place.wrong, tally.reasons), (None, tally.blind)):
        verdict = place.judge(claim, suspects)
        if verdict.kind == "disagrees":
            first = verdict.reasons[0] if verdict.reasons else None
            kind = "none" if first is None else "right" if first == name or _twin(first, claim, place, far) else "wrong"
            counts[kind] += 1
            if kind == "wrong" or kind == "none" and suspects:
                tally.examples.append((f"{kind} reason", seed, place.name, name, str(verdict)[:110], first))


# The general names that say the same as a particular one, told from the numbers: (claim, right numbers) → bool.
_SAME = {
    "sign": lambda c, r: np.allclose(c, -r),
    "factor 2": lambda c, r: np.allclose(c, 2 * r),
    "factor ½": lambda c, r: np.allclose(c, r / 2),
    "mean for sum": lambda c, r: np.allclose(c * np.rint(np.sum(r * r) / np.sum(c * r)), r),
    "constant factor": lambda c, r: np.allclose(c, r * np.sum(c * r) / np.sum(r * r)),
    "transposed": lambda c, r: c.shape == r.T.shape and np.allclose(c, r.T),
    "flat vector": lambda c, r: c.ndim < r.ndim and c.size == r.size and np.allclose(c.ravel(), r.ravel()),
    "an axis too many": lambda c, r: c.ndim > r.ndim and c.size == r.size and np.allclose(c.ravel(), r.ravel()),
    "sum over the wrong axis": lambda c, r: c.size != r.size and np.isclose(c.sum(), r.sum()),
    "one scalar": lambda c, r: c.size == 1 and np.allclose(c.sum(), r.sum()),
    "another shape": lambda c, r: c.shape != r.shape,
    "broadcast": lambda c, r: c.ndim == r.ndim and c.size > r.size,
    "not a number": lambda c, r: not np.isfinite(c).all(),
    "zero returned": lambda c, r: not c.any(),
    "not summed over examples": lambda c, r: c.ndim == 2 and np.allclose(c.sum(axis=1, keepdims=True), r),
    "rows in another order": lambda c, r: np.allclose(np.sort(c, axis=0), np.sort(r, axis=0)),
    "columns in another order": lambda c, r: np.allclose(np.sort(c, axis=1), np.sort(r, axis=1)),
}
# Patterns that the check sees in the wrong entries alone: (claim, truth as measured, which entries are wrong) → bool.
_PATTERNS = {
    "zero where wrong": lambda c, r, far: not c[far].any(),
    "zero forgotten": lambda c, r, far: np.allclose(r[far], 0, atol=1e-9 * np.abs(c).max()),
    "constant added": lambda c, r, far: np.ptp((c - r)[far]) <= 1e-6 * np.abs((c - r)[far]).max(),
    "clipped": lambda c, r, far: len(np.unique(c[far])) <= 2 and (np.abs(c[far]) <= np.abs(r[far])).all(),
    "counted once": lambda c, r, far: all(
        np.allclose(row * np.rint(np.sum(row * true) / np.sum(row * row)), true) for row, true in zip(c, r) if row.any()
    ),
    "truncated to integers": lambda c, r, far: np.array_equal(c, np.rint(c)) and (np.abs(c - r) < 1).all(),
    "memory order": lambda c, r, far: np.allclose(np.sort(c, axis=None), np.sort(r, axis=None)),
    "reversed along an axis": lambda c, r, far: np.allclose(np.sort(c, axis=None), np.sort(r, axis=None)),
    "sums not zero": lambda c, r, far: any(np.allclose(r.sum(axis), 0, atol=1e-9 * np.abs(r).max()) for axis in (0, 1)),
    "sums zero": lambda c, r, far: any(np.allclose(c.sum(axis), 0, atol=1e-9 * np.abs(c).max()) for axis in (0, 1)),
    "zeros lost": lambda c, r, far: np.sum(np.abs(r) <= 1e-4 * np.abs(c)) > 1,
    "zeros too many": lambda c, r, far: np.sum((c == 0) & (r != 0)) > 1,
    "right sums": lambda c, r, far: any(
        np.allclose(c.sum(axes), r.sum(axes), rtol=1e-5, atol=1e-8 * np.abs(r).max()) for axes in (0, 1, (0, 1))
    ),
    "lower rank": lambda c, r, far: _rank(c) < _rank(r),
    "factor that varies": lambda c, r, far: _one_side((c / np.where(r, r, 1))[np.abs(r) > 0.011 * np.abs(r).max()]),
    "some rows wrong": lambda c, r, far: 2 * far.any(axis=1).sum() <= len(far),
    "some columns wrong": lambda c, r, far: 2 * far.any(axis=0).sum() <= far.shape[1],
}
# The same for those that look at the parameters: (claim, truth, point) → bool.
_OF_THE_POINT = {
    "value for derivative": lambda c, r, at: np.allclose(
        c, at * np.sum(c * at) / np.sum(at**2), atol=1e-5 * np.abs(c).max()
    ),
    "power of the parameter": lambda c, r, at: any(
        np.allclose(c[r != 0], (r * at**k)[r != 0] * np.median((c / at**k)[r != 0] / r[r != 0]), rtol=1e-2)
        for k in (1, -1, 2)
    ),
    "depends on the parameter": lambda c, r, at: _turns(np.arctan2(c, r).ravel()[np.argsort(at, axis=None)]) <= 1,
    "sums not zero": lambda c, r, at: any(
        np.linalg.matrix_rank(np.stack([r.sum(axis), at.sum(axis)]), tol=1e-6 * np.abs(r).max()) <= 1 for axis in (0, 1)
    ),
}
_PARTS = {
    "one entry wrong": lambda far: far.sum(),
    "one row wrong": lambda far: far.any(axis=1).sum(),
    "one column wrong": lambda far: far.any(axis=0).sum(),
}


def _rank(matrix):
    return np.linalg.matrix_rank(matrix, tol=1e-5 * np.linalg.norm(matrix))


def _one_side(ratios):
    return (ratios > 0).all() and ((ratios < 1).all() or (ratios > 1).all())


def _turns(angles):
    """How often the steps from one angle to the next change their direction; angles that differ by π are one."""
    steps = np.diff(angles)
    steps -= np.pi * np.round(steps / np.pi)
    return np.count_nonzero(np.diff(np.sign(steps)))


def _twin(first, claim, place, far):
    """Whether the reason named gives the claim's numbers, to a thousandth of what sets these apart from the truth; that
    one part is wrong is right where no other part is."""
    c, r = np.asarray(claim, float), place.truth.astype(float)
    if first in _PATTERNS and _PATTERNS[first](c, r, far):
        return True
    if first in _OF_THE_POINT and first not in place.wrong:
        return bool(_OF_THE_POINT[first](c, r, place.at))
    if first in _PATTERNS:
        return False
    if first == "weight decay":
        off, at = (claim - place.truth.astype(float))[far], place.at[far]
        return bool(np.allclose(off, at * np.sum(off * at) / np.sum(at * at), atol=1e-6 * np.abs(off).max()))
    if first in _PARTS:
        return _PARTS[first](far) == 1
    wrong = place.wrong.get(first)
    if wrong is not None and np.shape(wrong) == np.shape(claim):
        apart = np.abs(place.right - claim).max() if np.shape(claim) == place.right.shape else 0
        if np.allclose(wrong, claim, rtol=1e-5, atol=1e-3 * apart):
            return True
    return first in _SAME and bool(_SAME[first](np.asarray(claim, float), place.right.astype(float)))


# The table


def report(tallies):
    rules = ["ours", *PEERS]
    print("\nfalse alarms of right claims, misses of wrong ones; “inconclusive” (right, wrong) in its own column\n")
    print("| regime | " + " | ".join(rules) + " | ours inconclusive |")
    print("|---|" + "---|" * (len(rules) + 1))
    for regime, tally in [*tallies.items(), ("all", _sum(tallies))]:
        cells = [_cell(tally.scores[rule]) for rule in rules]
        print(f"| {regime} | " + " | ".join(cells) + f" | {tally.silent['right']}, {tally.silent['wrong']} |")
    print("\nthe first reason: right, none, wrong; where the network is known, and from the numbers alone\n")
    print("| regime | right | none | wrong | alone: right | none | wrong |\n|---|---|---|---|---|---|---|")
    for regime, tally in [*tallies.items(), ("all", _sum(tallies))]:
        cells = [f"{counts[kind]}" for counts in (tally.reasons, tally.blind) for kind in ("right", "none", "wrong")]
        print(f"| {regime} | " + " | ".join(cells) + " |")
    print("\nwrong formulas that gave the right numbers:")
    for regime, tally in tallies.items():
        print(f"  {regime}: " + (", ".join(f"{name} {n}×" for name, n in tally.same_numbers.most_common(8)) or "none"))


def _cell(scores):
    right, wrong = scores["right claim"] + scores["false alarm"], scores["wrong claim"] + scores["miss"]
    return f"{scores['false alarm']}/{right}, {scores['miss']}/{wrong}"


def _sum(tallies):
    total = _blank()
    for tally in tallies.values():
        for rule, scores in tally.scores.items():
            total.scores[rule] += scores
        total = replace(
            total,
            silent=total.silent + tally.silent,
            reasons=total.reasons + tally.reasons,
            blind=total.blind + tally.blind,
        )
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="100:150", help="first:last+1")
    parser.add_argument("--regimes", nargs="*", default=list(REGIMES), help="beginnings of their names")
    parser.add_argument("--examples", type=int, default=0, help="show so many failures of each regime")
    options = parser.parse_args()
    seeds = range(*map(int, options.seeds.split(":")))
    started, tallies = time.perf_counter(), {}
    for regime in REGIMES:
        if regime.startswith(tuple(options.regimes)):
            tallies[regime] = run(regime, seeds)
            for example in tallies[regime].examples[: options.examples]:
                print(regime, *example, sep=" | ")
    report(tallies)
    print(f"\nseeds {options.seeds}, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
