"""Damaged frames, archives, notebooks and rosters: each is read or refused, none is our error.

`python tests/hostile/fuzz.py --frames 1000000 --archives 10000 --notebooks 10000 --rosters 10000`
prints, for each kind, how many inputs were read and refused and the longest that one took. It ends
with exit code 1 where an input led to another exception or took longer than five seconds; such
inputs are kept beside it.
"""

import argparse
import io
import json
import random
import sys
import tarfile
import tempfile
import time
import warnings
import zipfile
from pathlib import Path

from harness.classes.layouts import layout
from harness.classes.roster import read_roster
from harness.classes.submitters import submitters
from harness.intake import submissions
from harness.intake.archives import open_archive
from harness.intake.files import in_memory
from harness.programs.extent import Extent
from harness.records.errors import SubmissionError, UsageError
from harness.sandbox import wire

LONGEST = 5.0
"""Seconds that one input may take."""
NONCE = "0123456789abcdef"
CODE = b"class ag:\n    class Scalar:\n        pass\n"


# --- one valid input of many kinds, and damage -----------------------------------------------


def frames():
    numbers = ["0x1.8000000000000p+1", "-0x0.0p+0", "nan", "-inf", None, 3, -1]
    told = {"name": "grad", "step": 4, "values": numbers, "types": ["float"] * 7}
    order = {"name": "order", "step": 2, "values": [0, 2, 1], "types": ["list"]}
    fault = {"kind": "raised", "exception": "E", "message": "m", "where": "ag.py", "line": 3}
    results = [{"quantities": [told, order], "fault": None, "printed": "\u00e9"}]
    stopped = [{"quantities": [], "fault": fault, "printed": ""}]
    bodies = [
        {"results": results},
        {"results": results + stopped},
        {"fault": fault, "missing": ["ag.exp"]},
        {"layers": {"seccomp": "", "landlock": "not there"}},
    ]
    return [json.dumps({"nonce": NONCE, **body}).encode() for body in bodies]


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as book:
        for name, content in members.items():
            book.writestr(name, content)
    return packed.getvalue()


def tarred(members, mode):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as book:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            book.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def archives():
    one = {"hw/ag.py": CODE, "hw/helper.py": b"x = 1\n"}
    people = {f"ada_{k}_{k}_ag.py": CODE for k in (101, 102, 103)}
    metadata = b"---\nsubmission_7:\n  :submitters:\n  - :name: Ada\n    :email: ada@uni.edu\n"
    class_ = {"submission_metadata.yml": metadata, "submission_7/ag.py": CODE}
    return [
        zipped(one),
        zipped(one, zipfile.ZIP_STORED),
        zipped({"inner.zip": zipped(one)}),
        zipped(people),
        zipped(class_),
        zipped({"ag.ipynb": notebooks()[0]}),
        tarred(one, "w"),
        tarred(one, "w:gz"),
    ]


def notebooks():
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1}
    cells = [
        {**code, "source": ["%matplotlib inline\n", "x = [1,\n", "  2]\n", "!ls"]},
        {"cell_type": "markdown", "metadata": {}, "source": "words"},
        {**code, "source": "%%writefile ag.py\nclass ag:\n    pass"},
        {**code, "source": "class ag:\n    x = 1", "outputs": [{"output_type": "stream"}]},
    ]
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {}}, "cells": cells}
    old = [{"cell_type": "code", "input": ["x = 1"], "language": "python", "outputs": []}]
    older = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": old}]}
    return [
        json.dumps(book).encode(),
        json.dumps(book, indent=1).encode(),
        json.dumps(older).encode(),
    ]


def rosters():
    canvas = (
        "Student,ID,SIS User ID,SIS Login ID,Section,HW3 (99)\n    Points Possible,,,,,10.00\n"
        '"Lovelace, Ada",4711,u0815,ada,DL-01,\n"Babbage, Charles",4712,u0816,cb,DL-01,\n'
    )
    moodle = "Identifier,Full name,Email address\nParticipant 101,Ada Lovelace,ada@uni.edu\n"
    gradescope = "---\nsubmission_7:\n  :submitters:\n  - :name: Ada\n    :email: ada@uni.edu\n"
    plain = "name;email\nAda;ada@uni.edu\nZoë;zoe@uni.edu\n"
    texts = (canvas, moodle, plain, gradescope)
    return [*(text.encode() for text in texts), plain.encode("utf-16"), plain.encode("latin-1")]


