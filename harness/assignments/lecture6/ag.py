"""The lecture's ag module: Scalar with + * **, exp, log, relu, topological_sort and backward."""

from __future__ import annotations

from collections.abc import Callable

from harness.judging import compare
from harness.judging.check import Assignment, Check, Probe
from harness.programs import generate
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Apply, Backward, Call, Expression, Program, Sort
from harness.records.verdict import Comparison, Problem

SMOOTH = ("add", "mul", "pow", "exp", "log")
"""The operations of exercises 2.A and 2.B."""
ALL = (*SMOOTH, "relu")
ARITHMETIC = ("ag.Scalar", "ag.Scalar.__add__", "ag.Scalar.__mul__", "ag.Scalar.__pow__")
FUNCTIONS = ("ag.exp", "ag.log")
SORT = "ag.Scalar.topological_sort"
BACKWARD = "ag.Scalar.backward"
PARTS = {
    "add": "ag.Scalar.__add__",
    "mul": "ag.Scalar.__mul__",
    "pow": "ag.Scalar.__pow__",
    "exp": "ag.exp",
    "log": "ag.log",
    "relu": "ag.relu",
}
"""The part of the module that computes each operation."""
DRAWN = 10
"""Random programs of a check: a mistake that shows in half of them is missed by all of them with
probability 0.001. Those that show more rarely are killed by the checks of one operation each, whose
programs cover its whole range (docs/reference/audit.md: none depends on a random check)."""


# --- the lecture's own example ------------------------------------------------------------

LECTURE = Expression(
    leaves=(2.0, 3.0, 1.0),
    steps=(
        Apply("pow", (0,), 2),
        Apply("add", (3, 2)),
        Apply("log", (4,)),
        Apply("exp", (1,)),
        Apply("mul", (5, 6)),
        Apply("pow", (1,), 2),
        Apply("mul", (8, 0)),
        Apply("add", (7, 9)),
    ),
    labels=(
        "z2:x",
        "z3:y",
        "z1:1",
        "z4:x^2",
        "z5:x^2 + 1",
        "z6:log(x^2 + 1)",
        "z7:exp(y)",
        "z8:log(x^2 + 1) * exp(y)",
        "z9:y^2",
        "z10:y^2 * x",
        "z11:log(x^2 + 1) * exp(y) + y^2 * x",
    ),
)
"""f(x, y) = log(x^2 + 1) exp(y) + y^2 x at (2, 3)."""
LECTURE_ORDER = (0, 3, 2, 4, 5, 1, 6, 7, 8, 9, 10)
"""The order printed in exercise 2.A: z2 z4 z1 z5 z6 z3 z7 z8 z9 z10 z11."""


def _lecture_order(seed: str) -> tuple[Program, ...]:
    return (_with(LECTURE, Sort(10)),)


def _lecture_gradient(seed: str) -> tuple[Program, ...]:
    return (_with(LECTURE, Backward(10)),)


def _with(program: Expression, *calls: Backward | Sort) -> Expression:
    return Expression(program.leaves, program.steps + calls, program.labels)


# --- ag itself ----------------------------------------------------------------------------

