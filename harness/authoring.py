"""All that an assignment, an oracle or a test of your own may import.

These names stay when modules inside move. An assignment is an `Assignment` of `Check`s: each makes
programs from a seed and compares what a submission does with what the oracles answer. A test of
your own runs programs on a submission and compares in the same way. An oracle is an `Engine`, named
under the entry point `adjudge.engines`.

An assignment:
    Assignment, Check, Limits, Probe: what is asked, for how many points, within which limits.
    AnswerKey, BugModel, Edit, Source: your own submission, and the known mistakes as edits of it.
    Dialect, Operation, BARE: how a module spells a program; BARE calls functions by their names.
    find: the installed assignment of a name, or the one in a file.

Programs:
    Expression, Apply, Backward, Sort, Zero: steps over scalar nodes.
    Call, Traced, Tape: a call of one function, and the same computation as a tape of scalars.
    Training: gradient descent from stated parameters.
    Program: any of the three.
    Dice: numbers that a seed decides.
    expression, session: one random program, one with several calls of backward().

Comparing:
    compare: `compare.values`, `compare.gradients`, `compare.orders`, `compare.call(...)`.
    Answers, Compare, Problem: what a comparison of your own gets, is and returns.
    Comparison, Finding, Fault: a wrong number, something else that is wrong, a module that stopped.

An oracle:
    Engine, BatchEngine: runs one program, or many at once.
    Observation, Quantity: what it recorded.
    OPS, Op: the operations that a program may apply.
"""

from harness.judging import compare
from harness.judging.check import Assignment, Check, Limits, Probe, find
from harness.programs.generate import Dice, expression, session
from harness.programs.ops import OPS, Op
from harness.programs.tape import Tape
from harness.records.dialect import BARE, Dialect, Operation
from harness.records.engine import Answers, BatchEngine, Engine
from harness.records.handed_in import Source
from harness.records.known import AnswerKey, BugModel, Edit
from harness.records.observation import Fault, Observation, Quantity
from harness.records.program import (
    Apply,
    Backward,
    Call,
    Expression,
    Program,
    Sort,
    Traced,
    Training,
    Zero,
)
from harness.records.verdict import Compare, Comparison, Finding, Problem

__all__ = [
    "BARE",
    "OPS",
    "AnswerKey",
    "Answers",
    "Apply",
    "Assignment",
    "Backward",
    "BatchEngine",
    "BugModel",
    "Call",
    "Check",
    "Compare",
    "Comparison",
    "Dialect",
    "Dice",
    "Edit",
    "Engine",
    "Expression",
    "Fault",
    "Finding",
    "Limits",
    "Observation",
    "Op",
    "Operation",
    "Probe",
    "Problem",
    "Program",
    "Quantity",
    "Sort",
    "Source",
    "Tape",
    "Traced",
    "Training",
    "Zero",
    "compare",
    "expression",
    "find",
    "session",
]
