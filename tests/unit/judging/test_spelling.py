"""What a module has in the place of a name that it lacks."""

import pytest

from harness.judging.spelling import meant

MEMBERS = ("__add__", "__mul__", "backward", "topological_sort")


@pytest.mark.parametrize(
    ("wanted", "present", "found"),
    [
        ("ag.Scalar.topological_sort", ("ag.Scalar.topo_sort", "ag.Scalar.backward"), "topo_sort"),
        ("Optimizer.zero_grad", ("Optimizer.zero_grads", "Optimizer.step"), "zero_grads"),
        ("Loss", ("loss", "Model"), "loss"),
        ("Loss", ("Model", "Model.forward"), ""),
    ],
)
def test_a_name_is_known_by_its_spelling(wanted, present, found):
    assert found == meant([wanted], [wanted], present).rpartition(".")[2]


@pytest.mark.parametrize("called", ["Value", "ag.Value", "Var"])
def test_a_class_is_known_by_its_members_whatever_it_is_called(called):
    missing = ["ag.Scalar", *(f"ag.Scalar.{name}" for name in MEMBERS)]
    present = ["Model", "Model.forward", called, *(f"{called}.{name}" for name in MEMBERS[:3])]

    assert called == meant(["ag.Scalar"], missing, present)
