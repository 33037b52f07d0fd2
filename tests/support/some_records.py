"""One record of each kind that a grade holds: every status, every problem, every program."""

from harness.assignments.lecture6.training import training as training_run
from harness.programs.array_graphs import built
from harness.records.dialect import Dialect, Operation
from harness.records.observation import Fault
from harness.records.people import Person
from harness.records.program import Apply, Backward, Call, Expression, Grid, Sort, Traced, Zero
from harness.records.verdict import (
    Comparison,
    Convention,
    Diagnosis,
    Finding,
    Grade,
    Status,
    Verdict,
)
from support.some_evidence import GRAPH

PROGRAM = Expression(
    (2.0,), (Apply("pow", (0,), 2), Backward(1), Zero((0,)), Sort(1)), ("a:x", "b:y")
)
CALL = Call("mse", (("targets", (1.0,)),), ("x = 1",), PROGRAM, (Traced("loss", ("l",), (0,)),))
ARRAYS = built([Grid((1, 2), (1.0, 2.0))], [Apply("mul", (0, 0))])
TRAINING = training_run(1, 7, (1.0, 2.0, 3.0, 4.0), (1.0,), (2.0,), 0.1, 3)
WRONG = Comparison("grad", "x1.grad", 1, ("torch",), 2.0, float("inf"), "float", 0.0, False)
VERDICTS = (
    Verdict("a", "2.B", Status.FAILED, 0.0, 4.0, WRONG, PROGRAM, 5, 3),
    Verdict("b", "Loss", Status.FAULTED, 0.0, 4.0, Fault("raised", "E", "m"), CALL),
    Verdict("c", "Training", Status.SKIPPED, 0.0, 4.0, None, TRAINING, blocked_by=("a",)),
    Verdict("d", "2.C", Status.CREDITED, 4.0, 4.0, evidence=GRAPH),
    Verdict("e", "", Status.FLAGGED, problem=Finding("flag_names", (("names", "gc"),))),
    Verdict("f", "2.C", Status.FAILED, program=ARRAYS, diagnosis=(Diagnosis("n", "s", "h"),)),
)
SPELLING = Dialect("micrograd", "Value", operations=(Operation("exp", "{0}.exp()"),))
GRADE = Grade(
    "ada", "d1", "lab", "577", VERDICTS, 4.0, 16.0, (Convention("a", "b"),), dialect=SPELLING
)
ADA = Person("ada", "Ada", "ada@example.org", (("ID", "7"),))
