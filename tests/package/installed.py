"""Build what would be published, check it, install it in a clean venv, and use it from there.

    python tests/package/installed.py [FOLDER]

leaves the sdist and the wheel in FOLDER, by default dist. Needs build, twine and
check-wheel-contents. The wheel is built from the sdist, so that what the sdist lacks is missed.
Nothing of the checkout is used behind the building but one submission.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
import zipfile
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_MEGABYTES = 100
"""Peak of a self-check, all its processes together; what they share counts once."""
WRONG = ("self.grad += other.value * output.grad", "self.grad = other.value * output.grad")
HEAVY = ("torch", "jax", "PIL", "networkx", "IPython")
"""What a self-check of a .py file does not import."""
WITHOUT_PAGE = f"""
import sys
from harness.commands.app import app
app(["check", "ag.py"], standalone_mode=False)
print("heavy:", *sorted(set({HEAVY!r}) & sys.modules.keys()))
"""


def run(*command, code=0, cwd=None):
    """What a command prints; stops where it ends with another code."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PIP_TARGET"))}
    done = subprocess.run(
        command, cwd=cwd, env=env, text=True, check=False, stdout=-1, stderr=subprocess.STDOUT
    )
    if done.returncode != code:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def built(to):
    """Builds into a folder and checks the two files; the wheel."""
    run(sys.executable, "-m", "build", "--outdir", str(to), str(ROOT))
    (wheel,), (sdist,) = to.glob("*.whl"), to.glob("*.tar.gz")
    run(sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(sdist))
    run(
        sys.executable,
        "-m",
        "check_wheel_contents",
        "--config",
        str(ROOT / "pyproject.toml"),
        str(wheel),
    )
    wanted = {p for p in tracked() if p.startswith(("harness/", "reference_impls/"))}
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert wanted <= packed, f"not in the wheel: {sorted(wanted - packed)}"
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert wheel.name == f"adjudge-{version}-py3-none-any.whl"
    return wheel, version


def tracked():
    """The files of the two packages in the checkout."""
    for package in ("harness", "reference_impls"):
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix()


def installed(wheel, room):
    """The commands' folder of a venv that has the wheel and nothing of ours besides."""
    home = room / "venv"
    venv.create(home, with_pip=True)
    bare = megabytes(home)
    begun, spent = time.perf_counter(), processor()
    pip = (str(home / "bin" / "python"), "-m", "pip", "install", "-q")
    run(*pip, "-c", str(ROOT / "constraints.txt"), str(wheel))
    seconds, spent = time.perf_counter() - begun, processor() - spent
    size = megabytes(home) - bare
    print(f"installed in {seconds:.0f} s, {spent:.0f} s of a processor, {size:.0f} MB")
    return home / "bin"


def processor():
    """The processor's seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def megabytes(folder):
    """The size of the files in a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6


def used(commands, version, room):
    """Grades a wrong and a right submission, makes a page and packs a Gradescope zip."""
    adjudge, python = str(commands / "adjudge"), str(commands / "python")
    right = (ROOT / "reference_impls" / "answer_key.py").read_text("utf-8")
    assert WRONG[0] in right
    for name, text in (("right", right), ("wrong", right.replace(*WRONG))):
        (room / name).mkdir()
        (room / name / "ag.py").write_text(text, encoding="utf-8")
    assert f"adjudge {version}\n" == run(adjudge, "--version")
    where = run(python, "-c", "import harness; print(harness.__file__)", cwd=room)
    assert str(commands.parent) in where, where
    for heavy in ("torch", "jax"):
        assert "None" in run(
            python, "-c", f"import importlib.util as u; print(u.find_spec({heavy!r}))"
        )
    begun = time.perf_counter()
    assert "grand total      200/200" in run(adjudge, "check", cwd=room / "right")
    seconds = time.perf_counter() - begun
    told = run(python, "-c", WITHOUT_PAGE, cwd=room / "right")
    assert told.endswith("heavy:\n"), told
    told = run(adjudge, "check", "--html", "page.html", code=1, cwd=room / "wrong")
    assert "Fix first: 2.B gradient_mul" in told
    page = (room / "wrong" / "page.html").read_text("utf-8")
    assert "<svg" in page, "the graph is drawn"
    assert "gradient_mul" in page
    run(adjudge, "init", "gradescope", "--to", "upload.zip", cwd=room)
    names = zipfile.ZipFile(room / "upload.zip").namelist()
    assert {"run_autograder", "setup.sh"} <= set(names), names
    assert any(name.endswith(".whl") for name in names), names
    print(f"a self-check took {seconds:.1f} s; graded, drawn and packed from {where.strip()}")


def peak(command, room):
    """The megabytes of a command's processes, all together, where they were most."""
    begun = subprocess.Popen(command, cwd=room, stdout=subprocess.DEVNULL)
    together = 0
    while begun.poll() is None:
        together = max(together, sum(share(pid) for pid in below(begun.pid)))
        time.sleep(0.02)
    assert not begun.returncode
    return together / 1024


def below(pid):
    """A process and all that it has started, directly or not."""
    yield pid
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # it has just ended
            for child in tasks.read_text().split():
                yield from below(child)


def share(pid):
    """The kilobytes of a process; of what it shares with others, its part."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return 0


def main():
    """Everything, and what a self-check takes of memory."""
    to = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist").resolve()
    shutil.rmtree(to, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        wheel, version = built(to)
        commands = installed(wheel, room)
        used(commands, version, room)
        most = peak([str(commands / "adjudge"), "check"], room / "right")
        print(f"its processes took {most:.0f} MB together")
        assert most < MOST_MEGABYTES, most


if __name__ == "__main__":
    main()
