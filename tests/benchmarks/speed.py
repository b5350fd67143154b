"""How fast is the readable code? python tests/benchmarks/speed.py [parts …], or before REVISION for one part more

Every side runs in a process of its own, on one core and one thread, with the same memory settings and the same numbers,
and the best of many runs counts. The products alone are the matrix products of the formulas on existing arrays, in the
quickest way that numpy has, so that no code that leaves its products to numpy can be faster. Install the peers
first: pip install -r tests/benchmarks/requirements.txt
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
EQUAL = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "PYTHONDONTWRITEBYTECODE": "",  # numpy comes compiled, so ours may be, too
    # big arrays come from memory that is kept: else whether a page is fetched anew decides, on every side alike
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
}
SIZES = ((64, 30, 10), (784, 30, 10), (784, 512, 256, 10), (1024, 1024, 1024, 10))
BATCHES = (1, 32, 128, 512)
SIDES = ("ours", "products", "torch", "jax.jit", "autograd")


def best(run, seconds=0.6, clock=time.perf_counter):
    """The shortest of the runs that fit into so many seconds, at least three. For code on one thread,
    time.process_time is a clock that does not count what other programs take."""
    run()
    times, until = [], clock() + seconds
    while len(times) < 3 or clock() < until:
        start = clock()
        run()
        times.append(clock() - start)
    return min(times)


def example(sizes, N, dtype=float, seed=0):
    import nnmath as nn

    net, rng = nn.Network.random(sizes, nn.sigmoid, seed), np.random.default_rng(1)
    W, b = ({l: a.astype(dtype) for l, a in part.items()} for part in (net.W, net.b))
    return (
        nn.Network(W, b, nn.sigmoid),
        rng.random((sizes[0], N)).astype(dtype),
        rng.random((sizes[-1], N)).astype(dtype),
    )


# The sides. Each makes a function that computes all gradients and, where it is asked for, one that only runs forward.


def ours(net, x, y):
    import nnmath as nn

    return lambda: nn.gradient(net, nn.forward(net, x), y), lambda: nn.forward(net, x)


def products(net, x, y):
    import nnmath as nn

    trace = nn.forward(net, x)
    x, delta, W = trace.x, nn.deltas(net, trace, y), net.W

    def run():
        for l in W:
            W[l] @ x[l - 1]
            np.dot(delta[l], x[l - 1].T)
            if l > 1:
                W[l].T @ delta[l]

    return run, None


def tensors(net, x, y):
    """The parameters and the examples as torch has them: biases as vectors, one example in each row."""
    import torch

    torch.set_num_threads(1)
    W = [torch.tensor(a).requires_grad_() for a in net.W.values()]
    b = [torch.tensor(a[:, 0]).requires_grad_() for a in net.b.values()]
    return W, b, torch.tensor(x.T.copy()), torch.tensor(y.T.copy())


def torch(net, x, y):
    import torch

    W, b, x, y = tensors(net, x, y)

    def run():
        t = x
        for W_l, b_l in zip(W, b):
            t = torch.sigmoid(torch.nn.functional.linear(t, W_l, b_l))
        return torch.autograd.grad(((t - y) ** 2).sum() / 2, W + b)

    return run, None


def jax_jit(net, x, y):
    import jax

    jax.config.update("jax_enable_x64", True)
    W, b = list(net.W.values()), list(net.b.values())

    def E(W, b, x, y):
        for W_l, b_l in zip(W, b):
            x = jax.nn.sigmoid(W_l @ x + b_l)
        return ((x - y) ** 2).sum() / 2

    compiled = jax.jit(jax.grad(E, (0, 1)))
    W, b, x, y = jax.device_put((W, b, x, y))
    return lambda: jax.block_until_ready(compiled(W, b, x, y)), None


def autograd(net, x, y):
    import autograd
    import autograd.numpy as anp

    def E(W, b):
        t = x
        for l in W:
            t = 1 / (1 + anp.exp(-(anp.dot(W[l], t) + b[l])))
        return anp.sum((t - y) ** 2) / 2

    gradient = autograd.grad(lambda both: E(*both))
    return lambda: gradient((net.W, net.b)), None


def one_side(side):
    on_one_core()
    make = {"jax.jit": jax_jit}.get(side) or globals()[side]
    found = []
    for dtype in ("float64", "float32"):
        for sizes in SIZES:
            for N in BATCHES:
                run, forward = make(*example(sizes, N, dtype))
                found.append([best(run), best(forward) if forward else None])
    return found


def on_one_core():
    """Where the system can: XLA takes a second one whatever its flags say."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


# The parts of the report


