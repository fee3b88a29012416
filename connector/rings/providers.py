"""The phone systems that can ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.rings.generic import Generic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.rings.provider import Provider

PROVIDERS: Mapping[str, type[Provider]] = {kind.name: kind for kind in (Generic,)}
"""By name. A service makes one of each, which remembers what that service has seen."""