NO_TAPE = Expression((), ())
CONSTRUCTOR = Call(
    function="constructor",
    arguments=(("value", (2.0, 0.1, 1.0, -1.0)), ("grad", (0.0,) * 4), ("label", (1.0, 1.0))),
    lines=(
        "a = ag.Scalar(2)",
        "b = ag.Scalar(0.1)",
        'c = ag.Scalar(1.0, "sum", lambda: None, [a, b], "third")',
        'd = ag.Scalar(-1.0, op="neg", _backward=lambda: None, inputs=[a], label="fourth")',
        'record("value", -1, a.value, b.value, c.value, d.value)',
        'record("grad", -1, a.grad, b.grad, c.grad, d.grad)',
        'record("label", -1, c.label == "third", d.label == "fourth")',
    ),
    tape=NO_TAPE,
    traced=(),
)
DEFAULTS = Call(
    function="constructor",
    arguments=(("inputs", (0.0, 0.0)), ("value", (2.0, 5.0)), ("grad", (0.0, 0.0))),
    lines=(
        "a = ag.Scalar(2.0)",
        "b = ag.Scalar(3.0)",
        "c = a * b + a",
        "fresh = ag.Scalar(5.0)",
        'record("inputs", -1, len(getattr(a, "inputs", ())), len(getattr(fresh, "inputs", ())))',
        'record("value", -1, a.value, fresh.value)',
        'record("grad", -1, a.grad, fresh.grad)',
    ),
    tape=NO_TAPE,
    traced=(),
)
SUBJECTS = {
    (CONSTRUCTOR, "value"): ["a.value", "b.value", "c.value", "d.value"],
    (CONSTRUCTOR, "grad"): ["a.grad", "b.grad", "c.grad", "d.grad"],
    (CONSTRUCTOR, "label"): ['c.label == "third"', 'd.label == "fourth"'],
    (DEFAULTS, "inputs"): ["len(a.inputs)", "len(fresh.inputs)"],
    (DEFAULTS, "value"): ["a.value", "fresh.value"],
    (DEFAULTS, "grad"): ["a.grad", "fresh.grad"],
}
FLOATS = ("float", "float64", "float32")
"""Types that value and grad may have; numpy's are reported as a convention."""


