"""An author's own assignment on its way to a platform: its file, what it reads, its answers."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

from harness.classes.platforms import runtime
from harness.grading.answers import answers_for
from harness.grading.grader import PUBLIC_SEED
from harness.judging import own_file
from harness.judging.check import Assignment
from harness.oracles import recording
from harness.records.errors import UsageError


def packed(assignment: Assignment, taken: tuple[str, ...], *, public: bool) -> dict[str, bytes]:
    """What a course's folder holds of an own assignment, by its name there.

    Args:
        assignment: read from an author's file.
        taken: the names that are in the folder already.
        public: whether its answers for the public seed go along, which no package ships.

    Raises:
        UsageError: a file that it names is not there or lies elsewhere, two have one name, or it
            does not load where nothing but them is.
        OracleError: answers have to be recorded, and there is no oracle.
    """
    made = _files(assignment)
    _tried(assignment, made)
    if public:
        answers = recording.shipped(assignment, PUBLIC_SEED).name
        made[answers] = answers_for(assignment, PUBLIC_SEED)
    for name in made:
        if name in (*taken, runtime.SEED, runtime.RUBRIC):
            raise UsageError(f"{assignment.file}: another file is packed as {name}; rename it")
    return made


def _files(assignment: Assignment) -> dict[str, bytes]:
    """The file itself, and then those that it names as beside it."""
    assert assignment.file is not None, "an own assignment was read from a file"
    home, name = assignment.file.parent, assignment.file.name
    packed = {name: assignment.file.read_bytes()}
    for each in assignment.beside:
        path = PurePath(each)
        if path.is_absolute() or ".." in path.parts or not (home / path).is_file():
            raise UsageError(f'{assignment.file}: there is no "{each}" beside it')
        packed[path.as_posix()] = (home / path).read_bytes()
    return packed


def _tried(assignment: Assignment, packed: dict[str, bytes]) -> None:
    """Loads a file in an empty folder, as a platform will."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in packed.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            own_file.load((Path(folder) / PurePath(next(iter(packed)))).resolve())
        except UsageError as problem:
            why = str(problem).replace(str(Path(folder).resolve()), ".")
            raise UsageError(
                f"{assignment.file}: cannot be read without what lies beside it ({why}); name "
                "such files in Assignment(beside=(...))"
            ) from None
