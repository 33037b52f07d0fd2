"""Put what Python obeys when it starts into the wheel; all else stands in pyproject.toml."""

import runpy
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithStartup(build_py):
    """Builds the packages, and beside them the line that Python obeys when it starts."""

    def run(self) -> None:
        """Builds; what goes into an editable wheel lies in the folder of install_lib."""
        super().run()
        install = self.get_finalized_command("install")
        to = Path(install.install_lib if self.editable_mode else self.build_lib)
        to.mkdir(parents=True, exist_ok=True)
        start = runpy.run_path("harness/sandbox/start.py")
        (to / start["STARTUP"]).write_text(start["startup_line"](), encoding="ascii")


setup(cmdclass={"build_py": WithStartup})