def speed():
    """Forward and all gradients, beside four others."""
    times = {side: aside("side", side) for side in SIDES}
    print(
        "| network | N | type | ours, µs | ÷ torch | ÷ jax.jit | ÷ autograd | ÷ products alone | gradients ÷ forward |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    cases = [(dtype, sizes, N) for dtype in ("float64", "float32") for sizes in SIZES for N in BATCHES]
    for n, (dtype, sizes, N) in enumerate(cases):
        mine, forward = times["ours"][n]
        ratios = [f"{mine / times[side][n][0]:.2f}" for side in ("torch", "jax.jit", "autograd", "products")]
        print(
            f"| {'-'.join(map(str, sizes))} | {N} | {dtype} | {mine * 1e6:.0f} "
            f"| {' | '.join(ratios)} | {mine / forward:.2f} |"
        )


def losses():
    """Softmax with cross-entropy, averaged over the batch, and weight decay, beside torch and jax."""
    times = {side: aside("losses", side) for side in LOSS_SIDES}
    print("\n| network, examples | ours | ÷ torch | ÷ `jax.jit` |\n|---|---|---|---|")
    for n, (sizes, N) in enumerate(LOSS_CASES):
        mine = times["ours"][n]
        ratios = [f"{mine / times[side][n]:.2f}" for side in ("torch", "jax.jit")]
        print(f"| {'-'.join(map(str, sizes))}, {N} | {mine * 1e6:.0f} µs | {' | '.join(ratios)} |")


LOSS_CASES = [(sizes, N) for sizes in ((64, 30, 10), (784, 30, 10), (784, 512, 256, 10)) for N in (1, 512)]


def with_softmax(sizes, N):
    import nnmath as nn

    L = len(sizes) - 1
    net = nn.Network.random(sizes, {**dict.fromkeys(range(1, L), nn.tanh), L: nn.softmax}, seed=0)
    rng = np.random.default_rng(1)
    return net, rng.random((sizes[0], N)), nn.one_hot(rng.integers(0, sizes[-1], N), sizes[-1])


def ours_of_loss(net, x, y):
    import nnmath as nn

    loss = nn.cross_entropy.mean
    return lambda: nn.gradient(net, nn.forward(net, x), y, loss, 0.01)


def torch_of_loss(net, x, y):
    import torch

    W, b, x, y = tensors(net, x, y)

    def run():
        t = x
        for W_l, b_l in zip(W[:-1], b):
            t = torch.tanh(torch.nn.functional.linear(t, W_l, b_l))
        E = torch.nn.functional.cross_entropy(torch.nn.functional.linear(t, W[-1], b[-1]), y)
        return torch.autograd.grad(E + 0.005 * sum((W_l**2).sum() for W_l in W), W + b)

    return run


def jax_of_loss(net, x, y):
    import jax

    jax.config.update("jax_enable_x64", True)

    def E(W, b, x, y):
        for W_l, b_l in zip(W[:-1], b):
            x = jax.numpy.tanh(W_l @ x + b_l)
        log_t = jax.nn.log_softmax(W[-1] @ x + b[-1], axis=0)
        return -(y * log_t).sum() / y.shape[1] + 0.005 * sum((W_l**2).sum() for W_l in W)

    compiled = jax.jit(jax.grad(E, (0, 1)))
    given = jax.device_put((list(net.W.values()), list(net.b.values()), x, y))
    return lambda: jax.block_until_ready(compiled(*given))


LOSS_SIDES = {"ours": ours_of_loss, "torch": torch_of_loss, "jax.jit": jax_of_loss}


def one_side_of_losses(side):
    """The shortest times; first, the gradients of all sides are the same numbers."""
    on_one_core()
    small = with_softmax((6, 5, 3), 4)
    mine, other = ours_of_loss(*small)(), LOSS_SIDES[side](*small)()
    parts = [*mine.dE_dW.values(), *mine.dE_db.values()]
    if side != "ours":
        other = other if side == "torch" else [*other[0], *other[1]]
        for part, same in zip(parts, other, strict=True):
            np.testing.assert_allclose(part, np.reshape(same, part.shape), rtol=1e-10, atol=1e-14)
    return [best(LOSS_SIDES[side](*with_softmax(sizes, N)), seconds=2) for sizes, N in LOSS_CASES]


def before(revision):
    """Forward and all gradients beside those of an older revision of this repository, in one process, turn by turn."""
    on_one_core()
    now = package(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "-C", ROOT, "archive", revision, "nnmath"], check=True, stdout=subprocess.PIPE)
        subprocess.run(["tar", "x", "-C", folder], check=True, input=archive.stdout)
        then = package(folder)
    print(f"\n| network, examples | f | now | ÷ {revision} |\n|---|---|---|---|")
    for sizes in SIZES[:2]:
        for N in (1, 32):
            for f in ("sigmoid", "tanh"):
                rng = np.random.default_rng(1)
                x, y = rng.random((sizes[0], N)), rng.random((sizes[-1], N))
                first = now.Network.random(sizes, getattr(now, f), seed=0)
                nets = [(nn, nn.Network(first.W, first.b, getattr(nn, f))) for nn in (now, then)]
                runs = [lambda nn=nn, net=net: nn.gradient(net, nn.forward(net, x), y) for nn, net in nets]
                here, there = best_in_turns(runs)
                print(f"| {'-'.join(map(str, sizes))}, {N} | {f} | {here * 1e6:.0f} µs | {here / there:.2f} |")


