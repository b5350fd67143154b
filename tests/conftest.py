"""How the tests are spread over the processors, where pytest-xdist is installed."""

import os

import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: moves a notebook in Chromium; `-m 'not browser'` leaves these out")
    config.addinivalue_line("markers", "slow: runs in continuous integration; `-m slow` runs these")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """The whole suite, `pytest` without paths, uses every processor.

    All tests of a file stay on one worker, and so do all cells of a notebook, because each needs the ones before it.
    """
    whole = config.args_source == config.ArgsSource.TESTPATHS and not hasattr(config, "workerinput")
    if whole and config.pluginmanager.hasplugin("xdist") and config.option.numprocesses is None:
        config.option.numprocesses, config.option.dist = "logical", "loadfile"
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or the threads of all workers wait for each other, busily


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker("browser")
