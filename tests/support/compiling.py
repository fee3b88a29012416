"""Has a statement compiled once for all records that a process opens, as in a service that runs.

Each test opens a record of its own, and each record's engine would compile every statement anew: a
fifth of the time of tests that ask one. Shared is what the program asks, after the guard of
accounts has looked at it; what a test asks by itself, and what is asked of a sealed record, whose
statements hold its seal, is compiled for that record alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from memory.record import record, seal
from tests.support import peeking

if TYPE_CHECKING:
    import sqlalchemy as sa

_shared: dict[tuple[Any, ...], Any] = {}


class _Compiled(dict[Any, Any]):
    """What one engine has compiled, and behind it what all have.

    Attributes:
        alone: Whether it shares nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.alone = True

    def get(self, key: Any, default: Any = None) -> Any:
        """A statement as it was compiled."""
        found = super().get(key)
        if found is None and not self.alone:
            found = _shared.get(_of_any(key))
        return default if found is None else found

    def __setitem__(self, key: Any, made: Any) -> None:
        if self.alone or peeking.asked_by_tests():
            super().__setitem__(key, made)
        else:
            _shared[_of_any(key)] = made


def _of_any(key: Any) -> tuple[Any, ...]:
    """SQLAlchemy's key of a statement, with the kind of database for the one engine's dialect."""
    dialect, *rest = key
    return (dialect.name, *rest)


def share() -> None:
    """Let the records that are opened from now on share what they compile."""
    opening: Any = record
    sealing: Any = seal
    open_engine, use = opening.open_engine, sealing.use

    def opened(address: str) -> sa.Engine:
        engine: sa.Engine = open_engine(address)
        engine.update_execution_options(compiled_cache=_Compiled())
        return engine

    def used(engine: sa.Engine, key: seal.Seal | None) -> None:
        use(engine, key)
        engine.get_execution_options()["compiled_cache"].alone = key is not None

    opening.open_engine = opened
    sealing.use = used
