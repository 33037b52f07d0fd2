"""Reading what was handed in: every unreadable input gets one sentence, the rest is text."""

import hashlib
import json
import os
import shutil
import textwrap
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
    "a byte order mark": ("x = 'é'\n", "utf-8-sig"),
    "UTF-16, as PowerShell writes it": ("x = 'é'\n", "utf-16"),
    "latin-1": ("# -*- coding: latin-1 -*-\nx = 'é'\n", "latin-1"),
    "cp1252 below another line": (
        "#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n",
        "cp1252",
    ),
    "a name that there is not": ("# coding: klingon\nx = 'é'\n", "utf-8"),
    "declared too late": ("x = 1\ny = 2\n# coding: latin-1\nx = 'é'\n", "utf-8"),
    "Windows' lines": ("x = 'é'\r\ny = 1\r\n", "utf-8"),
    "old Mac's lines": ("x = 'é'\ry = 1\r", "utf-8"),
}


@pytest.mark.parametrize(("text", "encoding"), ENCODINGS.values(), ids=ENCODINGS)
def test_a_file_is_read_in_the_encoding_that_it_says(tmp_path, text, encoding):
    read = submissions.read(write(tmp_path / "ag.py", text.encode(encoding)))

    assert text.replace("\r\n", "\n").replace("\r", "\n") == read.main[0].text


NO_NOTEBOOKS = {
    "<!DOCTYPE html><html>log in</html>": "it is a web page; download the notebook itself",
    "<<<<<<< HEAD\n{}\n=======\n>>>>>>> main": "it holds the marks of a merge conflict",
    "class ag: ...": "it is not JSON; is it a .py file?",
    '{"cells": [{"cell_type": "code", "sour': "Unterminated string",
    '{"metadata": {}}': "it has no cells",
}


@pytest.mark.parametrize(("text", "reason"), NO_NOTEBOOKS.items())
def test_a_file_that_is_no_notebook_is_refused_with_what_it_is(tmp_path, text, reason):
    assert f"is not a notebook that can be read ({reason}" in refusal(
        write(tmp_path / "hw.ipynb", text)
    )


@pytest.mark.parametrize("name", ["ag.py", "ag.ipynb", "ag.txt", "ag"])
def test_a_missing_file_is_refused(tmp_path, name):
    assert "there is no such file" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["ag.txt", "ag.pyc", "ag.tar.gz", "ag"])
def test_another_kind_of_file_is_refused(tmp_path, name):
    assert "is neither a .py file" in refusal(write(tmp_path / name, CODE))


def test_a_folder_without_a_module_is_refused(tmp_path):
    write(tmp_path / "notes.txt", "hello")

    assert "has no module to grade" in refusal(tmp_path)


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
    ],
)
def test_a_folder_where_the_choice_is_not_clear_is_refused_with_the_names(
    tmp_path, names, sentence
):
    for name in names:
        write(tmp_path / name, CODE)

    assert sentence in refusal(tmp_path)


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
    folder = tmp_path / "ada"
    for name in names:
        text = notebook(("code", CODE)) if ".ipynb" in name.lower() else texts.get(name, CODE)
        write(folder / name, text)
    path = Path(shutil.make_archive(str(folder), "zip", folder)) if packed else folder
    chosen = submissions.graded(submissions.files_at(path))[1]
    read = submissions.read(path)

    assert main == chosen
    assert beside == [name.removeprefix("ada.") for name in read.beside if name != "ada"]
    assert bool(beside) == (f"graded: {main}; in reach: " in read.choice)


def test_a_single_file_comes_with_the_files_that_it_imports(tmp_path):
    write(tmp_path / "ag.py", "from layers import x\n")
    write(tmp_path / "layers.py", "import deep\n")
    write(tmp_path / "deep.py", "import ag\n")
    write(tmp_path / "other.py", CODE)
    read = submissions.read(tmp_path / "ag.py")

    assert ["deep", "layers"] == [name for name, _ in read.siblings]


