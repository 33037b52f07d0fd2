"""The pytest plugin: options, one item per submission and check, fixtures, a score table.

It is loaded wherever adjudge is installed, so it imports nothing but pytest until an option or
a fixture of its own is used.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import pytest

from harness.sandbox.start import clean, refusal

if TYPE_CHECKING:
    from harness.grading.grader import Grader
    from harness.judging.check import Assignment, Check
    from harness.oracles.load import Oracles
    from harness.records.program import Expression
    from harness.records.verdict import Grade, Verdict
    from harness.report.exports.places import Place
    from harness.sandbox.student import Student

SUITE = Path(__file__).with_name("suite.py")
PROPERTIES = ("submission", "exercise", "points", "out_of")
"""What each item tells the score table and a JUnit file, in this order."""


class Session:
    """What one run of pytest grades, each submission once for each assignment."""

    def __init__(self, config: pytest.Config) -> None:
        from harness.grading.grader import LECTURE, PUBLIC_SEED

        self.seed: str = config.getoption("adjudge_seed") or PUBLIC_SEED
        self._names: list[str] = config.getoption("assignment") or list(LECTURE)
        self._least: str | None = config.getoption("min_isolation")
        self._rubric: str | None = config.getoption("adjudge_rubric")
        self._strict: bool = config.getoption("adjudge_strict")
        self.feedback: str = config.getoption("adjudge_feedback")
        self._paths: list[str] = config.getoption("submission")
        self._grader: Grader | None = None
        self._open = ExitStack()
        self._grades: dict[tuple[str, str], Grade] = {}

    @property
    def grader(self) -> Grader:
        """Grades; made at the first need."""
        if self._grader is None:
            from harness.grading.grader import PUBLIC_SEED, Grader
            from harness.sandbox.compiled import kept

            several = len(self.submissions) > 1
            grader = Grader(min_isolation=self._least or ("S3" if several else "S0"))
            if self.seed == PUBLIC_SEED:  # programs of a secret seed are not kept
                self._open.enter_context(kept())
            self._grader = self._open.enter_context(grader)
        return self._grader

    @property
    def assignments(self) -> list[Assignment]:
        """The assignments that are judged."""
        from harness.judging import rubric

        text = rubric.read(Path(self._rubric) if self._rubric else None)
        return [*rubric.ruled(self._names, text, str(self._rubric), strict=self._strict)]

    @property
    def submissions(self) -> dict[str, Path]:
        """Each submission by the name it has in an item's id."""
        from harness.intake.submissions import find, name

        found: dict[str, Path] = {}
        for given in self._paths:
            for path in find(Path(given)):
                own = name(path)
                found[own if own not in found else str(path)] = path
        return found

    def verdict(self, path: Path, assignment: Assignment, check: Check) -> tuple[Grade, Verdict]:
        """The grade of a submission, and its verdict on one check."""
        key = (str(path), assignment.name)
        if key not in self._grades:
            self._grades[key] = self.grader.grade(path, assignment, self.seed)
        grade = self._grades[key]
        for verdict in grade.verdicts:
            if verdict.check == check.name:
                return grade, self._within_feedback(verdict)
        # The one verdict of an unreadable submission stands for all of its checks.
        from harness.judging.grade import worth

        (only,) = grade.verdicts
        points = worth(assignment, check)
        only = replace(only, check=check.name, exercise=check.exercise, out_of=points)
        return grade, only

    def place(
        self, path: Path, assignment: Assignment, check: Check, verdict: Verdict
    ) -> tuple[Place, str]:
        """The line of a submission that a verdict is about, and the command that judges it again.

        A seed that is not the public one is left out: who reads the report may not know it.
        """
        from harness.grading.grader import LECTURE, PUBLIC_SEED
        from harness.intake.submissions import graded_file, read
        from harness.records.errors import SubmissionError
        from harness.records.names import escaped
        from harness.report.exports.places import places

        try:
            what = read(path)
        except SubmissionError:
            what = None
        found = places((verdict,), {check.name: check}, what, path, graded_file(path))
        words = ["adjudge", "check", quote(escaped(str(path))), "--exercise", check.name]
        spelled = quote(str(assignment.file or assignment.name))
        words += [] if assignment.name in LECTURE else ["--assignment", spelled]
        words += [] if self.seed == PUBLIC_SEED else ["--seed", "SEED"]
        return found[verdict.check], " ".join(words)

    def _within_feedback(self, verdict: Verdict) -> Verdict:
        from harness.judging.grade import shown

        if self.feedback in ("sentence", "program"):
            return shown(verdict, self.feedback)
        return replace(verdict, problem=None, program=None, diagnosis=(), replaced=(), failed=0)

    def close(self) -> None:
        """Ends the workers."""
        self._open.close()


