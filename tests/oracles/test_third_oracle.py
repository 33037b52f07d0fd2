"""The oracle of the guide, HIPS autograd, conforms and agrees with PyTorch on assignments."""

import re
import types

import pytest

from harness.judging.check import find
from harness.oracles.conformance import violations
from harness.oracles.load import Oracles
from support.blocks import ROOT
from support.engines import torch_engine
from support.long import sample

GUIDE = ROOT / "docs" / "guides" / "own-oracle.md"
(TEXT,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def engine():
    pytest.importorskip("autograd")  # one of the extras for developers
    module = types.ModuleType("autograd_engine")
    exec(TEXT, module.__dict__)
    return module.AutogradEngine()


def test_the_oracle_of_the_guide_conforms(engine):
    assert [] == violations(engine)


@pytest.mark.parametrize("name", sample(2, ["scalar_autograd", "numpy_attention", "mlp_training"]))
def test_the_oracle_of_the_guide_agrees_with_torch_on_the_programs_of_an_assignment(name, engine):
    oracles, count = Oracles((torch_engine(), engine)), 0

    for check in find(name).active:
        if check.name in ("order_deep", "no_loop"):
            continue  # 3,000 nodes, and Python's own steps
        for program in check.programs(f"577/{name}/{check.name}")[:3]:
            count += len(oracles.expected(program))

    assert [] == [*oracles.disputes()]
    assert count >= 2 * len(find(name).active)
