"""The answer keys, each with the mistakes that are known of it."""

from __future__ import annotations

from pathlib import Path

from harness.assignments.array_engine.dialects import FULL as ARRAYS
from harness.assignments.engine.dialects import FULL
from harness.judging.mistakes import answer_key
from harness.records.handed_in import Source

HERE = Path(__file__).parent
TEXT = (HERE / "answer_key.py").read_text(encoding="utf-8")
AG_TEXT = TEXT.partition("\n\nclass Model:")[0]
"""What scalar_autograd is about: the answer key without Model, Loss and Optimizer."""
ATTENTION_TEXT = (HERE / "attention_key.py").read_text(encoding="utf-8")

AG_KEY = answer_key(Source("answer_key.py", AG_TEXT), HERE / "ag_mistakes.toml")
MLP_KEY = answer_key(Source("answer_key.py", TEXT), HERE / "mlp_mistakes.toml")
ATTENTION_KEY = answer_key(Source("attention.py", ATTENTION_TEXT), HERE / "attention_mistakes.toml")

ENGINE_TEXT = (HERE / "engine_key.py").read_text(encoding="utf-8")
ENGINE_KEY = answer_key(Source("engine.py", ENGINE_TEXT), HERE / "engine_mistakes.toml", FULL)

ARRAY_TEXT = (HERE / "array_engine_key.py").read_text(encoding="utf-8")
ARRAY_KEY = answer_key(Source("engine.py", ARRAY_TEXT), HERE / "array_engine_mistakes.toml", ARRAYS)

NETWORK_TEXT = (HERE / "network_key.py").read_text(encoding="utf-8")
NETWORK_TEXT = f"import random\n{ENGINE_TEXT}\n" + NETWORK_TEXT.partition("import Value\n")[2]
"""The engine with the networks below it, as one module."""
NETWORK_KEY = answer_key(Source("engine.py", NETWORK_TEXT), HERE / "network_mistakes.toml", FULL)
