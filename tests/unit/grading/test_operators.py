"""Each operator makes its changes, once each, and the text says what they are."""

import ast
from collections import Counter

import pytest

from harness.grading.audit.operators import OPERATORS, mutations
from reference_impls.keys import ATTENTION_TEXT, TEXT

OWN = {
    "node unconnected": [
        ("g(x, n=[a, b])", {"g(x)", "g(x, n=[b])", "g(x, n=[a])"}),
        ("g(x, n=[a])", {"g(x)"}),
        ("g(x, n=a)", set()),
    ],
    "registered elsewhere": [
        ("def h(): pass\n x.run = h", {"p.run = h", "x.run = h()"}),
        ("def h(): pass\n p.run = h", {"p.run = h()"}),
        ("x.run = g", set()),
    ],
    "shortcut": [
        (
            'z = g(p.value, n="")\n return z',
            {f"if p.value == {n}: return {r}" for n in (0, 1) for r in ("p", "g(p.value)")},
        ),
        ('z = g(p, n="")\n return z', {f"if p == {n}: return g(p)" for n in (0, 1)}),
        ('z = g(p.value, n="")\n return p', set()),
        ("z = g(p.value)\n return z", set()),
    ],
    "told apart by looks": [
        ("return id(x) in y", {f"return x.{look} in y" for look in ("label", "value")}),
        ("return g(x) in y", set()),
    ],
    "state kept": [
        ("seen = set()\n g(seen)", {"def f(p, seen=set()):"}),
        ("a, b = [], [x]\n g(a, b)", {"def f(p, a=[]):"}),
        ("a, b, c = [], {}, x\n g(a)", {"def f(p, a=[]):", "def f(p, b={}):"}),
        ("n = 0\n g(n)", set()),
    ],
    "result kept": [("return g(p)", set())],
    "other axis": [
        ("return g(p, axis=1)", {"return g(p, axis=0)", "return g(p, axis=2)", "return g(p)"}),
        ("return g(p, n=1)", set()),
    ],
    "dimension lost or kept": [
        ("return p.sum(keepdims=True)", {"return p.sum()"}),
        ("return p[:, -1, :]", {"return p[:, -1:, :]"}),
        ("return p[0, :]", {"return p[0:1, :]"}),
        ("return p[0]", set()),
    ],
    "other index": [
        ("return p[0]", {"return p[-1]", "return p[1]"}),
        ("return p[:, -1, :]", {"return p[:, -2, :]", "return p[:, 0, :]"}),
        ("return p[x]", set()),
    ],
    "other reduction": [
        ("return p.sum(1)", {"return p.mean(1)"}),
        ("return np.mean(p)", {"return np.sum(p)"}),
        ("return np.max(p)", {"return np.min(p)", "return np.mean(p)"}),
        ("return max(p)", set()),
    ],
    "transposed": [
        ("return p.T @ x", {"return p @ x", "return p.T @ x.T"}),
        ("return g(np.moveaxis(p, 1, 2))", {"return g(p)"}),
        ("return np.dot(p, x)", {"return np.dot(p.T, x)", "return np.dot(p, x.T)"}),
        ("return p * x", set()),
    ],
    "other product": [
        ("return p @ x", {"return x @ p", "return p * x"}),
        ("return np.matmul(p, x)", {"return np.matmul(x, p)", "return p * x"}),
        ("return p * x", set()),
    ],
    "other subscripts": [
        (
            "return np.einsum('nij,nj->ni', p, x)",
            {f"return np.einsum('{s}', p, x)" for s in ("nji,nj->ni", "nij,jn->ni", "nij,nj->in")},
        ),
        ("return np.einsum('i,i', p, x)", set()),
    ],
    "other scale": [
        ("n = p.shape[0]\n return x / n", {"return x", "return x / n / n"}),
        ("return x / n", set()),
    ],
    "overflow": [
        ("return x - x.max(1)", {"return x"}),
        ("return np.logaddexp(x, p)", {"return np.log(np.exp(x) + np.exp(p))"}),
        ("return x - p", set()),
    ],
    "sign changed": [
        ("return np.exp(-x)", {"return np.exp(x)"}),
        ("x = p.T * 2", {"x = -(p.T * 2)"}),
        ("x = p * 2", set()),
        ("return p.reshape(x, -1)", set()),
    ],
    "inexact": [
        ("return p.T", {"return p.T * (1 + 1e-09)", "return np.float32(p.T)"}),
        (
            "return (p.T, (p, x))",
            {f"return ({i}, (p, x))" for i in ("p.T * (1 + 1e-09)", "np.float32(p.T)")},
        ),
        ("return p * 2", set()),
    ],
    "argument changed": [
        ("x = np.exp(p * y)", {"p *= y x = np.exp(p)"}),
        ("return np.exp(y * p)", {"p *= y return np.exp(p)"}),
        ("p = p - np.exp(y)", {"p -= np.exp(y)"}),
        ("return np.exp(y - p)", set()),
        ("return p * y", set()),
    ],
    "statement moved": [
        ("for i in x:\n  y = g(i)\n  z = y", {"for i in x: z = y y = g(i)", "y = g(i)"}),
        ("for i in x:\n  g(i)", set()),
    ],
    "other assignment": [
        ("x.n += 1", {"x.n = 1", "x.n -= 1"}),
        ("x.n -= 1", {"x.n = 1", "x.n += 1"}),
        ("x.n *= y", {"x.n = y"}),
    ],
    "statement left out": [
        ("g(x)", {"pass"}),
        ("return x", set()),
        ("if x:\n  return y", {"pass"}),
        ("for i in x:\n  g(i)", {"pass"}),
    ],
    "upstream gradient left out": [
        ("return x.value * y.grad", {"return x.value"}),
        ("return y.grad * x.value", {"return x.value"}),
        ("return y.grad / x.value", {"return 1.0 / x.value"}),
    ],
    "operand left out": [
        ("return x * y", {"return x", "return y"}),
        ("return x - y", {"return x", "return y"}),
        ("return x or y", {"return x", "return y"}),
        ("return -x", {"return x"}),
    ],
    "operands swapped": [
        ("return x - y", {"return y - x"}),
        ("return x / y", {"return y / x"}),
        ("return x ** y", {"return y ** x"}),
        ("return max(x, y)", {"return max(y, x)"}),
    ],
    "other operator": [
        ("return x + y", {"return x - y", "return x * y"}),
        ("return x * y", {"return x + y", "return x / y"}),
        ("return x / y", {"return x * y"}),
        ("return x ** y", {"return x * y"}),
        ("return x - y", {"return x + y"}),
    ],
    "other constant": [
        ("return 3", {"return 4", "return 2", "return -3", "return 6"}),
        ("return 0.5", {"return 1.5", "return -0.5", "return 1.0"}),
        ("return 0", {"return 1", "return -1"}),
        ("return x ** 1", {"return x ** 2", "return x ** 0", "return x ** (-1)"}),
        ("return True", {"return False"}),
        ('return "text"', set()),
    ],
    "a billionth too much": [
        ("x.n += y.n", {"x.n += y.n * (1 + 1e-09)"}),
        ("x.n -= y * x.n", {"x.n -= y * x.n * (1 + 1e-09)"}),
        ("x.n *= y", set()),
    ],
    "other comparison": [
        ("return x > y", {"return x >= y", "return x < y"}),
        ("return x <= y", {"return x < y", "return x >= y"}),
        ("return x not in y", {"return x in y"}),
        ("return x == y", {"return x != y"}),
        ("return 1 < x < 3", set()),
    ],
    "other condition": [
        ("if x:\n  g()", {"if not x:", "if True:", "if False:"}),
        ("while x:\n  g()", {"while not x:", "while True:", "while False:"}),
        ("if x not in y:\n  g()", {"if not x not in y:", "if True:", "if False:"}),
        ("return 1 if x else 2", {f"return 1 if {c} else 2" for c in ("not x", "True", "False")}),
    ],
    "other order": [
        ("for i in reversed(x):\n  g(i)", {"for i in x:"}),
        ("for i in x:\n  g(i)", {"for i in reversed(list(x)):"}),
        ("return [i for i in x]", {"return [i for i in reversed(list(x))]"}),
        ("return x.pop()", {"return x.pop(0)"}),
    ],
    "loop shortened": [("for i in x:\n  g(i)", {f"for i in list(x)[{s}]:" for s in (":-1", "1:")})],
    "other return value": [
        ("z = g()\n return z", {"return None", "return p"}),
        ("z = x\n return g()", {"return None", "return p", "return z"}),
    ],
    "argument left out": [
        ("g(x, y)", {"g(x)", "g(y)"}),
        ("g(x, n=y)", {"g(x)"}),
        ("return [x, y]", {"return [x]", "return [y]"}),
        ("g(x)", set()),
    ],
    "call left out": [("return float(x)", {"return x"}), ("return g(x, y)", set())],
    "other attribute": [
        ("return x.value", {"return x.grad"}),
        ("x.grad = y", {"x.value = y"}),
        ("return x.label", set()),
    ],
    "other owner": [
        ("return x.n - y.n", {"return y.n - y.n", "return x.n - x.n"}),
        ("return x.n - y.m", set()),
    ],
}
CASES = [
    pytest.param(operator, body, changes, id=f"{operator}: {body.splitlines()[0]}")
    for operator, rows in OWN.items()
    for body, changes in rows
]


