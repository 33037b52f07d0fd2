"""Read who handed in what from the metadata of a Gradescope export.

The file is read event by event: nothing is constructed, no alias is followed, a number stays the
text that it was. What Gradescope writes about submitters is understood, and anything else at that
place is refused with its line; the rest, which holds what students' programs printed, is passed
over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from harness.records.errors import SubmissionError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ENTRY = re.compile(r"[\w.\-]+")
_FIELDS = ("name", "sid", "email")

_Events = Iterator[yaml.Event]


@dataclass(frozen=True)
class Submitter:
    """One of those who handed a submission in together."""

    name: str = ""
    sid: str = ""
    email: str = ""


@dataclass(frozen=True)
class Submitted:
    """What the file says of one submission."""

    people: tuple[Submitter, ...] = ()
    created: str = ""
    """When it was handed in, as it is written there."""


def submitters(text: str, where: str) -> dict[str, Submitted]:
    """Who handed in, by the name of the submission's folder.

    Args:
        text: the whole file.
        where: what messages call it.

    Raises:
        SubmissionError: it is not written as Gradescope writes it; the line is named.
    """
    try:
        return _submissions(yaml.parse(text, Loader=_LOADER))
    except (yaml.YAMLError, ValueError) as problem:
        raise SubmissionError(
            f"{where}: line {_line(problem, text)} is not as Gradescope writes it; "
            "download the export again"
        ) from None


def _submissions(events: _Events) -> dict[str, Submitted]:
    """Every submission of the file's one document."""
    found: dict[str, Submitted] = {}
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent) and found:
            raise _refused(event)
        if isinstance(event, yaml.MappingStartEvent):
            for key, value in _pairs(events):
                name = _text(key)
                if name in found or not _ENTRY.fullmatch(name):
                    raise _refused(key)
                found[name] = _submission(events, value)
        elif isinstance(event, yaml.NodeEvent) and _text(event):
            raise _refused(event)
    return found


def _submission(events: _Events, first: yaml.Event) -> Submitted:
    """What is said of the submission that begins with an event: `:submitters:`, `:created_at:`."""
    people, created = tuple[Submitter, ...](), ""
    if isinstance(first, yaml.MappingStartEvent):
        for key, value in _pairs(events):
            if _named(key, "submitters"):
                people = tuple(_people(events, value))
            elif _named(key, "created_at") and isinstance(value, yaml.ScalarEvent):
                created = value.value
            else:
                _pass_over(events, key)
                _pass_over(events, value)
    elif _text(first):
        raise _refused(first)
    return Submitted(people, created)


def _named(key: yaml.Event, name: str) -> bool:
    return isinstance(key, yaml.ScalarEvent) and key.value in (f":{name}", name)


def _people(events: _Events, first: yaml.Event) -> Iterator[Submitter]:
    """The people of a list that begins with an event; there may be none."""
    if not isinstance(first, yaml.SequenceStartEvent):
        if _text(first):
            raise _refused(first)
        return
    while not isinstance(start := next(events), yaml.SequenceEndEvent):
        if not isinstance(start, yaml.MappingStartEvent):
            raise _refused(start)
        fields: dict[str, str] = {}
        for key, value in _pairs(events):
            name = _text(key).removeprefix(":")
            if name not in _FIELDS or name in fields:
                raise _refused(key)
            fields[name] = _text(value)
        yield Submitter(**fields)


def _pairs(events: _Events) -> Iterator[tuple[yaml.Event, yaml.Event]]:
    """The first events of each key and each value of a mapping that has begun.

    Both are single texts, unless the caller takes the rest of what begins there.
    """
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if isinstance(key, yaml.CollectionStartEvent):
            raise _refused(key)
        yield key, next(events)


def _pass_over(events: _Events, first: yaml.Event) -> None:
    """Takes all that belongs to what begins with an event."""
    depth = int(isinstance(first, yaml.CollectionStartEvent))
    while depth:
        event = next(events)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)


def _text(event: yaml.Event) -> str:
    """The text of a scalar, nothing for YAML's null; refused is what has a tag or is no text."""
    if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
        raise _refused(event)
    plain = event.implicit[0]
    return "" if plain and event.value in ("~", "null") else event.value


def _refused(event: yaml.Event) -> yaml.YAMLError:
    mark: Any = event.start_mark  # the C loader has marks of a class of its own
    return yaml.MarkedYAMLError(problem_mark=mark)


def _line(problem: Exception, text: str) -> int:
    """The line, from 1, where reading stopped; of an open quote, where it was opened."""
    if isinstance(problem, yaml.reader.ReaderError):
        return text.encode()[: problem.position].count(b"\n") + 1
    mark = getattr(problem, "context_mark", None) or getattr(problem, "problem_mark", None)
    return mark.line + 1 if mark else 1
