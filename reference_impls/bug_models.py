"""The mistakes that are known of the lecture's ag module and MLP, as mutants of the answer key.

A model is text of the answer key and what stands there instead, the sentence that a student is
told, and a hint that points into the lecture without giving the line away.
"""

from __future__ import annotations

from pathlib import Path

from harness.model import AnswerKey, BugModel, Edit, Source

TEXT = Path(__file__).with_name("answer_key.py").read_text(encoding="utf-8")

AG_MODELS = (
    BugModel(
        "add_overwrites",
        "2.B",
        "`__add__` overwrites the gradient instead of adding to it.",
        'A node that is used twice gets a gradient from each use; see "Backward and add".',
        (
            Edit("self.grad += output.grad", "self.grad = output.grad"),
            Edit("other.grad += output.grad", "other.grad = output.grad"),
        ),
    ),
)

RIGHT_TO_LEFT = (Edit("for i in reversed(node.inputs)", "for i in node.inputs"),)
"""Depth first as well, but the last input first."""

KEY = AnswerKey(Source("answer_key.py", TEXT), AG_MODELS, (RIGHT_TO_LEFT,))
