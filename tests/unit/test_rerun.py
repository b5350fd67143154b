"""A cell that is run again in a kernel lets go of what its earlier runs made."""

import pytest
from jupyter_client.manager import start_new_kernel

CELL = """
show.explore(show.NudgeW(W, x, b), i=(0, 1))
"""
SETUP = """
import gc, numpy as np, nnmath as nn, ipywidgets
from matplotlib.figure import Figure
from nnmath import show
W, x, b = np.array([[1, -2], [0, 3]]), nn.column([1, 2]), nn.column([0.5, -1])
def alive():
    gc.collect()
    things = gc.get_objects()
    live = [one for one in things if isinstance(one, show.Explorer) and one.comm is not None]
    return sum(isinstance(one, Figure) for one in things), len(live)
"""


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3", extra_arguments=["--log-level=ERROR"])
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code, cell_id=None):
    """Run a cell as a front end would; what it shows as text."""
    message = client.session.msg(
        "execute_request",
        {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        },
        metadata={"cellId": cell_id} if cell_id else {},
    )
    client.shell_channel.send(message)
    shown = []
    while True:
        answer = client.get_iopub_msg(timeout=60)
        if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            continue
        assert answer["msg_type"] != "error", "\n".join(answer["content"]["traceback"])
        if answer["msg_type"] in ("execute_result", "display_data"):
            shown.append(answer["content"]["data"]["text/plain"])
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return "".join(shown)


@pytest.mark.parametrize("cell_id", ["a-cell", None], ids=["a front end with cell ids", "a front end without"])
def test_ten_runs_keep_one_figure_and_one_live_explorer(kernel, cell_id):
    run(kernel, SETUP)
    assert "nudged" in run(kernel, CELL, cell_id)
    first = run(kernel, "alive()")
    for _ in range(10):
        run(kernel, CELL, cell_id)
    assert run(kernel, "alive()") == first


def test_two_explorers_of_one_run_both_live(kernel):
    run(kernel, SETUP)
    figures, live = eval(run(kernel, "alive()"))
    code = "first, second = (show.explore(show.NudgeW(W, x, b), i=(0, 1)) for _ in range(2))"
    for _ in range(3):
        run(kernel, code, "two")
        assert eval(run(kernel, "alive()")) == (figures + 2, live + 2)
