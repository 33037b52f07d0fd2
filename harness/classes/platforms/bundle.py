"""Write what an instructor uploads, so that a platform grades with adjudge.

The package itself goes along as a wheel. For a secret seed its answers go along too, so that no
platform needs PyTorch or JAX.
"""

from __future__ import annotations

import base64
import hashlib
import io
import uuid
import zipfile
from collections.abc import Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import msgspec

from harness.classes.platforms import runtime
from harness.classes.seeds import seed_in
from harness.grading.grader import answers_for
from harness.judging import grade
from harness.judging.check import Assignment
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

Bundle = dict[str, tuple[bytes, int]]
"""Content and mode of each file, by its name."""


def gradescope(
    assignments: tuple[str, ...],
    to: Path,
    seed_file: Path | None = None,
    rubric_file: Path | None = None,
) -> Path:
    """Writes the zip that Gradescope takes as an autograder.

    Args:
        assignments: by what is graded.
        to: the zip.
        seed_file: holds the secret seed; without it the public one is used. Recordings that lie
            beside it, as `adjudge record` names them, are used; others are made.
        rubric_file: changes points, limits and rules.

    Raises:
        UsageError: there is no such assignment, no seed in the file, something at `to`, or a
            mistake in the rubric.
        OracleError: answers have to be recorded, and there is no oracle.
    """
    _nothing_at(to)
    made = _course(assignments, seed_file, rubric_file)
    libraries = _libraries(assignments, rubric_file)
    made |= _templates("gradescope", libraries, executable="run_autograder")
    made["setup.sh"] = (made["setup.sh"][0], EXECUTABLE)
    made["withheld.json"] = (runtime.withheld_gradescope().encode(), PLAIN)
    name, wheel_bytes = wheel()
    made[name] = (wheel_bytes, PLAIN)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(_zipped(made))
    return to


def github(assignments: tuple[str, ...], to: Path, rubric_file: Path | None = None) -> Path:
    """Writes a workflow and what it needs into a template repository.

    There is no secret seed: a student can read all that a workflow in their repository reads.

    Args:
        assignments: by what is graded.
        to: the repository.
        rubric_file: as for `gradescope`.

    Raises:
        UsageError: there is no such assignment, something where a file is to be written, or a
            mistake in the rubric.
    """
    name, wheel_bytes = wheel()
    libraries = _libraries(assignments, rubric_file)
    made = _templates("github", libraries, into=".github/workflows/")
    course = _course(assignments, None, rubric_file) | {name: (wheel_bytes, PLAIN)}
    made |= {f".github/adjudge/{file}": content for file, content in course.items()}
    return _written(made, to)


def prairielearn(
    assignments: tuple[str, ...],
    to: Path,
    seed_file: Path | None = None,
    rubric_file: Path | None = None,
    image: str = "",
) -> Path:
    """Writes a question and the image that grades it.

    Args:
        assignments: by what is graded.
        to: a folder, in which there are then `question` and `image`.
        seed_file: as for `gradescope`.
        rubric_file: as for `gradescope`.
        image: the name under which you push the image.

    Raises:
        UsageError: no image is named, or as for `gradescope`.
        OracleError: as for `gradescope`.
    """
    if not image:
        raise UsageError("PrairieLearn needs the name of an image of yours: REGISTRY/NAME:TAG")
    found = _known(assignments, rubric_file)
    libraries = _libraries(assignments, rubric_file)
    made = _templates("prairielearn", libraries, into="question/")
    made["image/Dockerfile"] = made.pop("question/Dockerfile")
    made["question/tests/entrypoint.sh"] = (made.pop("question/entrypoint.sh")[0], EXECUTABLE)
    info = msgspec.json.decode(made["question/info.json"][0], type=dict[str, object])
    info["uuid"] = str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join((OWN, image, *assignments))))
    seconds = SPARE_SECONDS + sum(one.limits.total_seconds for one in found)
    options = info["externalGradingOptions"]
    assert isinstance(options, dict), "our own template"
    options |= {"image": image, "timeout": min(seconds, MOST_SECONDS)}
    text = msgspec.json.format(msgspec.json.encode(info), indent=4) + b"\n"
    made["question/info.json"] = (text, PLAIN)
    for file, content in _course(assignments, seed_file, rubric_file).items():
        made[f"question/tests/{file}"] = content
    made["question/tests/withheld.json"] = (runtime.withheld_prairielearn().encode(), PLAIN)
    name, wheel_bytes = wheel()
    made[f"image/{name}"] = (wheel_bytes, PLAIN)
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


def _course(
    assignments: tuple[str, ...], seed_file: Path | None, rubric_file: Path | None
) -> Bundle:
    """The course's folder, as `harness.classes.platforms.runtime` reads it."""
    found = _known(assignments, rubric_file)
    settings = msgspec.json.encode(runtime.Settings(assignments))
    made: Bundle = {runtime.SETTINGS: (msgspec.json.format(settings, indent=2) + b"\n", PLAIN)}
    if rubric_file is not None:
        made[runtime.RUBRIC] = (rubric_file.read_bytes(), PLAIN)
    if seed_file is None:
        return made
    seed = seed_in(seed_file)
    made[runtime.SEED] = (f"{seed}\n".encode(), PRIVATE)
    for one in found:
        beside = seed_file.parent / recording.shipped(one, seed).name
        if beside.exists():
            recording.read(beside, one, seed)
        packed = beside.read_bytes() if beside.exists() else answers_for(one, seed)
        made[runtime.answers(Path(), one).name] = (packed, PRIVATE)
    return made


def _known(assignments: tuple[str, ...], rubric_file: Path | None) -> tuple[Assignment, ...]:
    """The assignments, if all of them are in the wheel."""
    found = runtime.ruled(assignments, rubric_file)
    for point in metadata.entry_points(group="adjudge.assignments"):
        home = point.dist.name if point.dist else OWN
        if point.name in assignments and home != OWN:
            raise UsageError(f"{point.name} comes with {home}, and only {OWN} is packed")
    return found


def _libraries(assignments: tuple[str, ...], rubric_file: Path | None) -> tuple[str, ...]:
    """What pip must install beside adjudge: the libraries that the course allows."""
    found = [name for one in runtime.ruled(assignments, rubric_file) for name in one.libraries]
    return tuple(dict.fromkeys(distribution(name) for name in found))


def _templates(
    platform: str, libraries: tuple[str, ...], *, into: str = "", executable: str = ""
) -> Bundle:
    """The files of a platform; LIBRARIES in them becomes what pip installs beside adjudge."""
    files = sorted((TEMPLATES / platform).iterdir())
    named = "".join(f" {name}" for name in libraries).encode()
    return {
        into + file.name: (
            file.read_bytes().replace(b" LIBRARIES", named),
            EXECUTABLE if file.name == executable else PLAIN,
        )
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
