"""The answer keys of other courses' assignments, each with the mistakes that are known of it."""

from __future__ import annotations

from pathlib import Path

from harness.judging.mistakes import answer_key
from harness.records.handed_in import Source
from harness.records.known import AnswerKey

HERE = Path(__file__).parent


def _key(course: str, module: str) -> AnswerKey:
    """The key in COURSE_key.py, as a submission in a module of that name."""
    text = (HERE / f"{course}_key.py").read_text(encoding="utf-8")
    return answer_key(Source(module, text), HERE / f"{course}_mistakes.toml")


CS231N_KEY = _key("cs231n", "layers.py")
MICROGRAD_KEY = _key("micrograd", "micrograd.py")
MINITORCH_KEY = _key("minitorch", "scalars.py")
NEEDLE_KEY = _key("needle", "needle.py")