@pytest.mark.parametrize("named", ["engine.py", "drawing.py"])
def test_the_file_that_was_named_is_graded_whatever_the_files_beside_it_import(tmp_path, named):
    write(tmp_path / "engine.py", "from drawing import x\n")
    write(tmp_path / "drawing.py", "from engine import x\n")
    read = submissions.read(tmp_path / named)

    assert named == read.main[0].name
    assert submissions.graded_file(tmp_path / named) == tmp_path / named


def test_a_single_file_that_imports_with_a_dot_is_part_of_its_package(tmp_path):
    write(tmp_path / "deep" / "__init__.py", "from .core import x\n")
    write(tmp_path / "deep" / "core.py", "from .config import rate\n")
    write(tmp_path / "deep" / "config.py", "rate = 0.1\n")
    read = submissions.read(tmp_path / "deep" / "core.py")

    assert ("core", "deep.core", "core.py") == (read.name, read.module, read.main[0].name)
    assert ["deep", "deep.config"] == [name for name, _ in read.siblings]


def test_a_folder_with_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "MOST_FILES", 2)
    for name in ("ag", "a", "b"):
        write(tmp_path / f"{name}.py", CODE)

    assert "has 3 Python files; at most 2" in refusal(tmp_path)


def test_a_file_one_byte_over_the_limit_is_refused_and_one_at_the_limit_is_read(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(submissions, "LARGEST_MODULE", 1 << 20)
    text = "#" * ((1 << 20) - 1)

    assert submissions.read(write(tmp_path / "ag.py", text + "\n"))
    assert "is larger than 1 MiB" in refusal(write(tmp_path / "ag.py", text + "##"))


def test_a_module_is_held_to_the_limit_of_modules_and_a_notebook_to_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "LARGEST_MODULE", 10)
    monkeypatch.setattr(submissions, "LARGEST_NOTEBOOK", 10_000)
    book = write(tmp_path / "ag.ipynb", notebook(("code", CODE)))

    assert submissions.read(book)
    assert "is larger" in refusal(write(tmp_path / "long.py", CODE))


def test_a_symbolic_link_is_refused(tmp_path):
    secret = write(tmp_path / "secret.py", CODE)
    link = tmp_path / "ag.py"
    link.symlink_to(secret)

    assert "is a symbolic link" in refusal(link)


def test_a_link_to_a_folder_is_refused(tmp_path):
    write(tmp_path / "real" / "ag.py", CODE)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")

    assert "is a symbolic link" in refusal(link)


@pytest.mark.parametrize("name", ["ag.py", "helper.py"])
def test_a_folder_with_a_link_in_it_is_refused(tmp_path, name):
    folder = tmp_path / "folder"
    write(folder / "main.py" if name == "ag.py" else folder / "ag.py", CODE)
    (folder / name).symlink_to(write(tmp_path / "secret.py", CODE))

    with pytest.raises(SubmissionError, match="is a symbolic link"):
        submissions.read(folder)


def test_a_link_to_nothing_is_refused(tmp_path):
    link = tmp_path / "ag.py"
    link.symlink_to(tmp_path / "nothing.py")

    assert "is a symbolic link" in refusal(link)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "ag.py")

    assert "is not a regular file" in refusal(tmp_path / "ag.py")


def test_a_folder_called_like_a_module_is_read_as_a_folder(tmp_path):
    (tmp_path / "ag.py").mkdir()

    assert "has no module" in refusal(tmp_path / "ag.py")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="not JSON"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="an empty object"),
        pytest.param("print('a module')", id="Python"),
        pytest.param('{"nbformat": 4, "nbformat_minor": 5, "cells": 7}', id="cells that are none"),
        pytest.param('{"nbformat": "four"}', id="a format that is no number"),
        pytest.param("[" * 100_000, id="nested too deep"),
    ],
)
def test_a_broken_notebook_is_refused(tmp_path, text):
    assert "is not a notebook" in refusal(write(tmp_path / "ag.ipynb", text))


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param((), id="no cells"),
        pytest.param((("markdown", "# Title"),), id="prose alone"),
        pytest.param((("code", "  \n"),), id="an empty cell"),
    ],
)
def test_a_notebook_without_code_is_refused(tmp_path, cells):
    assert "has no code cells" in refusal(write(tmp_path / "ag.ipynb", notebook(*cells)))


