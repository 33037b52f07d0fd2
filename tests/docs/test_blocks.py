"""Every fenced block of the documentation runs, or is marked as output by `text`."""

import contextlib
import functools
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml

from harness.commands.app import imported
from harness.grading.answers import answers_for
from harness.grading.grader import LECTURE
from harness.judging import rubric
from harness.judging.check import find
from harness.judging.class_rules import class_rules
from harness.judging.declared import spoken
from harness.judging.mutant import mutate
from harness.records.known import Edit
from support.blocks import PAGES, ROOT, Block, blocks, example_files, unpacked
from support.commands import SECRET, adjudge, adjudge_alone
from support.long import long_where
from support.specimens import PATHS, specimen

ENVIRONMENTS = set(re.findall(r"^\[testenv:(\w+)\]", (ROOT / "tox.ini").read_text(), re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ALONE = ("grade", "report")
"""Commands that start processes."""
WRONG = ("audit", "check", "pytest")
"""What ends with 1 where a submission is wrong, or a mutant survives."""
WITH_BLOCKS = [page for page in PAGES if any(b.language != "text" for b in blocks(page))]


def read_only(line):
    """What cannot be run here is held against what it names; True where a line is of that kind.

    It needs a cluster, the network, a browser, a quarter of an hour, or is this very suite.
    """
    words = shlex.split(line, comments=True)
    if words[:1] == ["adjudge"] and {"--scheduler", "--suite"} & set(words):
        parsed(words)
    elif words[:1] == ["tox"]:
        assert ["-e"] == words[1:2]
        assert set(words[2].split(",")) <= ENVIRONMENTS
    elif words[:4] == ["python", "-m", "pip", "install"]:
        assert ["-c", "constraints.txt"] == words[4:6]
        assert set(re.findall(r"\w+", words[-1])) <= set(PROJECT["optional-dependencies"])
    elif words[0] == "python":
        assert (ROOT / words[1]).is_file()
    else:
        return "pytest -n 3" == line
    return True


def parsed(words):
    """Reads a command line with the command's own parser, which refuses what it does not have."""
    imported(words[1]).make_context(words[1], words[2:])


def shell(line, room, cache):
    """Runs one command: whether it ended as it should, and what it said."""
    kept = cache / f"{line}.db".replace("/", " ")
    if kept.exists():
        shutil.copy(kept, room / "results.db")
        return True, ""
    line, _, file = line.partition(" > ")
    words = shlex.split(line, comments=True)
    if words[0] == "pytest" and "-n" not in words:
        said = io.StringIO()
        with contextlib.chdir(room), contextlib.redirect_stdout(said):
            code = pytest.main(["-q", "-p", "no:cacheprovider", *words[1:]])
        done = subprocess.CompletedProcess(words, code, said.getvalue(), "")
    elif words[0] == "pytest":
        command = [sys.executable, "-m", "pytest", "-q", *words[1:]]
        done = subprocess.run(command, cwd=room, capture_output=True, text=True, check=False)
    else:
        assert "adjudge" == words[0], f"there is no rule for {line}"
        done = (adjudge_alone if words[1] in ALONE else adjudge)(*words[1:], cwd=room)
    if file:
        (room / file).write_text(done.stdout, encoding="utf-8")
    if words[:2] == ["adjudge", "grade"] and not done.returncode:
        shutil.copy(room / "results.db", kept)
    wrong = WRONG if words[0] == "adjudge" else words
    fits = done.returncode == 0 or (done.returncode == 1 and {*words[:2]} & {*wrong})
    return fits, done.stdout + done.stderr


def run(block, room, cache):
    """Runs or reads a block by its language.

    Raises:
        AssertionError: it does not do what it is shown for.
    """
    if block.file:
        (room / block.file).write_text(block.text, encoding="utf-8")
    if block.language == "sh":
        lines = [part for line in block.text.splitlines() for part in line.split(" && ")]
        said = []
        for line in lines:
            if read_only(line):
                continue
            fits, told = shell(line, room, cache)
            assert fits, f"{line}\n{told}"
            said.append(told)
        return "\n".join(said)
    if block.language == "python" and not block.file:
        if named := re.match(r"# (test_\w+\.py)\n", block.text):
            (room / named[1]).write_text(block.text, encoding="utf-8")
            return ""
        said = io.StringIO()
        with contextlib.chdir(room), contextlib.redirect_stdout(said):
            exec(compile(block.text, "block", "exec"), {"__name__": "__main__"})
        return said.getvalue()
    if block.language == "toml":
        toml(block.text)
    elif block.language == "json":
        json.loads(block.text)
    elif block.language == "yaml":
        yaml.safe_load(block.text)
    else:
        assert block.language in ("text", "python"), f'there is no rule for "{block.language}"'
    return ""


def toml(text):
    """Reads a dialect, a table of specimens or a rubric by what reads such files."""
    table = tomllib.loads(text)
    if "node" in table:
        spoken(find("scalar_engine"), table)
        return
    if all(isinstance(entry, dict) and "story" in entry for entry in table.values()):
        right = (PATHS["as_the_lecture"] / "ag.py").read_text(encoding="utf-8")
        for name, entry in table.items():
            assert specimen(name, ROOT, entry, LECTURE).verdicts
            assert right != mutate(right, [Edit(**edit) for edit in entry["edits"]])
        return
    class_rules(text, "block")
    names = {*LECTURE, *(name for name in table if name in ("scalar_engine",))}
    assert len(rubric.ruled(sorted(names), text, "block", graded=True)) == len(names)


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """What pages share: what the same command has graded."""
    return tmp_path_factory.mktemp("cache")


@functools.cache
def asked_for_the_seed():
    """What oracles say for the seed of the pages: this process may have PyTorch and JAX when it
    comes here; one that grades need not import them."""
    for name in LECTURE:
        answers_for(find(name), SECRET.strip())


LONG = ("array-functions.md", "grade-a-class.md", "own-tests.md", "prairielearn.md", "reports.md")
"""Pages whose blocks start many commands."""


@pytest.mark.parametrize(
    "page",
    long_where(WITH_BLOCKS, lambda page: page.name in LONG),
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_block_of_a_page_runs(page, tmp_path, cache):
    room = example_files(tmp_path / "room")
    said = ""
    for block in blocks(page):
        if "--seed-file" in block.text:
            asked_for_the_seed()
        try:
            said += run(block, room, cache)
        except Exception as problem:
            pytest.fail(f"{page.relative_to(ROOT)}:{block.line}: {problem!r}")
    said = " ".join(said.split())
    for words in SAYS.get(page.name, ()):
        assert words in said
    for file, within in LEAVES.get(page.name, ()):
        path = room / file
        assert path.is_file()
        if within:
            assert within in (unpacked(path) if path.suffix == ".zip" else path.read_text("utf-8"))
    if page.name in AFTERWARDS:
        AFTERWARDS[page.name](room, said)


SAYS = {
    "array-functions.md": (
        "x = np.array([[1.4, 1.6]]) p, q = softmax(x), softmax(999 * x) print(p[0, 0])",
        "57 of 60 mutants killed",
    ),
    "grade-a-class.md": ("2 changed",),
    "own-tests.md": ("FAILED test_mine.py::test_every_node_has_the_right_gradient",),
    "reports.md": ("ag.py:",),
    "write-an-assignment.md": (
        "10/10",
        "mistake gives exactly these numbers: `distance` returns the square of",
        "20 of 20 mutants killed",
    ),
}
"""What the commands of a page say."""
LEAVES = {
    "github.md": [("starter/.github/workflows/classroom.yml", "")],
    "gradescope.md": [
        ("autograder.zip", "seed.txt"),
        ("autograder.zip", "scalar_autograd.answers"),
    ],
    "prairielearn.md": [("made/question/tests/seed.txt", ""), ("made/image/Dockerfile", "")],
    "reports.md": [("page.html", "<svg"), ("adjudge.sarif", '"version": "2.1.0"')],
    "write-an-assignment.md": [
        ("distance.py", ""),
        ("distance-577.answers", ""),
        ("autograder.zip", "run_autograder"),
    ],
}
"""The files that are there then, each with something that is in it."""


def the_class(room, said):
    assert (room / "gradebook.csv").read_text(encoding="utf-8").count("\n") >= 4
    assert 2 == len([*(room / "gradescope").iterdir()])
    assert 2 == len([*(room / "site" / "students").iterdir()])


def array_functions(room, said):
    text = (room / "softmax.py").read_text(encoding="utf-8")
    (key,) = re.findall(r'KEY = """(.*?)"""', text, re.DOTALL)
    (room / "right.py").write_text(key, encoding="utf-8")
    right = adjudge("check", "right.py", "--assignment", "softmax.py", cwd=room)
    assert text.count("\n") <= 40
    assert "10/10" in right.stdout
    assert 0 == right.returncode


def own_tests(room, said):
    assert "FAILED test_mine.py::test_x_cubed" not in said


AFTERWARDS = {
    "array-functions.md": array_functions,
    "grade-a-class.md": the_class,
    "own-tests.md": own_tests,
}
"""What must be there when all blocks of a page have run."""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sh", "adjudge check nothing.py\n"),
        ("sh", "adjudge check ag.py --no-such-option\n"),
        ("sh", "adjudge grade submissions.zip --scheduler tcp://head:8786\n"),
        ("sh", "tox -e nothing\n"),
        ("sh", "rm -rf nothing\n"),
        ("python", "from harness import nothing\n"),
        ("toml", "[scalar_autograd.points]\ngradient_mull = 6\n"),
        ("toml", 'node = "Knot"\nnothing = 1\n'),
        ("", "what is this?\n"),
    ],
)
def test_a_block_that_does_not_run_is_seen(language, text, tmp_path, cache):
    with pytest.raises(Exception):  # noqa: B017, PT011  # each reader refuses in its own way
        run(Block(1, language, text, ""), tmp_path, cache)
