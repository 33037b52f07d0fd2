"""Write what an instructor uploads, so that a platform grades with adjudge.

The package itself goes along as a wheel. For a secret seed its answers go along too, so that no
platform needs PyTorch or JAX.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import msgspec

from harness.classes.platforms import own_files, runtime
from harness.classes.seeds import seed_in
from harness.grading.answers import answers_for
from harness.judging import grade, rubric
from harness.judging.check import Assignment
from harness.judging.toml_file import text_of
from harness.oracles import recording
from harness.records.errors import UsageError
from harness.sandbox.libraries import distribution
from harness.sandbox.start import STARTUP, startup_line

TEMPLATES = Path(__file__).parent / "templates"
OWN = "adjudge"
"""The distribution that is packed."""
START = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same content gives the same bytes."""
EXECUTABLE = 0o755
PLAIN = 0o644
PRIVATE = 0o600
SPARE_SECONDS, MOST_SECONDS = 60, 600
"""What PrairieLearn allows beside the workers' time, and at most."""

REQUIREMENTS = "requirements.txt"
"""The file with the exact version and the hashes of everything that is installed beside adjudge."""

Bundle = dict[str, tuple[bytes, int]]
"""Content and mode of each file, by its name."""


@dataclass(frozen=True)
class Course:
    """By what a platform grades."""

    assignments: tuple[str, ...]
    """By name, or by the path of an own file."""
    seed_file: Path | None = None
    """Holds the secret seed; without it the public one is used. Recordings that lie beside it, as
    `adjudge record` names them, are used; others are made."""
    rubric_file: Path | None = None
    """Changes points, limits and rules."""
    requirements: Path | None = None
    """The exact versions to install, with hashes, where the rubric allows more libraries."""


def gradescope(course: Course, to: Path) -> Path:
    """Writes the zip that Gradescope takes as an autograder.

    Args:
        course: by what it grades.
        to: the zip.

    Raises:
        UsageError: there is no such assignment, no seed in the file, something at `to`, a mistake
            in the rubric, or a library without an exact version.
        OracleError: answers have to be recorded, and there is no oracle.
    """
    _nothing_at(to)
    made = _course(course) | _templates("gradescope", executable="run_autograder")
    made["setup.sh"] = (made["setup.sh"][0], EXECUTABLE)
    made["withheld.json"] = (runtime.withheld_gradescope().encode(), PLAIN)
    made |= _installed(course)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(_zipped(made))
    return to


def github(course: Course, to: Path) -> Path:
    """Writes a workflow and what it needs into a template repository.

    There is no secret seed: a student can read all that a workflow in their repository reads.

    Args:
        course: by what it grades; its seed is left out.
        to: the repository.

    Raises:
        UsageError: there is no such assignment, something where a file is to be written, a mistake
            in the rubric, or a library without an exact version.
    """
    made = _templates("github", into=".github/workflows/")
    own = _course(replace(course, seed_file=None)) | _installed(course)
    made |= {f".github/adjudge/{file}": content for file, content in own.items()}
    return _written(made, to)


def prairielearn(course: Course, to: Path, image: str = "") -> Path:
    """Writes a question and the image that grades it.

    Args:
        course: by what it grades.
        to: a folder, in which there are then `question` and `image`.
        image: the name under which you push the image.

    Raises:
        UsageError: no image is named, or as for `gradescope`.
        OracleError: as for `gradescope`.
    """
    if not image:
        raise UsageError("PrairieLearn needs the name of an image of yours: REGISTRY/NAME:TAG")
    found = _known(course)
    made = _templates("prairielearn", into="question/")
    made["image/Dockerfile"] = made.pop("question/Dockerfile")
    made["question/tests/entrypoint.sh"] = (made.pop("question/entrypoint.sh")[0], EXECUTABLE)
    info = msgspec.json.decode(made["question/info.json"][0], type=dict[str, object])
    about = "/".join((OWN, image, *(one.name for one in found)))
    info["uuid"] = str(uuid.uuid5(uuid.NAMESPACE_URL, about))
    seconds = SPARE_SECONDS + sum(one.limits.total_seconds for one in found)
    options = info["externalGradingOptions"]
    assert isinstance(options, dict), "our own template"
    options |= {"image": image, "timeout": min(seconds, MOST_SECONDS)}
    text = msgspec.json.format(msgspec.json.encode(info), indent=4) + b"\n"
    made["question/info.json"] = (text, PLAIN)
    for file, content in _course(course).items():
        made[f"question/tests/{file}"] = content
    made["question/tests/withheld.json"] = (runtime.withheld_prairielearn().encode(), PLAIN)
    made |= {f"image/{file}": content for file, content in _installed(course).items()}
    return _written(made, to)


def points(assignments: tuple[str, ...], rubric_file: Path | None = None) -> float:
    """How many points there are, as the platform has to be told.

    Raises:
        UsageError: there is no such assignment, or a mistake in the rubric.
    """
    found = runtime.ruled(assignments, rubric_file)
    return sum(grade.worth(one, check) for one in found for check in one.active)


def next_steps(platform: str) -> str:
    """What is left to do by hand."""
    return (TEMPLATES / f"{platform}.txt").read_text(encoding="utf-8")


