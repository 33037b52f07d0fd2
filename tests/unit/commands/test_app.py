"""The list of commands: it says what each command says of itself, and imports none of them."""

import subprocess
import sys

import pytest

from harness.commands.app import COMMANDS, imported
from support.commands import adjudge


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_the_first_sentence_of_the_command(name):
    said = imported(name).help.partition("\n\n")[0]

    assert COMMANDS[name].help == " ".join(said.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_help_text_fits_80_columns_and_gives_no_switch_a_value(name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    said = adjudge(name, "--help").stdout

    assert "Usage: " in said
    assert "<bool>" not in said
    assert "list[" not in said
    assert [] == [line for line in said.splitlines() if len(line) > 80]


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version_import_no_command(word):
    program = (
        "import sys; sys.argv = ['adjudge', sys.argv[1]]\n"
        "from harness.commands.app import main\n"
        "assert main() == 0\n"
        "assert not {'numpy', 'harness.grading.grader'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", program, word], check=True, stdout=subprocess.DEVNULL)
