"""What goes wrong on our side, or on the side of whoever calls us.

A student's mistake is data (a Fault or a Verdict) and never one of these.

    AdjudgeError
     +- UsageError        what was asked for does not exist or makes no sense
     |   +- SubmissionError    what was handed in cannot be read
     +- OracleError       no oracle, or one that breaks its promise
     |   +- Disputed          the oracles disagree on a program
     |   |   +- Undecided       nothing on it can be held against a student
     |   +- RecordingError    recorded answers are missing, damaged or of other programs
     +- SandboxError      no worker could be started
"""

from harness.records.names import escaped


class AdjudgeError(Exception):
    """The base of every error that adjudge raises on purpose; its sentence is `escaped`."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(escaped(sentence))


class UsageError(AdjudgeError):
    """What was asked for does not exist or makes no sense: one sentence, no traceback."""


class SubmissionError(UsageError):
    """What was handed in cannot be read: one sentence with what, where and what to do."""


class OracleError(AdjudgeError):
    """No oracle can be asked, or one breaks its promise."""


class Disputed(OracleError):
    """The oracles disagree on a program: it is not used against a student."""


class Undecided(Disputed):
    """A comparison has nothing to compare on a program, or no bound by which it could."""


class RecordingError(OracleError):
    """Recorded answers are missing, damaged, or of other programs than an assignment's."""


class SandboxError(AdjudgeError):
    """No worker can be started, or ours stopped: never the student's fault."""
