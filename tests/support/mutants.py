"""Mutants of an answer key by their names, made of the parts of its text that they change."""

import ast

from harness.grading.audit.operators import mutations


def mutants_of(text, names):
    """The whole text of each mutant that has one of some names.

    `mutations` writes its text again for each mutant, so it is given one class or function of the
    module at a time.
    """
    body, made = ast.parse(text).body, {}
    tops = {name.partition(":")[0].partition(".")[0] for name in names}
    for at, node in enumerate(body):
        if getattr(node, "name", "") not in tops:
            continue
        for mutant in mutations(ast.unparse(node)):
            if mutant.name in names:
                whole = [*body[:at], *ast.parse(mutant.text).body, *body[at + 1 :]]
                made[mutant.name] = ast.unparse(ast.Module(whole, []))
    return made
