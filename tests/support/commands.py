"""The command adjudge: in this process, or in one of its own where that is what is tested."""

import contextlib
import os
import subprocess
import sys
from io import StringIO
from unittest import mock

import pytest

from harness.commands.app import main

LEVEL = "S0" if "ADJUDGE_TAKEN" in os.environ else "S3"
"""The isolation of these tests: the lowest where what makes walls is taken away on purpose."""

SECRET = "a secret of the course\n"
"""The secret seed of every test: what oracles say for it is asked once for all of them."""


def _words(arguments):
    """A class is refused below S3 unless that is allowed."""
    grades = arguments[:1] == ("grade",) and LEVEL != "S3"
    return [*map(str, arguments), *(["--min-isolation", LEVEL] if grades else [])]


def adjudge(*arguments, cwd=None, without=()):
    """Runs a command to its end: its exit code, and what it printed.

    Args:
        arguments: the words behind `adjudge`.
        cwd: the folder in which it runs.
        without: oracles that cannot be imported meanwhile.
    """
    out, err = StringIO(), StringIO()
    words = ["adjudge", *_words(arguments)]
    # What a command says to the processes that it starts is not said to later tests.
    with pytest.MonkeyPatch.context() as patch, mock.patch.dict(os.environ):
        patch.setattr(sys, "argv", words)
        for name in without:
            patch.setitem(sys.modules, name, None)
            patch.delitem(sys.modules, f"reference_impls.{name}_engine", raising=False)
        if cwd is not None:
            patch.chdir(cwd)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main()
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def adjudge_alone(*arguments, **more):
    """The same in a process of its own, as a person starts it."""
    return subprocess.run(
        [sys.executable, "-m", "harness", *_words(arguments)],
        capture_output=True,
        text=True,
        check=False,
        **more,
    )