# --- what can be read ---------------------------------------------------------------------


def test_a_file_is_its_text_under_its_own_name(tmp_path):
    read = submissions.read(write(tmp_path / "mine.py", CODE))

    assert (Source("mine.py", CODE),) == read.main
    assert ("mine", "mine", ()) == (read.name, read.module, read.siblings)


def test_a_byte_order_mark_and_foreign_line_ends_are_dropped(tmp_path):
    read = submissions.read(write(tmp_path / "ag.py", b"\xef\xbb\xbfx = 1\r\ny = 2\rz = 3\n"))

    assert "x = 1\ny = 2\nz = 3\n" == read.main[0].text


def test_text_is_read_as_utf_8(tmp_path):
    assert "é" in submissions.read(write(tmp_path / "ag.py", "# é\n")).main[0].text


def test_nothing_is_run_when_a_submission_is_read(tmp_path):
    trap = f"open({str(tmp_path / 'trap')!r}, 'w')\n"
    submissions.read(write(tmp_path / "ag.py", trap))

    assert not (tmp_path / "trap").exists()


def test_python_that_does_not_parse_is_text_all_the_same(tmp_path):
    assert "def (:\n" == submissions.read(write(tmp_path / "ag.py", "def (:\n")).main[0].text


def test_the_code_cells_of_a_notebook_are_read_in_order(tmp_path):
    cells = (("markdown", "# T"), ("code", "a = 1"), ("code", ""), ("code", "b = 2"))
    read = submissions.read(write(tmp_path / "ag.ipynb", notebook(*cells)))

    assert (Source("cell 1", "a = 1"), Source("cell 3", "b = 2")) == read.main


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(
            "%matplotlib inline\nx = 1",
            "get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1",
            id="a line magic",
        ),
        pytest.param(
            "!pip install torch\nx = 1",
            "get_ipython().system('pip install torch')\nx = 1",
            id="a shell line",
        ),
        pytest.param(
            "if x:\n    !ls\ny = 1",
            "if x:\n    get_ipython().system('ls')\ny = 1",
            id="an indented one",
        ),
        pytest.param(
            "?print\nx = 1",
            "get_ipython().run_line_magic('pinfo', 'print')\nx = 1",
            id="help before",
        ),
        pytest.param(
            "np.array??\nx = 1",
            "get_ipython().run_line_magic('pinfo2', 'np.array')\nx = 1",
            id="help behind",
        ),
        pytest.param("%%time\nx = 1", "\nx = 1", id="a cell magic on Python"),
        pytest.param("\n%%timeit -n 3\nx = 1", "\n\nx = 1", id="one after an empty line"),
        pytest.param("x = 7 % 3\ny = x != 1", "x = 7 % 3\ny = x != 1", id="no magic at all"),
        pytest.param("x = y % 2", "x = y % 2", id="a remainder"),
        pytest.param("x = (y\n% 2)", "x = (y\n% 2)", id="a remainder at the start of a line"),
        pytest.param("x = !ls\ny", "x = get_ipython().getoutput('ls')\ny", id="lines of a command"),
        pytest.param(
            "!pip install \\\n  torch\nx = 1",
            "get_ipython().system('pip install    torch')\n\nx = 1",
            id="a shell line on two lines",
        ),
        pytest.param(
            "t = %timeit -o f()",
            "t = get_ipython().run_line_magic('timeit', '-o f()')",
            id="the result of a magic",
        ),
        pytest.param(
            "print('(')\n%matplotlib inline",
            "print('(')\nget_ipython().run_line_magic('matplotlib', 'inline')",
            id="below a bracket in a string",
        ),
        pytest.param(
            "%%capture out\nx = 1", "out = get_ipython().captured\nx = 1", id="what is captured"
        ),
        pytest.param("%%memit\nx = 1", "\nx = 1", id="a magic of an extension"),
        pytest.param(">>> x = 1\n>>> y = 2", "x = 1\ny = 2", id="prompts"),
    ],
)
def test_magics_are_taken_out_and_line_numbers_stay(tmp_path, cell, text):
    read = submissions.read(write(tmp_path / "ag.ipynb", notebook(("code", cell))))

    assert text == read.main[0].text


