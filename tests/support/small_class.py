"""A class whose grades are given, in any layout: what is read and what is written is real."""

import csv
import io
import zipfile
from dataclasses import replace

from harness.classes import book, gradebook
from harness.classes.by_hand import changes_in
from harness.classes.collect import class_of
from harness.classes.store import Store
from harness.classes.who import Who
from harness.commands.grade import facts
from harness.judging import grade
from harness.judging.check import find
from harness.records.handed_in import Source, Submission
from harness.records.verdict import Status, Verdict
from support.commands import adjudge

LAB = "scalar_autograd"
CODE = "class ag:\n    x = 1\n"


def graded(*passed, assignment=LAB, out=None):
    """A grade in which some checks pass and the others fail; all pass where none is named."""
    lab = find(assignment)
    verdicts = tuple(
        Verdict(
            check.name,
            check.exercise,
            out if out and check.name in passed else
            Status.PASSED if not passed or check.name in passed else Status.FAILED,
            tried=5,
            failed=0 if not passed or check.name in passed else 3,
        )
        for check in lab.active
    )  # fmt: skip
    empty = grade.unreadable(lab, "ada", "", "577")
    return grade.counted(lab, replace(empty, verdicts=verdicts, unreadable="", digest="d"))


def results_of(room, files, roster, *, grades=None, changes="", groups="", rubric="", seed="577"):
    """The file of results of a class: who handed in what is found, the grades are given.

    `grades` has a grade by key; who is not in it has all points.
    """
    room.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(room / "class.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    paths = {}
    for name, text in (("roster.csv", roster), ("groups.csv", groups), ("by_hand.csv", changes)):
        paths[name] = room / name if text else None
        if text:
            (room / name).write_text(text, encoding="utf-8")
    handed_in = class_of(room / "class.zip", paths["roster.csv"], paths["groups.csv"])
    people = gradebook.people_of(handed_in)
    plan = gradebook.Plan((LAB,), seed, (b"",), rubric=rubric)
    path = room / "results.db"
    with Store(path, writes=True) as store:
        store.enrol(people, only=False)
        rules = book.made_by(plan) | book.counted_by(rubric, "", strict=False)
        for name, value in (rules | facts(handed_in)).items():
            store.note(name, value)
        if changes:
            who = Who(person for person, _ in people)
            store.adjust(changes_in(paths["by_hand.csv"], who, plan.ruled()))
        for job in gradebook.jobs_of(handed_in):
            own = (grades or {}).get(job.key) or graded()
            given = job.submission or Submission(job.key, (Source("ag.py", CODE),))
            if job.submission is None:
                own = grade.unreadable(find(LAB), job.key, job.reason, seed)
            store.put(job.key, job.stamp(plan), [own], given)
    return path


def exported(results, form, *more):
    """What `adjudge export` prints."""
    done = adjudge("export", results, "--format", form, *more)
    assert 0 == done.returncode, done.stderr
    return done.stdout


def table(results, form="csv", *more):
    """The rows of an exported sheet, each by the names of its columns."""
    return list(csv.DictReader(io.StringIO(exported(results, form, *more))))


def refused(*words):
    """The one sentence with which a command refuses to do what it was told."""
    done = adjudge(*words)
    assert (2, 1) == (done.returncode, len(done.stderr.splitlines())), done.stderr
    return done.stderr
