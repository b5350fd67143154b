"""How the tests are spread over the processors, where pytest-xdist is installed."""

import os

import pytest

SHARED = ("browser/test_site.py", "book/test_sliders.py", "book/test_chapters.py")
LONG = ("browser/test_browser.py", *SHARED)


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: moves a notebook in Chromium; `-m 'not browser'` leaves these out")
    config.addinivalue_line("markers", "slow: runs in continuous integration; `-m slow` runs these")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """The whole suite, `pytest` without paths, uses every processor.

    All tests of a file stay on one worker, and so do all cells of a notebook, because each needs the ones before it.
    The files of LONG come first, so that no worker begins one of them last.
    """
    whole = config.args_source == config.ArgsSource.TESTPATHS and not hasattr(config, "workerinput")
    if whole and config.pluginmanager.hasplugin("xdist") and config.option.numprocesses is None:
        config.option.numprocesses, config.option.dist = "logical", "loadfile"
        config.option.loadscopereorder = False
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or the threads of all workers wait for each other, busily


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The files of shared_runs.py stay on one worker, too: the book is run once for all of them."""
    if config.option.dist != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return "shared runs" if file.endswith(SHARED) else file

    return ByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker("browser")
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))  # the order within a file stays
