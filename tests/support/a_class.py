"""A small class of results with every outcome and with names that do harm where nobody looks."""

from dataclasses import replace

from harness.assignments.lecture6.dialect import AG
from harness.records.observation import Fault
from harness.records.people import Adjustment, Handing, Person, Result
from harness.records.program import Apply, Backward, Expression
from harness.records.verdict import Comparison, Diagnosis, Finding, Grade, Status, Verdict

SEED = "secret-seed-of-the-class"
PROGRAM = Expression((2.0,), (Apply("mul", (0, 0)), Backward(1)))
WRONG = Comparison("grad", "x1.grad", 1, ("torch", "jax"), 4.0, 2.0, "float", 1e-15, False)
OVERWRITES = Diagnosis(
    "mul_overwrites",
    "`__mul__` overwrites the gradient instead of adding to it.",
    "look at what happens to a gradient that is there already.",
)
HOSTILE = (
    "```\n</code><script>alert(1)</script>::error::x\r\n##[error]|[a](http://x)\x00\x1b[2J\u202e"
)
FAULT = Fault("raised", "ValueError", HOSTILE, "src/ag.py", 7, "raise ValueError(`x`)")
TITLES = {
    "order_random": "random graphs are sorted, in any valid order",
    "gradient_mul": "the gradient of * is right",
    "mse": "Loss.mse is the mean squared error",
}


def verdict(check, exercise, status=Status.PASSED, points=0.0, out_of=10.0, problem=None, **more):
    return Verdict(check, exercise, status, points, out_of, problem, **more)


ORDER = verdict("order_random", "2.A", points=10.0, tried=8)
MUL = verdict("gradient_mul", "2.B", points=10.0, tried=5)
RANDOM = verdict("gradient_random", "2.B", points=7.5, out_of=7.5, tried=30)
RELU = verdict("relu", "2.C", points=10.0, tried=5)
LOSS = verdict("mse", "Loss", points=20.0, out_of=20.0, tried=3)

OVERWRITTEN = replace(
    MUL, status=Status.FAILED, points=0.0, problem=WRONG, program=PROGRAM, failed=3,
    diagnosis=(OVERWRITES,),
)  # fmt: skip
CREDITED = replace(RANDOM, status=Status.CREDITED, tried=0, replaced=("ag.relu",), parts=("relu",))
SKIPPED = replace(RANDOM, status=Status.SKIPPED, points=0.0, tried=0, blocked_by=("gradient_mul",))
STOPPED = verdict("relu", "2.C", Status.FAULTED, problem=FAULT, tried=1, failed=1)
DISPUTED = verdict("relu", "2.C", Status.INCONCLUSIVE, out_of=0.0, disputed=9)
NAMES = Finding("flag_names", (("names", "eval (ag.py, line 3)"),))
FLAG = verdict("flag_names", "", Status.FLAGGED, out_of=0.0, problem=NAMES)


def grade(*verdicts, assignment="scalar_autograd", **more):
    won, out_of = sum(v.points for v in verdicts), sum(v.out_of for v in verdicts)
    facts = {"submission": "ag.py", "digest": "d1", "seed": SEED, "dialect": AG}
    facts |= {"import_line": "from ag import ag", "oracles": ("torch 2.5", "jax 0.4")}
    facts |= {"isolation": "S3", **more}
    return Grade(assignment=assignment, verdicts=verdicts, points=won, out_of=out_of, **facts)


def unreadable(reason):
    finding = Finding("unreadable", (("reason", reason),))
    return grade(
        verdict("readable", "", Status.FAILED, out_of=37.5, problem=finding),
        unreadable=reason,
        import_line="",
        isolation="",
    )


def person(key, name="", email="", **columns):
    return Person(key, name, email or f"{key}@example.edu", tuple(columns.items()))


def canvas(key, name, number, **columns):
    roster = {"Student": name, "ID": str(number), "SIS Login ID": key, "Section": "DL-01"}
    return Person(key, name, f"{key}@example.edu", tuple({**roster, **columns}.items()))


CLASS = (
    Result(
        canvas("u01", "Ada, of the commas", 4711),
        (grade(ORDER, MUL, RANDOM, RELU), grade(LOSS, assignment="mlp_training")),
    ),
    Result(
        canvas("u02", '=HYPERLINK("http://x")', 4712),
        (grade(ORDER, OVERWRITTEN, CREDITED, RELU, FLAG), grade(LOSS, assignment="mlp_training")),
        handing=Handing(late=True),
    ),
    Result(
        canvas("u03", "<script>alert('x')</script>", 4713),
        (grade(ORDER, OVERWRITTEN, SKIPPED, STOPPED),),
        (
            Adjustment("u03", 2.5, "=oral <b>exam</b>\n::error::x", "the instructor"),
            Adjustment("u03", -1.0, "late", "the instructor"),
        ),
    ),
    Result(
        canvas("u04", '\u202eabc\x00\n"quoted", \t@SUM(1)', 4714),
        (grade(ORDER, MUL, RANDOM, STOPPED),),
    ),
    Result(
        canvas("u05", '  "+1;=1+1 Points Possible', 4715),
        (grade(ORDER, MUL, RANDOM, DISPUTED), grade(LOSS, assignment="mlp_training")),
    ),
    Result(canvas("u06", "N" * 10_000, 4716), (unreadable("ag.py: is empty\x1b[2J <b>"),)),
    Result(canvas("U07/../x", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627 \\", 4717), ()),
)


class Roll:
    """Results that are in no file, and facts about the run."""

    def __init__(self, results=CLASS, **facts):
        self.results, self.facts = tuple(results), facts

    def each(self):
        return iter(self.results)

    def fact(self, name):
        return self.facts.get(name.replace(" ", "_"))
