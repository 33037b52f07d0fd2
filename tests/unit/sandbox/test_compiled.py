"""Programs are compiled once on a machine, and what is kept of them is never wrong."""

import base64
import marshal

import pytest

from harness.sandbox import compiled

PROGRAMS = tuple(f"x = {number}\n" for number in range(8))


@pytest.fixture(autouse=True)
def fresh():
    """Each test begins and ends as a process that has compiled nothing."""
    forget()
    yield
    forget()


def forget():
    compiled.code.cache_clear()
    compiled._kept.clear()
    compiled._made.clear()


def run(folder, programs=PROGRAMS):
    """What a process that runs programs sends of them."""
    forget()
    with compiled.kept(folder):
        return [compiled.code(text) for text in programs]


def file(folder):
    return next(folder.iterdir())


def never(*told, **more):
    raise AssertionError("it was compiled before")


def test_a_code_is_the_program_compiled():
    scope = {}
    exec(marshal.loads(base64.b64decode(compiled.code("x = 1 + 1"))), scope)

    assert 2 == scope["x"]


def test_what_one_process_has_compiled_the_next_does_not(tmp_path, monkeypatch):
    first = run(tmp_path / "folder")
    monkeypatch.setattr(compiled, "compile", never, raising=False)

    assert first == run(tmp_path / "folder")
    with pytest.raises(AssertionError):
        run(tmp_path / "folder", ("another",))


def test_what_is_recalled_is_not_compiled_and_nothing_is_written(tmp_path, monkeypatch):
    first = run(tmp_path)
    before = file(tmp_path).read_bytes()
    forget()
    monkeypatch.setattr(compiled, "compile", never, raising=False)

    assert file(tmp_path) == compiled.recall(tmp_path)
    assert first == [compiled.code(text) for text in PROGRAMS]
    assert before == file(tmp_path).read_bytes()


def test_other_programs_join_those_that_are_kept(tmp_path, monkeypatch):
    run(tmp_path)
    more = tuple(text.replace("x", "y") for text in PROGRAMS)
    run(tmp_path, more)
    monkeypatch.setattr(compiled, "compile", never, raising=False)

    assert len(run(tmp_path, PROGRAMS + more)) == 16


def test_too_many_are_replaced_by_the_last(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "MOST", 10)
    run(tmp_path)
    run(tmp_path, ("a = 1", "b = 2", "c = 3"))

    assert 3 == len(compiled._read(file(tmp_path)))


def test_a_few_new_ones_among_many_are_not_kept(tmp_path):
    run(tmp_path)
    before = file(tmp_path).read_bytes()
    run(tmp_path, (*PROGRAMS, "only_here = 1"))

    assert before == file(tmp_path).read_bytes()


@pytest.mark.parametrize(
    "spoil",
    [lambda raw: b"", lambda raw: raw[:-1], lambda raw: raw[:40] + b"?" + raw[41:]],
    ids=["empty", "cut off", "a changed byte"],
)
def test_a_damaged_file_is_passed_over_and_written_anew(spoil, tmp_path):
    right = run(tmp_path)
    whole = file(tmp_path).read_bytes()
    file(tmp_path).write_bytes(spoil(whole))

    assert right == run(tmp_path)
    assert whole == file(tmp_path).read_bytes()


def test_where_nothing_can_be_kept_all_is_compiled(tmp_path):
    nowhere = tmp_path / "a file"
    nowhere.write_text("")

    assert run(tmp_path) == run(nowhere / "folder")
