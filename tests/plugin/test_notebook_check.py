"""check() in a real Jupyter kernel, in a plain Python, and in code that is graded."""

from html import unescape
from pathlib import Path

import nbclient
import nbformat
import pytest

from harness import check
from harness.grading.grader import Grader
from harness.intake import submissions

KEY = Path(__file__).parents[2] / "reference_impls" / "answer_key.py"
WRONG = KEY.read_text().replace(
    "self.grad += other.value * output.grad", "self.grad += output.grad"
)


@pytest.fixture(scope="module")
def outputs():
    """What three cells show: a wrong module, check() of an exercise, check() of none there is."""
    cells = [WRONG, 'from harness import check\ncheck("2.b")', 'check("9.Z")']
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.long
def test_a_cell_shows_the_mistake_with_its_picture(outputs):
    (shown,) = outputs[1]
    html = shown["data"]["text/html"]

    assert "gradient_mul" in html
    assert "x1.grad is" in html
    assert "&lt;svg" in html
    assert "relu_gradient" not in html


@pytest.mark.long
def test_the_picture_needs_no_network(outputs):
    html = outputs[1][0]["data"]["text/html"]

    assert "default-src 'none'" in unescape(unescape(html))
    assert "<script src" not in unescape(html)


@pytest.mark.long
def test_the_text_is_there_for_whoever_shows_no_html(outputs):
    text = outputs[1][0]["data"]["text/plain"]

    assert "grand total" in text
    assert "Fix first: 2.B gradient_mul." in text


@pytest.mark.long
def test_a_name_that_there_is_not_is_one_sentence(outputs):
    (shown,) = outputs[2]

    assert 'there is no exercise or check "9.Z"' in shown["data"]["text/plain"]


def test_without_a_notebook_it_asks_for_a_file():
    assert "give it a file" in repr(check())


def test_a_saved_file_is_judged():
    report = check("ag", KEY)

    assert (1, True) == (len(report.grades), report.grades[0].passed)


def test_in_graded_code_it_does_nothing(tmp_path):
    (tmp_path / "ag.py").write_text(
        KEY.read_text() + '\nfrom harness import check\ncheck("2.B")\nimport harness\n'
        'harness.check("2.B", "ag.py")\n'
    )
    with Grader() as grader:
        grade = grader.grade(submissions.read(tmp_path), "mlp_training")

    assert (100.0, True, []) == (
        grade.points,
        grade.passed,
        [v for v in grade.verdicts if v.status == "noted"],
    )
