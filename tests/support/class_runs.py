"""A small class as a Canvas export: right ones, wrong ones, a hostile and an unreadable one."""

import shutil
import zipfile

import pytest

from harness.judging.check import find
from support.commands import adjudge, adjudge_alone
from support.specimens import PATHS, WRITTEN

HANDED_IN = {
    "adaada_101_9001_ag.py": "as_the_lecture",
    "bobbob_LATE_102_9002_ag.py": "relu_leaky",
    "cyccyc_103_9003_ag.py": "add_overwrites",
    "dandan_104_9004_ag-2.py": "mse_half",
    "eveeve_105_9005_ag.py": "order_preorder",
}
HOSTILE = "import os\nos._exit(0)\n"
ROSTER = """Student,ID,SIS User ID,SIS Login ID,Section
Points Possible,,,,
"Ada, Ada",101,s101,ada,A
"=cmd|' /C calc'!A0, Bob",102,s102,bob,A
"Cyc, Cyc",103,s103,cyc,A
"Dan, Dan",104,s104,dan,A
"Eve, Eve",105,s105,eve,A
"Fay, Fay",106,s106,fay,A
"Gus, Gus",107,s107,gus,A
"Hal, Hal",108,s108,hal,A
"""


@pytest.fixture(scope="session")
def handed_in(tmp_path_factory):
    """The folder of the class: an archive and a roster."""
    room = tmp_path_factory.mktemp("class")
    with zipfile.ZipFile(room / "submissions.zip", "w") as archive:
        for name, specimen in HANDED_IN.items():
            archive.writestr(name, (PATHS[specimen] / "ag.py").read_text(encoding="utf-8"))
        archive.writestr("fayfay_106_9006_ag.py", HOSTILE)
        archive.writestr("gusgus_107_9007_ag.py", "")
    (room / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return room


@pytest.fixture(scope="session")
def graded(handed_in):
    """The results of an undisturbed run, and what it printed."""
    results = handed_in / "undisturbed.db"
    words = (handed_in / "submissions.zip", "-o", results, "--roster", handed_in / "roster.csv")
    done = adjudge_alone("grade", *words, "--jobs", "1")
    assert 0 == done.returncode, done.stderr
    return results, done.stdout


FEW = ("order_random", "gradient_add", "gradient_mul", "relu_values", "relu_gradient")


def off(*checks, of="scalar_autograd"):
    """The table of a rubric in which these checks alone count."""
    rows = (f"{check.name} = 0\n" for check in find(of).checks if check.name not in checks)
    return f"[{of}.points]\n{''.join(rows)}"


def few(*checks, of="scalar_autograd"):
    """The options by which an assignment has these checks alone."""
    file = WRITTEN / f"{' '.join(checks)}.toml"
    file.write_text(off(*checks, of=of), encoding="utf-8")
    return "--assignment", of, "--rubric", str(file)


LAB = few(*FEW)
"""A few checks of one assignment: what is lost or kept of them is lost or kept of all."""


@pytest.fixture(scope="session")
def graded_lab(handed_in):
    """The results of an undisturbed run of a few checks."""
    results = handed_in / "lab.db"
    words = (handed_in / "submissions.zip", "-o", results, "--roster", handed_in / "roster.csv")
    done = adjudge("grade", *words, "--jobs", "1", *LAB)
    assert 0 == done.returncode, done.stderr
    return results


RUBRIC = f"""
[lateness]
due = 2026-11-20T23:59:00+01:00
per_day = 10

{off(*FEW)}gradient_mul = 40
"""
BY_HAND = """key,points,reason,by,check,hours
bob,2.5,a bus that was late,the instructor,,
103,,a clear derivation,the instructor,gradient_add,
"Eve, Eve",-3,too late to the defence,the instructor,,
"""


@pytest.fixture(scope="session")
def with_rules(handed_in, graded_lab):
    """A class with lateness, points and comments by hand: the options, and its results.

    The results are those of an undisturbed run, counted again; nothing was run for them.
    """
    rubric, by_hand = handed_in / "rubric.toml", handed_in / "by_hand.csv"
    rubric.write_text(RUBRIC, encoding="utf-8")
    by_hand.write_text(BY_HAND, encoding="utf-8")
    rules = ["--rubric", str(rubric), "--adjustments", str(by_hand)]
    results = handed_in / "counted.db"
    shutil.copy(graded_lab, results)
    done = adjudge("regrade", results, *rules)
    assert 0 == done.returncode, done.stderr
    return [*rules, *LAB[:2]], results


def exported(results, form="jsonl"):
    """The text of an export."""
    done = adjudge("export", results, "--format", form)
    assert 0 == done.returncode, done.stderr
    return done.stdout
