"""Mistakes of topological_sort() and backward(), and the orders that are right as well."""

from __future__ import annotations

from harness.records.known import BugModel, Edit
from reference_impls.bug_table import instead_of

# --- pieces of the answer key -------------------------------------------------------------

_START = "order, visited, waiting = [], set(), [(self, False)]"
_VISIT = """\
            while waiting:
                node, expanded = waiting.pop()
                if expanded:
                    order.append(node)
                elif node not in visited:
                    visited.add(node)
                    waiting.append((node, True))
                    waiting.extend((i, False) for i in reversed(node.inputs))
"""
_SORT = f"            {_START}\n{_VISIT}"
_LIST = "order.append(node)"
_ONCE = "elif node not in visited:"
_MARK = "visited.add(node)"
_DESCEND = "waiting.extend((i, False) for i in reversed(node.inputs))"
_INPUTS = "for i in reversed(node.inputs)"
_RETURN = "return order\n"
_SEED = "self.grad = 1.0"
_HAND_ON = "node._backward()"
_WALK = """\
            for node in reversed(self.topological_sort()):
                node._backward()
"""

# --- other orders that are right ----------------------------------------------------------

_KAHN = """\
            uses, found = {}, [self]
            for node in found:
                for i in node.inputs:
                    if i not in uses:
                        uses[i] = 0
                        found.append(i)
                    uses[i] += 1
            order = [self]
            for node in order:
                for i in node.inputs:
                    uses[i] -= 1
                    if uses[i] == 0:
                        order.append(i)
            order.reverse()
"""
_BY_DEPTH = """\
            depths = {}
            for node in order:
                depths[node] = 1 + max((depths[i] for i in node.inputs), default=0)
            order.sort(key=depths.get)
"""
RIGHT_TO_LEFT = (Edit(_INPUTS, "for i in node.inputs"),)
"""Depth first as well, but the last input first."""
KAHN = (Edit(_SORT, _KAHN),)
"""Kahn's algorithm from the output down: a node follows when all of its uses are listed."""
BY_DEPTH = (Edit(_SORT, f"{_SORT}{_BY_DEPTH}"),)
"""Leaves first, then every node by the longest path below it."""
TRAVERSALS = (RIGHT_TO_LEFT, KAHN, BY_DEPTH)

# --- 2.A: topological_sort() --------------------------------------------------------------

NODES = 'Which nodes stand in the list of the exercise, and how often? See "Exercise 2.A".'
LAST = 'Where does the output stand in the list of the exercise? See "Exercise 2.A".'
AFTER = 'When may a node be listed? See "Forward pass — DFS — computation graph".'
ANEW = 'What does a second call find that the first one did not? See "Exercise 2.A".'
SAME = 'When are two nodes the same node? See "Forward pass — DFS — computation graph".'
TYPE = 'What is printed in the exercise: which type, of what? See "Exercise 2.A".'

_BREADTH_FIRST = """\
            order, visited = [self], {{self}}
            for node in order:
                for i in {inputs}:
                    if i not in visited:
                        visited.add(i)
                        order.append(i)
"""
_MARKED_EARLY = """\
for i in {inputs}:
                        if i not in visited:
                            visited.add(i)
                            waiting.append((i, False))"""
_INPUT_ORDERS = ("node.inputs", "reversed(node.inputs)")