SESSION = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options."""
    group = parser.getgroup("adjudge", "grading of automatic differentiation")
    group.addoption(
        "--submission",
        action="append",
        default=[],
        metavar="PATH",
        help="a submission or a folder of submissions to judge; write it with = ; may be repeated",
    )
    group.addoption(
        "--assignment",
        action="append",
        default=[],
        metavar="NAME",
        help="the assignment to judge it by; may be repeated; by default the whole lecture",
    )
    group.addoption("--adjudge-seed", metavar="SEED", help="decides every program")
    group.addoption(
        "--adjudge-strict",
        action="store_true",
        help="count only what passes as the submission stands",
    )
    group.addoption("--adjudge-rubric", metavar="FILE", help="a TOML file with points and rules")
    group.addoption(
        "--adjudge-feedback",
        choices=("none", "exercise", "sentence", "program"),
        default="program",
        help="what a failure tells: nothing, nothing, what is wrong, or also by which program",
    )
    group.addoption(
        "--min-isolation",
        choices=("S0", "S1", "S2", "S3"),
        help="refuse to run under less; by default S3 for a class, S0 for one submission",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Refuses the two ways of calling pytest in which a submission's conftest.py would run here."""
    if early_config.known_args_namespace.submission:
        clean()
    called_in = {str(early_config.rootpath), str(early_config.invocation_params.dir)}
    if why := refusal(args, called_in):
        raise pytest.UsageError(why)


