"""A sentence for each kind of finding and of fault; {fact} stands for a fact."""

from __future__ import annotations

_AT = "{where}, line {line}"
REST = "The rest of the module was run."
FINDINGS = {
    "missing": "Missing from the module: {names}.",
    "missing_stopped": (
        "Missing from the module: {names}; {where}, line {line} stopped with {exception}: {message}"
    ),
    "missing_meant": (
        "Missing from the module: {names}. It has {meant}; rename it if that is the one."
    ),
    "not_written": "Not written yet: {functions}.",
    "unreadable": "{reason}",
    "follows_values": (
        "Counted once, in {check}: the gradient is that of the values that the module computes."
    ),
    "left_over": (
        "Counted once, in {check}: each of its programs passes where no other ran before it."
    ),
    "returns_nothing": (
        "Counted once, in {check}: with the node that it makes returned, it passes."
    ),
    "order_missing": "{sort} returned nothing that could be recorded.",
    "order_type": ("{sort} returned an object of type {type}; it should return a list of nodes."),
    "order_stranger": ("{sort} returned {count} nodes that the program did not make: {order}."),
    "order_twice": "{sort} lists {node} more than once: {order}.",
    "order_lacks": "{sort} leaves out {node}: {order}.",
    "order_extra": "{sort} lists {node}, which {root} does not depend on: {order}.",
    "order_broken": "{sort} lists {node} before its input {input}: {order}.",
    "order_other": "{sort} returned {order}; the order asked for is {wanted}.",
    "flag_names": "The code uses names that no exercise needs: {names}.",
    "flag_not_repeatable": "{check} passed, and failed when it was run again in a fresh process.",
    "flag_twin": (
        "{check} passed, and failed on the same graph under other names, in another order or "
        "with other constants."
    ),
    "flag_cost": (
        "The gradients of a graph of {nodes} nodes take {seconds} s, where building and sorting "
        "it takes {alone} s; reverse mode takes little longer than that."
    ),
    "flag_work": (
        "The gradients of a graph {growth} times as large take {times} times the arithmetic; "
        "reverse mode takes {growth} times as much."
    ),
    "flag_large": (
        "The gradients of small graphs are right; on a graph of {nodes} nodes they are wrong or "
        "missing."
    ),
    "flag_killed": "{count} of its workers were killed by the system or by another process.",
    "stopped_raised": f"{_AT} stopped with {{why}}. {REST}",
    "stopped_library": f"{_AT} imports {{why}}; graded code has only {{library}}. {REST}",
    "stopped_timeout": f"{_AT} was stopped after {{why}} seconds of processor time. {REST}",
    "stopped_waited": (
        f"{_AT} was stopped after {{why}} seconds by the clock: it was waiting. {REST}"
    ),
    "stopped_output": f"{_AT} printed more than {{why}} MiB, so it is left out. {REST}",
    "stopped_memory": f"{_AT} ran out of memory. {REST}",
    "stopped_ended": f"{_AT} ended the process, so it is left out. {REST}",
    "stopped_syntax": f"{_AT} is not Python ({{why}}), so its cell is left out. {REST}",
    "stopped_left_out": f"{_AT} is left out: {{why}}. {REST}",
    "stopped_more": "{count} more statements stopped while the module was loaded.",
    "exploded": "{name} is {value}: parameters this large cannot be judged.",
    "array_type": "`{name}` is of type {type}; it should be a NumPy array.",
    "array_dtype": "`{name}` does not hold float64 numbers; compute in float64.",
    "shape_ones": (
        "`{name}` has shape {shape}, expected {expected}: an axis of length 1 too many or too few."
    ),
    "input_changed": "`{name}` changes its argument {argument}; compute in a new array.",
    "shape_unsummed": (
        "`{name}` has shape {shape}, expected {expected}: an axis is left that should be summed."
    ),
    "shape_summed": (
        "`{name}` has shape {shape}, expected {expected}: an axis was summed or dropped."
    ),
    "shape_swapped": (
        "`{name}` has shape {shape}, expected {expected}: the axes are in another order."
    ),
    "shape_other": "`{name}` has shape {shape}, expected {expected}.",
}

FAULTS = {
    "raised": "It stopped with {exception}: {message}",
    "raised_bare": "It stopped with {exception}.",
    "syntax": "It is not Python: {message}",
    "timeout": "It was stopped after {message} seconds of processor time.",
    "waited": "It was stopped after {message} seconds by the clock; it was waiting.",
    "budget": "Its time for all checks together, {message} seconds, is used up.",
    "memory": "It ran out of memory.",
    "output": "It was stopped because it printed more than {message} MiB.",
    "exited": "It ended its own process with exit code {message}.",
    "crashed": "Its process was killed by {message}.",
    "broken": (
        "Its process broke down outside the module's own code; "
        "does it change what Python itself uses?"
    ),
    "malformed": "It sent a reply that adjudge did not ask for: {message}.",
}
