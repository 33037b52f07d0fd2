"""Reading what was handed in: every unreadable input gets one sentence, the rest is text."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from harness.assignments.lecture6.starter import IDLE
from harness.intake import stubs, submissions
from harness.records.errors import SubmissionError
from harness.records.handed_in import Source

CODE = "class ag:\n    x = 1\n"


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def notebook(*cells):
    book = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": kind, "id": f"c{n}", "metadata": {}, "source": source}
            | ({"outputs": [], "execution_count": None} if kind == "code" else {})
            for n, (kind, source) in enumerate(cells)
        ],
    }
    return json.dumps(book)


def laid(folder, contents):
    """A folder of files: their texts by their names, or names of files of some code."""
    texts = contents if isinstance(contents, dict) else dict.fromkeys(contents, CODE)
    for name, text in texts.items():
        write(folder / name, text)
    return folder


def read(folder, name, content):
    return submissions.read(write(folder / name, content))


def texts(read):
    return [source.text for source in read.main]


def names(read):
    return [name for name, _ in read.siblings]


def refusal(path):
    with pytest.raises(SubmissionError) as caught:
        submissions.read(path)
    (sentence,) = str(caught.value).splitlines()
    assert str(path) in sentence
    return sentence


# --- what cannot be read ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \n\t\r\n", "is empty", id="white space"),
        pytest.param(b"\xef\xbb\xbf", "is empty", id="a byte order mark alone"),
        pytest.param(b"a = 1\nb = 2\nc = '\xe9'\n", "line 3 is not UTF-8", id="Latin-1"),
        pytest.param("x = 1\n".encode("utf-16")[:-1], "is not UTF-16", id="half UTF-16"),
        pytest.param(b"# coding: gbk\nx = '\xff'\n", "line 2 is not gbk", id="not as declared"),
        pytest.param(b"# coding: utf-7\nx = '\xff'\n", "line 2 is not UTF-8", id="utf-7"),
        pytest.param("x = 1\n".encode("utf-16-be"), "holds NUL", id="UTF-16 without a mark"),
        pytest.param(b"x = 1\0\n", "holds NUL", id="NUL"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_the_reason(tmp_path, content, reason):
    assert reason in refusal(write(tmp_path / "ag.py", content))


ENCODINGS = {
    "UTF-8": ("# é\n", "utf-8"),
    "a byte order mark": ("x = 'é'\n", "utf-8-sig"),
    "UTF-16, as PowerShell writes it": ("x = 'é'\n", "utf-16"),
    "latin-1": ("# -*- coding: latin-1 -*-\nx = 'é'\n", "latin-1"),
    "cp1252 below a line": ("#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n", "cp1252"),
    "a name that there is not": ("# coding: klingon\nx = 'é'\n", "utf-8"),
    "declared too late": ("x = 1\ny = 2\n# coding: latin-1\nx = 'é'\n", "utf-8"),
    "lines of Windows and an old Mac": ("x = 'é'\r\ny = 2\rz = 3\n", "utf-8-sig"),
    "Python that does not parse": ("def (:\n", "utf-8"),
}


@pytest.mark.parametrize(("text", "encoding"), ENCODINGS.values(), ids=ENCODINGS)
def test_a_file_is_read_in_the_encoding_that_it_says(tmp_path, text, encoding):
    (told,) = texts(read(tmp_path, "ag.py", text.encode(encoding)))

    assert text.replace("\r\n", "\n").replace("\r", "\n") == told


NO_NOTEBOOKS = {
    "<!DOCTYPE html><html>log in</html>": "(it is a web page; download the notebook itself",
    "<<<<<<< HEAD\n{}\n=======\n>>>>>>> main": "(it holds the marks of a merge conflict",
    "class ag: ...": "(it is not JSON; is it a .py file?",
    '{"cells": [{"cell_type": "code", "sour': "(Unterminated string",
    '{"metadata": {}}': "(it has no cells",
}
NO_NOTEBOOKS |= dict.fromkeys(("{", "[]", "{}", '{"nbformat": "four"}', "[" * 100_000), "")
NO_NOTEBOOKS['{"nbformat": 4, "nbformat_minor": 5, "cells": 7}'] = ""


@pytest.mark.parametrize(("text", "reason"), NO_NOTEBOOKS.items(), ids=lambda text: text[:40])
def test_a_file_that_is_no_notebook_is_refused_with_what_it_is(tmp_path, text, reason):
    said = refusal(write(tmp_path / "hw.ipynb", text))

    assert "is not a notebook" in said
    assert not reason or f"is not a notebook that can be read {reason}" in said


@pytest.mark.parametrize("cells", [(), (("markdown", "# Title"),), (("code", "  \n"),)])
def test_a_notebook_without_code_is_refused(tmp_path, cells):
    assert "has no code cells" in refusal(write(tmp_path / "ag.ipynb", notebook(*cells)))


@pytest.mark.parametrize("name", ["ag.py", "ag.ipynb", "ag.txt", "ag.pyc", "ag.tar.gz", "ag"])
def test_a_missing_file_and_another_kind_of_file_are_refused(tmp_path, name):
    assert "there is no such file" in refusal(tmp_path / name)
    if name not in ("ag.py", "ag.ipynb"):
        assert "is neither a .py file" in refusal(write(tmp_path / name, CODE))


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("one.py", "two.py"), "holds 2 files that could be the one to grade: one.py and two.py"),
        (("one.ipynb", "two.ipynb"), "holds 2 notebooks: one.ipynb and two.ipynb"),
        (
            ("hw.ipynb", "hw (1).ipynb", "hw-Copy1.ipynb"),
            "holds 3 notebooks: hw (1).ipynb, hw-Copy1.ipynb and hw.ipynb; hand in one of them",
        ),
        (("a/one.py", "b/two.py"), "has no module to grade; expected ag.py"),
        (("a/one.py", "b/two.py"), "found a/one.py and b/two.py"),
        (("a.txt", "b.txt"), "found a.txt and b.txt"),
        (("notes.txt",), "has no module to grade"),
    ],
)
def test_a_folder_where_the_choice_is_not_clear_is_refused_with_the_names(
    tmp_path, names, sentence
):
    assert sentence in refusal(laid(tmp_path, names))


CHOSEN = [
    pytest.param(("ag.py", "mlp.py"), "ag.py", ["mlp"], id="ag.py first"),
    pytest.param(("AG.PY", "mlp.py"), "AG.PY", ["mlp"], id="in any case"),
    pytest.param(("hw.ipynb", "helper.py"), "hw.ipynb", ["helper"], id="a helper of a notebook"),
    pytest.param(("hw.ipynb", "hw.py"), "hw.ipynb", ["hw"], id="a notebook and its export"),
    pytest.param(("ag.py", "ag.ipynb"), "ag.py", [], id="ag.py and ag.ipynb"),
    pytest.param(("ag.py", "hw.ipynb"), "ag.py", ["hw"], id="ag.py and a notebook"),
    pytest.param(("src/ag.py", "tests/test_ag.py"), "ag.py", [], id="src and tests"),
    pytest.param(("work.py", "test_work.py"), "work.py", [], id="a module beside its tests"),
    pytest.param(("work.py", "conftest.py", "setup.py"), "work.py", [], id="files of tools"),
    pytest.param(("setup.py", "src/work.py"), "work.py", [], id="below a file of a tool"),
    pytest.param(("test_work.py",), "test_work.py", [], id="a test alone"),
    pytest.param(("HW2.IPYNB",), "HW2.IPYNB", [], id="capitals"),
    pytest.param(("hw2.ipynb.json",), "hw2.ipynb.json", [], id="what Chrome adds"),
    pytest.param(("hw2.ipynb.txt", "x.txt"), "hw2.ipynb.txt", [], id="what Safari adds"),
    pytest.param(("ag.py.txt",), "ag.py.txt", [], id="a script as text"),
    pytest.param(("scalar.py", "model.py"), "model.py", ["scalar"], id="the one that imports"),
    pytest.param(("work.py", "env/x.py", "venv/y.py"), "work.py", [], id="an environment"),
    pytest.param(
        ("hw.ipynb", ".ipynb_checkpoints/hw-checkpoint.ipynb"), "hw.ipynb", [], id="saved"
    ),
    pytest.param(("ag.ipynb", "mlp.ipynb"), "ag.ipynb", ["mlp"], id="two notebooks, one named"),
    pytest.param(("ag.ipynb", "ag-Copy1.ipynb"), "ag.ipynb", [], id="a copy of the named one"),
    pytest.param(("__MACOSX/._ag.py", "hw/ag.py"), "ag.py", [], id="what a Mac adds"),
    pytest.param(("__init__.py", "work.py"), "work.py", [], id="an empty __init__.py"),
]


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize(("names", "main", "beside"), CHOSEN)
def test_the_file_that_is_graded_is_chosen_by_a_rule(tmp_path, names, main, beside, packed):
    texts = {"model.py": "from scalar import x\n", "__init__.py": "# nothing\n"}
    book = notebook(("code", CODE))
    contents = {n: book if ".ipynb" in n.lower() else texts.get(n, CODE) for n in names}
    folder = laid(tmp_path / "ada", contents)
    path = Path(shutil.make_archive(str(folder), "zip", folder)) if packed else folder
    chosen = submissions.graded(submissions.files_at(path))[1]
    read = submissions.read(path)

    assert main == chosen
    assert beside == [name.removeprefix("ada.") for name in read.beside if name != "ada"]
    assert bool(beside) == (f"graded: {main}; in reach: " in read.choice)


def test_a_single_file_comes_with_the_files_that_it_imports(tmp_path):
    imports = {"ag.py": "from layers import x\n", "layers.py": "import deep\n"}
    laid(tmp_path, imports | {"deep.py": "import ag\n", "other.py": CODE})

    assert ["deep", "layers"] == names(submissions.read(tmp_path / "ag.py"))


@pytest.mark.parametrize("named", ["engine.py", "drawing.py"])
def test_the_file_that_was_named_is_graded_whatever_the_files_beside_it_import(tmp_path, named):
    laid(tmp_path, {"engine.py": "from drawing import x\n", "drawing.py": "from engine import x\n"})

    assert named == submissions.read(tmp_path / named).main[0].name
    assert submissions.graded_file(tmp_path / named) == tmp_path / named


def test_a_single_file_that_imports_with_a_dot_is_part_of_its_package(tmp_path):
    parts = {"core": "from .config import rate\n", "config": "rate = 0.1\n"}
    parts["__init__"] = "from .core import x\n"
    folder = laid(tmp_path / "deep", {f"{name}.py": text for name, text in parts.items()})
    read = submissions.read(folder / "core.py")

    assert ("core", "deep.core", "core.py") == (read.name, read.module, read.main[0].name)
    assert ["deep", "deep.config"] == names(read)


def test_a_folder_with_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "MOST_FILES", 2)

    assert "has 3 Python files; at most 2" in refusal(laid(tmp_path, ("ag.py", "a.py", "b.py")))


def test_a_module_is_held_to_the_limit_of_modules_to_the_byte_and_a_notebook_to_its_own(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(submissions, "LARGEST_MODULE", 1 << 20)
    monkeypatch.setattr(submissions, "LARGEST_NOTEBOOK", 1 << 21)
    text = "#" * ((1 << 20) - 1)

    assert read(tmp_path, "ag.py", text + "\n")
    assert "is larger than 1 MiB" in refusal(write(tmp_path / "ag.py", text + "##"))
    assert read(tmp_path, "ag.ipynb", notebook(("code", CODE), ("markdown", text)))


@pytest.mark.parametrize("target", ["real/ag.py", "real", "nothing.py"])
def test_a_symbolic_link_to_a_file_a_folder_or_nothing_is_refused(tmp_path, target):
    laid(tmp_path, ["real/ag.py"])
    link = tmp_path / "ag.py"
    link.symlink_to(tmp_path / target)

    assert "is a symbolic link" in refusal(link)


@pytest.mark.parametrize(("file", "link"), [("main.py", "ag.py"), ("ag.py", "helper.py")])
def test_a_folder_with_a_link_in_it_is_refused(tmp_path, file, link):
    folder = laid(tmp_path / "folder", [file])
    (folder / link).symlink_to(write(tmp_path / "secret.py", CODE))

    with pytest.raises(SubmissionError, match="is a symbolic link"):
        submissions.read(folder)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(os.mkfifo, "is not a regular file", id="a pipe, without waiting for it"),
        pytest.param(os.mkdir, "has no module", id="a folder is read as a folder"),
    ],
)
def test_what_is_called_like_a_module_and_is_none_is_refused(tmp_path, make, reason):
    make(tmp_path / "ag.py")

    assert reason in refusal(tmp_path / "ag.py")


# --- what can be read ---------------------------------------------------------------------


def test_a_file_is_its_text_under_its_own_name(tmp_path):
    told = read(tmp_path, "mine.py", CODE)

    assert (Source("mine.py", CODE),) == told.main
    assert ("mine", "mine", ()) == (told.name, told.module, told.siblings)


def test_nothing_is_run_when_a_submission_is_read(tmp_path):
    read(tmp_path, "ag.py", f"open({str(tmp_path / 'trap')!r}, 'w')\n")

    assert not (tmp_path / "trap").exists()


HTML = "get_ipython().run_cell_magic('html', '', '<b>')"
BOOKS = {
    "the code cells, in order": (
        (("markdown", "# T"), ("code", "a = 1"), ("code", ""), ("code", "b = 2")),
        (Source("cell 1", "a = 1"), Source("cell 3", "b = 2")), ()),
    "a cell in another language is left to the worker to tell": (
        (("code", "%%html\n<b>"), ("code", "x = 1")),
        (Source("cell 1", HTML), Source("cell 2", "x = 1")), ()),
    "the file that a cell writes is a module with the lines of the cell": (
        (("code", "%%writefile ag.py\nx = 1\n"), ("code", "from ag import x"),
         ("code", "%%writefile -a ag.py\ny = 2")),
        (Source("cell 2", "from ag import x"),), (("ag", Source("cell 3", "\nx = 1\ny = 2")),)),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "main", "siblings"), BOOKS.values(), ids=BOOKS)
def test_a_notebook_is_its_code(tmp_path, cells, main, siblings):
    told = read(tmp_path, "ag.ipynb", notebook(*cells))

    assert (main, siblings) == (told.main, told.siblings)


def magic(name, rest):
    return f"get_ipython().run_line_magic({name!r}, {rest!r})"


CELLS = {
    "a line magic": ("%matplotlib inline\nx = 1", f"{magic('matplotlib', 'inline')}\nx = 1"),
    "a shell line": ("!pip install x\nx = 1", "get_ipython().system('pip install x')\nx = 1"),
    "indented": ("if x:\n    !ls\ny = 1", "if x:\n    get_ipython().system('ls')\ny = 1"),
    "help before": ("?print\nx = 1", f"{magic('pinfo', 'print')}\nx = 1"),
    "help behind": ("np.array??\nx = 1", f"{magic('pinfo2', 'np.array')}\nx = 1"),
    "a cell magic on Python": ("%%time\nx = 1", "\nx = 1"),
    "one after an empty line": ("\n%%timeit -n 3\nx = 1", "\n\nx = 1"),
    "lines of a command": ("x = !ls\ny", "x = get_ipython().getoutput('ls')\ny"),
    "a shell line on two lines": (
        "!pip install \\\n  torch\nx = 1",
        "get_ipython().system('pip install    torch')\n\nx = 1",
    ),
    "the result of a magic": ("t = %timeit -o f()", f"t = {magic('timeit', '-o f()')}"),
    "below a bracket in a string": ("print('(')\n%time 1", f"print('(')\n{magic('time', '1')}"),
    "what is captured": ("%%capture out\nx = 1", "out = get_ipython().captured\nx = 1"),
    "a magic of an extension": ("%%memit\nx = 1", "\nx = 1"),
    "prompts": (">>> x = 1\n>>> y = 2", "x = 1\ny = 2"),
}
PLAIN = ("x = 7 % 3\ny = x != 1", "x = y % 2", "x = (y\n% 2)", "x = (7\n     %y)")
CELLS |= {f"no magic: {cell!r}": (cell, cell) for cell in PLAIN}


@pytest.mark.parametrize(("cell", "text"), CELLS.values(), ids=CELLS)
def test_magics_are_taken_out_and_line_numbers_stay(tmp_path, cell, text):
    assert [text] == texts(read(tmp_path, "ag.ipynb", notebook(("code", cell))))


@pytest.mark.parametrize(
    "book",
    [
        '{"cells": [{"cell_type": "code", "source": ["x = 1\\n", "y = 2"]}]}',
        '{"cells": [{"cell_type": "code", "source": "x = 1\\ny = 2"}], "nbformat": 4}',
        '{"cells": [{"cell_type": "code", "source": ["x = 1\\ny =", " 2"], "metadata": {"b": [1]},'
        '"outputs": [{"a": null}]}]}',
        '{"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\\n", "y = 2"]}]}]}',
        notebook(("code", "x = 1\ny = 2")).replace('"id": "c0", ', ""),
    ],
    ids=[
        "without metadata",
        "without a minor format",
        "in pieces, with outputs",
        "of 2014",
        "without cell ids",
    ],
)
def test_a_notebook_without_what_does_not_matter_is_read(tmp_path, book):
    assert ["x = 1\ny = 2"] == texts(read(tmp_path, "hw.ipynb", book))


def test_a_script_in_cells_is_cells_with_the_lines_of_the_file(tmp_path):
    told = read(tmp_path, "ag.py", "import math\n# %%\nx = 1\n# In[2]:\ny = 2\n")

    assert ["ag.py"] * 3 == [source.name for source in told.main]
    assert ["import math\n", "\n# %%\nx = 1\n", "\n\n\n# In[2]:\ny = 2\n"] == texts(told)


def test_magics_in_a_script_are_calls_and_other_scripts_stay_as_they_are(tmp_path):
    magic = read(tmp_path, "ag.py", "%matplotlib inline\n!ls\nx = 1\n")

    assert "get_ipython().system('ls')" == magic.main[0].lines[1]
    long = "%x\n" * 100_000  # it would take IPython long
    for text in (CODE, long):
        assert [text] == texts(read(tmp_path, "b.py", text))


IN_FOLDERS = {
    "its module, with the others beside it": (
        {"ag.py": CODE, "helper.py": "h = 1\n", "tools/__init__.py": "",
         "tools/deep.py": "d = 1\n", "__pycache__/junk.py": "j = 1\n"},
        "ag", "ag.py", ["helper", "tools", "tools.deep"]),
    "the only module, whatever its name": (
        {"homework.py": CODE, "notes.txt": "hello"}, "homework", "homework.py", []),
    "a package by its own name, its parts as siblings": (
        {"__init__.py": "from .scalar import ag\n", "scalar.py": CODE},
        "ada", "__init__.py", ["ada.scalar"]),
    "a module in a package may import from it": (
        {"__init__.py": "", "ag.py": CODE}, "ada.ag", "ag.py", ["ada"]),
    "a notebook may import what lies beside it": (
        {"ag.ipynb": notebook(("code", "import helper")), "helper.py": "h = 1\n"},
        "__main__", "cell 1", ["helper"]),
}  # fmt: skip


@pytest.mark.parametrize(("files", "module", "main", "beside"), IN_FOLDERS.values(), ids=IN_FOLDERS)
def test_what_a_folder_holds_is_known_by_its_names(tmp_path, files, module, main, beside):
    told = submissions.read(laid(tmp_path / "ada", files))
    sources = [source for _, source in told.siblings]

    assert ("ada", module, main) == (told.name, told.module, told.main[0].name)
    assert beside == names(told)
    assert [files[source.name] for source in sources] == [source.text for source in sources]


def test_the_digest_is_of_every_text(tmp_path):
    alone = submissions.read(laid(tmp_path, ["ag.py"])).digest
    both = submissions.read(laid(tmp_path, {"helper.py": "h = 1\n"})).digest
    other = submissions.read(laid(tmp_path, {"helper.py": "h = 2\n"})).digest

    assert hashlib.sha256(f"ag.py\0{CODE}\0".encode()).hexdigest() == alone
    assert 3 == len({alone, both, other})


# --- names and folders of submissions -----------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("ada/ag.py", "ada", id="the folder of a file called ag"),
        pytest.param("ada/ag.ipynb", "ada", id="and of a notebook"),
        pytest.param("class/ada.py", "ada", id="a file of its own name"),
        pytest.param("ada", "ada", id="a folder"),
    ],
)
def test_a_submission_is_called_by_what_tells_students_apart(tmp_path, path, name):
    if "." in path:
        write(tmp_path / path, CODE)
    else:
        (tmp_path / path).mkdir()

    assert name == submissions.name(tmp_path / path)


def test_the_submissions_of_a_class_are_found_in_order(tmp_path):
    hidden = (".hidden.py", "_private.py", "grades.csv")
    laid(tmp_path, ("bob/ag.py", "ada.py", "cid.ipynb", *hidden))

    assert ["ada.py", "bob", "cid.ipynb"] == [p.name for p in submissions.find(tmp_path)]


@pytest.mark.parametrize("name", ["ag.py", "ag.ipynb", "__init__.py", "only.py"])
def test_a_file_even_where_it_is_missing_and_a_folder_with_it_is_one_submission(tmp_path, name):
    assert (tmp_path / name,) == submissions.find(tmp_path / name)
    assert (tmp_path,) == submissions.find(laid(tmp_path, [name]))


def test_a_folder_without_submissions_is_refused(tmp_path):
    with pytest.raises(SubmissionError, match=r"holds no \.py file"):
        submissions.find(tmp_path)


# --- stubs --------------------------------------------------------------------------------


def unwritten(folder, text):
    return stubs.of(read(folder, "ag.py", text), IDLE)


STARTER = "def sort(self):\n    ## YOUR CODE HERE\n    {}\n"


STUBS = (
    *("pass", "...", "return", "return None", "pass  # later", '"""Sorts."""\n    pass'),
    *("raise NotImplementedError", "raise NotImplementedError('exercise 2.A')"),
    "return [ag.Scalar(0.0) for i in range(n_samples)]",
    "assert len(a) == len(b)\n    loss = ag.Scalar(0.0)\n    return loss",
)


@pytest.mark.parametrize("body", STUBS)
def test_a_stub_of_the_starter_is_not_written(tmp_path, body):
    assert {"sort"} == unwritten(tmp_path, STARTER.format(body))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("return sorted(self)", id="one line"),
        pytest.param("order = []\n    return order", id="two lines"),
        pytest.param("for p in self.parameters:\n        pass", id="a loop that does nothing"),
        pytest.param("self.grad = 0.0\n    pass", id="a pass left behind"),
        pytest.param("return loss * 2", id="nearly the starter's line"),
        pytest.param("return output.value", id="nearly another"),
        pytest.param("raise ValueError", id="an exception of its own"),
    ],
)
def test_a_function_that_was_written_is_not_a_stub_though_it_keeps_the_comment(tmp_path, body):
    assert frozenset() == unwritten(tmp_path, STARTER.format(body))


@pytest.mark.parametrize("body", ["pass", "...", "return None"])
def test_a_stub_on_one_line_is_not_written(tmp_path, body):
    assert {"step"} == unwritten(tmp_path, f"def step(self): {body}\n")


CLOSURE = """
def {name}(self, other):
    value = max(0, self.value)
    output = ag.Scalar(value, inputs=[self])

    def _backward():
        ## EXERCISE 2.C
        {body}

    output._backward = _backward
    return output