def test_a_cell_in_another_language_is_left_to_the_worker_to_tell(tmp_path):
    book = notebook(("code", "%%html\n<b>"), ("code", "x = 1"))
    main = submissions.read(write(tmp_path / "ag.ipynb", book)).main

    assert Source("cell 1", "get_ipython().run_cell_magic('html', '', '<b>')") == main[0]
    assert Source("cell 2", "x = 1") == main[1]


def test_the_file_that_a_cell_writes_is_a_module_with_the_lines_of_the_cell(tmp_path):
    cells = ("%%writefile ag.py\nx = 1\n", "from ag import x", "%%writefile -a ag.py\ny = 2")
    read = submissions.read(
        write(tmp_path / "hw.ipynb", notebook(*(("code", cell) for cell in cells)))
    )

    assert (Source("cell 2", "from ag import x"),) == read.main
    assert (("ag", Source("cell 3", "\nx = 1\ny = 2")),) == read.siblings


@pytest.mark.parametrize(
    "book",
    [
        '{"cells": [{"cell_type": "code", "source": ["x = 1\\n", "y = 2"]}]}',
        '{"cells": [{"cell_type": "code", "source": "x = 1\\ny = 2"}], "nbformat": 4}',
        '{"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\\n", "y = 2"]}]}]}',
    ],
    ids=["without metadata", "without a minor format", "of 2014"],
)
def test_a_notebook_without_what_does_not_matter_is_read(tmp_path, book):
    assert "x = 1\ny = 2" == submissions.read(write(tmp_path / "hw.ipynb", book)).main[0].text


def test_a_script_in_cells_is_cells_with_the_lines_of_the_file(tmp_path):
    text = "import math\n# %%\nx = 1\n# In[2]:\ny = 2\n"
    main = submissions.read(write(tmp_path / "ag.py", text)).main

    assert ["ag.py"] * 3 == [source.name for source in main]
    assert ["import math\n", "\n# %%\nx = 1\n", "\n\n\n# In[2]:\ny = 2\n"] == [
        source.text for source in main
    ]


def test_magics_in_a_script_are_calls_and_other_scripts_stay_as_they_are(tmp_path):
    magic = submissions.read(write(tmp_path / "ag.py", "%matplotlib inline\n!ls\nx = 1\n"))
    plain = submissions.read(write(tmp_path / "b.py", CODE))

    assert "get_ipython().system('ls')" == magic.main[0].lines[1]
    assert CODE == plain.main[0].text


def test_text_that_would_take_ipython_long_is_left_as_it_is(tmp_path):
    text = "%x\n" * 100_000

    assert text == submissions.read(write(tmp_path / "ag.py", text)).main[0].text


