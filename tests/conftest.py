"""How every test is run."""

import pytest
from hypothesis import settings

# How long an example takes depends on the machine; what it shows does not.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def grader():
    """One grader for all tests of a process: its workers, its oracles and its recorded answers."""
    from harness.grading.grader import Grader  # read where a test asks for it

    with Grader() as grades:
        yield grades


ONE_BY_ONE = ("corpus", "diagnosis", "fronts", "holdups", "honesty")
"""Files whose tests need nothing of each other and go to whichever process is idle."""
TOGETHER = ("tests/class/", "tests/browser/", "tests/oracles/")
"""Folders whose tests share what is graded or loaded once, and go to one process."""


def scope_of(nodeid):
    """What runs in one process, where there are several: a file, a folder or a test alone."""
    file, _, _ = nodeid.partition("::")
    if file.endswith(tuple(f"test_{name}.py" for name in ONE_BY_ONE)):
        return nodeid
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hands out files, and the tests of a few files one by one when the long files are gone."""
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling

    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = scope_of
    return scheduler
