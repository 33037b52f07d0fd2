"""The bug models as text: every edit finds its place, every sentence is fit to be read."""

import re
from collections import defaultdict

import msgspec
import pytest

from harness.judging.mistakes import answer_key
from harness.judging.mutant import mutate
from harness.records.handed_in import Source
from reference_impls.keys import AG_KEY, MLP_KEY, TEXT

MODELS = (*AG_KEY.models, *MLP_KEY.models)
EXERCISES = ("ag", "2.A", "2.B", "2.C", "Model", "Loss", "Optimizer")
HEADINGS = (
    *("Automatic differentiation", "An autograd “module”"),
    *("Forward pass — DFS — computation graph", "Exercise 2.A"),
    *("Backward and add", "Exercise 2.B", "Exercise 2.C"),
    *("The Model class", "The forward function", "The Loss class", "The Optimizer class"),
    "Training Loop",
)
"""Headings of the lecture's slides."""
VARIANTS = defaultdict(list)
for model in MODELS:
    VARIANTS[model.name].append(model)
FIRST = [variants[0] for variants in VARIANTS.values()]
EDITED = [*(model.edits for model in MODELS), *AG_KEY.traversals]


def test_every_edit_changes_the_answer_key_in_its_own_way():
    """That each finds its place and can be loaded, and is wrong, is asked with the oracles."""
    texts = [mutate(TEXT, edits) for edits in EDITED]

    assert len(texts) == len({TEXT, *texts}) - 1


def test_every_part_of_the_lecture_has_models():
    assert set(EXERCISES) == {model.exercise for model in MODELS}
    assert len(VARIANTS) >= 250


def test_variants_of_one_mistake_are_told_alike_and_no_two_mistakes_are():
    for name, variants in VARIANTS.items():
        assert 1 == len({(m.exercise, m.sentence, m.hint) for m in variants}), name

    assert len(FIRST) == len({model.sentence for model in FIRST})


def test_a_sentence_says_what_the_code_does_and_a_hint_where_to_look():
    accusing = r"\b([Yy]ou|[Yy]our|wrong|bug|mistake|forgot|forgets)\b"
    for model in FIRST:
        named = re.findall(r'"([^"]+)"', model.hint)
        pieces = [piece.strip() for edit in model.edits for piece in edit.old.splitlines()]

        assert len(model.sentence) <= 120, model.name
        assert re.fullmatch(r"[A-Z`][^\n]*[^.\s]\.", model.sentence), model.name
        assert 0 == model.sentence.count("`") % 2, model.name
        assert not re.search(accusing, model.sentence), model.name
        assert len(model.hint) <= 160, model.name
        assert model.hint.endswith("."), model.name
        assert named, model.name
        assert set(named) <= set(HEADINGS), model.name
        # It does not give the line away.
        assert [] == [p for p in pieces if len(p) > 5 and p in model.hint], model.name


def test_mistakes_are_read_when_they_are_first_asked_for(tmp_path):
    key = answer_key(Source("key.py", "x = 1"), tmp_path / "none.toml")

    assert "x = 1" == key.source.text
    with pytest.raises(FileNotFoundError):
        len(key.models)


def test_a_table_of_another_shape_is_an_error_that_names_the_place(tmp_path):
    table = tmp_path / "mistakes.toml"
    table.write_text('[hints]\n[[mistakes]]\nname = "a"\nsentense = "b"\n')
    key = answer_key(Source("key.py", "x = 1"), table)

    with pytest.raises(msgspec.ValidationError, match="sentense"):
        len(key.models)