def test_a_folder_is_its_module_with_the_others_beside_it(tmp_path):
    write(tmp_path / "ada" / "ag.py", CODE)
    write(tmp_path / "ada" / "helper.py", "h = 1\n")
    write(tmp_path / "ada" / "tools" / "__init__.py", "")
    write(tmp_path / "ada" / "tools" / "deep.py", "d = 1\n")
    write(tmp_path / "ada" / "__pycache__" / "junk.py", "j = 1\n")
    read = submissions.read(tmp_path / "ada")

    assert ("ada", "ag") == (read.name, read.module)
    assert (Source("ag.py", CODE),) == read.main
    assert {
        "helper": Source("helper.py", "h = 1\n"),
        "tools": Source("tools/__init__.py", ""),
        "tools.deep": Source("tools/deep.py", "d = 1\n"),
    } == dict(read.siblings)


def test_the_only_module_of_a_folder_is_graded_whatever_its_name(tmp_path):
    write(tmp_path / "homework.py", CODE)
    write(tmp_path / "notes.txt", "hello")
    read = submissions.read(tmp_path)

    assert ("homework", "homework.py") == (read.module, read.main[0].name)


def test_a_package_is_graded_by_its_own_name_and_its_parts_are_siblings(tmp_path):
    write(tmp_path / "__init__.py", "from .scalar import ag\n")
    write(tmp_path / "scalar.py", CODE)
    read = submissions.read(tmp_path)

    assert (tmp_path.name, "__init__.py") == (read.module, read.main[0].name)
    assert [f"{tmp_path.name}.scalar"] == [name for name, _ in read.siblings]


def test_a_module_in_a_package_may_import_from_it(tmp_path):
    write(tmp_path / "__init__.py", "")
    write(tmp_path / "ag.py", CODE)
    read = submissions.read(tmp_path)

    assert f"{tmp_path.name}.ag" == read.module
    assert [tmp_path.name] == [name for name, _ in read.siblings]


def test_a_notebook_in_a_folder_may_import_what_lies_beside_it(tmp_path):
    write(tmp_path / "ag.ipynb", notebook(("code", "import helper")))
    write(tmp_path / "helper.py", "h = 1\n")
    read = submissions.read(tmp_path)

    assert ("__main__", "cell 1") == (read.module, read.main[0].name)
    assert ["helper"] == [name for name, _ in read.siblings]


def test_the_digest_is_of_every_text(tmp_path):
    write(tmp_path / "ag.py", CODE)
    alone = submissions.read(tmp_path).digest
    write(tmp_path / "helper.py", "h = 1\n")
    both = submissions.read(tmp_path).digest
    write(tmp_path / "helper.py", "h = 2\n")

    assert hashlib.sha256(f"ag.py\0{CODE}\0".encode()).hexdigest() == alone
    assert 3 == len({alone, both, submissions.read(tmp_path).digest})


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
    write(tmp_path / "bob" / "ag.py", CODE)
    write(tmp_path / "ada.py", CODE)
    write(tmp_path / "cid.ipynb", CODE)
    write(tmp_path / ".hidden.py", CODE)
    write(tmp_path / "_private.py", CODE)
    write(tmp_path / "grades.csv", "1")

    assert ["ada.py", "bob", "cid.ipynb"] == [p.name for p in submissions.find(tmp_path)]


@pytest.mark.parametrize("name", ["ag.py", "ag.ipynb", "__init__.py", "only.py"])
def test_a_folder_with_a_module_is_one_submission(tmp_path, name):
    write(tmp_path / name, CODE)

    assert (tmp_path,) == submissions.find(tmp_path)


def test_a_file_is_one_submission_even_where_it_is_missing(tmp_path):
    assert (tmp_path / "ag.py",) == submissions.find(tmp_path / "ag.py")


def test_a_folder_without_submissions_is_refused(tmp_path):
    with pytest.raises(SubmissionError, match=r"holds no \.py file"):
        submissions.find(tmp_path)


# --- stubs --------------------------------------------------------------------------------


