"""A small class as a Canvas export: right ones, wrong ones, a hostile and an unreadable one."""

import subprocess
import sys
import zipfile

import pytest

from support.specimens import PATHS

HANDED_IN = {
    "adaada_101_9001_ag.py": "recursive",
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


def adjudge(*arguments, **more):
    """Runs the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "harness", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


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
    done = adjudge(
        "grade", handed_in / "submissions.zip", "-o", results, "--roster", handed_in / "roster.csv"
    )
    assert 0 == done.returncode, done.stderr
    return results, done.stdout


def exported(results, form="jsonl"):
    """The text of an export."""
    done = adjudge("export", results, "--format", form)
    assert 0 == done.returncode, done.stderr
    return done.stdout
