"""The book in every environment that it claims: nox -f tests/noxfile.py

`book` runs the whole suite on each Python that is on this machine, with the oldest and with the newest libraries of the range.
`varied` runs every notebook, strictly, under all that differs from machine to machine: BLAS kernels, numpy's own vector code,
threads, hash seeds, locale, time zone, the reader's own matplotlib settings, no HOME, no network, a folder with a difficult
name. `nox -f tests/noxfile.py -s varied -- "1 thread" "dark style"` runs these alone.
"""

import shutil
from pathlib import Path

import nox

ROOT = Path(__file__).parent.parent
nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False

OLDEST = ["numpy==2.0.*", "matplotlib==3.9.*", "ipywidgets==7.7.*", "jupyterlab==4.2.*", "scikit-learn==1.5.*", "pytest==8.2.*"]
FIRST_WHEELS = {"3.13": {"numpy": "2.1.*", "matplotlib": "3.9.*", "scikit-learn": "1.5.2"},
                "3.14": {"numpy": "2.3.*", "matplotlib": "3.10.*", "scikit-learn": "1.7.*"}}

NO_VECTORS = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"
VARIED = {
    "kernel Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "kernel Zen": {"OPENBLAS_CORETYPE": "Zen"},
    "kernel SkylakeX": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "kernel Nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
    "kernel Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "plain numpy": {"NPY_DISABLE_CPU_FEATURES": NO_VECTORS},
    "1 thread": {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    "2 threads": {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
    "hash seed": {"PYTHONHASHSEED": "12345"},
    "German, Tokyo": {"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo"},
    "C locale": {"LC_ALL": "C", "LANG": "C"},
    "dark style": {"MPLCONFIGDIR": "dark"},
    "spaces and umlauts": {},
    "no network": {},
    "no home": {"HOME": "/nonexistent", "MPLCONFIGDIR": "tmp", "JUPYTER_RUNTIME_DIR": "tmp", "IPYTHONDIR": "tmp"},
}


def _oldest(python):
    wheels = FIRST_WHEELS.get(python, {})
    names = [pin.partition("==")[0] for pin in OLDEST]
    return [f"{name}=={wheels[name]}" if name in wheels else pin for name, pin in zip(names, OLDEST)]


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
@nox.parametrize("versions", ["oldest", "newest"])
def book(session, versions):
    """The whole suite."""
    session.chdir(ROOT)
    session.install("-e", ".[book,test]", *(_oldest(session.python) if versions == "oldest" else []))
    session.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider")


@nox.session(python="3.11")
def colab_like(session):
    """A chapter in Chromium with the oldest libraries and ipywidgets 7.7, as on Colab, in the classic notebook, which had it last."""
    session.chdir(ROOT)
    session.install("-e", ".", *(pin for pin in OLDEST if "jupyterlab" not in pin), "notebook==6.5.*", "widgetsnbextension==3.6.*",
                    "nbformat", "playwright")
    session.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "tests/colab_like.py")


@nox.session
def varied(session):
    """Every notebook, where something about the machine is different; a table at the end."""
    session.chdir(ROOT)
    session.install("-e", ".[book,test]")
    passed = {setting: _passes(session, setting) for setting in session.posargs or VARIED}
    for setting, green in passed.items():
        session.log(f"{setting:20} {'passed' if green else 'FAILED'}")
    if not all(passed.values()):
        session.error("the outputs are not the same everywhere")


def _passes(session, setting):
    folder = Path(session.create_tmp())
    (folder / "matplotlibrc").write_text("font.family: serif\nfigure.facecolor: black\naxes.grid: True\nlines.linewidth: 9\n")
    env = {name: str(folder) if value in ("dark", "tmp") else value for name, value in VARIED[setting].items()}
    command, place = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "notebooks"], ROOT
    if setting == "spaces and umlauts":
        place = folder / "Bücher und Räume"
        shutil.rmtree(place, ignore_errors=True)
        for part in ("notebooks", "tests", "nnmath"):
            shutil.copytree(ROOT / part, place / part)
        shutil.copy(ROOT / "pyproject.toml", place)
        env["PYTHONPATH"] = str(place)    # the copy's own package
    if setting == "no network":
        command = ["unshare", "--map-root-user", "--net", "sh", "-c", f"ip link set lo up && {' '.join(command)}"]
    session.chdir(place)
    green = session.run(*command, env=env, success_codes=[0, 1], external=True, silent=True)
    session.chdir(ROOT)
    return " failed" not in green and " error" not in green and " passed" in green
