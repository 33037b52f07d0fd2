"""Which adjudge this is."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """The version of adjudge, or "unknown" where it is not installed."""
    try:
        return metadata.version("adjudge")
    except metadata.PackageNotFoundError:
        return "unknown"
