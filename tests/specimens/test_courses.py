"""Other courses: right in several styles, wrong as they state, known mistakes named."""

import os
import tomllib
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from harness.grading.audit.run import same_observations
from harness.judging.check import find
from harness.judging.mistakes import equivalent
from harness.judging.mutant import mutate
from harness.records.handed_in import Source, Submission
from reference_impls.course_keys import HERE
from support.long import sample
from support.mutants import mutants_of
from support.specimens import ROOT, edited

TABLE = tomllib.loads((ROOT / "courses.toml").read_text(encoding="utf-8"))
EDITED = {(course, name): TABLE[course][name] for course in TABLE for name in TABLE[course]}
"""Edits, of the course's answer key unless it says of what; right unless it says what is wrong."""
WRONG = [pair for pair, stated in EDITED.items() if "wrong" in stated]
RIGHT = [(path.parent.name, path.stem) for path in sorted((ROOT / "courses").glob("*/*.py"))]
RIGHT += [pair for pair in EDITED if pair not in WRONG]
COURSES = sorted({course for course, _ in RIGHT})
TABLES = {"cs231n_layers": "cs231n", "minitorch_scalars": "minitorch", "needle_ops": "needle"}
"""The file of each course's mistakes, where it has another name."""
COUNT = int(os.environ.get("ADJUDGE_SEEDS", "0"))
"""Seeds besides the public one, whose answers are recorded; `tox -e seeds` asks for twenty."""
KNOWN = [
    pytest.param(
        course,
        model,
        id=f"{course}-{model.name}-{number}",
        marks=pytest.mark.long if number % 15 else (),
    )
    for course in COURSES
    for number, model in enumerate(find(course).answer_key.models)
]


def handed_in(name, text, course):
    module = find(course).answer_key.source.name
    return Submission(name, (Source(module, text),), module=module.removesuffix(".py"), digest=name)


def text_of(course, name):
    stated = EDITED.get((course, name))
    if stated is None:
        return (ROOT / "courses" / course / f"{name}.py").read_text(encoding="utf-8")
    key = find(course).answer_key.source.text
    return edited(text_of(course, stated["of"]) if "of" in stated else key, stated["edits"])


def told(grade, *statuses):
    return {v.check for v in grade.verdicts if v.status.value in statuses}


def names(grade):
    return {one.name for v in grade.verdicts for one in v.diagnosis}


@pytest.mark.parametrize("course", COURSES)
def test_a_course_has_three_styles_and_wrong_ones(course):
    assert 3 <= sum(home == course for home, _ in RIGHT)
    assert 4 <= sum(home == course for home, _ in WRONG)


@pytest.mark.parametrize(("course", "style"), sample(3, RIGHT))
@pytest.mark.parametrize("seed", ["577", *map(str, range(COUNT))])
def test_a_right_solution_in_any_style_has_full_marks(course, style, seed, grader):
    handed = handed_in(f"{course} {style}", text_of(course, style), course)
    grade = grader.grade(handed, course, seed)

    assert not grade.unreadable
    assert {v.status.value for v in grade.verdicts} == {"passed"}
    assert (100.0, 100.0) == (grade.points, grade.out_of)


@pytest.mark.parametrize(("course", "name"), sample(4, WRONG))
def test_a_wrong_solution_loses_what_it_states(course, name, grader):
    stated = EDITED[course, name]

    grade = grader.grade(handed_in(f"{course} {name}", text_of(course, name), course), course)

    assert set(stated["wrong"]) == told(grade, "failed", "faulted")
    assert set(stated.get("blocked", ())) == told(grade, "skipped")
    assert set(stated.get("named", ())) <= names(grade)


@pytest.mark.parametrize(("course", "model"), KNOWN)
def test_every_known_mistake_is_found_and_named(course, model, grader):
    text = mutate(find(course).answer_key.source.text, model.edits)

    grade = grader.grade(handed_in(f"{model.name} {hash(text)}", text, course), course)

    assert model.name in names(grade), [v for v in grade.verdicts if v.points < v.out_of]


@pytest.mark.parametrize("course", COURSES)
def test_no_file_of_a_course_has_more_than_250_lines(course):
    (point,) = entry_points(group="adjudge.assignments", name=course)
    files = Path(import_module(point.module).__file__).parent.glob("*.py")

    assert 250 >= max(path.read_text(encoding="utf-8").count("\n") for path in files)


@pytest.mark.parametrize("course", sample(4, COURSES))
def test_what_is_called_equivalent_is_a_mutant_and_records_what_the_key_records(course):
    lab = find(course)
    key = lab.answer_key
    made = mutants_of(key.source.text, dict(key.equivalent))
    first = (check.programs("577")[0] for check in lab.active)
    text, dialect = key.source.text, lab.dialect
    tried = tuple(p for p in first if same_observations(text, text, (p,), dialect))  # no chance
    same = equivalent(HERE / f"{TABLES.get(course, course)}_mistakes.toml", convention=False)

    assert tried
    assert set(dict(key.equivalent)) == set(made)
    for name, _ in same:
        assert same_observations(made[name], text, tried, dialect), name