def wheel() -> tuple[str, bytes]:
    """The name and the bytes of a wheel of this very package, however it is installed.

    It holds what the installed one holds, `recordings` and `templates` too.

    Raises:
        UsageError: it is not installed at all.
    """
    try:
        own = metadata.distribution(OWN)
    except metadata.PackageNotFoundError:
        raise UsageError(f"{OWN} is not installed, so it cannot be packed") from None
    made: Bundle = {}
    # find_spec does not import a package that stands by itself; harness may not import the other.
    for package in sorted({point.module.split(".")[0] for point in own.entry_points}):
        spec = find_spec(package)
        assert spec is not None, "its entry point is ours"
        assert spec.origin is not None, "a package with an __init__.py"
        home = Path(spec.origin).parent
        for file in sorted(path for path in home.rglob("*") if path.is_file()):
            if "__pycache__" not in file.parts:
                made[f"{package}/{file.relative_to(home).as_posix()}"] = (file.read_bytes(), PLAIN)
    made[STARTUP] = (startup_line().encode("ascii"), PLAIN)
    stem = f"{OWN}-{own.version}"
    about = {
        # Run from a checkout, the egg-info of an editable installation is found first.
        "METADATA": own.read_text("METADATA") or own.read_text("PKG-INFO") or "",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: adjudge\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": own.read_text("entry_points.txt") or "",
    }
    for name, text in about.items():
        made[f"{stem}.dist-info/{name}"] = (text.encode(), PLAIN)
    record = "".join(
        f"{name},sha256={_digest(content)},{len(content)}\n" for name, (content, _) in made.items()
    )
    made[f"{stem}.dist-info/RECORD"] = (f"{record}{stem}.dist-info/RECORD,,\n".encode(), PLAIN)
    return f"{stem}-py3-none-any.whl", _zipped(made)


def _course(course: Course) -> Bundle:
    """The course's folder, as `harness.classes.platforms.runtime` reads it."""
    found = _known(course)
    names = tuple(one.file.name if one.file else one.name for one in found)
    settings = msgspec.json.encode(runtime.Settings(names))
    made: Bundle = {runtime.SETTINGS: (msgspec.json.format(settings, indent=2) + b"\n", PLAIN)}
    if course.rubric_file is not None:
        made[runtime.RUBRIC] = (rubric.read(course.rubric_file).encode(), PLAIN)
    for one in found:
        if one.file is not None:
            files = own_files.packed(one, tuple(made), public=course.seed_file is None)
            made |= {name: (content, PRIVATE) for name, content in files.items()}
    if course.seed_file is None:
        return made
    seed = seed_in(course.seed_file)
    made[runtime.SEED] = (f"{seed}\n".encode(), PRIVATE)
    for one in found:
        beside = course.seed_file.parent / recording.shipped(one, seed).name
        if beside.exists():
            recording.read(beside, one, seed)
        packed = beside.read_bytes() if beside.exists() else answers_for(one, seed)
        made[runtime.answers(Path(), one).name] = (packed, PRIVATE)
    return made


def _known(course: Course) -> tuple[Assignment, ...]:
    """The assignments, if all of them are in the wheel."""
    found = runtime.ruled(course.assignments, course.rubric_file)
    for point in metadata.entry_points(group="adjudge.assignments"):
        home = point.dist.name if point.dist else OWN
        if point.name in course.assignments and home != OWN:
            raise UsageError(f"{point.name} comes with {home}, and only {OWN} is packed")
    return found


def _installed(course: Course) -> Bundle:
    """What a platform installs: the wheel of adjudge, and exact versions of all else.

    Raises:
        UsageError: the versions cannot be read, or lack a library that the rubric allows.
    """
    by = course.requirements or TEMPLATES / REQUIREMENTS
    text = text_of(by)
    pinned = {name.lower() for name in re.findall(r"(?m)^([\w.-]+)==\S+", text)}
    unsure = [line for line in text.splitlines() if re.match(r"[\w.-]+ *([<>~!]|$|@)", line)]
    if unsure or "--hash=sha256:" not in text:
        raise UsageError(f"{by}: pins no exact version with hashes ({(unsure or ['nothing'])[0]})")
    for each in runtime.ruled(course.assignments, course.rubric_file):
        for name in each.libraries:
            if distribution(name).lower() not in pinned:
                raise UsageError(
                    f"no exact version of {distribution(name)} is known; write all versions with "
                    "hashes into a file (docs/guides/gradescope.md) and give it by --requirements"
                )
    name, wheel_bytes = wheel()
    return {name: (wheel_bytes, PLAIN), REQUIREMENTS: (text.encode(), PLAIN)}


def _templates(platform: str, *, into: str = "", executable: str = "") -> Bundle:
    """The files of a platform."""
    files = sorted((TEMPLATES / platform).iterdir())
    return {
        into + file.name: (file.read_bytes(), EXECUTABLE if file.name == executable else PLAIN)
        for file in files
    }


def _nothing_at(path: Path) -> None:
    if path.exists():
        raise UsageError(f"{path}: is there already; move it away or write somewhere else")


def _written(made: Bundle, to: Path) -> Path:
    """Writes files into a folder, or none of them where one is there already."""
    for name in made:
        _nothing_at(to / name)
    for name, (content, mode) in made.items():
        file = to / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode)
        file.write_bytes(content)
        file.chmod(mode)
    return to


def _zipped(made: Mapping[str, tuple[bytes, int]]) -> bytes:
    """The bytes of an archive that depend on nothing but what is in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, (content, mode) in sorted(made.items()):
            entry = zipfile.ZipInfo(name, START)
            entry.create_system = 3  # Unix, on every system: else the modes mean nothing
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _digest(content: bytes) -> str:
    """As RECORD spells it."""
    total = hashlib.sha256(content).digest()
    return base64.urlsafe_b64encode(total).rstrip(b"=").decode("ascii")
