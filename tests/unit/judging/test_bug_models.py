"""The bug models as text: every edit finds its place, every sentence is fit to be read.

UPDATE_GOLDEN=1 writes tests/golden/bug_models.txt anew.
"""

import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.judging.mutant import Mutant, mutate
from harness.records.known import Edit
from reference_impls.bug_models import AG_KEY, MLP_KEY, TEXT

MODELS = (*AG_KEY.models, *MLP_KEY.models)
GOLDEN = Path(__file__).parents[2] / "golden" / "bug_models.txt"
EXERCISES = ("ag", "2.A", "2.B", "2.C", "Model", "Loss", "Optimizer")
HEADINGS = (
    "Automatic differentiation",
    "An autograd “module”",
    "Forward pass — DFS — computation graph",
    "Exercise 2.A",
    "Backward and add",
    "Exercise 2.B",
    "Exercise 2.C",
    "The Model class",
    "The forward function",
    "The Loss class",
    "The Optimizer class",
    "Training Loop",
)
"""Headings of the lecture's slides."""
VARIANTS = defaultdict(list)
for model in MODELS:
    VARIANTS[model.name].append(model)
EVERY = [
    pytest.param(variant, id=f"{name}-{i}")
    for name, variants in VARIANTS.items()
    for i, variant in enumerate(variants)
]
FIRST = [pytest.param(variants[0], id=name) for name, variants in VARIANTS.items()]


@pytest.mark.parametrize("model", EVERY)
def test_every_edit_stands_once_in_the_answer_key_and_what_is_left_can_be_loaded(model):
    text = mutate(TEXT, model.edits)

    assert text != TEXT
    assert Mutant(model.name, text, AG).name == model.name


@pytest.mark.parametrize("edits", AG_KEY.traversals)
def test_every_traversal_changes_the_answer_key(edits):
    text = mutate(TEXT, edits)

    assert text != TEXT
    assert Mutant("traversal", text, AG).version == ""


def test_an_edit_without_its_place_is_an_error():
    with pytest.raises(AssertionError, match="stands 0 times"):
        mutate(TEXT, [Edit("no such line", "")])


def test_no_two_models_are_the_same_text():
    texts = [mutate(TEXT, model.edits) for model in MODELS]

    assert len(texts) == len(set(texts))


def test_every_part_of_the_lecture_has_models():
    assert set(EXERCISES) == {model.exercise for model in MODELS}
    assert len(VARIANTS) >= 250


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_of_one_mistake_are_told_alike(name):
    told = {(model.exercise, model.sentence, model.hint) for model in VARIANTS[name]}

    assert 1 == len(told)


@pytest.mark.parametrize("model", FIRST)
def test_a_sentence_is_short_and_says_what_the_code_does(model):
    assert len(model.sentence) <= 120
    assert re.fullmatch(r"[A-Z`][^\n]*[^.\s]\.", model.sentence)
    assert 0 == model.sentence.count("`") % 2
    assert not re.search(r"\b([Yy]ou|[Yy]our|wrong|bug|mistake|forgot|forgets)\b", model.sentence)


@pytest.mark.parametrize("model", FIRST)
def test_a_hint_is_short_and_names_a_heading_of_the_lecture(model):
    named = re.findall(r'"([^"]+)"', model.hint)

    assert len(model.hint) <= 160
    assert model.hint.endswith(".")
    assert named
    assert [] == [heading for heading in named if heading not in HEADINGS]


@pytest.mark.parametrize("model", FIRST)
def test_a_hint_does_not_give_the_line_away(model):
    pieces = [piece.strip() for edit in model.edits for piece in edit.old.splitlines()]

    assert [] == [piece for piece in pieces if len(piece) > 5 and piece in model.hint]


def test_no_two_mistakes_are_told_in_the_same_words():
    sentences = [variants[0].sentence for variants in VARIANTS.values()]

    assert len(sentences) == len(set(sentences))


def _golden():
    return "".join(
        f"{name} ({model.exercise}, {len(variants)})\n    {model.sentence}\n    {model.hint}\n"
        for name, variants in VARIANTS.items()
        for model in variants[:1]
    )


def test_every_model_reads_as_it_did():
    told = _golden()
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(told, encoding="utf-8")

    assert GOLDEN.read_text(encoding="utf-8") == told
