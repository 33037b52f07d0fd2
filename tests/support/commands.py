"""The commands in this process, as an instructor types them."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace

from harness.commands.app import main


def adjudge(*arguments):
    """Runs a command to its end: its exit code, and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["adjudge", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main()
    finally:
        sys.argv = before
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())
