"""A large class as an archive: python tests/bench/large_class.py COUNT ARCHIVE.

Variations of the specimens, one in twenty hostile, one in twenty unreadable, named as Canvas names
them (with resubmissions and late marks); some hand in a notebook, some an archive.
"""

import io
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.specimens import SPECIMENS

HOSTILE = (
    "import os\nos._exit(0)\n",
    "while True:\n    pass\n",
    "print('x' * (1 << 26))\n",
    "import os\nos.kill(os.getppid(), 9)\n",
    "raise SystemExit(3)\n",
)
UNREADABLE = (b"", b"\xff\xfe\x00", b"def f(:\n", b"PK\x03\x04 half an archive", b"x" * (3 << 20))


def main(count, archive):
    """Writes the archive."""
    files = [path for s in SPECIMENS for path in _files(s.path)]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for i in range(count):
            late = "_LATE" if i % 9 == 0 else ""
            name, content = _handed_in(i, files)
            stem, _, suffix = name.partition(".")
            again = "-1" if i % 11 == 0 else ""
            out.writestr(
                f"student{i:04}{late}_{7000 + i}_{90000 + i}_{stem}{again}.{suffix}", content
            )


def _handed_in(i, files):
    if i % 20 == 7:
        return "ag.py", HOSTILE[i // 20 % len(HOSTILE)].encode()
    if i % 20 == 13:
        return "ag.py", UNREADABLE[i // 20 % len(UNREADABLE)]
    path = files[i % len(files)]
    if path.suffix == ".ipynb":
        return "ag.ipynb", path.read_bytes()
    text = f"{path.read_text(encoding='utf-8')}\n# student {i}\n".encode()
    if i % 13:
        return "ag.py", text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as inner:
        inner.writestr("hw/ag.py", text)
    return "hw.zip", packed.getvalue()


def _files(path):
    """The one file of a specimen; those of several files are left out."""
    if path.is_file():
        return [path]
    found = [p for p in sorted(path.rglob("*")) if p.suffix in (".py", ".ipynb")]
    return found if len(found) == 1 else []


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