def package(folder):
    """nnmath as it is in this folder, whatever else of that name is loaded."""
    for name in [name for name in sys.modules if name.split(".")[0] == "nnmath"]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("nnmath")
    finally:
        del sys.path[0]


def best_in_turns(runs, seconds=6, together=15):
    """The shortest time of each run; a turn is a few runs of one after the other, because a first one is slow."""
    times, until = [[] for _ in runs], time.perf_counter() + seconds
    while time.perf_counter() < until:
        for n in (*range(len(runs)), *reversed(range(len(runs)))):
            for _ in range(5):
                runs[n]()
            start = time.perf_counter()
            for _ in range(together):
                runs[n]()
            times[n].append((time.perf_counter() - start) / together)
    return [min(each) for each in times]


def referee():
    """All gradients of a 784-30-10 network measured, and those of one with 79,510 parameters."""
    print("\n| work | seconds | ÷ ours |\n|---|---|---|")
    times = aside("referees")
    for name, seconds in times.items():
        print(f"| {name} | {seconds:.3g} | {seconds / times['numerical_gradient_of_network']:.3g} |")


def referees():
    on_one_core()
    import torch
    from scipy.optimize import approx_fprime

    import nnmath as nn
    from nnmath.check import network_difference

    net, x, y = example((784, 30, 10), 1)
    big, x_big, y_big = example((784, 100, 10), 1)
    W1, b1, W2, b2 = net.W[1], net.b[1], net.W[2], net.b[2]
    sigmoid = lambda u: 1 / (1 + np.exp(-u))

    def plain():
        def E():
            return ((sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2) - y) ** 2).sum() / 2

        slopes = []
        for a in (W1, b1, W2, b2):
            flat = a.reshape(-1)
            for i, here in enumerate(flat):
                flat[i] = here + 1e-5
                up = E()
                flat[i] = here - 1e-5
                slopes.append((up - E()) / 2e-5)
                flat[i] = here
        return slopes

    cut = np.cumsum([W1.size, b1.size, W2.size])

    def E_flat(p):
        A, a, B, c = np.split(p, cut)
        t = sigmoid(B.reshape(W2.shape) @ sigmoid(A.reshape(W1.shape) @ x + a[:, None]) + c[:, None])
        return ((t - y) ** 2).sum() / 2

    def check():
        torch.set_num_threads(1)
        p = [torch.tensor(a).requires_grad_() for a in (W1, b1, W2, b2)]
        return torch.autograd.gradcheck(
            lambda A, a, B, c: (
                ((torch.sigmoid(B @ torch.sigmoid(A @ torch.tensor(x) + a) + c) - torch.tensor(y)) ** 2).sum() / 2
            ),
            p,
        )

    def fast(net, x, y):
        trace = nn.forward(net, x)
        F = lambda l, u, n: ((nn.forward_from(net, l, u) - y[:, n]) ** 2).sum(axis=0) / 2
        return network_difference.numerical_gradient_of_network(F, net, trace.x)

    right = nn.gradient(net, nn.forward(net, x), y)
    flat = np.concatenate([W1.ravel(), b1.ravel(), W2.ravel(), b2.ravel()])
    truth = np.concatenate([a.ravel() for l in (1, 2) for a in (right.dE_dW[l], right.dE_db[l])])
    W, b = fast(net, x, y)
    mine = np.concatenate([a.ravel() for l in (1, 2) for a in (W[l], b[l])])
    print(
        f"error of the slopes: numerical_gradient_of_network {np.abs(mine - truth).max():.1e}, plain loop "
        f"{np.abs(np.array(plain()) - truth).max():.1e}, approx_fprime "
        f"{np.abs(approx_fprime(flat, E_flat) - truth).max():.1e}",
        file=sys.stderr,
    )
    return {
        "numerical_gradient_of_network": best(lambda: fast(net, x, y)),
        "numerical_gradient_of_network, 79,510 parameters": best(lambda: fast(big, x_big, y_big)),
        "judge_network (32 steps for each parameter)": best(lambda: nn.judge_network(right, net, x, y)),
        "the plain central loop": best(plain),
        "scipy.optimize.approx_fprime (forward only)": best(lambda: approx_fprime(flat, E_flat)),
        "torch.autograd.gradcheck": best(check),
    }


