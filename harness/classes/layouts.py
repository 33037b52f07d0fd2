"""Find in the files of a class who handed in what, by the ways in which platforms export it.

The layout is told by names alone. What is of two layouts at once is refused and not guessed at.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from harness.classes import dates
from harness.classes.submitters import Submitted, submitters
from harness.intake import archives, choice
from harness.intake.files import Files, junk_in, part, shown
from harness.records.errors import SubmissionError
from harness.records.names import escaped, spelled
from harness.records.people import UNKNOWN, Handing

METADATA = "submission_metadata.yml"
LARGEST_METADATA = 64 << 20
"""Bytes of Gradescope's metadata, which holds what every program printed."""
TYPED = "was typed in on the website; hand in a file"

_MOODLE = re.compile(
    r"(?s)(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<rest>.*)"
)
_CANVAS = re.compile(
    r"(?s)(?:(?P<name>\w*?)_)??(?P<late>LATE_)?(?P<user>\d+|anon_[^\W_]+)_"
    r"(?:(?P<file>\d+)_(?P<rest>.+)|(?:text|link)\.html)"
)
_AGAIN = re.compile(r"-(\d+)(?=(\.[^.]*)?$)")
"""What Canvas puts behind the name of a file that was handed in before."""


@dataclass(frozen=True)
class Handed:
    """Something that was handed in, before it is known whose on the roster it is."""

    key: str
    clues: tuple[tuple[str, str], ...]
    """Kind and value of what may stand on a roster, the surest first."""
    files: Files
    origin: str
    name: str = ""
    email: str = ""
    handing: Handing = UNKNOWN
    number: int | None = None
    """The platform's own number, larger for what was handed in later."""
    older: tuple[str, ...] = ()
    """Where earlier versions stand that do not count."""


@dataclass(frozen=True)
class Found:
    """What a class handed in; its names are as they may be shown, but those of files to read."""

    layout: str
    where: str
    handed: tuple[Handed, ...]
    passed_over: tuple[str, ...] = ()
    """What stands beside the submissions and is none."""


@dataclass(frozen=True)
class _Level:
    """The folder in which the submissions of a class stand side by side."""

    files: Files
    root: str
    """Nothing, or a folder with a slash behind it."""
    tops: tuple[str, ...]
    """What stands in it."""
    inside: dict[str, dict[str, str]]
    """By each folder in it, the files there: the name below it, and the whole name."""
    wrong: dict[str, str]
    """By what stands in it, the first sentence on what must not be read of it."""

    @property
    def where(self) -> str:
        return f"{self.files.where}/{self.root[:-1]}" if self.root else self.files.where

    def below(self, names: Iterable[str]) -> list[str]:
        return [n[len(self.root) :] for n in names if n.startswith(self.root)]


def layout(files: Files) -> Found:
    """Who handed in what.

    Args:
        files: all that the class handed in.

    Raises:
        SubmissionError: two layouts are mixed, or something is wrong that is nobody's in
            particular.
    """
    found = _layout(_level(files))
    handed = (
        replace(
            one,
            key=spelled(one.key),
            name=spelled(one.name),
            email=spelled(one.email),
            origin=escaped(one.origin),
            older=tuple(map(escaped, one.older)),
        )
        for one in found.handed
    )
    aside = tuple(map(escaped, found.passed_over))
    return Found(found.layout, escaped(found.where), tuple(handed), aside)


def _layout(level: _Level) -> Found:
    files = level.files
    # A folder of which nothing may be read is a folder all the same.
    hidden = (n.partition("/") for n in level.below(n for n, _ in files.refused))
    folders = {n for n in level.below(files.folders) if "/" not in n}
    folders |= {top for top, slash, _ in hidden if slash}
    if METADATA in level.tops:
        return _gradescope(level, folders)
    if any(_MOODLE.fullmatch(top) for top in level.tops):
        return _moodle(level, folders)
    if _is_canvas(top for top in level.tops if top not in folders):
        return _canvas(level, folders)
    if any(name in level.tops and name not in folders for name in choice.NAMED):
        return _alone(level)
    return _plain(level, folders)


def _level(files: Files) -> _Level:
    """Where the submissions stand: down from the top, through folders that are alone."""
    root, tops = "", _tops(files, "")
    chain = [(root, tops)]
    while len(tops) == 1 and tops[0] in {n[len(root) :] for n in files.folders}:
        root += f"{tops[0]}/"
        tops = _tops(files, root)
        chain.append((root, tops))
    # A folder that is alone may be a student's: it is passed through on the way to several only.
    several = sum(_counts(files, root, top) for top in tops) > 1 or METADATA in tops
    own = any(name in tops for name in choice.NAMED)
    root, tops = chain[-1] if several and not own else chain[0]
    wrong = dict[str, str]()
    for name, sentence in files.refused:
        top = name[len(root) :].split("/")[0]
        if not name.startswith(root) or top in ("", ".", ".."):
            raise SubmissionError(sentence)
        wrong.setdefault(top, sentence)
    inside: dict[str, dict[str, str]] = defaultdict(dict)
    for name in files.members:
        top, slash, rest = name[len(root) :].partition("/")
        if slash and name.startswith(root):
            inside[top][rest] = name
    return _Level(files, root, tuple(tops), inside, wrong)


