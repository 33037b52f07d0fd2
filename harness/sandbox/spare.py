"""Say which slow statements the next load of a module can do without.

Stands beside loading.py, started by path; imports nothing of adjudge.
"""

import ast
import types

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom)
SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)


def spare(statements, slow, wanted):
    """The numbers of the slow statements on which nothing depends that is looked up or defined.

    Args:
        statements: all of a module, in their order.
        slow: the numbers of those that took their time.
        wanted: names that are looked up in the module from outside.
    """
    needed, written = set(wanted), set()
    for statement in statements:
        if not any(isinstance(node, SCOPES) for node in ast.walk(statement.node)):
            continue
        reads, writes = _globals_of(statement)
        needed |= reads
        written |= writes
    needed |= _closure(statements, needed)
    if written & needed:
        return set()  # a function that the statement calls may set what others need
    return {n for n in slow if not _matters(statements[n], needed)}


def _globals_of(statement):
    """The global names that the functions and classes of a statement read, and those they write."""
    reads, writes = set(), set()
    todo = [c for c in statement.code.co_consts if isinstance(c, types.CodeType)]
    if todo:
        import dis
    while todo:
        code = todo.pop()
        todo += [c for c in code.co_consts if isinstance(c, types.CodeType)]
        for step in dis.get_instructions(code):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                reads.add(step.argval)
            elif step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                writes.add(step.argval)
    return reads, writes


def _closure(statements, needed):
    """What the statements read that bind or change something needed, and what those read."""
    found = set(needed)
    while True:
        size = len(found)
        for statement in statements:
            if not isinstance(statement.node, DEFINITIONS) and _matters(statement, found):
                names = (n for n in ast.walk(statement.node) if isinstance(n, ast.Name))
                found |= {n.id for n in names}
        if len(found) == size:
            return found


def _matters(statement, needed):
    """Whether a statement binds, or may change in place, something needed."""
    if isinstance(statement.node, DEFINITIONS):
        return True
    if statement.binds() & needed:
        return True
    for node in ast.walk(statement.node):
        stored = isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(
            node.ctx, ast.Load
        )
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if (stored and _base(node) in needed) or (
            called and _base(node.func) in needed and node.func.attr in CHANGERS
        ):
            return True
    return False


CHANGERS = frozenset(
    ("append", "extend", "insert", "add", "update", "setdefault", "pop", "remove", "clear", "sort")
)
"""Methods by which a list, a set or a dict is changed in place."""


def _base(node):
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
