"""The tables of system calls hold against the kernel's own headers, for both architectures."""

import re
import runpy
from pathlib import Path

import pytest

LOCKDOWN = runpy.run_path(
    str(Path(__file__).parents[2] / "harness" / "sandbox" / "lockdown.py"), run_name="lockdown"
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


@pytest.mark.parametrize("machine", HEADERS)
def test_every_number_is_that_of_the_kernels_headers(machine):
    if not HEADERS[machine].exists():
        pytest.skip(f"needs {HEADERS[machine]} (linux-libc-dev)")
    told = numbers(HEADERS[machine])
    column = list(LOCKDOWN["ARCHITECTURES"]).index(machine)
    ours = {
        name: row[column] for name, row in {**LOCKDOWN["REFUSED"], **LOCKDOWN["GUARDED"]}.items()
    }
    # A call newer than the headers is not in them; one that the architecture lacks is None.
    wrong = {
        name: (number, told.get(name))
        for name, number in ours.items()
        if told.get(name) != number and not (name == "fchmodat2" and name not in told)
    }

    assert {} == wrong


@pytest.mark.parametrize("machine", HEADERS)
def test_every_jump_of_the_filter_lands_inside_it(machine):
    rows = LOCKDOWN["bpf"](machine, 1234)
    jumps = [
        at + 1 + step
        for at, (code, yes, no, _) in enumerate(rows)
        if code in (LOCKDOWN["EQUAL"], LOCKDOWN["AT_LEAST"])
        for step in (yes, no)
    ]

    assert jumps
    assert max(jumps) < len(rows)
    assert rows[-1][0] == LOCKDOWN["RETURN"]


def decide(rows, machine, number, first=0, second=0):
    """What the filter answers: a small interpreter of the instructions that it uses."""
    words = {0: number, 4: LOCKDOWN["ARCHITECTURES"][machine], 16: first, 24: second}
    at = loaded = 0
    while True:
        code, yes, no, constant = rows[at]
        at += 1
        if code == LOCKDOWN["LOAD"]:
            loaded = words[constant]
        elif code == LOCKDOWN["RETURN"]:
            return constant
        else:
            held = loaded == constant if code == LOCKDOWN["EQUAL"] else loaded >= constant
            at += yes if held else no


@pytest.mark.parametrize("machine", HEADERS)
def test_the_filter_refuses_each_call_of_the_table_and_allows_the_others(machine):
    rows = LOCKDOWN["bpf"](machine, 1234)
    column = list(LOCKDOWN["ARCHITECTURES"]).index(machine)
    refused = {row[column] for row in LOCKDOWN["REFUSED"].values()} - {None}
    guarded = {row[column] for row in LOCKDOWN["GUARDED"].values()}
    answers = {number: decide(rows, machine, number) for number in range(460)}

    assert all(answers[number] == LOCKDOWN["NOT_PERMITTED"] for number in refused)
    assert all(
        answer == LOCKDOWN["ALLOW"]
        for number, answer in answers.items()
        if number not in refused | guarded
    )


@pytest.mark.parametrize("machine", HEADERS)
def test_a_worker_may_signal_itself_and_nobody_else(machine):
    rows = LOCKDOWN["bpf"](machine, 1234)
    column = list(LOCKDOWN["ARCHITECTURES"]).index(machine)
    for name in ("kill", "tgkill"):
        number = LOCKDOWN["GUARDED"][name][column]

        assert decide(rows, machine, number, first=1234) == LOCKDOWN["ALLOW"]
        assert decide(rows, machine, number, first=1) == LOCKDOWN["NOT_PERMITTED"]


@pytest.mark.parametrize("machine", HEADERS)
def test_a_terminal_cannot_be_typed_into(machine):
    rows = LOCKDOWN["bpf"](machine, 1234)
    column = list(LOCKDOWN["ARCHITECTURES"]).index(machine)
    ioctl = LOCKDOWN["GUARDED"]["ioctl"][column]

    assert decide(rows, machine, ioctl, second=0x5412) == LOCKDOWN["NOT_PERMITTED"]
    assert decide(rows, machine, ioctl, second=0x541C) == LOCKDOWN["NOT_PERMITTED"]
    assert decide(rows, machine, ioctl, second=0x5413) == LOCKDOWN["ALLOW"]
    fcntl = LOCKDOWN["GUARDED"]["fcntl"][column]

    assert decide(rows, machine, fcntl, second=8) == LOCKDOWN["NOT_PERMITTED"]
    assert decide(rows, machine, fcntl, second=15) == LOCKDOWN["NOT_PERMITTED"]
    assert decide(rows, machine, fcntl, second=1) == LOCKDOWN["ALLOW"]