def _tops(files: Files, root: str) -> list[str]:
    links = [n for n in files.passed_over if not junk_in(n)]
    names = [*files.members, *files.folders, *links, *(name for name, _ in files.refused)]
    inside = {n[len(root) :].split("/")[0] for n in names if n.startswith(root)}
    return sorted(inside - {""})


def _counts(files: Files, root: str, top: str) -> bool:
    return root + top in files.folders or _is_handed(top)


def _is_handed(name: str) -> bool:
    return bool(choice.kind(name)) or archives.is_archive(name)


def _of(level: _Level, names: dict[str, str], where: str, refused: str = "") -> Files:
    """Some files of a class as one submission, with what is wrong with them."""
    chosen = part(level.files, {new: level.root + old for new, old in names.items()}, where)
    return replace(chosen, refused=(("", refused),)) if refused else chosen


def _folder(level: _Level, top: str) -> Files:
    """The files in one folder of a class."""
    where = os.path.join(level.where, top)
    wrong = level.wrong.get(top, "")
    if level.root + top in level.files.passed_over:
        wrong = f"{where}: is a symbolic link; hand in the folder itself"
    chosen = part(level.files, level.inside.get(top, {}), where)
    return replace(chosen, refused=((top, wrong),)) if wrong else chosen


# --- platforms ------------------------------------------------------------------------------


def _gradescope(level: _Level, folders: set[str]) -> Found:
    where = level.files.members.get(level.root + METADATA, f"{level.where}/{METADATA}")
    if METADATA in level.wrong:
        raise SubmissionError(level.wrong[METADATA])
    data = level.files.read(level.root + METADATA, LARGEST_METADATA)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise SubmissionError(f"{where}: is not UTF-8; download the export again") from None
    handed = []
    known = submitters(text, where)
    for top in sorted({*known, *folders}):
        files, origin = _folder(level, top), os.path.join(level.where, top)
        if top not in folders and not files.refused:
            missing = f"{origin}: is named in {METADATA} and is not there; download it again"
            files = replace(files, refused=((top, missing),))
        number = re.search(r"(\d+)$", top)
        handed_in = known.get(top, Submitted())
        when = Handing(submitted=dates.iso(handed_in.created))
        for one in handed_in.people:
            by = (("sid", one.sid), ("email", one.email), ("key", one.sid), ("key", one.email))
            clues = (*by, ("name", one.name))
            key = one.sid or one.email or one.name or top
            given = tuple(clue for clue in clues if clue[1])
            last = int(number[1]) if number else None
            names = (one.name, one.email)
            handed.append(Handed(key, given, files, origin, *names, handing=when, number=last))
        if not handed_in.people:
            handed.append(Handed(top, (("any", top),), files, origin))
    aside = [top for top in level.tops if top not in folders and top not in (METADATA, *known)]
    return Found("gradescope", level.where, tuple(handed), tuple(aside))


def _moodle(level: _Level, folders: set[str]) -> Found:
    people: dict[str, dict[str, str]] = defaultdict(dict)
    names, origins, refused, aside = dict[str, str](), dict[str, str](), dict[str, str](), []
    for top in level.tops:
        match = _MOODLE.fullmatch(top)
        if match is None:
            if top in folders or _is_handed(top):
                raise _mixed(level, top, "Moodle")
            aside.append(top)
            continue
        number = match["number"]
        if names.setdefault(number, match["name"]) != match["name"]:
            raise SubmissionError(
                f"{level.where}: holds number {number} under two names, as of two assignments "
                f"({shown(top)}); put each download in a folder of its own"
            )
        own = people[number]
        if match["kind"] != "file":
            continue
        origins[number] = os.path.join(level.where, top)
        new = {match["rest"]: top}
        if top in folders:
            new = {n: f"{top}/{n}" for n in level.inside.get(top, {})}
        if top in level.wrong:
            refused[number] = level.wrong[top]
        elif own.keys() & new.keys():
            twice = shown(min(own.keys() & new.keys()))
            refused[number] = f"{origins[number]}: holds {twice} twice; keep one of them"
        else:
            own |= new
    handed = []
    for number, files in people.items():
        origin = origins.get(number, f"{level.where}/{names[number]}_{number}")
        wrong = refused.get(number, "" if number in origins else f"{origin}: {TYPED}")
        files = {} if wrong else files
        clues = (("participant", number), ("name", names[number]), ("key", number))
        chosen = _of(level, files, origin, wrong)
        handed.append(Handed(number, clues, chosen, origin, names[number]))
    return Found("moodle", level.where, tuple(handed), tuple(aside))


def _is_canvas(tops: Iterable[str]) -> bool:
    """Whether files are named by Canvas: a number for each file, and one name for each number."""
    matches = [match for top in tops if (match := _CANVAS.fullmatch(top))]
    numbers = [match["file"] for match in matches if match["file"]]
    names = {(match["user"], match["name"]) for match in matches}
    return (
        bool(matches)
        and len(set(numbers)) == len(numbers)
        and len(names) == len({user for user, _ in names})
    )


