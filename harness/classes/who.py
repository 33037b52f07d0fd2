"""One person of a class by whatever the roster knows of them: a key, a login, an email, a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

from harness.classes.roster import KINDS, folded, names_of
from harness.records.errors import UsageError
from harness.records.names import spelled
from harness.records.people import Person

NEAREST = 3
"""Names that are suggested in the place of one that nobody has."""


class Who:
    """Finds people of a class.

    Args:
        people: everybody in it.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self._by: dict[str, dict[str, Person]] = defaultdict(dict)
        self._keys: dict[str, Person] = {}
        for person in people:
            self._keys[person.key] = person
            for value in known_as(person):
                self._by[folded(value)][person.key] = person

    def find(self, asked: str) -> Person | None:
        """The one person who is called that; a key comes before everything else.

        Raises:
            UsageError: several are called that.
        """
        for key in (asked, spelled(asked)):
            if key in self._keys:
                return self._keys[key]
        found = self._by.get(folded(asked), {})
        if len(found) > 1:
            keys = ", ".join(sorted(found))
            raise UsageError(f'"{asked}" names several: {keys}; give the key of one of them')
        return next(iter(found.values()), None)

    def one(self, asked: str) -> Person:
        """The one person who is called that.

        Raises:
            UsageError: nobody is, or several are; the nearest are named.
        """
        found = self.find(asked)
        if found is not None:
            return found
        near = get_close_matches(folded(asked), [name for name in self._by if name], n=NEAREST)
        people = {key: person for name in near for key, person in self._by[name].items()}
        told = ", ".join(f"{key} ({p.name})" if p.name else key for key, p in people.items())
        hint = f"; the nearest: {told}" if told else ""
        raise UsageError(f'nobody in this class is "{asked}"{hint}')


def known_as(person: Person) -> tuple[str, ...]:
    """All that a person can be called: the key, both spellings of the name, and each identifier."""
    columns = [value for title, value in person.columns if folded(title) in KINDS]
    values = (person.key, person.email, *names_of(person.name), *columns)
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