ORDER_MODELS = (
    *instead_of(
        _RETURN,
        "2.A",
        (
            "order_without_root",
            "`topological_sort()` leaves out the node that it is called on.",
            NODES,
            "return order[:-1]\n",
        ),
        (
            "order_root_first",
            "`topological_sort()` lists the nodes from the output to the inputs.",
            LAST,
            "return order[::-1]\n",
        ),
        (
            "order_root_twice",
            "`topological_sort()` lists the node that it is called on twice.",
            NODES,
            "return [*order, self]\n",
        ),
        (
            "order_root_alone",
            "`topological_sort()` lists the node that it is called on and no other.",
            NODES,
            "return [self]\n",
        ),
        (
            "order_one_level",
            "`topological_sort()` lists the output and its own inputs and looks no deeper.",
            NODES,
            "return [*dict.fromkeys(self.inputs), self]\n",
            "return [*self.inputs, self]\n",
        ),
        (
            "order_empty",
            "`topological_sort()` returns an empty list.",
            NODES,
            "return []\n",
        ),
        (
            "order_by_value",
            "`topological_sort()` sorts the nodes by their value.",
            AFTER,
            "return sorted(order, key=lambda node: node.value)\n",
        ),
        (
            "order_by_label",
            "`topological_sort()` sorts the nodes by their label.",
            AFTER,
            "return sorted(order, key=lambda node: node.label)\n",
        ),
        (
            "order_by_input_count",
            "`topological_sort()` sorts the nodes by the number of their inputs.",
            AFTER,
            "return sorted(order, key=lambda node: len(node.inputs))\n",
        ),
        (
            "order_set",
            "`topological_sort()` returns a set, which has no order.",
            TYPE,
            "return set(order)\n",
        ),
        (
            "order_none",
            "`topological_sort()` returns `None`.",
            TYPE,
            "return None\n",
        ),
        (
            "order_iterator",
            "`topological_sort()` returns an iterator instead of a list.",
            TYPE,
            "return iter(order)\n",
            "return reversed(order)\n",
            "return (node for node in order)\n",
        ),
        (
            "order_not_nodes",
            "`topological_sort()` lists something in the place of the nodes, such as their values.",
            TYPE,
            "return [node.value for node in order]\n",
            "return [node.label for node in order]\n",
            "return [id(node) for node in order]\n",
            "return [(node, node.inputs) for node in order]\n",
        ),
    ),
    *instead_of(
        _LIST,
        "2.A",
        (
            "order_without_leaves",
            "`topological_sort()` leaves out the nodes that have no inputs.",
            NODES,
            "order.extend([node] if node.inputs else [])",
        ),
        (
            "order_leaves_only",
            "`topological_sort()` lists only the nodes that have no inputs.",
            NODES,
            "order.extend([] if node.inputs else [node])",
        ),
    ),
    *instead_of(
        _INPUTS,
        "2.A",
        (
            "order_first_input_only",
            "`topological_sort()` follows only the first input of a node.",
            NODES,
            "for i in node.inputs[:1]",
        ),
        (
            "order_last_input_only",
            "`topological_sort()` follows only the last input of a node.",
            NODES,
            "for i in node.inputs[-1:]",
        ),
    ),
    *instead_of(
        _ONCE,
        "2.A",
        (
            "order_no_visited",
            "`topological_sort()` lists a node again for each path that leads to it.",
            NODES,
            "else:",
        ),
    ),
    BugModel(
        "order_walks_every_path",
        "2.A",
        "`topological_sort()` walks below a shared node again for each path that leads to it.",
        'How often is each node reached? See "Forward pass — DFS — computation graph".',
        (Edit(_ONCE, "else:"), Edit(_LIST, "order.extend([] if node in order else [node])")),
    ),
    BugModel(
        "order_preorder",
        "2.A",
        "`topological_sort()` lists a node before it visits the inputs, and reverses the list.",
        AFTER,
        (
            Edit("waiting.append((node, True))", "order.append(node)"),
            Edit(_RETURN, "return order[::-1]\n"),
        ),
    ),
    BugModel(
        "order_preorder_kept",
        "2.A",
        "`topological_sort()` lists a node before it visits the inputs of the node.",
        AFTER,
        (Edit("waiting.append((node, True))", "order.append(node)"),),
    ),
    *(
        BugModel(
            "order_breadth_first",
            "2.A",
            "`topological_sort()` lists the nodes breadth first and reverses the list.",
            AFTER,
            (
                Edit(_SORT, _BREADTH_FIRST.format(inputs=inputs)),
                Edit(_RETURN, "return order[::-1]\n"),
            ),
        )
        for inputs in _INPUT_ORDERS
    ),
    *(
        BugModel(
            "order_breadth_first_kept",
            "2.A",
            "`topological_sort()` lists the nodes breadth first, from the output on.",
            AFTER,
            (Edit(_SORT, _BREADTH_FIRST.format(inputs=inputs)),),
        )
        for inputs in _INPUT_ORDERS
    ),
    *(
        BugModel(
            "order_marked_early",
            "2.A",
            "`topological_sort()` counts a node as visited as soon as it is put aside for later.",
            AFTER,
            (Edit(_ONCE, "else:"), Edit(_DESCEND, _MARKED_EARLY.format(inputs=inputs))),
        )
        for inputs in _INPUT_ORDERS
    ),
    BugModel(
        "order_visited_by_value",
        "2.A",
        "`topological_sort()` takes two nodes with the same value for one.",
        SAME,
        (Edit(_ONCE, "elif node.value not in visited:"), Edit(_MARK, "visited.add(node.value)")),
    ),
    BugModel(
        "order_visited_by_label",
        "2.A",
        "`topological_sort()` takes two nodes with the same label for one.",
        SAME,
        (Edit(_ONCE, "elif node.label not in visited:"), Edit(_MARK, "visited.add(node.label)")),
    ),
    BugModel(
        "order_visited_kept",
        "2.A",
        "The nodes that `topological_sort()` visits still count as visited in its next call.",
        ANEW,
        (
            Edit("def topological_sort(self):", "def topological_sort(self, visited=set()):"),
            Edit(_START, "order, waiting = [], [(self, False)]"),
        ),
    ),
)

