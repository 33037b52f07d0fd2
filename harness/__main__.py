"""The command adjudge and `python -m harness`: the path is clean before anything is imported."""

import sys

from harness.sandbox.start import clean


def main() -> int:
    """Runs the command and returns its exit code."""
    clean()
    from harness.commands.app import main

    return main()


if __name__ == "__main__":
    sys.exit(main())
