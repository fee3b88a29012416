"""The phone systems that can ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.rings.aircall import Aircall
from connector.rings.connect import Connect
from connector.rings.dialpad import Dialpad
from connector.rings.generic import Generic
from connector.rings.ringcentral import RingCentral
from connector.rings.telnyx import Telnyx
from connector.rings.twilio import Twilio

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.rings.provider import Provider

PROVIDERS: Mapping[str, type[Provider]] = {
    kind.name: kind for kind in (Aircall, Connect, Dialpad, Generic, RingCentral, Telnyx, Twilio)
}
"""By name. A service makes one of each, which remembers what that service has seen."""
