"""Under which names a module spells the contract: the prelude finds them, the import shows them."""

import types

import pytest

from harness.assignments.lecture6 import dialect
from harness.assignments.lecture6.dialect import AG
from harness.programs import snippet
from harness.programs.replacement import functions, replacement
from harness.records.handed_in import Source, Submission


def loaded(text, *parts):
    """The names that programs reach in a module with parts of the key in it, and the module."""
    module = types.ModuleType("ag")
    exec(text, module.__dict__)
    scope = {"module": module, "siblings": []}
    exec(dialect.PRELUDE, scope)
    exec(replacement(KEY, parts, AG) if parts else "", scope)
    return scope["names"], module


def names_of(text):
    return loaded(text)[0]


SCALAR = "    class Scalar:\n        pass\n"
TOP = "class Scalar:\n    pass\n"
STATIC = "    exp = staticmethod(lambda x: 'exp')\n    log = relu = exp\n"
FUNCTIONS = "def exp(x):\n    return 'exp'\nlog = relu = exp\n"
OBJECT = (
    "ag = types.SimpleNamespace(Scalar=Scalar, exp=lambda x: 'exp')\nag.log = ag.relu = ag.exp\n"
)

SPELLINGS = {
    "the lecture's class": f"class ag:\n{SCALAR}{STATIC}",
    "names at module level": TOP + FUNCTIONS,
    "functions beside the class": f"class ag:\n{SCALAR}{FUNCTIONS}",
    "functions inside Scalar": f"class Scalar:\n{STATIC}",
    "an object": f"import types\n{TOP}{OBJECT}",
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_programs_reach_the_contract_however_it_is_spelled(text):
    ag = names_of(text)["ag"]

    assert isinstance(ag.Scalar, type)
    assert ["exp"] * 3 == [ag.exp(1), ag.log(1), ag.relu(1)]


def test_classes_are_found_inside_ag_too_and_what_is_not_there_is_not_made_up():
    bare = names_of("class ag:\n" + SCALAR)["ag"]
    inside = names_of(f"class ag:\n{SCALAR}    class Loss:\n        pass\nclass Model:\n    pass\n")
    text = f"exp = 2.718\nclass ag:\n{SCALAR}    exp = staticmethod(lambda x: 'exp')\n"

    assert not any(hasattr(bare, name) for name in dialect.FUNCTIONS)
    assert not hasattr(names_of("x = 1")["ag"], "Scalar")
    assert "exp" == names_of(text)["ag"].exp(1)
    assert ({"ag", "Model", "Loss"}, "Model") == (set(inside), inside["Model"].__name__)


MODEL, LOSS = "class Model:\nclass Optimizer(Base):\n", "class Scalar:\nclass Loss:\n"


@pytest.mark.parametrize(
    ("text", "module", "line"),
    [
        pytest.param("class ag:\n    pass\n", "ag", "from ag import ag", id="the lecture's class"),
        pytest.param("class ag(Base):\n", "hw", "from hw import ag", id="a class with a base"),
        pytest.param("ag = make()\n", "hw", "from hw import ag", id="an object"),
        pytest.param("class Scalar:\n", "ag", "import ag", id="names at module level"),
        pytest.param("class Scalar:\n", "hw", "import hw as ag", id="under another name"),
        pytest.param(
            f"class ag:\n{MODEL}", "ag", "from ag import ag, Model, Optimizer", id="training"
        ),
        pytest.param(LOSS, "ag", "import ag\nfrom ag import Loss", id="a class beside them"),
        pytest.param("class ag:\n", "submission.ag", "from ag import ag", id="in a package"),
    ],
)
def test_the_import_is_the_line_that_a_student_would_write(text, module, line):
    submission = Submission("ada", (Source("ag.py", text),), module)
    notebook = Submission("ada", (Source("cell 1", text),))

    assert line == dialect.import_line(submission)
    assert "# in a cell at the end of your notebook" == snippet.import_line(notebook, AG)


# --- parts of the answer key in the place of the student's ----------------------------------

KEY = """
import math
class ag:
    class Scalar:
        def __init__(self, value):
            self.value = float(value)
        def __add__(self, other):
            return ag.Scalar(self.value + other.value)
        def __mul__(self, other):
            return ag.Scalar(self.value * other.value)
    def exp(x):
        return ag.Scalar(math.exp(x.value))
class Loss:
    def mse(self, predictions, targets):
        return 1
"""
WRONG = """
class Scalar:
    def __init__(self, value):
        self.value = value
    def __add__(self, other):
        return Scalar(self.value - other.value)
    def __mul__(self, other):
        return Scalar(self.value / other.value)
def exp(x):
    return x
alias = Scalar
class Loss:
    def mse(self, predictions, targets):
        return alias
"""


def test_a_replaced_method_or_function_is_ours_and_the_others_stay_the_students():
    names, module = loaded(WRONG, "ag.Scalar.__add__", "ag.exp")
    scalar, exp = names["ag"].Scalar, names["ag"].exp
    total, one = scalar(2.0) + scalar(3.0), exp(module.Scalar(0.0))

    assert (5.0, 2.0, 1.0) == (total.value, (scalar(6.0) * scalar(3.0)).value, one.value)
    assert isinstance(total, scalar)
    assert isinstance(one, module.Scalar)


def test_a_whole_ag_takes_every_name_that_the_student_gave_it_but_no_method_of_another_class():
    names, module = loaded(WRONG, "ag")

    assert names["ag"].Scalar is module.Scalar is module.alias is names["Loss"]().mse([], [])
    assert 5.0 == (module.Scalar(2.0) + module.Scalar(3.0)).value

    names, module = loaded(WRONG, "Loss.mse")

    assert names["Loss"] is module.Loss
    assert 1 == names["Loss"]().mse([], [])


PROPERTY = """
class Scalar:
    kept = {{}}
    def __init__(self, value):
        self.key, self.value = value, value
    @property
    def value(self):
        return self.{where}
    @value.setter
    def value(self, new):
        self.{where} = new
"""


@pytest.mark.parametrize(("where", "stays"), [("kept[self.key]", False), ("_value", True)])
def test_beside_a_constructor_of_ours_a_property_stays_where_it_keeps_what_is_set(where, stays):
    names, module = loaded(PROPERTY.format(where=where), "ag")

    assert 5.0 == (names["ag"].Scalar(2.0) + names["ag"].Scalar(3.0)).value
    assert stays is isinstance(vars(module.Scalar).get("value"), property)


def test_what_is_judged_cannot_be_read_off_what_is_replaced():
    text = replacement(KEY, ("ag.Scalar.__add__",), AG)

    assert [True, False, False] == [p in text for p in ("+ other.value", "* other.value", "mse")]
    with pytest.raises(AssertionError, match=r"has no ag\.log"):
        replacement(KEY, ("ag.log",), AG)


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        (("ag.Scalar.topological_sort",), {"topological_sort"}),
        (("Loss.mse", "ag.exp"), {"mse", "exp"}),
        (("ag",), {"ag", *dialect.FUNCTIONS, *dialect.METHODS}),
    ],
)
def test_the_functions_that_go_with_some_parts(parts, names):
    assert names == functions(parts, AG)
