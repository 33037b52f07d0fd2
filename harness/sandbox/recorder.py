"""What a program may call to report numbers, and what it prints.

Stands beside worker.py, started by path; imports nothing of adjudge.
"""

import struct

LONGEST_PRINTED = 4000


class Recorder:
    """Collects the quantities of one program, encoded at once so that nothing can change them."""

    def __init__(self, most):
        self.quantities = []
        self.most = most

    def names(self):
        """What the lines of a program that record may call."""
        return {
            "record": self.record,
            "record_order": self.record_order,
            "record_each": each,
            "record_size": size,
            "record_node": node,
        }

    def record(self, name, step, *numbers):
        """Notes numbers under a name, no more of them than a reply may hold."""
        numbers = numbers[: self.most]
        if set(map(type, numbers)) == {float}:
            packed = struct.pack(f"<{len(numbers)}d", *numbers).hex()
            self.quantities.append({"name": name, "step": step, "packed": packed})
            return
        pairs = [_number(number) for number in numbers]
        types_seen = [kind for _, kind in pairs]
        if all(kind == "float" for kind in types_seen):
            types_seen = []
        self._note(name, step, [value for value, _ in pairs], types_seen)

    def record_order(self, name, step, sequence, known):
        """Notes the place of each object of a sequence among the known ones, by identity."""
        kind = type_name(sequence)
        if type(sequence) not in (list, tuple):
            self._note(name, step, [], [kind])
            return
        places = {id(thing): place for place, thing in enumerate(known)}
        most = len(known) + 1000
        self._note(name, step, [places.get(id(x), -1) for x in sequence[:most]], [kind])

    def _note(self, name, step, values, types_seen):
        self.quantities.append({"name": name, "step": step, "values": values, "types": types_seen})


class Nested:
    """A list where a node should stand: its numbers are the list itself."""

    def __init__(self, thing):
        self.value = self.grad = thing


def each(thing):
    """The items of what should be a list of nodes; a node that stands alone is one item."""
    return thing if hasattr(type(thing), "__iter__") else [thing]


def size(thing):
    """How many items there are; what has no length is noted as it is."""
    return len(thing) if hasattr(type(thing), "__len__") else thing


def node(thing):
    """What a number is read of; a list in the place of a node is noted as it is."""
    return Nested(thing) if type(thing) in (list, tuple, dict) else thing


class Heard:
    """Passes on what a program prints, and keeps how it begins."""

    def __init__(self, stream):
        self._stream = stream
        self._parts = []
        self._left = LONGEST_PRINTED

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def write(self, text):
        """Prints a text."""
        if self._left > 0 and isinstance(text, str):
            self._parts.append(text[: self._left])
            self._left -= len(text)
        return self._stream.write(text)

    def writelines(self, lines):
        """Prints texts."""
        for line in lines:
            self.write(line)

    def text(self):
        """What was kept, as text that travels."""
        kept = "".join(map(str, self._parts))[:LONGEST_PRINTED]
        return "".join("?" if "\ud800" <= c <= "\udfff" else c for c in kept)


def _number(thing):
    """The exact float64 of a number as text, or None, and the name of its type."""
    kind = type(thing)
    if kind is float:
        return thing.hex(), "float"
    if kind in array_types and thing.ndim == 0 and thing.dtype.kind in "fiub":
        return float(thing).hex(), type_name(thing)
    if kind in number_types:
        try:
            return float(thing).hex(), type_name(thing)
        except (TypeError, ValueError, OverflowError):
            return None, type_name(thing)
    return None, type_name(thing)


def type_name(thing):
    """The name of a thing's type, as text that travels."""
    return plain(type(thing).__name__)[:60]


def plain(text):
    """A text in ASCII."""
    return str(text).encode("ascii", "backslashreplace").decode("ascii")


array_types = set()
"""numpy's array, once it is there: without axes it is a number."""
number_types = {int, bool}
"""What is a number besides float: no class of the student's, whose __float__ is student code."""
