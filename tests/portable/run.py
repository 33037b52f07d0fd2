"""Run pytest where fork, resource, fcntl, Unix sockets and pass_fds are not there, as on Windows.

    python tests/portable/run.py [pytest's arguments]

A .pth file in this environment takes them from every process that pytest starts.
"""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FRONTS = (
    "tests/portable/test_portable.py",
    "tests/specimens",
    "tests/plugin/test_plugin.py",
    "tests/class/test_class_commands.py",
)
"""Every specimen, the command, pytest and the class."""


def main():
    """Runs, and takes the file away again."""
    file = Path(sysconfig.get_path("purelib")) / "00_as_on_windows.pth"
    script = str(HERE / "without.py")
    run = f"runpy.run_path({script!r}, run_name='without')"
    file.write_text(f"import os, runpy; os.environ.get('ADJUDGE_TAKEN') and {run}\n")
    try:
        asked = sys.argv[1:] or FRONTS
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "", *asked]
        return subprocess.run(
            command, check=False, cwd=ROOT, env={**os.environ, "ADJUDGE_TAKEN": "1"}
        ).returncode
    finally:
        file.unlink()


if __name__ == "__main__":
    sys.exit(main())
