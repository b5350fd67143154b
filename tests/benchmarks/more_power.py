"""How often is the check wrong beyond single formulas: whole programs, functions that are no networks, public cases.

    python tests/benchmarks/more_power.py programs --seeds 0:50
    python tests/benchmarks/more_power.py functions --number 3000
    python tests/benchmarks/more_power.py cases FOLDER

`programs` makes one or two mistakes in a whole backward pass, with a softmax, a cross-entropy, an activation for each
layer, or weight decay. `functions` checks smooth functions whose inputs, outputs and offsets have sizes from 1e-8 to
1e9. `cases` runs programs that call `runner.show(label, lambda: nn.judge(…))`, and asks other checks about the same
claims; it takes those of torch, jax, autograd and scipy that are installed.
"""

import argparse
import contextlib
import io
import itertools
import pathlib
import runpy
import sys
import time
import types
from collections import Counter

import autograd
import autograd.numpy as anp
import numpy as np

import nnmath as nn
from nnmath.backprop import objective
from nnmath.check import mistakes
from nnmath.check.structure import leaves, rebuilt

# Whole programs

LOSSES = {
    "squared error": (nn.squared_error, nn.tanh),
    "sigmoid, cross-entropy": (nn.binary_cross_entropy.mean, nn.sigmoid),
    "softmax, cross-entropy": (nn.cross_entropy.mean, nn.softmax),
}
SLOPES = [("slope", name) for name in mistakes.names("slope")[1:]]
PASS = [(formula, name) for formula in mistakes.PASS for name in mistakes.names(formula)[1:]]


