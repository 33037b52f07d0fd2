"""What starts the workers of this folder's tests."""

import pytest

from harness.sandbox.launch import Launcher


@pytest.fixture(scope="session")
def launcher():
    with Launcher() as starts_workers:
        yield starts_workers
