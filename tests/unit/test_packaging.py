"""What would be published: all files that are read at run time, one version, no dead link."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import yaml

from harness.records.version import version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DATA = PROJECT["tool"]["setuptools"]["package-data"]


def left_out(package, patterns):
    """The files of a package that no pattern takes along."""
    home = ROOT / package
    files = (p for p in home.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    names = [p.relative_to(home).as_posix() for p in files if p.suffix != ".py"]
    return [name for name in names if not any(fnmatch(name, each) for each in patterns)]


def test_every_file_that_is_not_python_goes_into_the_wheel():
    assert [] == [name for package in DATA for name in left_out(package, DATA[package])]
    assert "ag_mistakes.toml" in left_out("reference_impls", ["py.typed"])


def test_the_version_stands_in_one_place():
    number = PROJECT["project"]["version"]

    assert number == version()
    files = [*ROOT.glob("harness/**/*.py"), *ROOT.glob("reference_impls/*.py"), ROOT / "setup.py"]
    assert [] == [f.name for f in files if f'"{number}"' in f.read_text(encoding="utf-8")]


def test_what_a_registry_shows_has_no_picture_and_no_relative_link():
    text = (ROOT / PROJECT["project"]["readme"]).read_text(encoding="utf-8")

    assert "adjudge check" in text
    assert [] == re.findall(r"\]\((?!https://)|<img", text)
    assert re.findall(r"\]\((?!https://)|<img", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_a_tag_publishes_only_what_was_installed_and_used():
    path = ROOT / ".github" / "workflows" / "release.yml"
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    steps = [step.get("run", "") for step in jobs["build"]["steps"]]

    assert any("tests/package/installed.py" in step for step in steps)
    assert "build" == jobs["publish"]["needs"]
    assert (ROOT / "tests" / "package" / "installed.py").exists()