def program(seed):
    """A network with its data, loss and decay."""
    rng = np.random.default_rng([seed, 7])
    kind = list(LOSSES)[seed % 3]
    loss, last = LOSSES[kind]
    sizes = [(4, 5, 3), (3, 5, 4, 2), (4, 6, 5, 3)][seed % 4 % 3]
    hidden = [nn.tanh, nn.sigmoid, nn.softplus]
    f = {l: hidden[(seed + l) % 3] for l in range(1, len(sizes) - 1)} | {len(sizes) - 1: last}
    net = nn.Network(
        {l: rng.normal(size=(m, n)) / np.sqrt(n) for l, (n, m) in enumerate(itertools.pairwise(sizes), 1)},
        {l: rng.normal(size=(m, 1)) / 2 for l, m in enumerate(sizes[1:], 1)},
        f,
    )
    N = 6
    x = rng.normal(size=(sizes[0], N))
    if kind == "softmax, cross-entropy":
        y = np.eye(sizes[-1])[:, rng.integers(0, sizes[-1], N)]
    else:
        y = rng.uniform(0.1, 0.9, size=(sizes[-1], N))
    return kind, net, x, y, loss, [0.0, 0.05][seed // 2 % 2]


def programs(seeds):
    tally = Counter()
    for seed in seeds:
        kind, net, x, y, loss, decay = program(seed)
        kind += ", decay" if decay else ""
        trace = nn.forward(net, x)
        right = nn.gradient(net, trace, y, loss, decay)
        tally[kind, "one", "right"] += 1
        tally[kind, "one", "false alarm"] += nn.judge_network(right, net, x, y, loss, decay).kind != "agrees"
        rng = np.random.default_rng([seed, 8])
        every = SLOPES + PASS
        pairs = [tuple(every[n] for n in rng.choice(len(every), 2, replace=False)) for _ in range(12)]
        for many, made in [("one", (one,)) for one in every] + [
            ("two", pair) for pair in pairs if pair[0][0] != pair[1][0]
        ]:
            try:
                claim = mistakes.gradient_with_mistakes(net, trace, y, dict(made), loss, decay)
            except mistakes.formulas.DOES_NOT_FIT:
                continue
            if _same(claim, right):
                continue
            verdict = nn.judge_network(claim, net, x, y, loss, decay)
            tally[kind, many, "wrong"] += 1
            tally[kind, many, "miss"] += verdict.kind == "agrees"
            tally[kind, many, "whole"] += verdict.whole
            tally[kind, many, "named"] += (
                set(verdict.reasons) == {name for _, name in made}
                or verdict.whole
                and bool(
                    {name for _, name in made} & {n for one in verdict.diagnoses for n in (one.name, *one.same_numbers)}
                )
            )
    print("| program | false alarms | misses | one mistake: named | explains all | two: named | explain all |")
    print("|---|---|---|---|---|---|---|")
    for kind in dict.fromkeys(kind for kind, _, _ in tally):
        one, two = (
            {what: tally[kind, many, what] for what in ("right", "false alarm", "wrong", "miss", "whole", "named")}
            for many in ("one", "two")
        )
        misses, wrong = one["miss"] + two["miss"], one["wrong"] + two["wrong"]
        print(
            f"| {kind} | {one['false alarm']}/{one['right']} | {misses}/{wrong} | "
            f"{one['named']}/{one['wrong']} | {one['whole']}/{one['wrong']} | {two['named']}/{two['wrong']} | "
            f"{two['whole']}/{two['wrong']} |"
        )


def _same(claim, right):
    pairs = (
        [(claim.dE_dW, right.dE_dW), (claim.dE_db, right.dE_db)]
        if hasattr(claim, "dE_dW")
        else zip(claim, (right.dE_dW, right.dE_db))
    )
    return all(
        np.shape(a[l]) == b[l].shape and np.allclose(a[l], b[l], rtol=1e-7, atol=1e-9 * np.abs(b[l]).max())
        for a, b in pairs
        for l in b
    )


# Functions that are no networks


def _functions(rng):
    A, c, d = rng.normal(size=(4, 4)), rng.normal(size=4), rng.normal(size=4)
    S = A @ A.T + 4 * np.eye(4)

    def steps(v):
        for _ in range(5):
            v = v + 0.1 * anp.tanh(A @ v)
        return v

    return {
        "polynomial": lambda v: c[0] * v[0] ** 3 - 2 * v[1] * v[2] + d[1] * v[3] ** 2 * v[0] + c[1] * v[1],
        "rational": lambda v: (v[0] + c[0] * v[1]) / (3 + v[2] ** 2) + d[0] * v[3] / (2 + v[0] ** 2),
        "log-determinant": lambda v: anp.linalg.slogdet(S + anp.outer(v, v))[1],
        "eigenvalue": lambda v: anp.linalg.eigh(S + anp.outer(v, v))[0][-1],
        "norm": lambda v: anp.sqrt(anp.sum((A @ v) ** 2) + 1),
        "softmax": lambda v: anp.exp(v[0]) / anp.sum(anp.exp(v)) + c[0] * v[1] * v[2],
        "log-sum-exp": lambda v: anp.log(anp.sum(anp.exp(A @ v))),
        "waves": lambda v: anp.sin(c[0] * v[0]) * anp.cos(2 * v[1]) + anp.sin(v[2] * v[3]),
        "ODE steps": lambda v: anp.sum(c * steps(v)),
        "quotient of norms": lambda v: anp.sum(v**2) / anp.sum((S @ v) ** 2),
    }


def functions(number, seed):
    names = list(_functions(np.random.default_rng(0)))
    tally, examples = Counter(), []
    for n in range(number):
        rng = np.random.default_rng([seed, n])
        name = names[n % len(names)]
        f, at = _functions(rng)[name], rng.uniform(0.3, 1.5, 4) * rng.choice([-1, 1], 4)
        unit, size = 10.0 ** rng.integers(-8, 10, 2)
        offset = rng.choice([0.0, 0.0, 10.0 ** rng.integers(-8, 10)])
        F = lambda v, f=f, unit=unit, size=size, offset=offset: float(size * f(v / unit) + offset)
        right = autograd.grad(f)(at) * (size / unit)
        limit = _attainable(lambda v, F=F, unit=unit: F(v * unit), at, right * unit) / unit
        limit += 1e-14 * np.abs(right).max()
        kind = nn.judge(right, F, at * unit).kind
        tally["right", kind] += 1
        if kind not in ("agrees", "nearly agrees", "inconclusive"):
            examples.append((n, name, unit, size, offset, kind))
        for factor in (1 + 10.0 ** rng.uniform(-4, -1), -1.0, 0.0):
            wrong = right.copy()
            i = rng.integers(4)
            wrong[i] *= factor
            if abs(wrong[i] - right[i]) <= 10 * limit[i]:
                continue  # double precision allows no better
            kind = nn.judge(wrong, F, at * unit).kind
            tally["wrong", kind] += 1
            if kind in ("agrees", "nearly agrees"):
                examples.append((n, name, unit, size, offset, kind, factor, i, right))
    for example in examples[:20]:
        print(*example, sep=" | ")
    print({f"{a}: {b}": count for (a, b), count in sorted(tally.items())})


def _attainable(F, at, truth):
    """The error of central differences over a decade of steps, entry by entry, in the best decade."""
    steps = 10.0 ** np.arange(-0.5, -9.01, -0.5)
    errors = []
    for h in steps:
        moved = [at + h * row for row in np.eye(len(at))], [at - h * row for row in np.eye(len(at))]
        errors.append(np.abs([(F(up) - F(down)) / (2 * h) for up, down in zip(*moved)] - truth))
    return np.min([np.max(errors[n : n + 3], axis=0) for n in range(len(errors) - 2)], axis=0)


# Public cases

SKIPPED = {"case_33"}  # measures times
MOST = 700  # entries of a claim that the other checks, too, are asked about


def cases(folder):
    told, here = [], {}

    def show(label, call):
        here.clear()
        try:
            verdict = call()
            said = verdict.kind + (f" ({verdict.reasons[0]})" if verdict.reasons else "")
        except Exception as error:
            said = f"raises {type(error).__name__}"
        told.append({"case": case.stem[5:], "label": label, "ours": said, **_others(here)})

    judge, judge_network = nn.judge, nn.judge_network

    def recorded(claim, F, at, *args, **options):
        here.update(claim=claim, F=F, at=at)
        return judge(claim, F, at, *args, **options)

    def recorded_network(gradients, net, x, y, loss=nn.squared_error, decay=0.0, **options):
        pair = (gradients.dE_dW, gradients.dE_db) if hasattr(gradients, "dE_dW") else gradients
        F = lambda p: objective(
            net.replace(W=p["W"], b=p["b"]), nn.forward(net.replace(W=p["W"], b=p["b"]), x), y, loss, decay
        )
        here.update(claim={"W": pair[0], "b": pair[1]}, F=F, at={"W": dict(net.W), "b": dict(net.b)})
        return judge_network(gradients, net, x, y, loss, decay, **options)

    nn.judge, nn.judge_network = recorded, recorded_network
    sys.modules["runner"] = types.SimpleNamespace(show=show)
    for case in sorted(pathlib.Path(folder).glob("case_*.py")):
        if case.stem in SKIPPED:
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                runpy.run_path(str(case))
            except ImportError as error:
                print(f"{case.stem}: {error}", file=sys.stderr)
        print(case.stem, file=sys.stderr)
    _print_cases(told)


def _others(call):
    """What is true of the claim, and what the others say of it."""
    found = dict.fromkeys(("is", *OTHERS), "–")
    if not call:
        return found
    try:
        flat = Flat(call["claim"], call["F"], call["at"])
    except Exception as error:
        return {**found, "is": f"no arrays ({type(error).__name__})"}
    if flat.at.size > MOST:
        return found
    with np.errstate(all="ignore"):
        try:
            found["is"] = flat.state()
        except Exception as error:
            return {**found, "is": f"no number ({type(error).__name__})"}
        for name, check in OTHERS.items():
            try:
                found[name] = check(flat)
            except Exception as error:
                found[name] = f"raises {type(error).__name__}"
    return found


class Flat:
    """A claim, its function and its point as one vector, as most checks want them."""

    def __init__(self, claim, F, at):
        self.at_given, self.F_given = at, F
        self.parts = [(leaf.path, np.asarray(leaf.value, float)) for leaf in leaves(at)]
        given = {leaf.path: np.asarray(leaf.value, float) for leaf in leaves(claim)}
        self.parts = [(path, array) for path, array in self.parts if path in given]
        if any(given[path].shape != array.shape for path, array in self.parts):
            raise ValueError("the claim has another shape")
        self.at = np.concatenate([array.ravel() for _, array in self.parts])
        self.claim = np.concatenate([given[path].ravel() for path, _ in self.parts])

    def F(self, v):
        arrays, start = {}, 0
        for path, array in self.parts:
            arrays[path] = np.asarray(v, float)[start : start + array.size].reshape(array.shape)
            start += array.size
        value = self.F_given(rebuilt(self.at_given, arrays))
        return float(np.asarray(value.detach() if hasattr(value, "detach") else value).item())

    def state(self):
        """Whether the claim is right, by differences with Richardson's extrapolation."""
        if self.F(self.at) != self.F(self.at):
            return "random F"
        D = [np.array([self._slope(i, h) for i in range(self.at.size)]) for h in (2e-4, 1e-4)]
        R, miss = (4 * D[1] - D[0]) / 3, np.abs((4 * D[1] - D[0]) / 3 - self.claim)
        if np.abs(D[1] - D[0]).max() > 1e-3 * np.abs(R).max():
            return "kink"
        return "right" if miss.max() <= 1e-4 * np.abs(R).max() else "wrong"

    def _slope(self, i, h):
        step = h * max(1, abs(self.at[i]))
        up, down = self.at.copy(), self.at.copy()
        up[i] += step
        down[i] -= step
        return (self.F(up) - self.F(down)) / (2 * step)


def by_gradcheck(flat):
    import torch

    class Given(torch.autograd.Function):
        @staticmethod
        def forward(context, v):
            return torch.tensor(flat.F(v.detach().numpy()), dtype=torch.float64)

        @staticmethod
        def backward(context, upstream):
            return upstream * torch.tensor(flat.claim, dtype=torch.float64)

    v = torch.tensor(flat.at, dtype=torch.float64, requires_grad=True)
    return "passes" if torch.autograd.gradcheck(Given.apply, (v,), raise_exception=False) else "mismatch"


def by_check_grad(flat):
    from scipy.optimize import check_grad

    return f"{check_grad(flat.F, lambda v: flat.claim, flat.at):.0e}"


def by_autograd(flat):
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    F = primitive(flat.F)
    defvjp(F, lambda answer, v: lambda upstream: upstream * flat.claim)
    try:
        check_grads(F, modes=["rev"], order=1)(flat.at)
    except AssertionError:
        return "mismatch"
    return "passes"


def by_jax(flat):
    import jax
    from jax.test_util import check_vjp

    jax.config.update("jax_enable_x64", True)
    F = lambda v: np.float64(flat.F(np.asarray(v)))
    try:
        check_vjp(F, lambda v: (F(v), lambda upstream: (np.asarray(upstream) * flat.claim,)), (flat.at,))
    except AssertionError:
        return "mismatch"
    return "passes"


OTHERS = {"gradcheck": by_gradcheck, "check_grad": by_check_grad, "autograd": by_autograd, "jax": by_jax}
PASSES = {
    "ours": lambda said: said.startswith(("agrees", "nearly agrees")),
    "gradcheck": lambda said: said == "passes",
    "check_grad": lambda said: said[0].isdigit() and float(said) < 1e-6,
    "autograd": lambda said: said == "passes",
    "jax": lambda said: said == "passes",
}


def _print_cases(told):
    for one in told:
        print(*(one[key] for key in ("case", "label", "is", "ours", *OTHERS)), sep=" | ")
    print("\n| | ours | gradcheck | check_grad < 1e-6 | autograd | jax |\n|---|---|---|---|---|---|")
    for state, what in (("right", "right claims turned down"), ("wrong", "wrong claims let through")):
        those = [one for one in told if one["is"] == state]
        cells = []
        for name, passes in PASSES.items():
            asked = [one[name] for one in those if one[name] != "–"]
            failed = sum(passes(said) == (state == "wrong") for said in asked)
            cells.append(f"{failed} of {len(asked)}")
        print(f"| {what} | {' | '.join(cells)} |")
    named = [one for one in told if one["is"] == "wrong"]
    print(f"\nwrong claims with a reason or something seen: {sum('(' in one['ours'] for one in named)} of {len(named)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, dest="what")
    one = commands.add_parser("programs")
    one.add_argument("--seeds", default="0:50", help="first:last+1")
    two = commands.add_parser("functions")
    two.add_argument("--number", type=int, default=3000)
    two.add_argument("--seed", type=int, default=0)
    commands.add_parser("cases").add_argument("folder")
    options, started = parser.parse_args(), time.perf_counter()
    if options.what == "programs":
        programs(range(*map(int, options.seeds.split(":"))))
    elif options.what == "functions":
        functions(options.number, options.seed)
    else:
        cases(options.folder)
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