"""
WRITTEN = "self.grad += output.grad"
CLOSURES = {
    "a closure that is a stub makes its function not written": (
        CLOSURE.format(name="relu", body="## YOUR CODE HERE\n        return None")
        + CLOSURE.format(name="exp", body=WRITTEN),
        {"relu"},
    ),
    "a written closure that keeps the comment is not a stub": (
        CLOSURE.format(name="__mul__", body=f"## YOUR CODE HERE\n        {WRITTEN}"),
        set(),
    ),
    "a function that leaves its work to a closure is written": (
        "def sort(self):\n    def visit(node):\n        for i in node.inputs:\n"
        "            visit(i)\n    return\n",
        set(),
    ),
    "a written function on one line with a return type is not a stub": (
        "def exp(x) -> Scalar: return Scalar(e(x))\n",
        set(),
    ),
}


@pytest.mark.parametrize(("text", "found"), CLOSURES.values(), ids=CLOSURES)
def test_what_is_nested_or_on_one_line_is_looked_at(tmp_path, text, found):
    assert found == unwritten(tmp_path, text)


def test_the_starter_is_not_written_where_its_exercises_are_and_the_answer_key_is(
    specimens, answer_key
):
    exercises = "topological_sort __mul__ __pow__ exp relu forward mse zero_grad step"

    assert {*exercises.split()} == stubs.of(submissions.read(specimens / "starter"), IDLE)
    assert frozenset() == stubs.of(submissions.read(answer_key), IDLE)


def test_stubs_are_found_in_siblings_and_in_python_that_does_not_parse(tmp_path):
    broken = {"ag.py": "def (:\ndef relu(x):\n    pass\n"}
    broken["nn.py"] = "class Loss:\n    def mse(self, a, b):\n        pass\n"

    assert {"relu", "mse"} == stubs.of(submissions.read(laid(tmp_path, broken)), IDLE)
