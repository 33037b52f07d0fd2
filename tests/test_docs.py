"""What the documentation says is true: its links, its commands, its example, its schema."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from harness.commands import classes
from harness.commands.app import imported
from harness.grading.grader import Grader
from harness.report.exports import document

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("student_*/*.md")])
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


def test_every_command_of_the_table_of_features_is_there_with_its_options():
    page = (ROOT / "docs" / "reference" / "features.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| ") and not row.startswith("| |")]
    named = re.findall(r"`adjudge ([^`]+)`", page)
    for words in map(str.split, named):
        command = imported(words[0])
        if words[0] == "rubric":
            command = command.commands[words[1]]
        options = {option for parameter in command.params for option in parameter.opts}
        assert [] == [word for word in words if word.startswith("-") and word not in options], words
    forms = [
        words[words.index("--format") + 1] for words in map(str.split, named) if "--format" in words
    ]

    assert set(forms) <= set(classes.FORMS)
    assert [] == [row for row in rows if not re.search(r"`adjudge |\| no; ", row)]
    assert 29 == len(rows)


def test_the_schema_on_file_is_that_of_the_code():
    code = 'from harness.report.exports import document as d; print(d.schema(), end="")'
    refresh = f"python -c '{code}'"

    assert SCHEMA.read_text(encoding="utf-8") == document.schema(), f"refresh it with: {refresh}"


def test_documents_meet_the_schema(specimens, tmp_path):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    nothing = tmp_path / "ag.py"
    nothing.write_text("")
    with Grader() as grader:
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


def test_the_readme_shows_what_a_student_sees(specimens):
    from harness.report.words import listing, wording

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with Grader() as grader:
        grade = grader.grade(specimens / "mul_overwrites", "scalar_autograd")
    verdict = next(v for v in grade.verdicts if v.check == "gradient_mul")
    shown = [wording.sentence(verdict), wording.detail(verdict)]
    shown += [f"    {line}" for line in listing.program(verdict, grade).splitlines()]

    assert [] == [line for line in shown if line not in readme]
