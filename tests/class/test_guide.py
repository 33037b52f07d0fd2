"""The guide's commands run as they stand, in a folder that holds the class."""

import re
import shlex
import shutil
from pathlib import Path

from support.commands import adjudge_alone

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "grade-a-class.md"


def test_the_commands_of_the_guide_run_in_their_order(handed_in, graded, tmp_path):
    shutil.copy(handed_in / "submissions.zip", tmp_path)
    shutil.copy(handed_in / "roster.csv", tmp_path)
    shutil.copy(graded[0], tmp_path / "other.db")
    (tmp_path / "rubric.toml").write_text("[mlp_training.points]\nmse = 1\n")
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    here = [command for command in commands if "--scheduler" not in command]
    done = [adjudge_alone(*shlex.split(command)[1:], cwd=tmp_path) for command in here]

    assert 7 == len(here)
    assert [0] * 7 == [one.returncode for one in done], [one.stderr for one in done]
    compared = done[[command.split()[1] for command in here].index("compare")]
    assert "rubric" in compared.stdout
    assert "7 changed" in compared.stdout
    assert (tmp_path / "gradebook.csv").read_text(encoding="utf-8").count("\n") >= 8
    assert 7 == len(list((tmp_path / "gradescope").iterdir()))
    assert 7 == len(list((tmp_path / "site" / "students").iterdir()))
