"""A row as a query returns it: its columns are attributes, named in the query's docstring."""

from __future__ import annotations

from typing import Any, TypeAlias

Stored: TypeAlias = Any
"""SQLAlchemy's rows are typed by position, which says nothing of the names we read them by."""
