"""The assignments that ship with adjudge, one file each: checks, points, limits, conventions."""
