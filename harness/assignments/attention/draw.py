"""Arrays of homework 3: in which sizes, and how they lie in memory."""

from __future__ import annotations

from harness.authoring import Draw

BY_COLUMNS, BACKWARDS, READ_ONLY, *LARGE = range(2, 8)
"""What an array may be besides its numbers, behind 1 for nothing: laid out by columns, or from its
end, or not to be written to; or so large that exp overflows."""
LAYOUTS = {
    BY_COLUMNS: "{0} = np.asfortranarray({0})",
    BACKWARDS: "{0} = {0}[::-1].copy()[::-1]",
    READ_ONLY: "{0}.setflags(write=False)",
}
LADDER = (
    (2, 3, 2, 2, 1),
    (1, 1, 1, 1, 1),
    (2, 2, 2, 2, 1),
    (2, 1, 3, 1, 1),
    (1, 3, 2, 1, 1),
    (3, 2, 4, 2, 1),
    (2, 3, 9, 3, 1),
    (5, 1, 6, 3, 1),
    (1, 5, 3, 2, 1),
    (4, 4, 1, 3, 1),
    (11, 6, 2, 1, 1),
    *((3, 4, 3, 2, way) for way in (BY_COLUMNS, BACKWARDS)),
)
"""The lecture's n_samples, n_context, n_features and n_reduced, then how the arrays are. Square
weights, so that transposed ones give numbers to compare, yet an axis that is lost shows; then what
is told apart by no axis at all, many features, and more samples and words than one digit counts."""
ALONE = (*LADDER, (3, 4, 3, 2, READ_ONLY))
"""The same for a function by itself."""


def laid(draw: Draw, way: int) -> tuple[str, ...]:
    """The lines that lay out every array of a program."""
    return tuple(LAYOUTS[way].format(name) for name in draw.inputs if way in LAYOUTS)