def _constructor(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    assert isinstance(program, Call), "the constructor is called"
    if actual.fault is not None:
        return actual.fault
    for name, expected in program.arguments:
        subjects = SUBJECTS[program, name]
        wrong = compare.stated(actual, name, subjects, expected, "the lecture")
        if wrong is not None:
            return wrong
        for i, number in enumerate(expected if name in ("value", "grad") else ()):
            told, kind = compare.number_at(actual.get(name), i)
            if kind not in FLOATS:
                by = ("the lecture",)
                return Comparison(name, subjects[i], -1, by, number, told, kind, 0.0, agrees=False)
    return None


def _values(seed: str) -> tuple[Program, ...]:
    sizes = [(5, 9)] * 2 + [(30, 60)] * (DRAWN - 2)
    drawn = [generate.expression(f"{seed}/{i}", SMOOTH, size) for i, size in enumerate(sizes)]
    return tuple(_built(program) for program in drawn)


def _values_of(
    lone: Callable[[str], tuple[Expression, ...]],
) -> Callable[[str], tuple[Program, ...]]:
    """The graphs of one operation over its whole range, without their calls."""

    def programs(seed: str) -> tuple[Program, ...]:
        return tuple(dict.fromkeys(_built(program) for program in lone(seed)))

    return programs


def _built(program: Expression) -> Expression:
    """The program without its calls: nothing but the graph and its values."""
    applied = tuple(step for step in program.steps if isinstance(step, Apply))
    return Expression(program.leaves, applied)


# --- 2.A topological order ----------------------------------------------------------------


def _random_orders(seed: str) -> tuple[Program, ...]:
    """Each graph is sorted from its output, from an inner node, and from its output again."""
    sizes = [(5, 9)] * 2 + [(12, 24)] * 3 + [(30, 60)] * (DRAWN - 5)
    programs = []
    for i, size in enumerate(sizes):
        program = generate.expression(f"{seed}/{i}", SMOOTH, size)
        graph, ((_, root),) = _built(program), program.backwards
        inner = generate.Dice(f"{seed}/{i}/inner").pick(sorted(graph.reachable(root)))
        programs.append(_with(graph, Sort(root), Sort(inner), Sort(root)))
    return tuple(programs)


def _sharing(seed: str) -> tuple[Program, ...]:
    """Each node adds the one before to itself: 2**40 paths from the last node to the leaf."""
    doubled = tuple(Apply("add", (k, k)) for k in range(40))
    return (Expression((1.0,), (*doubled, Sort(40))),)


def _deep(seed: str) -> tuple[Program, ...]:
    """Chains of 300 nodes, which recursion can sort, and of 3,000, which it cannot."""
    return _chain(300), _chain(3000)


def _chain(length: int) -> Expression:
    first, rest = Apply("add", (0, 1)), range(2, length + 1)
    steps = (first, *(Apply("add", (k, k % 2)) for k in rest))
    return Expression((0.5, -0.25), (*steps, Sort(length + 1)))


def _deep_orders(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """A recursion limit is a convention where the chain is longer than Python's own limit."""
    assert isinstance(program, Expression), "orders are compared on expressions"
    recursed = actual.fault is not None and actual.fault.exception == "RecursionError"
    if recursed and len(program.nodes) > 1000:
        return None
    return compare.orders(program, actual, answers)


# --- 2.B gradients ------------------------------------------------------------------------


def _lone_add(seed: str) -> tuple[Expression, ...]:
    dice = generate.Dice(seed)
    return tuple(
        Expression(_numbers(dice, 3), (*graph, Backward(2 + len(graph))))
        for graph in (
            (Apply("add", (0, 1)),),
            (Apply("add", (0, 0)),),
            (Apply("add", (0, 1)), Apply("add", (3, 0))),
            (Apply("add", (0, 1)), Apply("add", (3, 3))),
            (Apply("add", (0, 1)), Apply("add", (1, 2)), Apply("add", (3, 4))),
        )
    )


def _lone_mul(seed: str) -> tuple[Expression, ...]:
    dice = generate.Dice(seed)
    return tuple(
        Expression(_numbers(dice, 3), (*graph, Backward(2 + len(graph))))
        for graph in (
            (Apply("mul", (0, 1)),),
            (Apply("mul", (0, 0)),),
            (Apply("mul", (0, 1)), Apply("mul", (3, 2))),
            (Apply("mul", (0, 1)), Apply("mul", (3, 0))),
            (Apply("mul", (0, 1)), Apply("mul", (1, 2)), Apply("add", (3, 4))),
        )
    )


def _lone_pow(seed: str) -> tuple[Expression, ...]:
    dice = generate.Dice(seed)
    positive = tuple(_pow_at(dice.real(0.3, 3.0), p) for p in (2, 3, -1, -2, 0.5, 1.5, -0.5, 1, 0))
    negative = tuple(_pow_at(-dice.real(0.3, 3.0), p) for p in (2, 3, -1, -2, 1))
    return tuple(program for pair in (*positive, *negative) for program in pair)


def _pow_at(x: float, exponent: float) -> tuple[Expression, ...]:
    return _unary("pow", round(x, 3), exponent)


def _lone_exp(seed: str) -> tuple[Expression, ...]:
    dice = generate.Dice(seed)
    ranges = ((0.1, 2.0), (-2.0, -0.1), (-9.0, -4.0), (4.0, 9.0), (11.0, 17.0))
    return tuple(p for r in ranges for p in _unary("exp", round(dice.real(*r), 3)))


def _lone_log(seed: str) -> tuple[Expression, ...]:
    dice = generate.Dice(seed)
    ranges = ((1.2, 4.0), (0.2, 0.8), (0.002, 0.02), (200.0, 900.0), (1e5, 1e7))
    return tuple(p for r in ranges for p in _unary("log", round(dice.real(*r), 4)))


def _unary(op: str, x: float, exponent: float | None = None) -> tuple[Expression, ...]:
    """An operation alone, used twice, and with a gradient of 2 coming from above."""
    node = Apply(op, (0,), exponent)
    return (
        Expression((x,), (node, Backward(1))),
        Expression((x,), (node, node, Apply("add", (1, 2)), Backward(3))),
        Expression((x,), (node, Apply("add", (1, 1)), Backward(2))),
    )


def _numbers(dice: generate.Dice, count: int) -> tuple[float, ...]:
    return tuple(round(dice.real(0.3, 3.0) * dice.pick((1.0, -1.0)), 3) for _ in range(count))


def _random_gradients(seed: str, allowed: tuple[str, ...] = SMOOTH) -> tuple[Program, ...]:
    sizes = [(5, 9)] * 2 + [(30, 60)] * (DRAWN - 2)
    return tuple(generate.expression(f"{seed}/{i}", allowed, s) for i, s in enumerate(sizes))


def _sessions(seed: str, allowed: tuple[str, ...] = SMOOTH) -> tuple[Program, ...]:
    return tuple(generate.session(f"{seed}/{i}", allowed) for i in range(DRAWN))


# --- 2.C relu -----------------------------------------------------------------------------

KINK = Expression((0.0,), (Apply("relu", (0,)), Backward(1)))
"""At exactly 0 every subgradient in [0, 1] is right."""


def _relu_values(seed: str) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    points = (
        dice.real(0.1, 3.0),
        -dice.real(0.1, 3.0),
        0.0,
        dice.real(1e4, 1e6),
        dice.real(0, 0.01),
    )
    alone = tuple(Expression((round(x, 5),), (Apply("relu", (0,)),)) for x in points)
    drawn = (generate.expression(f"{seed}/{i}", ALL, (20, 40)) for i in range(5))
    return (*alone, *(_built(program) for program in drawn))


def _relu_alone(seed: str) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    ranges = ((0.6, 3.0), (0.01, 0.4), (20.0, 900.0), (-0.4, -0.01), (-3.0, -0.6), (-900.0, -20.0))
    return (*(p for r in ranges for p in _unary("relu", round(dice.real(*r), 3))), KINK)


def _relu_gradients(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    if program != KINK or actual.fault is not None:
        return compare.gradients(program, actual, answers)
    number, kind = compare.number_at(actual.get("grad", 1), 0)
    if number is not None and 0.0 <= number <= 1.0:
        return None
    by = ("every subgradient",)
    return Comparison("grad", "x1.grad", 1, by, 0.0, number, kind, 1.0, agrees=False)


def _sweep(seed: str) -> tuple[Program, ...]:
    """The lecture's plot: relu(x)**3 for x in -5..4, a backward() for each."""
    xs = tuple(float(i - 5) for i in range(10))
    relus = tuple(Apply("relu", (i,)) for i in range(10))
    cubes = tuple(Apply("pow", (10 + i,), 3) for i in range(10))
    return (Expression(xs, (*relus, *cubes, *(Backward(20 + i) for i in range(10)))),)


def _relu_random(seed: str, allowed: tuple[str, ...] = ALL) -> tuple[Program, ...]:
    half = range(DRAWN // 2)
    single = tuple(generate.expression(f"{seed}/{i}", allowed) for i in half)
    return single + tuple(generate.session(f"{seed}/s{i}", allowed) for i in half)


# --- programs that make no use of a wrong operation -----------------------------------------


def _drawn_without(
    draw: Callable[[str, tuple[str, ...]], tuple[Program, ...]], every: tuple[str, ...]
) -> Callable[[str, tuple[str, ...]], tuple[Program, ...]]:
    """Random programs of the other operations; none where + and * are both wrong."""

    def programs(seed: str, parts: tuple[str, ...]) -> tuple[Program, ...]:
        allowed = tuple(op for op in every if PARTS[op] not in parts)
        known = set(parts) <= set(PARTS.values())
        return draw(seed, allowed) if known and {"add", "mul"} & set(allowed) else ()

    return programs


def _those_without(
    draw: Callable[[str], tuple[Program, ...]],
) -> Callable[[str, tuple[str, ...]], tuple[Program, ...]]:
    """Those of the programs in which none of the operations is wrong."""

    def programs(seed: str, parts: tuple[str, ...]) -> tuple[Program, ...]:
        if not set(parts) <= set(PARTS.values()):
            return ()
        return tuple(p for p in draw(seed) if not {PARTS.get(op) for op in _used(p)} & set(parts))

    return programs


def _used(program: Program) -> set[str]:
    return {node.op for node in program.nodes} if isinstance(program, Expression) else set()


# --- what the assignment leaves open ------------------------------------------------------

_CUBE = (Apply("mul", (0, 0)), Apply("mul", (1, 0)))
TWICE = Expression((3.0,), (*_CUBE, Backward(2), Backward(2)))
TWO_GRAPHS = Expression(
    (3.0,), (Apply("mul", (0, 0)), Backward(1), Apply("exp", (0,)), Backward(2))
)
SMALL = Expression((1.5, 0.5), (Apply("mul", (0, 1)), Apply("exp", (2,)), Backward(3), Sort(3)))


def _read_twice(seen: Observation) -> str:
    return _by_ratio(seen, 3, 27.0, {1.0: "second_resets", 2.0: "second_adds"}, "second_compounds")


def _read_two_graphs(seen: Observation) -> str:
    second = 20.085536923187668  # exp(3)
    ratios = {round((6.0 + second) / second, 6): "graphs_add", 1.0: "graphs_reset"}
    return _by_ratio(seen, 3, second, ratios, "graphs_other")


def _by_ratio(
    seen: Observation, step: int, unit: float, words: dict[float, str], other: str
) -> str:
    number, _ = compare.number_at(seen.get("grad", step), 0)
    if seen.fault is not None or number is None:
        return "not_observed"
    return words.get(round(number / unit, 6), other)


def _read_kink(seen: Observation) -> str:
    number, _ = compare.number_at(seen.get("grad", 1), 0)
    if seen.fault is not None or number is None:
        return "not_observed"
    return {0.0: "kink_zero", 1.0: "kink_one"}.get(number, "kink_between")


def _read_depth(seen: Observation) -> str:
    if seen.fault is not None:
        recursed = seen.fault.exception == "RecursionError"
        return "deep_recursion" if recursed else "not_observed"
    sequence = _read_sequence(seen, 3000)
    return sequence if sequence == "not_observed" else "deep_done"


def _read_types(seen: Observation) -> str:
    told = [seen.get("value"), seen.get("grad", 2)]
    kinds = {kind for quantity in told if quantity is not None for kind in quantity.types}
    if seen.fault is not None or not any(told):
        return "not_observed"
    return (
        "numbers_numpy"
        if any(k not in ("float", "int", "bool") for k in kinds)
        else "numbers_plain"
    )


def _read_sequence(seen: Observation, step: int = 3) -> str:
    told = seen.get("order", step)
    kind = told.types[0] if told is not None and told.types else ""
    return {"list": "order_list", "tuple": "order_tuple"}.get(kind, "not_observed")


WIDE = Call(
    function="wide",
    arguments=(),
    lines=(
        "xs = [ag.Scalar(0.5) for _ in range(2048)]",
        "row = xs",
        "while len(row) > 32:",
        "    row = [a + b for a, b in zip(row[::2], row[1::2])]",
        "for _ in range(200):",
        "    row = [a + b for a, b in zip(row, row[1:] + row[:1])]",
        "root = row[0] * row[1]",
        "root.backward()",
        'record("grad", -1, xs[0].grad)',
    ),
    tape=NO_TAPE,
    traced=(),
)
"""2,048 leaves under 200 rows of 32 nodes, each of which depends on all of the leaves.

Reverse mode takes one pass; forward mode, sparse or not, and differences take one for each leaf.
"""


# --- the table ----------------------------------------------------------------------------

_GRAPH = (*ARITHMETIC, *FUNCTIONS)
_LONE = ("gradient_add", "gradient_mul", "gradient_pow", "gradient_exp", "gradient_log")


def _value_check(op: str, sign: str, lone: Callable[[str], tuple[Expression, ...]]) -> Check:
    part = PARTS[op]
    names = tuple(dict.fromkeys(("ag.Scalar", "ag.Scalar.__add__", part)))
    title = f"{sign} has the right value over its whole range"
    return Check(
        f"value_{op}", "ag", 2, title, _values_of(lone), compare.values, names, own=(part,)
    )


_STUBS = ("topological_sort", "backward", "__mul__", "__pow__", "exp", "log")

assignment = Assignment(
    name="scalar_autograd",
    title="ag.Scalar: values, topological order, gradients, relu",
    checks=(
        Check(
            "constructor",
            "ag",
            3,
            "Scalar keeps its value, grad and label",
            lambda seed: (CONSTRUCTOR, DEFAULTS),
            _constructor,
            ARITHMETIC,
            own=("ag.Scalar.__init__",),
        ),
        _value_check("add", "+", _lone_add),
        _value_check("mul", "*", _lone_mul),
        _value_check("pow", "**", _lone_pow),
        _value_check("exp", "exp", _lone_exp),
        _value_check("log", "log", _lone_log),
        Check(
            "values",
            "ag",
            2,
            "random expressions of + * ** exp log have the right value",
            _values,
            compare.values,
            _GRAPH,
            needs=("value_add", "value_mul", "value_pow", "value_exp", "value_log"),
            sparing=_those_without(_values),
        ),
        Check(
            "order_lecture",
            "2.A",
            5,
            "the lecture's example is sorted, in any valid order",
            _lecture_order,
            compare.orders,
            (*_GRAPH, SORT),
            stubs=("topological_sort",),
            own=(SORT,),
        ),
        Check(
            "order_exact",
            "2.A",
            0,
            "the lecture's example is sorted in the lecture's own order",
            _lecture_order,
            compare.exact_order(*LECTURE_ORDER),
            (*_GRAPH, SORT),
            needs=("order_lecture",),
            stubs=("topological_sort",),
            own=(SORT,),
        ),
        Check(
            "order_random",
            "2.A",
            10,
            "random graphs are sorted, in any valid order",
            _random_orders,
            compare.orders,
            (*_GRAPH, SORT),
            stubs=("topological_sort",),
            own=(SORT,),
            sparing=_those_without(_random_orders),
        ),
        Check(
            "order_sharing",
            "2.A",
            5,
            "a graph with 2**40 paths is sorted without walking them",
            _sharing,
            compare.orders,
            (*ARITHMETIC, SORT),
            needs=("order_random",),
            stubs=("topological_sort",),
            own=(SORT,),
        ),
        Check(
            "order_deep",
            "2.A",
            5,
            "a chain of 3,000 nodes is sorted",
            _deep,
            _deep_orders,
            (*ARITHMETIC, SORT),
            needs=("order_random",),
            stubs=("topological_sort",),
            own=(SORT,),
        ),
        Check(
            "gradient_add",
            "2.B",
            5,
            "the gradient of + is right",
            _lone_add,
            compare.gradients,
            (*ARITHMETIC, BACKWARD),
            needs=("value_add", "order_random"),
            stubs=("topological_sort", "backward", "__add__"),
            own=(PARTS["add"], BACKWARD),
        ),
        Check(
            "gradient_mul",
            "2.B",
            5,
            "the gradient of * is right",
            _lone_mul,
            compare.gradients,
            (*ARITHMETIC, BACKWARD),
            needs=("value_mul", "order_random", "gradient_add"),
            stubs=("topological_sort", "backward", "__mul__"),
            own=(PARTS["mul"],),
            sparing=_those_without(_lone_mul),
        ),
        Check(
            "gradient_pow",
            "2.B",
            5,
            "the gradient of ** is right",
            _lone_pow,
            compare.gradients,
            (*ARITHMETIC, BACKWARD),
            needs=("value_pow", "order_random", "gradient_add"),
            stubs=("topological_sort", "backward", "__pow__"),
            own=(PARTS["pow"],),
            sparing=_those_without(_lone_pow),
        ),
        Check(
            "gradient_exp",
            "2.B",
            5,
            "the gradient of exp is right",
            _lone_exp,
            compare.gradients,
            (*ARITHMETIC, BACKWARD, "ag.exp"),
            needs=("value_exp", "order_random", "gradient_add"),
            stubs=("topological_sort", "backward", "exp"),
            own=(PARTS["exp"],),
            sparing=_those_without(_lone_exp),
        ),
        Check(
            "gradient_log",
            "2.B",
            5,
            "the gradient of log is right",
            _lone_log,
            compare.gradients,
            (*ARITHMETIC, BACKWARD, "ag.log"),
            needs=("value_log", "order_random", "gradient_add"),
            stubs=("topological_sort", "backward", "log"),
            own=(PARTS["log"],),
            sparing=_those_without(_lone_log),
        ),
        Check(
            "gradient_lecture",
            "2.B",
            3,
            "the lecture's example has the lecture's gradients",
            _lecture_gradient,
            compare.gradients,
            (*_GRAPH, BACKWARD),
            needs=("values", "order_lecture", *_LONE),
            stubs=_STUBS,
            own=(BACKWARD,),
        ),
        Check(
            "gradient_random",
            "2.B",
            6,
            "every node of a random expression has the right gradient",
            _random_gradients,
            compare.gradients,
            (*_GRAPH, BACKWARD),
            needs=("values", "order_random", *_LONE),
            stubs=_STUBS,
            own=(BACKWARD,),
            sparing=_drawn_without(_random_gradients, SMOOTH),
        ),
        Check(
            "gradient_sessions",
            "2.B",
            6,
            "one graph after another on the same leaves",
            _sessions,
            compare.gradients,
            (*_GRAPH, SORT, BACKWARD),
            needs=("values", "order_random", *_LONE, "gradient_random"),
            stubs=_STUBS,
            own=(BACKWARD,),
            sparing=_drawn_without(_sessions, SMOOTH),
        ),
        Check(
            "relu_values",
            "2.C",
            4,
            "relu has the right value",
            _relu_values,
            compare.values,
            (*_GRAPH, "ag.relu"),
            needs=("values",),
            own=("ag.relu",),
            sparing=_those_without(_relu_values),
        ),
        Check(
            "relu_gradient",
            "2.C",
            6,
            "the gradient of relu is right on both sides of its kink",
            _relu_alone,
            _relu_gradients,
            (*ARITHMETIC, BACKWARD, "ag.relu"),
            needs=("relu_values", "order_random", "gradient_add"),
            stubs=("topological_sort", "backward", "relu"),
            own=("ag.relu",),
            sparing=_those_without(_relu_alone),
        ),
        Check(
            "relu_sweep",
            "2.C",
            4,
            "the lecture's plot: relu(x)**3 over -5..4",
            _sweep,
            compare.gradients,
            (*ARITHMETIC, BACKWARD, "ag.relu"),
            needs=("relu_values", "relu_gradient", "gradient_pow"),
            stubs=("topological_sort", "backward", "__pow__", "relu"),
            own=("ag.relu",),
        ),
        Check(
            "relu_random",
            "2.C",
            6,
            "random expressions with relu have the right gradients",
            _relu_random,
            compare.gradients,
            (*_GRAPH, SORT, BACKWARD, "ag.relu"),
            needs=("relu_values", "relu_gradient", "gradient_random", "gradient_sessions"),
            stubs=(*_STUBS, "relu"),
            own=("ag.relu",),
            sparing=_drawn_without(_relu_random, ALL),
        ),
    ),
    costly=WIDE,
    given=frozenset({"__init__", "__add__", "backward", "log"}),
    probes=(
        Probe("second_backward", TWICE, _read_twice, (*ARITHMETIC, BACKWARD)),
        Probe("two_graphs", TWO_GRAPHS, _read_two_graphs, (*ARITHMETIC, BACKWARD, "ag.exp")),
        Probe("relu_at_zero", KINK, _read_kink, (BACKWARD, "ag.relu")),
        Probe("deep_graph", _chain(3000), _read_depth, (*ARITHMETIC, SORT)),
        Probe("numbers", SMALL, _read_types, (*ARITHMETIC, SORT, BACKWARD, "ag.exp")),
        Probe("order", SMALL, _read_sequence, (*ARITHMETIC, SORT, BACKWARD, "ag.exp")),
    ),
)
