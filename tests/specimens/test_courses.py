"""Other courses: right in several styles, wrong as they state, known mistakes named."""

import os
import tomllib
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from harness.grading.audit.operators import mutations
from harness.grading.audit.run import same_observations
from harness.judging.check import find
from harness.judging.mistakes import equivalent
from harness.judging.mutant import mutate
from harness.records.handed_in import Source, Submission
from harness.records.known import Edit
from reference_impls.course_keys import HERE

ROOT = Path(__file__).parents[2] / "student_submissions"
EDITED = tomllib.loads((ROOT / "courses.toml").read_text(encoding="utf-8"))
RIGHT = sorted(path.relative_to(ROOT / "courses") for path in (ROOT / "courses").glob("*/*.py"))
COURSES = sorted({path.parts[0] for path in RIGHT})
TABLES = {"cs231n_layers": "cs231n", "minitorch_scalars": "minitorch", "needle_ops": "needle"}
"""The file of each course's mistakes, where it has another name."""
COUNT = int(os.environ.get("ADJUDGE_SEEDS", "0"))
"""Seeds besides the public one, whose answers are recorded; `tox -e seeds` asks for twenty."""
SOME = 1 if COUNT else 4
"""Unless seeds are asked for, every so many known mistakes; `tox -e names` has all."""
KNOWN = [
    pytest.param(course, model, id=f"{course}-{model.name}-{number}")
    for course in COURSES
    for number, model in [*enumerate(find(course).answer_key.models)][::SOME]
]


def handed_in(name, text, course):
    module = find(course).answer_key.source.name
    return Submission(name, (Source(module, text),), module=module.removesuffix(".py"), digest=name)


def text_of(course, style):
    return (ROOT / "courses" / course / f"{style}.py").read_text(encoding="utf-8")


def told(grade, *statuses):
    return {v.check for v in grade.verdicts if v.status.value in statuses}


def names(grade):
    return {one.name for v in grade.verdicts for one in v.diagnosis}


@pytest.mark.parametrize("course", COURSES)
def test_a_course_has_three_styles_and_wrong_ones(course):
    assert 3 <= sum(path.parts[0] == course for path in RIGHT)
    assert 4 <= sum(stated["assignment"] == course for stated in EDITED.values())


@pytest.mark.parametrize("path", RIGHT, ids=str)
@pytest.mark.parametrize("seed", ["577", *map(str, range(COUNT))])
def test_a_right_solution_in_any_style_has_full_marks(path, seed, grader):
    course, style = path.parts[0], path.stem
    grade = grader.grade(
        handed_in(f"{course} {style}", text_of(course, style), course), course, seed
    )

    assert not grade.unreadable
    assert {v.status.value for v in grade.verdicts} == {"passed"}
    assert (100.0, 100.0) == (grade.points, grade.out_of)


@pytest.mark.parametrize("name", EDITED)
def test_a_wrong_solution_loses_what_it_states(name, grader):
    stated = EDITED[name]
    course = stated["assignment"]
    text = mutate(text_of(course, stated["of"]), [Edit(**edit) for edit in stated["edits"]])

    grade = grader.grade(handed_in(name, text, course), course)

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


@pytest.mark.parametrize("course", COURSES)
def test_what_is_called_equivalent_is_a_mutant_and_records_what_the_key_records(course):
    lab = find(course)
    key = lab.answer_key
    made = {mutant.name: mutant.text for mutant in mutations(key.source.text)}
    first = (check.programs("577")[0] for check in lab.active)
    text, dialect = key.source.text, lab.dialect
    tried = tuple(p for p in first if same_observations(text, text, (p,), dialect))  # no chance
    same = equivalent(HERE / f"{TABLES.get(course, course)}_mistakes.toml", convention=False)

    assert tried
    assert set(dict(key.equivalent)) <= set(made)
    for name, _ in same:
        assert same_observations(made[name], text, tried, dialect), name
