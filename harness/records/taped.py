"""Answer a call or a training run by its tape, where an engine has no line of its own for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.records.observation import Observation, Quantity
from harness.records.program import Call, Expression, Training


def taped(program: Call | Training, answer: Callable[[Expression], Observation]) -> Observation:
    """What an engine says of a program by what it says of expressions; nothing without a tape.

    Args:
        program: a call, or a training run whose first epoch is its tape.
        answer: the engine's values and gradients of an expression.
    """
    if not program.traced:
        return Observation(())
    if isinstance(program, Call):
        seen = answer(program.tape)
        rows = {step: seen.numbers("grad", step) for step, _ in program.tape.backwards}
        return program.from_tape(rows | {-1: seen.numbers("value")})
    start, quantities = program.start, list[Quantity]()
    ((step, _),) = program.tape.backwards
    for epoch in range(program.epochs):
        tape = replace(program.tape, leaves=(*start, *program.tape.leaves[len(start) :]))
        seen = answer(tape)
        values, grads = seen.numbers("value"), seen.numbers("grad", step)
        recorded = program.from_tape(epoch, start, values, grads)
        quantities += recorded.quantities
        start = recorded.numbers("after", epoch)
    return Observation(tuple(quantities))
