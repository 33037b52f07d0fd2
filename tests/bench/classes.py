"""A class made of copies of the specimens, no two files the same."""

import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.specimens import RIGHT, SPECIMENS


def made(folder, count, *, right_only=False, single_files=False):
    """Copies of the specimens in turn, a comment in each so that no two files are the same."""
    chosen = [s for s in (RIGHT if right_only else SPECIMENS) if not single_files or _single(s)]
    # An even choice where the class is smaller than the specimens are many.
    places = [i * len(chosen) // count if count < len(chosen) else i for i in range(count)]
    folder.mkdir(parents=True)
    return tuple(_copy(chosen[at % len(chosen)], folder, i) for i, at in enumerate(places))


def single_file(path):
    """The one Python file of a submission, or None."""
    files = [path] if path.is_file() else list(path.rglob("*.*"))
    python = [file for file in files if file.suffix == ".py"]
    return python[0] if len(python) == 1 and python[0].name == "ag.py" else None


def _single(specimen):
    return specimen.path.suffix == ".py" or (specimen.path / "ag.py").exists()


def _copy(specimen, folder, number):
    target = folder / f"{number:03}_{specimen.name}"
    if specimen.path.is_file():
        target.mkdir()
        shutil.copy(specimen.path, target / "ag.py")
    else:
        shutil.copytree(specimen.path, target, ignore=shutil.ignore_patterns("*.toml", "__py*"))
    for file in target.rglob("*.py"):
        file.write_text(f"{file.read_text(encoding='utf-8')}\n# copy {number}\n", encoding="utf-8")
    for file in target.rglob("*.ipynb"):
        told = json.loads(file.read_text(encoding="utf-8"))
        told["cells"][-1]["source"].append(f"\n# copy {number}\n")
        file.write_text(json.dumps(told), encoding="utf-8")
    return target