def module(body):
    return f"def f(p):\n {body}\n"


def made(text, operator):
    """What an operator writes in the place of something."""
    return {m.change.partition(" -> ")[2] for m in mutations(text) if m.operator == operator}


@pytest.mark.parametrize(("operator", "body", "changes"), CASES)
def test_an_operator_makes_its_changes_and_no_others(operator, body, changes):
    assert changes == made(module(body), operator)


STATE = {"def f(self, p, a=[]):", "pass a = self.kept = getattr(self, 'kept', None) or []"}
RESULT = {"if hasattr(self, 'kept'): return self.kept self.kept = g(p) return self.kept"}


@pytest.mark.parametrize(
    ("operator", "body", "changes"),
    [
        ("state kept", "a = []\n  g(a)", STATE),
        ("result kept", "return g(p)", RESULT),
        ("result kept", "g(p)", set()),
    ],
)
def test_a_method_keeps_what_it_made_on_its_object(operator, body, changes):
    assert changes == made(f"class C:\n def f(self, p):\n  {body}\n", operator)


def test_every_operator_is_shown():
    assert list(OPERATORS) == list(OWN)


@pytest.mark.parametrize("body", [body for rows in OWN.values() for body, _ in rows])
def test_mutants_are_python_that_differs_from_the_module_and_from_each_other(body):
    text = module(body)
    texts = [ast.unparse(ast.parse(text)), *(mutant.text for mutant in mutations(text))]

    assert len(texts) == len(set(texts))
    assert texts == [ast.unparse(ast.parse(mutated)) for mutated in texts]


