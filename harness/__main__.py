"""The command adjudge and `python -m harness`: the path is clean before anything is imported."""

import gc
import os
import sys

from harness.sandbox.start import clean


def main() -> int:
    """Runs the command and returns its exit code."""
    clean()
    # A tape is thousands of objects in no cycle; the default thresholds would search it for one
    # again and again, a tenth of the time in which programs are drawn.
    gc.set_threshold(100_000, 20, 100)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy would start a thread for each core
    from harness.commands.app import main

    return main()


if __name__ == "__main__":
    sys.exit(main())