def unwritten(tmp_path, text):
    path = write(tmp_path / "ag.py", textwrap.dedent(text))
    return stubs.of(submissions.read(path), IDLE)


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        "return",
        "return None",
        "raise NotImplementedError",
        "raise NotImplementedError('exercise 2.A')",
        '"""Sorts."""\n    pass',
        "pass  # later",
        "return [ag.Scalar(0.0) for i in range(n_samples)]",
        "assert len(a) == len(b)\n    loss = ag.Scalar(0.0)\n    return loss",
    ],
)
def test_a_stub_of_the_starter_is_not_written(tmp_path, body):
    text = f"def sort(self):\n    ## YOUR CODE HERE\n    {body}\n"

    assert {"sort"} == stubs.of(submissions.read(write(tmp_path / "ag.py", text)), IDLE)


@pytest.mark.parametrize("body", ["pass", "...", "return None"])
def test_a_stub_on_one_line_is_not_written(tmp_path, body):
    assert {"step"} == unwritten(tmp_path, f"def step(self): {body}\n")


def test_a_closure_that_is_a_stub_makes_its_function_not_written(tmp_path):
    assert {"relu"} == unwritten(
        tmp_path,
        """
        class ag:
            def relu(input):
                output = ag.Scalar(max(0, input.value), inputs=[input], op="relu")

                def _backward():
                    ## EXERCISE 2.C
                    ## YOUR CODE HERE
                    return None

                output._backward = _backward
                return output

            def exp(input):
                output = ag.Scalar(math.exp(input.value))

                def _backward():
                    input.grad += output.value * output.grad

                output._backward = _backward
                return output
        """,
    )


def test_the_starter_is_not_written_where_its_exercises_are(specimens):
    assert {
        "topological_sort",
        "__mul__",
        "__pow__",
        "exp",
        "relu",
        "forward",
        "mse",
        "zero_grad",
        "step",
    } == stubs.of(submissions.read(specimens / "starter"), IDLE)


def test_the_answer_key_is_written(answer_key):
    assert frozenset() == stubs.of(submissions.read(answer_key), IDLE)


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
    text = f"def sort(self):\n    ## YOUR CODE HERE\n    {body}\n"

    assert frozenset() == stubs.of(submissions.read(write(tmp_path / "ag.py", text)), IDLE)


def test_a_written_closure_that_keeps_the_comment_is_not_a_stub(tmp_path):
    assert frozenset() == unwritten(
        tmp_path,
        """
        def __mul__(self, other):
            output = ag.Scalar(self.value * other.value)
            def _backward():
                ## EXERCISE 2.B
                ## YOUR CODE HERE
                self.grad += other.value * output.grad
                other.grad += self.value * output.grad
            output._backward = _backward
            return output
        """,
    )


def test_a_function_that_leaves_its_work_to_a_closure_is_written(tmp_path):
    assert frozenset() == unwritten(
        tmp_path,
        """
        def topological_sort(self):
            def visit(node):
                for i in node.inputs:
                    visit(i)
            return
        """,
    )


def test_stubs_are_found_in_siblings_and_in_python_that_does_not_parse(tmp_path):
    write(tmp_path / "ag.py", "def (:\ndef relu(x):\n    pass\n")
    write(tmp_path / "nn.py", "class Loss:\n    def mse(self, a, b):\n        pass\n")

    assert {"relu", "mse"} == stubs.of(submissions.read(tmp_path), IDLE)


def test_a_written_function_on_one_line_with_a_return_type_is_not_a_stub(tmp_path):
    assert frozenset() == unwritten(tmp_path, "def exp(x) -> Scalar: return Scalar(e(x))\n")


def test_a_remainder_at_the_start_of_a_line_is_no_magic(tmp_path):
    cell = "x = (7\n     %y)"
    read = submissions.read(write(tmp_path / "ag.ipynb", notebook(("code", cell))))

    assert cell == read.main[0].text


def test_a_notebook_without_cell_ids_is_read_where_warnings_are_errors(tmp_path):
    book = json.loads(notebook(("code", "x = 1")))
    del book["cells"][0]["id"]

    assert submissions.read(write(tmp_path / "ag.ipynb", json.dumps(book)))
