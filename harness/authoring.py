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

Functions of arrays:
    array_check: a check in one line: what draws a program, and the sizes that are tried.
    Draw: the arrays of one program, by name; `run` says what is called and what it must give.
    Array: the mathematics, written once with NumPy's operators; Gradient, what it gives backward.
    matmul, where, concatenate, stack, conv2d: functions of them.
    Sized: programs by size, for a Check of your own.

Comparing:
    compare: `compare.values`, `compare.gradients`, `compare.orders`, `compare.call(...)`.
    keeping: all of a call, whose function must not change its arguments.
    Answers, Compare, Problem: what a comparison of your own gets, is and returns.
    Comparison, Finding, Fault: a wrong number, something else that is wrong, a module that stopped.

An oracle:
    Engine, BatchEngine: runs one program, or many at once.
    Observation, Quantity: what it recorded.
    taped: its answer to a call or a training run, by its answers to expressions.
    OPS, Op: the operations that a program may apply.
"""

from harness.judging import compare
from harness.judging.array_check import array_check, keeping
from harness.judging.check import Assignment, Check, Limits, Probe, find
from harness.programs.arrays import Array, Gradient, concatenate, conv2d, matmul, stack, where
from harness.programs.drawn import Draw, Sized
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
from harness.records.taped import taped
from harness.records.verdict import Compare, Comparison, Finding, Problem

__all__ = [
    "BARE",
    "OPS",
    "AnswerKey",
    "Answers",
    "Apply",
    "Array",
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
    "Draw",
    "Edit",
    "Engine",
    "Expression",
    "Fault",
    "Finding",
    "Gradient",
    "Limits",
    "Observation",
    "Op",
    "Operation",
    "Probe",
    "Problem",
    "Program",
    "Quantity",
    "Sized",
    "Sort",
    "Source",
    "Tape",
    "Traced",
    "Training",
    "Zero",
    "array_check",
    "compare",
    "concatenate",
    "conv2d",
    "expression",
    "find",
    "keeping",
    "matmul",
    "session",
    "stack",
    "taped",
    "where",
]
