"""Start every trusted process with a path that holds no folder of a student's.

Python runs the first file of a name that it finds on its path, the path begins with the current
folder, and a folder of submissions may hold a `pickle.py`. So this module imports nothing but what
Python has loaded before it looks at its path. Its text is also in a .pth file, which Python obeys
before it puts the current folder on its path: `restart` is for there, `clean` for everywhere else.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

COMMAND = ("adjudge", "harness", "harness.__main__")
"""Scripts and modules that are the command."""
PYTEST = ("pytest", "py.test", "pytest.__main__")
"""Scripts and modules that are pytest; they are ours where they are given a submission."""
DASK = ("dask", "dask-scheduler", "dask-worker")
"""Scripts that start the processes of a cluster."""
OPTION = "--submission"
PLANTED = ("conftest.py", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml")
"""What pytest reads or runs in the folder where it is called."""
BAD_USAGE = 4
"""pytest's own exit code for it."""
STARTUP = "00_adjudge.pth"
"""The file beside the installed packages that Python obeys first."""


def clean() -> None:
    """Takes the current folder, PYTHONPATH and the user's site off this process's path.

    What it starts later has none of them either, because the environment says so.
    """
    home = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    given = os.environ.get("PYTHONPATH")
    doubtful = {os.path.abspath(part) for part in given.split(os.pathsep)} if given else set()
    if not sys.flags.safe_path:
        doubtful.add(os.getcwd())
    # What stands behind the standard library was installed, even where it is the current folder.
    library = [at for at, part in enumerate(sys.path) if part == os.path.dirname(os.__file__)]
    end = library[0] if library else len(sys.path)
    kept = [part for part in sys.path[:end] if os.path.abspath(part) not in doubtful]
    kept += sys.path[end:]
    site = _needless_site()
    sys.path[:] = [part for part in kept if part != site]
    if home in doubtful and home not in sys.path:
        sys.path.append(home)  # adjudge itself was found there
        os.environ["PYTHONPATH"] = home
    else:
        os.environ.pop("PYTHONPATH", None)
    _tell_children()


def restart() -> None:
    """Starts this process once more, with a clean path, if it is adjudge and has another."""
    before = sys.orig_argv[: len(sys.orig_argv) - len(sys.argv) + 1]
    if as_module := sys.argv[0] == "-m":
        name = before[-1].partition("m")[2] if before[-1].startswith("-") else before[-1]
    else:
        name = os.path.basename(sys.argv[0])
    if name in DASK and not as_module:
        os.environ["PYTHONSAFEPATH"] = "1"  # what Dask starts takes its path from this process
    asked = " ".join([*sys.argv[1:], os.environ.get("PYTEST_ADDOPTS", "")])
    if name not in COMMAND and not (name in PYTEST and OPTION in asked):
        return
    if name in PYTEST and (why := refusal(sys.argv[1:], {os.getcwd()})):
        os.write(2, os.fsencode(f"ERROR: {why}\n"))
        os._exit(BAD_USAGE)
    here = as_module and not sys.flags.safe_path
    elsewhere = os.environ.pop("PYTHONPATH", None) and not sys.flags.ignore_environment
    _tell_children()
    if (here or elsewhere) and os.name == "posix":
        os.execv(sys.executable, [sys.executable, "-P", *sys.orig_argv[1:]])


def refusal(arguments: list[str], called_in: set[str]) -> str:
    """Why pytest must not be called like this, or nothing.

    Args:
        arguments: pytest's.
        called_in: the folders where it looks for files of its own.
    """
    if OPTION in arguments:
        # pytest takes the word behind it for a path, and runs a conftest.py that is there.
        return f"write {OPTION}=PATH, with a = and no space"
    for given in (a.partition("=")[2] for a in arguments if a.startswith(f"{OPTION}=")):
        path = os.path.realpath(given)
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        for place in map(os.path.realpath, called_in):
            planted = [name for name in PLANTED if os.path.exists(os.path.join(place, name))]
            if planted and os.path.commonpath([folder, place]) == folder:
                return (
                    f"{os.path.join(place, planted[0])} is beside the submission and would run in "
                    "the process that grades; call pytest from another folder"
                )
    return ""


def startup_line() -> str:
    """What STARTUP says: this module, and `restart`, wherever the command may be adjudge's."""
    with open(__file__, encoding="utf-8") as file:
        text = f"{file.read()}\nrestart()\n"
    may_be = " or ".join(f"{word!r} in asked" for word in ("adjudge", "harness", "dask", OPTION))
    run = f"({may_be}) and exec({text!a}, {{'__name__': 'adjudge'}})"
    return f"import sys; asked = ' '.join(sys.orig_argv); {run}\n"


def process_pool(count: int | None, initializer: "Callable[[], None] | None" = None) -> "Executor":
    """A pool of processes that share nothing with this one, not even its open files.

    Args:
        count: how many; by default one for each core.
        initializer: what each does first.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _tell_children()  # each begins as `python -c`, whose path begins with the current folder
    return ProcessPoolExecutor(count, get_context("spawn"), initializer)


def _tell_children() -> None:
    os.environ["PYTHONSAFEPATH"] = "1"
    if _needless_site():
        os.environ["PYTHONNOUSERSITE"] = "1"


def _needless_site() -> str:
    """The folder of what the user has installed for themselves, if adjudge is not in it."""
    own = getattr(sys.modules.get("site"), "USER_SITE", None) or ""
    if not os.path.isdir(own):
        return ""
    return "" if any(name.startswith("adjudge-") for name in os.listdir(own)) else own