def accuracy():
    """The gradient against 50 digits."""
    from power import exact_gradient

    import nnmath as nn

    print("\n| network | N | relative error of the gradient (norm), in ε |\n|---|---|---|")
    for sizes, N in (((4, 5, 3, 2), 5), ((64, 30, 10), 5), ((784, 30, 10), 1)):
        net, x, y = example(sizes, N)
        mine, (W, b) = nn.gradient(net, nn.forward(net, x), y), exact_gradient(net, x, y)
        pairs = [(part[l], true[l]) for part, true in ((mine.dE_dW, W), (mine.dE_db, b)) for l in net.W]
        miss = float(sum(((a - true) ** 2).sum() for a, true in pairs)) ** 0.5
        size = float(sum((true**2).sum() for _, true in pairs)) ** 0.5
        print(f"| {'-'.join(map(str, sizes))} | {N} | {miss / size / np.finfo(float).eps:.2g} |")


def growth():
    """How the cost grows with the number P of parameters."""
    import nnmath as nn
    from nnmath.check import network_difference

    print("\n| P | back-propagation, 32 examples, s | the referee, 1 example, s |\n|---|---|---|")
    points = []
    for width in (4, 16, 64, 200, 700, 2200):
        net, x, y = example((width, width, width), 32)
        P = 2 * width * (width + 1)
        back = best(lambda: nn.gradient(net, nn.forward(net, x), y))
        one, F = (
            nn.forward(net, x[:, :1]),
            lambda l, u, n: ((nn.forward_from(net, l, u) - y[:, n]) ** 2).sum(axis=0) / 2,
        )
        slow = timed(lambda: network_difference.numerical_gradient_of_network(F, net, one.x)) if P < 100_000 else None
        points.append((P, back))
        print(f"| {P:,} | {back:.2e} | {f'{slow:.2e}' if slow else ''} |")
    P, seconds = np.log10(points[-3:]).T
    print(f"slope of the last three in log-log: {np.polyfit(P, seconds, 1)[0]:.2f}")


def start():
    """import nnmath beside import numpy; running all chapters beside kernels that show one plot."""
    import nbformat
    from nbclient import NotebookClient

    seconds = {
        name: min(
            timed(lambda: subprocess.run([sys.executable, "-c", f"import {name}"], check=True)) for _ in range(15)
        )
        for name in ("numpy", "nnmath")
    }
    print(f"\nimport nnmath ÷ import numpy, each with Python's own start: {seconds['nnmath'] / seconds['numpy']:.2f}")
    folder = ROOT / "notebooks"
    chapters = [nbformat.read(path, as_version=4) for path in sorted(folder.glob("[01]*.ipynb"))]
    plot = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "import numpy as np, matplotlib.pyplot as plt, ipywidgets\nplt.plot(np.arange(9)); plt.show()"
            )
        ]
    )
    run = lambda notebook: NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": folder}}
    ).execute()
    book = timed(lambda: [run(chapter) for chapter in chapters])
    bare = timed(lambda: [run(plot) for _ in chapters])
    print(
        f"running {len(chapters)} chapters: {book:.0f} s, "
        f"as many kernels that show one plot: {bare:.0f} s, ratio {book / bare:.2f}"
    )


def timed(run):
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def aside(*arguments):
    """What this file prints last when it is run with these arguments, in a process of its own."""
    result = subprocess.run([sys.executable, __file__, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(result.stdout.splitlines()[-1])


PARTS = {
    "speed": speed,
    "losses": losses,
    "referee": referee,
    "accuracy": accuracy,
    "growth": growth,
    "start": start,
    "before": before,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["side"]:
        print(json.dumps(one_side(sys.argv[2])))
    elif sys.argv[1:2] == ["losses"] and sys.argv[2:]:
        print(json.dumps(one_side_of_losses(sys.argv[2])))
    elif sys.argv[1:2] == ["referees"]:
        print(json.dumps(referees()))
    elif sys.argv[1:2] == ["part"]:
        PARTS[sys.argv[2]](*sys.argv[3:])
    elif sys.argv[1:2] == ["before"]:
        subprocess.run([sys.executable, __file__, "part", *sys.argv[1:]], env={**os.environ, **EQUAL}, check=True)
    else:
        for part in sys.argv[1:] or [part for part in PARTS if part != "before"]:
            subprocess.run([sys.executable, __file__, "part", part], env={**os.environ, **EQUAL}, check=True)
