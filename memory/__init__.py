"""A memory of customers: the record, what is remembered of it, and the brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory._version import __version__

if TYPE_CHECKING:
    from memory.face import Memory

__all__ = ["Memory", "__version__"]


def __getattr__(name: str) -> object:
    """Load the face when it is asked for: most imports of `memory.*` need less."""
    if name == "Memory":
        from memory.face import Memory  # noqa: PLC0415  see above

        return Memory
    raise AttributeError(f"module 'memory' has no attribute {name!r}")
