"""Under which names a module spells the contract: the prelude finds them, the import shows them."""

import types

import pytest

from harness import dialect
from harness.model import Source, Submission


def names_of(text):
    module = types.ModuleType("ag")
    exec(text, module.__dict__)
    scope = {"module": module}
    exec(dialect.PRELUDE, scope)
    return scope["names"]


SCALAR = "    class Scalar:\n        pass\n"
STATIC = "    exp = staticmethod(lambda x: 'exp')\n    log = relu = exp\n"

SPELLINGS = {
    "the lecture's class": f"class ag:\n{SCALAR}{STATIC}",
    "names at module level": (
        "class Scalar:\n    pass\ndef exp(x):\n    return 'exp'\nlog = relu = exp\n"
    ),
    "functions beside the class": (
        f"class ag:\n{SCALAR}def exp(x):\n    return 'exp'\nlog = relu = exp\n"
    ),
    "functions inside Scalar": f"class Scalar:\n{STATIC}",
    "an object": (
        "import types\nclass Scalar:\n    pass\n"
        "ag = types.SimpleNamespace(Scalar=Scalar, exp=lambda x: 'exp')\n"
        "ag.log = ag.relu = ag.exp\n"
    ),
}


@pytest.mark.parametrize("text", [pytest.param(t, id=name) for name, t in SPELLINGS.items()])
def test_programs_reach_the_contract_however_it_is_spelled(text):
    ag = names_of(text)["ag"]

    assert isinstance(ag.Scalar, type)
    assert ["exp"] * 3 == [ag.exp(1), ag.log(1), ag.relu(1)]


def test_what_is_not_there_is_not_made_up():
    ag = names_of("class ag:\n" + SCALAR)["ag"]

    assert not any(hasattr(ag, name) for name in dialect.FUNCTIONS)
    assert not hasattr(names_of("x = 1")["ag"], "Scalar")


def test_classes_are_found_at_module_level_and_inside_ag():
    text = f"class ag:\n{SCALAR}    class Loss:\n        pass\nclass Model:\n    pass\n"
    names = names_of(text)

    assert {"ag", "Model", "Loss"} == set(names)
    assert "Model" == names["Model"].__name__


def test_a_name_that_is_no_function_is_passed_over():
    text = f"exp = 2.718\nclass ag:\n{SCALAR}    exp = staticmethod(lambda x: 'exp')\n"

    assert "exp" == names_of(text)["ag"].exp(1)


@pytest.mark.parametrize(
    ("text", "module", "line"),
    [
        pytest.param("class ag:\n    pass\n", "ag", "from ag import ag", id="the lecture's class"),
        pytest.param("class ag(Base):\n", "hw", "from hw import ag", id="a class with a base"),
        pytest.param("ag = make()\n", "hw", "from hw import ag", id="an object"),
        pytest.param("class Scalar:\n", "ag", "import ag", id="names at module level"),
        pytest.param("class Scalar:\n", "hw", "import hw as ag", id="under another name"),
        pytest.param(
            "class ag:\nclass Model:\nclass Optimizer(Base):\n",
            "ag",
            "from ag import ag, Model, Optimizer",
            id="with the classes of training",
        ),
        pytest.param(
            "class Scalar:\nclass Loss:\n", "ag", "import ag\nfrom ag import Loss", id="both"
        ),
        pytest.param("class ag:\n", "submission.ag", "from ag import ag", id="in a package"),
    ],
)
def test_the_import_is_the_line_that_a_student_would_write(text, module, line):
    submission = Submission("ada", (Source("ag.py", text),), module)

    assert line == dialect.import_line(submission)


def test_a_notebook_is_reached_from_a_cell_at_its_end():
    submission = Submission("ada", (Source("cell 1", "class ag:\n"),))

    assert "# in a cell at the end of your notebook" == dialect.import_line(submission)
