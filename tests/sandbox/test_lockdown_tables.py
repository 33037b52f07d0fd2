"""The tables of system calls hold against the kernel's own headers, for both architectures."""

import re
import runpy
from pathlib import Path

import pytest

SYSCALLS = runpy.run_path(
    str(Path(__file__).parents[2] / "harness" / "sandbox" / "syscalls.py"), run_name="syscalls"
)
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
"""64-bit ARM uses the kernel's generic table."""


def numbers(header):
    text = header.read_text()
    found = re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", text, re.MULTILINE)
    return {name: int(number) for name, number in found}


@pytest.fixture(params=HEADERS)
def machine(request):
    return request.param


@pytest.fixture
def rows(machine):
    """The filter of a machine for the process 1234."""
    return SYSCALLS["bpf"](machine, 1234)


@pytest.fixture
def column(machine):
    """Where the tables have the numbers of a machine."""
    return list(SYSCALLS["ARCHITECTURES"]).index(machine)


def test_every_number_is_that_of_the_kernels_headers(machine, column):
    if not HEADERS[machine].exists():
        pytest.skip(f"needs {HEADERS[machine]} (linux-libc-dev)")
    told = numbers(HEADERS[machine])
    ours = {
        name: row[column] for name, row in {**SYSCALLS["REFUSED"], **SYSCALLS["GUARDED"]}.items()
    }
    # A call newer than the headers is not in them; one that the architecture lacks is None.
    wrong = {
        name: (number, told.get(name))
        for name, number in ours.items()
        if told.get(name) != number and not (name == "fchmodat2" and name not in told)
    }

    assert {} == wrong


def test_every_jump_of_the_filter_lands_inside_it(rows):
    jumps = [
        at + 1 + step
        for at, (code, yes, no, _) in enumerate(rows)
        if code in (SYSCALLS["EQUAL"], SYSCALLS["AT_LEAST"])
        for step in (yes, no)
    ]

    assert jumps
    assert max(jumps) < len(rows)
    assert rows[-1][0] == SYSCALLS["RETURN"]


def decide(rows, machine, number, first=0, second=0):
    """What the filter answers: a small interpreter of the instructions that it uses."""
    words = {0: number, 4: SYSCALLS["ARCHITECTURES"][machine], 16: first, 24: second}
    at = loaded = 0
    while True:
        code, yes, no, constant = rows[at]
        at += 1
        if code == SYSCALLS["LOAD"]:
            loaded = words[constant]
        elif code == SYSCALLS["RETURN"]:
            return constant
        else:
            held = loaded == constant if code == SYSCALLS["EQUAL"] else loaded >= constant
            at += yes if held else no


def test_the_filter_refuses_each_call_of_the_table_and_allows_the_others(machine, rows, column):
    refused = {row[column] for row in SYSCALLS["REFUSED"].values()} - {None}
    guarded = {row[column] for row in SYSCALLS["GUARDED"].values()}
    answers = {number: decide(rows, machine, number) for number in range(460)}

    assert all(answers[number] == SYSCALLS["NOT_PERMITTED"] for number in refused)
    assert all(
        answer == SYSCALLS["ALLOW"]
        for number, answer in answers.items()
        if number not in refused | guarded
    )


def test_a_worker_may_signal_itself_and_nobody_else(machine, rows, column):
    for name in ("kill", "tgkill"):
        number = SYSCALLS["GUARDED"][name][column]

        assert decide(rows, machine, number, first=1234) == SYSCALLS["ALLOW"]
        assert decide(rows, machine, number, first=1) == SYSCALLS["NOT_PERMITTED"]


def test_a_terminal_cannot_be_typed_into(machine, rows, column):
    refused = {"ioctl": (0x5412, 0x541C), "fcntl": (8, 15)}
    allowed = {"ioctl": (0x5413,), "fcntl": (1,)}
    for answer, calls in (("NOT_PERMITTED", refused), ("ALLOW", allowed)):
        for name, seconds in calls.items():
            number = SYSCALLS["GUARDED"][name][column]
            told = {decide(rows, machine, number, second=second) for second in seconds}
            assert {SYSCALLS[answer]} == told
