"""An author's mistakes: each one sentence with the file and, where there is one, the line."""

import re
from pathlib import Path

import pytest

from harness.commands import app
from harness.judging import own_file
from harness.judging.check import find

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "write-an-assignment.md"
(TEXT,) = re.findall(r"^`distance.py`:\n\n```python\n(.*?)```", GUIDE.read_text(), re.S | re.M)
END, COMPARE = "    ),\n)\n", 'compare.call("d")'
MISFIT = 'the comparison of the check "distance" does not fit its programs'
ROOT = 'np.sqrt(np.sum((a - b) ** 2))\n"'
TWICE = 'assignment = Assignment("distance", "twice", assignment.checks * 2)\n'
MISTAKES = {
    "a bracket that is not closed": (END, "    ),\n", ", line 45: this is not Python"),
    "a misspelt keyword": ("points=10", "point=10", 'Check has no "point"; did you mean "points"?'),
    "a misspelt name of ours": ("    Dice,", "    Dise,", ", line 3: ImportError: cannot import"),
    "an exception": ("KEY = ", "KEY = 1 / 0\nKEY = ", ", line 17: ZeroDivisionError"),
    "no assignment": ("\nassignment = ", "\nasignment = ", ": defines no assignment"),
    "an unknown operation": ('("pow", d', '("power", d', 'line 33: there is no operation "power"'),
    "an edit of another key": ("(Edit(", '(Edit("cube" + ', "stands 0 times in the answer key"),
    "a model that is not Python": ('** 2)"),)', '** 2"),)', "makes a key that is not Python"),
    "a key that is not Python": ("def distance(a, b):", "def distance(a, b)", "line 5 of the"),
    "a key that stops": ("import numpy as np\n\n", "import nunpy\n", "the answer key stops"),
    "a key without the function": ("def distance(", "def distanc(", "NameError: name 'distance'"),
    "two checks of one name": (END, END + TWICE, '2 checks are called "distance"'),
    "a need that is no check": ("own=(", 'needs=("distanc",), own=(', 'needs "distanc"; did you'),
    "a check that needs itself": ("own=(", 'needs=("distance",), own=(', "need each other"),
    "a check without programs": ("(1, 2, 5)", "()", 'the check "distance" has no programs'),
    "programs that record nothing": ("'record(\"d\", -1, d)',", "", "record nothing; call record"),
    "a comparison of nothing": (COMPARE, 'compare.call("e")', "compares nothing"),
    "a comparison of other programs": (COMPARE, "compare.values", MISFIT),
    "a comparison that always agrees": (COMPARE, "lambda *_: None", "compares nothing"),
    "a key that is wrong": (
        ROOT,
        f"2.0 * {ROOT}",
        'the answer key fails the check "distance": d is ',
    ),
    "no points": ("points=10", "points=0", "the assignment has no check with points"),
}


def written(folder, old="", new=""):
    """The guide's file with one piece replaced."""
    assert not old or 1 == TEXT.count(old)
    path = folder / "distance.py"
    path.write_text(TEXT.replace(old, new) if old else TEXT)
    return path


def test_the_file_of_the_guide_has_no_mistake_and_one_of_ours_is_none_of_an_authors(tmp_path):
    assert "distance" == find(str(written(tmp_path))).name
    with pytest.raises(KeyError) as ours:
        {}["ours"]
    assert own_file.mistake(ours.value) is None


@pytest.mark.parametrize(("old", "new", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_of_an_author_is_one_sentence(old, new, sentence, tmp_path, capsys, monkeypatch):
    path = written(tmp_path, old, new)
    monkeypatch.setattr("sys.argv", ["adjudge", "rubric", "show", "--assignment", str(path)])

    assert app.BAD_USAGE == app.main()
    told = capsys.readouterr().err
    assert told.startswith(f"error: {path}")
    assert sentence in told
    assert 1 == told.count("\n")


def test_what_stops_later_in_an_authors_file_is_told_with_its_line(tmp_path, capsys, monkeypatch):
    late = "lambda first, *rest: rest[7] if first == 1 else compare.call('d')(first, *rest)"
    path = written(tmp_path, 'compare.call("d")', late)
    compare = find(str(path)).checks[0].compare
    monkeypatch.setattr(app, "app", lambda standalone_mode: compare(1, 2, 3))

    assert app.BAD_USAGE == app.main()
    assert f"error: {path}, line 55: IndexError" in capsys.readouterr().err