def _canvas(level: _Level, folders: set[str]) -> Found:
    people: dict[str, list[tuple[str, re.Match[str]]]] = defaultdict(list)
    aside = []
    for top in level.tops:
        match = _CANVAS.fullmatch(top)
        if match is not None and top not in folders:
            people[match["user"]].append((top, match))
        elif top in folders or _is_handed(top):
            raise _mixed(level, top, "Canvas")
        else:
            aside.append(top)
    handed = []
    for user, own in people.items():
        latest: dict[str, tuple[int, str, bool]] = {}
        older, refused = [], ""
        for top, match in sorted(own, key=lambda one: int(one[1]["file"] or 0)):
            refused = refused or level.wrong.get(top, "")
            if match["file"] is None or top in level.wrong:
                continue
            name = _AGAIN.sub("", match["rest"])
            if name in latest:
                older.append(os.path.join(level.where, latest[name][1]))
            latest[name] = int(match["file"]), top, bool(match["late"])
        origin = os.path.join(level.where, max(latest.values())[1] if latest else own[0][0])
        wrong = refused or ("" if latest else f"{origin}: {TYPED}")
        late = any(late for _, _, late in latest.values()) or (
            not latest and any(match["late"] for _, match in own)
        )
        name = own[0][1]["name"] or ""
        files = _of(level, {n: top for n, (_, top, _) in latest.items()}, origin, wrong)
        clues = (("id", user), ("squashed", name), ("key", user))
        when = Handing(bool(late))
        handed.append(Handed(user, clues, files, origin, name, handing=when, older=tuple(older)))
    return Found("canvas", level.where, tuple(handed), tuple(aside))


def _alone(level: _Level) -> Found:
    """One submission whose files stand where those of a class would."""
    names = level.below(level.files.members)
    wrong = level.files.refused[0][1] if level.files.refused else ""
    files = _of(level, {n: n for n in names}, level.where, wrong)
    key = archives.stem(Path(level.where).resolve().name)
    return Found("one submission", level.where, (Handed(key, _clues(key), files, level.where),))


def _plain(level: _Level, folders: set[str]) -> Found:
    handed, aside, kinds = [], [], set()
    linked = set(level.below(level.files.passed_over))
    repositories = _repositories(level, folders)
    prefix = _prefix(repositories) if repositories else ""
    misnamed = [top for top in level.tops if archives.wrong_with(top) and top in level.wrong]
    if misnamed and {top for top in level.tops if top in folders or _is_handed(top)} <= {*misnamed}:
        raise SubmissionError(level.wrong[misnamed[0]])  # it is the tool that packed the class
    for top in level.tops:
        origin = os.path.join(level.where, top)
        if not top.startswith((".", "_")) and (top in folders or top in linked):
            kinds.add("folders")
            if top in repositories:
                # A user's name may have hyphens, as the assignment's: the roster says which it is.
                cuts = [top[at + 1 :] for at, c in enumerate(top) if c == "-"]
                clues = tuple((kind, one) for one in (top, *cuts) for kind in ("github", "any"))
                handed.append(Handed(top.removeprefix(prefix), clues, _folder(level, top), origin))
            else:
                handed.append(Handed(top, _clues(top), _folder(level, top), origin))
        elif not top.startswith((".", "_")) and _is_handed(top):
            wrong = level.wrong.get(top, "")
            kinds.add("archives" if archives.is_archive(top) else "files")
            files = _of(level, {} if wrong else {top: top}, origin, wrong)
            handed.append(Handed(archives.stem(top), _clues(archives.stem(top)), files, origin))
        else:
            aside.append(top)
    if not handed:
        raise SubmissionError(
            f"{level.where}: holds no .py file, notebook, archive or folder; "
            "expected one for each student"
        )
    called = "github classroom" if repositories and len(kinds) == 1 else " and ".join(sorted(kinds))
    return Found(called, level.where, tuple(handed), tuple(aside))


def _clues(key: str) -> tuple[tuple[str, str], ...]:
    return (("any", key), ("name", key))


def _repositories(level: _Level, folders: set[str]) -> frozenset[str]:
    """The folders of a class, if each that is not empty is a repository."""
    traces = {*level.files.passed_over, *level.files.folders}
    kept = {top for top in folders if not top.startswith((".", "_"))}
    cloned = {t for t in kept if {f"{level.root}{t}/.git", f"{level.root}{t}/.github"} & traces}
    full = {n.split("/")[0] for n in level.below(level.files.members) if "/" in n} & kept
    return frozenset(kept) if cloned and full <= cloned else frozenset()


def _prefix(names: frozenset[str]) -> str:
    """What all of several names begin with, up to a hyphen."""
    low, high = min(names), max(names)
    pairs = enumerate(zip(low, high, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), 0)
    return low[: low.rfind("-", 0, same) + 1]


def _mixed(level: _Level, other: str, platform: str) -> SubmissionError:
    return SubmissionError(
        f"{level.where}: holds files that {platform} named and others ({shown(other)}); "
        "put each kind in a folder of its own"
    )