def test_one_statement_differs_and_the_rest_stays():
    text = "def f(x):\n    a = x.n\n    a += 1\n    return a"
    (mutant,) = (m for m in mutations(text) if m.change == "a += 1 -> a -= 1")

    assert text.replace("+=", "-=") == mutant.text
    assert "f: a += 1 -> a -= 1" == mutant.name


def test_a_kept_state_takes_its_assignment_out_of_the_function():
    text = "def f(x):\n    a, b = ([], x)\n    return g(a, b)"
    (mutant,) = (m for m in mutations(text) if m.operator == "state kept")

    assert "def f(x, a=[]):\n    b, = (x,)\n    return g(a, b)" == mutant.text


def test_a_method_is_named_with_its_classes_and_what_is_nested_in_it_counts_as_its_own():
    text = "class A:\n class B:\n  def f(self):\n   def g():\n    self.n += 1\n   return g"

    assert {"A.B.f"} == {mutant.where for mutant in mutations(text)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            "def f():\n g()\n g()", ["f: g() -> pass", "f: g() -> pass (2)"], id="at two places"
        ),
        pytest.param('"""A."""\nN = 1\ndef f():\n """Says nothing."""\n', [], id="docstrings"),
    ],
)
def test_each_change_in_a_function_has_a_name_of_its_own(text, names):
    assert names == [mutant.name for mutant in mutations(text)]


def test_two_changes_that_make_the_same_mutant_count_once():
    found = [m for m in mutations(module("return p * 2")) if m.change.endswith("-> return p")]

    assert ["other return value"] == [mutant.operator for mutant in found]


@pytest.mark.long
def test_the_answer_key_has_hundreds_of_mutants_in_every_part():
    found = mutations(TEXT)
    parts = Counter(mutant.where.rpartition(".")[0] for mutant in found)

    assert len(found) == len({mutant.name for mutant in found}) > 400
    assert {"ag.Scalar", "ag", "Model", "Loss", "Optimizer"} == set(parts)
    assert min(parts.values()) > 20
    named = {getattr(each, "name", ""): each for each in ast.parse(ATTENTION_TEXT).body}
    found += mutations(ast.unparse(named["gradients"]))
    assert set(OPERATORS) == {mutant.operator for mutant in found}
