"""How every test is run."""

import pytest
from hypothesis import settings

# How long an example takes depends on the machine; what it shows does not.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Whoever is done takes tests from whoever is not; those of one file stay together mostly."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None