# --- 2.B: backward() ----------------------------------------------------------------------

START = 'Which gradient is known before the first step? See "Backward and add".'
WALK = 'Which node comes first on the way back, and which last? See "Backward and add".'
READY = 'When is the gradient of a node complete? See "Backward and add".'
KEPT = 'Every node keeps its gradient; see "Backward and add".'

_PATHS = """\
            waiting = [self]
            while waiting:
                node = waiting.pop()
                node._backward()
                waiting.extend({inputs})
"""
_PATHS_BY_LEVEL = """\
            waiting = [self]
            for node in waiting:
                node._backward()
                waiting.extend({inputs})
"""
_DEPTH_FIRST_WALK = """\
            waiting, visited = [self], set()
            while waiting:
                node = waiting.pop()
                if node not in visited:
                    visited.add(node)
                    node._backward()
                    waiting.extend({inputs})
"""
_BREADTH_FIRST_WALK = """\
            waiting = [self]
            for node in waiting:
                node._backward()
                waiting.extend(i for i in dict.fromkeys({inputs}) if i not in waiting)
"""

BACKWARD_MODELS = (
    *instead_of(
        _SEED,
        "2.B",
        (
            "backward_no_seed",
            "`backward()` leaves every gradient at 0, that of the output included.",
            START,
            "pass",
        ),
        (
            "backward_seed_value",
            "`backward()` starts from the value of the output instead of from 1.",
            START,
            "self.grad = self.value",
        ),
        (
            "backward_seed_negative",
            "`backward()` starts from -1 instead of from 1.",
            START,
            "self.grad = -1.0",
        ),
    ),
    *instead_of(
        _WALK,
        "2.B",
        (
            "backward_null",
            "`backward()` gives the output its gradient and hands nothing on to the inputs.",
            WALK,
            "            pass\n",
        ),
        (
            "backward_forwards",
            "`backward()` takes the gradient to the output's own inputs and no further.",
            WALK,
            "            for node in self.topological_sort():\n                node._backward()\n",
        ),
        (
            "backward_every_path",
            "`backward()` hands on the gradient of a shared node again for each path to it.",
            READY,
            *(
                walk.format(inputs=inputs)
                for walk in (_PATHS, _PATHS_BY_LEVEL)
                for inputs in _INPUT_ORDERS
            ),
        ),
        (
            "backward_before_ready",
            "`backward()` hands on a gradient before all uses of the node have added to it.",
            READY,
            *(
                walk.format(inputs=inputs)
                for walk in (_DEPTH_FIRST_WALK, _BREADTH_FIRST_WALK)
                for inputs in _INPUT_ORDERS
            ),
        ),
        (
            "backward_walks_twice",
            "`backward()` walks through the whole graph twice.",
            WALK,
            "            for node in 2 * self.topological_sort()[::-1]:\n"
            "                node._backward()\n",
        ),
    ),
    *instead_of(
        _HAND_ON,
        "2.B",
        (
            "backward_seeds_every_node",
            "`backward()` sets the gradient of every node to 1, not only that of the output.",
            START,
            "node.grad = 1.0\n                node._backward()",
        ),
        (
            "backward_calls_twice",
            "`backward()` lets every node hand on its gradient twice.",
            WALK,
            "node._backward()\n                node._backward()",
        ),
        (
            "backward_clears_inner",
            "`backward()` sets the gradient of an inner node back to 0 after handing it on.",
            KEPT,
            "node._backward()\n                node.grad = 0.0 if node.inputs else node.grad",
            "node._backward()\n"
            "                node.grad = 0.0 if node.inputs and node is not self else node.grad",
        ),
        (
            "backward_rounds",
            "`backward()` rounds the gradients to a few decimal places.",
            KEPT,
            *(
                text
                for digits in (2, 3, 4, 6)
                for text in (
                    f"node._backward()\n                node.grad = round(node.grad, {digits})",
                    f"node.grad = round(node.grad, {digits})\n                node._backward()",
                )
            ),
        ),
        (
            "backward_clears_leaves",
            "`backward()` sets the gradients of the nodes without inputs back to 0.",
            KEPT,
            "node._backward()\n                node.grad = node.grad if node.inputs else 0.0",
        ),
    ),
)
