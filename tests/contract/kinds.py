"""Every helpdesk there is a connector for. A further one is one more entry here."""

from __future__ import annotations

from tests.contract.freshdesk import FRESHDESK
from tests.contract.zendesk import ZENDESK

KINDS = (ZENDESK, FRESHDESK)
