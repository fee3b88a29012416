"""Where the parts of a memory lie, and with which model it works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where remembering finds things.

    Attributes:
        database_url: The record.
        keys: With which its words are sealed (the first) and opened (all).
        index_folder: The embedded index; used when `index_url` is None.
        index_url: A Chroma server.
        model: A folder with an embedding model; None is the packaged one.
        threads: How many threads the encoder may use; None leaves it to torch.
        time_zone: An IANA name: what "Friday" means.
        days_kept: For how many days the settings keep each kind of memory; 0, or none, is for good.
    """

    database_url: str = field(repr=False)  # it may hold a password
    index_folder: Path
    index_url: str | None = None
    model: str | None = None
    threads: int | None = None
    time_zone: str = "UTC"
    keys: tuple[str, ...] = field(default=(), repr=False)
    days_kept: Mapping[str, int] = field(default_factory=dict)
