"""A sample of varied.py: three chapters and the guide give the same outputs on other processors, for other readers, in
other places.

Beside them runs a notebook whose outputs do depend on these things. It fails exactly where it must, so that a setting
without effect would be seen.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import nbformat
import pytest
import varied
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

CHAPTERS = ["notebooks/02_du_db.ipynb", "notebooks/03_du_dW.ipynb", "notebooks/05_du_dx_through_f.ipynb"]
CHAPTERS += ["notebooks/wrong_gradient.ipynb"]  # its verdicts read the most from the last digits
CANARY = [  # a cell for each setting of the sample
    (
        "kernel Prescott",
        "import numpy, threadpoolctl\n[blas.get('architecture') for blas in threadpoolctl.threadpool_info()]",
    ),
    ("plain numpy", "from numpy._core._multiarray_umath import __cpu_features__\nsum(__cpu_features__.values())"),
    ("hash seed", "print({'x', 'W', 'b', 'u', 't', 'y'})"),
    ("German", "import locale\nlocale.localeconv()['decimal_point']"),
    ("Tokyo", "import time\ntime.tzname"),
    ("dark style", "from nnmath import show\nimport matplotlib\nmatplotlib.rcParams['lines.linewidth']"),
    ("read-only", "import os, nnmath\nos.access(nnmath.__path__[0], os.W_OK)"),
    ("no home", "os.access(os.path.expanduser('~'), os.W_OK)"),
    ("no network", "import socket\nlen(socket.if_nameindex()) > 1"),
]
SAMPLES = {
    "another processor, off the network": ["kernel Prescott", "plain numpy", "no network"],
    "another reader": ["hash seed", "German", "Tokyo", "dark style"],
    "another place": ["read-only", "no home"],
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """{sample: its run, finished or not}; all in parallel, as far as the machine has cores."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(os.cpu_count()) as pool:
        patch.setenv("PYTHONHASHSEED", "0")
        canary = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for _, source in CANARY])
        NotebookClient(canary, kernel_name="python3").execute()
        path = tmp_path_factory.mktemp("canary") / "canary.ipynb"
        nbformat.write(canary, path)
        yield {
            sample: pool.submit(varied.run, names, tmp_path_factory.mktemp("varied"), [*CHAPTERS, path])
            for sample, names in SAMPLES.items()
        }


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_outputs_are_the_same(runs, sample):
    try:
        told = runs[sample].result().stdout
    except varied.NotHere as reason:
        pytest.skip(str(reason))
    failed = [line for line in told.splitlines() if line.startswith(("FAILED", "ERROR"))]
    of_the_canary = [
        int(line.partition("::Cell ")[2].split()[0]) for line in failed if not line.startswith("FAILED notebooks/")
    ]
    assert all(f"PASSED {chapter}::Cell 0" in told for chapter in CHAPTERS), told
    assert [line for line in failed if "notebooks/" in line] == []
    assert of_the_canary == [n for n, (name, _) in enumerate(CANARY) if name in SAMPLES[sample]]


@pytest.mark.parametrize(
    "closing, code", [("9 passed in 3.1s", 0), ("1 failed, 8 passed in 3.1s", 1), ("9 errors in 3.1s", 1), ("", 1)]
)
def test_the_table_can_fail(monkeypatch, capsys, closing, code):
    monkeypatch.setattr(
        varied, "run", lambda names, folder: SimpleNamespace(returncode=code, stdout=closing, stderr="no pytest")
    )
    assert varied.main(["Tokyo"]) == code
    assert f"Tokyo           {closing.partition(' in ')[0] or 'error: no pytest'}, " in capsys.readouterr().out


def test_an_unknown_setting_is_named_beside_those_there_are():
    with pytest.raises(SystemExit, match=r"no setting Prescott; expected one or more of: kernel Haswell, .*Tokyo"):
        varied.main(["Prescott", "Tokyo"])
