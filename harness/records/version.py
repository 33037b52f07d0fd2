"""Which adjudge this is."""

from __future__ import annotations


def version() -> str:
    """The version of adjudge, or "unknown" where it is not installed."""
    from importlib import metadata  # heavy, and a help page is shown without it

    try:
        return metadata.version("adjudge")
    except metadata.PackageNotFoundError:
        return "unknown"