def pytest_configure(config: pytest.Config) -> None:
    """Collects the suite when there is a submission, and nothing else when no path is given."""
    if not config.getoption("submission"):
        return
    from harness.records.names import escaped

    for path in config.getoption("submission"):
        if config.getoption("dist", "no") != "no" and escaped(path) != path:
            raise pytest.UsageError(
                f"{escaped(path)}: pytest-xdist takes no such path; leave out -n, or name the "
                "folder around it"
            )
    _session(config)
    suite = str(SUITE)
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [suite]
    elif suite not in config.args:
        config.args = [*config.args, suite]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the workers."""
    session = config.stash.get(SESSION, None)
    if session is not None:
        session.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes one item per submission and check, or per submission for a test of the instructor's."""
    if "adjudge_verdict" in metafunc.fixturenames:
        session = _session(metafunc.config)
        rows = [
            pytest.param((name, path, chosen, check), id=f"{name}-{check.exercise}-{check.name}")
            for name, path in session.submissions.items()
            for chosen in session.assignments
            for check in chosen.active
        ]
        metafunc.parametrize("adjudge_verdict", rows, indirect=True)
    if "adjudge_student" in metafunc.fixturenames and metafunc.config.getoption("submission"):
        given = _session(metafunc.config).submissions
        metafunc.parametrize(
            "adjudge_student", list(given.values()), ids=list(given), indirect=True
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keeps the items of a submission in one process, where it is graded once."""
    if not config.getoption("submission") or config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # no stubs

    class BySubmission(LoadScopeScheduling):  # type: ignore[misc]  # its base is untyped
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.rsplit("-", 2)[0]

    return BySubmission(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints points by submission and exercise."""
    if not terminalreporter.config.getoption("submission"):
        return
    from harness.grading.grader import PUBLIC_SEED
    from harness.report.words.wording import PUBLIC, printable

    scores: dict[str, dict[str, list[float]]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            properties = dict(getattr(report, "user_properties", ()))
            if getattr(report, "when", "") != "call" or not properties.keys() >= set(PROPERTIES):
                continue
            submission, exercise, points, out_of = (properties[name] for name in PROPERTIES)
            name = printable(str(submission))
            row = scores.setdefault(name, {}).setdefault(str(exercise), [0.0, 0.0])
            row[0] += float(points)
            row[1] += float(out_of)
    if not scores:
        return
    terminalreporter.section("points")
    width = max(map(len, scores))
    for name, exercises in sorted(scores.items()):
        cells = [f"{exercise} {won:g}/{most:g}" for exercise, (won, most) in exercises.items()]
        won, most = (sum(pair[i] for pair in exercises.values()) for i in (0, 1))
        terminalreporter.line(f"{name:<{width}}  {won:g}/{most:g}   {'  '.join(cells)}")
    graded = {name.partition(": ")[0] for name in scores}
    if len(graded) > 1 and _session(terminalreporter.config).seed == PUBLIC_SEED:
        terminalreporter.line(PUBLIC.format(option="--adjudge-seed"))


@pytest.fixture
def adjudge_verdict(request: pytest.FixtureRequest) -> tuple[str, Grade, Verdict]:
    """The name, the grade and the verdict of one item of the suite."""
    from harness.records.errors import OracleError, UsageError

    name, path, assignment, check = request.param
    try:
        return name, *_session(request.config).verdict(path, assignment, check)
    except OracleError as problem:
        pytest.exit(str(problem), returncode=3)
    except UsageError as problem:
        pytest.exit(str(problem), returncode=2)


@pytest.fixture
def adjudge_place(
    request: pytest.FixtureRequest, adjudge_verdict: tuple[str, Grade, Verdict]
) -> tuple[Place, str]:
    """The line of the submission that an item of the suite is about, and the command for it."""
    _, path, assignment, check = request.node.callspec.params["adjudge_verdict"]
    return _session(request.config).place(path, assignment, check, adjudge_verdict[2])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows a wrong check without a traceback, at the line of the submission."""
    report = yield
    place = getattr(call.excinfo and call.excinfo.value, "place", None)
    if "adjudge_verdict" in getattr(item, "fixturenames", ()) and place is not None:
        from harness.records.names import escaped

        assert call.excinfo is not None, "it has a place"
        shown = call.excinfo.getrepr(style="value")
        crash = shown.reprcrash
        assert crash is not None, "an exception was raised somewhere"
        # A name that is no text cannot travel from a process of xdist to the one that prints.
        crash.path, crash.lineno = escaped(place.file), place.line
        crash.message = str(call.excinfo.value)
        report.longrepr = shown
    return report


@pytest.fixture
def adjudge_student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """Each submission as an engine; needs --submission=PATH."""
    from harness.intake.submissions import read
    from harness.records.errors import SubmissionError

    session = _session(request.config)
    if not hasattr(request, "param"):
        pytest.fail("this test needs --submission=PATH", pytrace=False)
    try:
        submission = read(request.param)
    except SubmissionError as problem:
        pytest.fail(str(problem), pytrace=False)
    with session.grader.student(submission, session.assignments[0]) as engine:
        yield engine


@pytest.fixture(scope="session")
def adjudge_oracles(request: pytest.FixtureRequest) -> Oracles:
    """The oracles that are installed."""
    return _session(request.config).grader.oracles


@pytest.fixture
def adjudge_programs(request: pytest.FixtureRequest) -> Callable[..., tuple[Expression, ...]]:
    """Gives a function that makes that many random programs, with relu or as sessions if asked."""
    from harness.programs.generate import expression, session

    seed = f"{_session(request.config).seed}/{request.node.originalname}"

    def make(count: int, *, relu: bool = False, sessions: bool = False) -> tuple[Expression, ...]:
        allowed = ("add", "mul", "pow", "exp", "log", *(("relu",) if relu else ()))
        draw = session if sessions else expression
        return tuple(draw(f"{seed}/{i}", allowed) for i in range(count))

    return make


def _session(config: pytest.Config) -> Session:
    if SESSION not in config.stash:
        from harness.records.errors import UsageError

        try:
            session = Session(config)
            _ = session.assignments, session.submissions  # found now, so that a slip is told first
            config.stash[SESSION] = session
        except UsageError as problem:
            raise pytest.UsageError(str(problem)) from None
    return config.stash[SESSION]
