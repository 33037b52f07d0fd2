"""`python -m harness` is the command adjudge."""

import sys

from harness.commands.check import main

if __name__ == "__main__":
    sys.exit(main())
