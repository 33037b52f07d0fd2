"""What the documentation says is true: its links, its commands, its example, its schema."""

import json
import re
import shutil

import jsonschema
import pytest

from harness.commands import classes
from harness.commands.app import imported
from harness.report.exports import document
from harness.report.words import listing, wording
from support.blocks import PAGES, ROOT, blocks
from support.commands import adjudge

SCHEMA = ROOT / "docs" / "reference" / "check.schema.json"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    dead = [link for link in links if "://" not in link and not (page.parent / link).exists()]

    assert [] == dead


def test_every_test_that_a_page_names_is_there():
    files = [*ROOT.glob("tests/**/test_*.py")]
    defined = {n for f in files for n in re.findall(r"def (test_\w+)", f.read_text("utf-8"))}
    named = {n for page in PAGES for n in re.findall(r"`(test_\w+)`", page.read_text("utf-8"))}

    assert set() == named - defined
    assert len(named) > 20


def named_in(text):
    """The words of each command that a page names in a sentence."""
    return [words.split() for words in re.findall(r"`adjudge (\w[^`]*)`", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_is_there_with_its_options(page):
    for words in named_in(page.read_text(encoding="utf-8")):
        command = imported(words[0])
        below = getattr(command, "commands", {})
        command = below[words[1]] if below and words[1:] else command
        options = {option for parameter in command.params for option in parameter.opts}
        given = [word.partition("=")[0] for word in words if word.startswith("-")]
        assert [] == [word for word in given if word not in options], words


def test_every_row_of_the_table_of_features_names_a_command():
    page = (ROOT / "docs" / "reference" / "features.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| ") and not row.startswith("| |")]
    forms = re.findall(r"--format ([\w-]+)", page)

    assert set(forms) <= set(classes.FORMS)
    assert [] == [row for row in rows if not re.search(r"`adjudge |\| no; ", row)]
    assert 29 == len(rows)


def test_the_schema_on_file_is_that_of_the_code():
    code = 'from harness.report.exports import document as d; print(d.schema(), end="")'
    refresh = f"python -c '{code}'"

    assert SCHEMA.read_text(encoding="utf-8") == document.schema(), f"refresh it with: {refresh}"


def test_documents_meet_the_schema(specimens, grader, tmp_path):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    nothing = tmp_path / "ag.py"
    nothing.write_text("")
    grades = [
        grader.grade(path, "scalar_autograd")
        for path in (specimens / "mul_swapped", specimens / "order_set", nothing)
    ]
    told = json.loads(document.encode(grades))

    jsonschema.validate(told, schema)
    assert ["comparison", "finding", "finding"] == [
        next(v["problem"]["kind"] for v in grade["verdicts"] if v["problem"])
        for grade in told["grades"]
    ]


SHOWN = {
    "README.md": ("mul_overwrites", "gradient_mul", "    "),
    "docs/guides/for-students.md": ("add_overwrites", "gradient_add", ""),
}
"""Pages that show a failure: whose, of which check, and how far it is indented."""


@pytest.mark.parametrize("page", SHOWN)
def test_a_failure_on_a_page_is_what_a_student_sees(page, specimens, grader):
    text, (specimen, check, indent) = (ROOT / page).read_text(encoding="utf-8"), SHOWN[page]
    grade = grader.grade(specimens / specimen, "scalar_autograd")
    verdict = next(v for v in grade.verdicts if v.check == check)
    program = [f"    {line}" for line in listing.program(verdict, grade).splitlines()]
    shown = [wording.sentence(verdict), wording.detail(verdict), *program]

    assert "\n".join(indent + line for line in shown if line) in re.sub("\n\n", "\n", text)


@pytest.mark.long
def test_the_guide_of_engines_shows_what_is_printed(tmp_path):
    shown = [b.text for b in blocks(ROOT / "docs/guides/engines.md") if b.language == "text"]
    for text, folder in zip(shown, ("engines", "array_engines"), strict=True):
        engine = ROOT / "student_submissions" / folder / "closures.py"
        shutil.copy(engine, tmp_path / "engine.py")
        said = " ".join(adjudge("check", tmp_path / "engine.py").stdout.split())

        assert " ".join(text.split()) in said