TOKENS = (
    *(b"\0", b"\xff", b"\n", b"\r", b'"', b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e999"),
    *(b"-1", b"99999999999999999999", b'"\\ud800"', b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"[" * 2000),
    *(b"PK\x01\x02", b"PK\x05\x06", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"../", b"NaN"),
    *(b'{"cell_type":"code","source":', b"%%bash\n", b"!", b"a" * 1000, b"'''", b"\x1f\x8b"),
)


def damaged(data, dice):
    """An input with one to six changes: bytes, tokens, cuts and repetitions."""
    data = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at, to = sorted(dice.randrange(len(data) + 1) for _ in range(2))
        match dice.randrange(7):
            case 0 if data:
                data[min(at, len(data) - 1)] = dice.randrange(256)
            case 1 if data:
                data[min(at, len(data) - 1)] ^= 1 << dice.randrange(8)
            case 2:
                data[at:at] = dice.choice(TOKENS)
            case 3:
                data[at : min(to, at + 40)] = dice.choice(TOKENS)
            case 4:
                del data[at : min(to, at + 60)]
            case 5:
                data[at:at] = data[at : min(to, at + 200)] * dice.randint(1, 3)
            case 6 if dice.random() < 0.2:
                del data[at:]
    return bytes(data)


# --- readers --------------------------------------------------------------------------------


def read_frame(data, folder):
    reply = wire.decode(data, NONCE)
    for result in reply.results:
        wire.observation(result, None, Extent(4, 10))


def read_archive(data, folder):
    files = open_archive(data, "hw.zip")
    try:
        layout(files)
    finally:
        submissions.of(files, "ada")


def read_notebook(data, folder):
    submissions.of(in_memory({"ag.ipynb": data}, "hw"), "ada")


def read_people(data, folder):
    if data.startswith(b"---"):
        submitters(data.decode("utf-8", "replace"), "metadata")
        return
    path = Path(folder) / "roster.csv"
    path.write_bytes(data)
    read_roster(path)


KINDS = {
    "frames": (frames, read_frame),
    "archives": (archives, read_archive),
    "notebooks": (notebooks, read_notebook),
    "rosters": (rosters, read_people),
}
REFUSED = (wire.Malformed, SubmissionError, UsageError)


def fuzz(kind, count, seed="577"):
    """Reads so many damaged inputs.

    Returns:
        How many were read, how many refused, the longest seconds, and what went wrong: the input
        with the exception or the seconds.
    """
    seeds, read = KINDS[kind]
    whole, dice = seeds(), random.Random(f"{seed}/{kind}")
    told, longest, wrong = [0, 0], 0.0, []
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(count):
            data = damaged(dice.choice(whole), dice)
            start = time.perf_counter()
            try:
                read(data, folder)
                told[0] += 1
            except REFUSED:
                told[1] += 1
            except Exception as problem:
                wrong.append((data, repr(problem)[:300]))
            seconds = time.perf_counter() - start
            longest = max(longest, seconds)
            if seconds > LONGEST:
                wrong.append((data, f"{seconds:.1f} s"))
    return told[0], told[1], longest, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0)
    parser.add_argument("--seed", default="577")
    asked = parser.parse_args()
    failed = False
    for kind in KINDS:
        count = getattr(asked, kind)
        start = time.perf_counter()
        good, refused, longest, wrong = fuzz(kind, count, asked.seed)
        seconds = time.perf_counter() - start
        print(
            f"{kind:10} {count:9,} inputs: {good:,} read, {refused:,} refused, {len(wrong)} wrong; "
            f"longest {longest:.3f} s, {seconds:.0f} s in all",
            flush=True,
        )
        for at, (data, why) in enumerate(wrong[:5]):
            Path(f"fuzz-{kind}-{at}.bin").write_bytes(data)
            print(f"  fuzz-{kind}-{at}.bin: {why}")
        failed |= bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
