"""A class, of whom a fifth are hostile, is graded as if each were alone."""

from itertools import cycle

import pytest

from hostile.corpus import ATTACKS, KEY
from support.long import sample
from support.scene import descendants, litter, tree

CHEAP = tuple(a for a in ATTACKS if isinstance(a.build, str) and not a.slow)


@pytest.fixture(scope="module", params=sample(2, [30, 300]))
def folder(request, tmp_path_factory, place):
    """Every fifth submission is hostile; the honest ones differ in a comment."""
    made = tmp_path_factory.mktemp("class")
    attacks = cycle(a for a in CHEAP if a.assignment == "scalar_autograd")
    for i in range(request.param):
        hostile = i % 5 == 2
        text = place.fill(next(attacks).build) if hostile else f"# number {i}\n{KEY}"
        (made / f"s{i:03}_{'hostile' if hostile else 'honest'}.py").write_text(text)
    return made


def test_every_honest_grade_is_what_it_is_alone_and_nothing_is_left(
    folder, grader, few, answer_key, canary
):
    alone = grader.grade(answer_key, few)
    untouched, family = tree(canary), descendants()
    paths = sorted(folder.iterdir())
    grades = [grader.grade(path, few) for path in paths]
    honest = [g for g, path in zip(grades, paths, strict=True) if "honest" in path.stem]

    assert 4 * len(grades) == 5 * len(honest)
    assert [path.stem for path in paths] == [grade.submission for grade in grades]
    assert {alone.verdicts} == {grade.verdicts for grade in honest}
    assert {alone.out_of} == {grade.points for grade in honest}
    assert untouched == tree(canary)
    assert family == descendants()
    assert [] == litter()


@pytest.mark.long
def test_an_honest_grade_is_the_same_with_and_without_the_lock(
    grader, unlocked, assignments, answer_key, specimens
):
    assignment = assignments["scalar_autograd"]
    paths = [answer_key, *(specimens / name for name in ("kahn", "methods", "pow_no_factor"))]
    for path in paths:
        locked, open_ = grader.grade(path, assignment), unlocked.grade(path, assignment)

        assert ("S3", "S1") == (locked.isolation, open_.isolation)
        assert locked.verdicts == open_.verdicts
        assert (locked.points, locked.out_of) == (open_.points, open_.out_of)
        assert (locked.digest, locked.import_line) == (open_.digest, open_.import_line)
