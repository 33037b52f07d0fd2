"""The names of one course stand in its own folder: no other module of harness knows them."""

import re
from pathlib import Path

import pytest

import harness

ROOT = Path(harness.__file__).parent
LECTURES = re.compile(r"\bag\.|(?<!yaml\.)Scalar|topological_sort|n_hidden|\bw1\b")


def found(folder):
    """Every line of Python with one of the lecture's names, as code or in a sentence."""
    modules = (path for path in sorted(folder.rglob("*.py")) if "assignments" not in path.parts)
    return [
        f"{path.relative_to(folder)}:{number}: {line.strip()}"
        for path in modules
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if LECTURES.search(line)
    ]


def test_no_module_outside_the_assignments_has_a_name_of_the_lecture():
    assert [] == found(ROOT)


@pytest.mark.parametrize(
    "line", ['"ag.py"', "# a Scalar", "x.topological_sort()", "n_hidden = 3", "for w1 in rows:"]
)
def test_a_name_of_the_lecture_is_found_wherever_it_stands(tmp_path, line):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "module.py").write_text(f"x = 1\n{line}\n", encoding="utf-8")
    (tmp_path / "assignments").mkdir()
    (tmp_path / "assignments" / "own.py").write_text(f"{line}\n", encoding="utf-8")

    assert [f"room/module.py:2: {line}"] == found(tmp_path)
