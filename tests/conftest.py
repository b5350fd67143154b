"""How the tests are spread over the processors, where pytest-xdist is installed."""

import os
from pathlib import Path

import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: moves a notebook in Chromium; `-m 'not browser'` leaves these out")
    config.addinivalue_line("markers", "xdist_group(name): tests that stay on one worker")
    config.addinivalue_line("markers", "slow: runs in continuous integration; `-m slow` runs these")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """The whole suite, `pytest` without paths, uses every processor."""
    whole = config.args_source == config.ArgsSource.TESTPATHS and not hasattr(config, "workerinput")
    if whole and config.pluginmanager.hasplugin("xdist") and config.option.numprocesses is None:
        config.option.numprocesses, config.option.dist = "logical", "loadgroup"
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or the threads of all workers wait for each other, busily


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests of one notebook stay on one worker, because they share its run, and so do all tests of a file."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker("browser")
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item):
    params = item.callspec.params.values() if hasattr(item, "callspec") else ()
    notebooks = [value.stem for value in params if isinstance(value, Path) and value.suffix == ".ipynb"]
    return f"{item.path.parent.name}-{notebooks[0]}" if notebooks else str(item.path.stem)
