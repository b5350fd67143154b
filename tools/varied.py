"""What differs from machine to machine must not change an output: python tools/varied.py [setting …]

Runs every notebook with nbval, strictly, under each setting, and prints a table. `test_varied.py` runs a sample of it.
"""

import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

ROOT = Path(__file__).parent.parent
KERNELS = ["Haswell", "Zen", "SkylakeX", "Nehalem", "Prescott"]
MATPLOTLIBRC = """font.family: serif
figure.facecolor: black
axes.grid: True
lines.linewidth: 9
axes.formatter.use_locale: True
"""


class NotHere(Exception):
    """This machine cannot have the setting; the message says why."""


def run(names, folder, notebooks=("notebooks",)):
    """The finished nbval run of these notebooks with all the settings named; their paths start at the book's root.

    What the settings need is made in the folder. Errors: NotHere.
    """
    machine = SimpleNamespace(env=dict(os.environ), place=ROOT, before=[], folder=Path(folder))
    for name in names:
        SETTINGS[name](machine)
    command = [
        *machine.before,
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rA",
        "-p",
        "no:cacheprovider",
        *map(str, notebooks),
    ]
    return subprocess.run(command, cwd=machine.place, env=machine.env, capture_output=True, text=True, encoding="utf-8")


# Each setting changes the machine on which the notebooks then run.


def values(**env):
    return lambda machine: machine.env.update(env)


def kernel(name):
    """The matrix products of another processor. Where OpenBLAS takes another one for it, there is nothing to see."""

    def setting(machine):
        machine.env["OPENBLAS_CORETYPE"] = name
        if (
            platform.machine() not in ("x86_64", "AMD64")
            or name == "SkylakeX"
            and "AVX512_SKX" not in _told(machine, FEATURES)
        ):
            raise NotHere("not on this processor")
        taken = _told(machine, "import numpy, threadpoolctl as t; print(t.threadpool_info()[0]['architecture'])")
        if not taken or taken != name and taken in KERNELS:
            raise NotHere(f"OpenBLAS takes {taken}" if taken else "no OpenBLAS")

    return setting


FEATURES = "from numpy._core._multiarray_umath import __cpu_features__ as f; print(*[name for name in f if f[name]])"
VECTORS = """from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
print(*[name for name in __cpu_dispatch__ if __cpu_features__.get(name)])"""


def plain_numpy(machine):
    """None of the vector code that numpy would choose on this processor; numpy itself knows its names."""
    machine.env["NPY_DISABLE_CPU_FEATURES"] = _told(machine, VECTORS)


def german(machine):
    """1,5 for 1.5, in every library that asks: the locale is set as IPython starts."""
    if not shutil.which("localedef"):
        raise NotHere("no localedef")
    made = subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", machine.folder / "de_DE.UTF-8"], capture_output=True
    )
    startup = machine.folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "german.py").write_text("import locale; locale.setlocale(locale.LC_ALL, '')", encoding="utf-8")
    machine.env.update(LC_ALL="de_DE.UTF-8", LOCPATH=str(machine.folder), IPYTHONDIR=str(machine.folder))
    if made.returncode > 1 or _told(machine, "import locale as l; print(l.setlocale(l.LC_ALL, ''))") != "de_DE.UTF-8":
        raise NotHere("no German locale")


def dark_style(machine):
    (machine.folder / "matplotlibrc").write_text(MATPLOTLIBRC, encoding="utf-8")
    machine.env.update(MPLCONFIGDIR=str(machine.folder), MPLBACKEND="svg")


def difficult_name(machine):
    machine.place = machine.folder / "Bücher, Räume und Maße"
    for part in ("notebooks", "tests", "tools", "nnmath"):
        shutil.copytree(
            ROOT / part, machine.place / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        )
    shutil.copy(ROOT / "pyproject.toml", machine.place)
    machine.env["PYTHONPATH"] = str(machine.place)  # the copy's own package


def read_only(machine):
    """A checkout that may be read, no more; where we are root, it is another user's."""
    difficult_name(machine)
    _close(machine, machine.place)


def no_home(machine):
    """A home where nothing can be kept. Jupyter must have some place to run in."""
    home = machine.folder / "home"
    home.mkdir()
    _close(machine, home)
    machine.env.update(HOME=str(home), JUPYTER_RUNTIME_DIR=str(machine.folder / "runtime"))
    for name in ("MPLCONFIGDIR", "IPYTHONDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        machine.env.pop(name, None)


def no_network(machine):
    apart = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*apart, "ip", "link"], capture_output=True).returncode:
        raise NotHere("no network namespaces")
    machine.before = [*apart, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *machine.before]


def _told(machine, code):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=machine.env, capture_output=True, text=True
    ).stdout.strip()


def _close(machine, place):
    if not hasattr(os, "getuid"):
        raise NotHere("no such permissions")
    subprocess.run(["chmod", "-R", "a-w", place], check=True)
    if os.getuid() == 0:  # nothing is closed to root, unless it gives up that power
        if not shutil.which("setpriv"):
            raise NotHere("root can write anywhere")
        subprocess.run(["chown", "-R", "65534", place], check=True)
        machine.before = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown"]


SETTINGS = {
    **{f"kernel {name}": kernel(name) for name in KERNELS},
    "plain numpy": plain_numpy,
    "1 thread": values(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"),
    "2 threads": values(OPENBLAS_NUM_THREADS="2", OMP_NUM_THREADS="2"),
    "hash seed": values(PYTHONHASHSEED="12345"),
    "German": german,
    "C locale": values(LC_ALL="C", PYTHONUTF8="0"),
    "Tokyo": values(TZ="Asia/Tokyo"),
    "dark style": dark_style,
    "difficult name": difficult_name,
    "read-only": read_only,
    "no home": no_home,
    "no network": no_network,
}


def main(names):
    """Print the table; the exit code is 1 if an output differs under some setting. Errors: SystemExit."""
    unknown = [name for name in names if name not in SETTINGS]
    if unknown:
        raise SystemExit(f"There is no setting {', '.join(unknown)}; expected one or more of: {', '.join(SETTINGS)}.")
    table = {name: _row(name) for name in names or SETTINGS}
    print("\n" + "\n".join(f"{name:16}{row}" for name, row in table.items()))
    return int(any("failed" in row or "error" in row for row in table.values()))


def _row(name):
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        try:
            done = run([name], folder)
        except NotHere as reason:
            return f"untested: {reason}"
    if done.returncode:
        print(f"== {name}\n{done.stdout}{done.stderr}", flush=True)
    last = (done.stdout.strip() or f"error: {done.stderr}").splitlines()[-1]
    row = f"{last.partition(' in ')[0]}, {time.monotonic() - began:.0f} s"
    print(name, row, flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
