"""What one Zendesk account does and another does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Habits:
    """How the simulated account behaves where real ones differ; set before it is asked.

    Attributes:
        talk: Whether its plan has Talk: else its calls answer 404 (not on this plan) or 403 (not
            for this user).
        tells_redactions: Whether a redaction is an event and moves its ticket in the export.
        replays_redacted: Whether the event of a comment keeps the words redacted since.
        parts_seconds: Whether a page by time may end within a second. The next one then begins
            with that second again, for ever where the second holds more rows than a page.
        keeps_removed_phone: Whether a user whose phone identity is taken away keeps it as `phone`.
        lists_erased_users: Whether a permanently deleted user is still found by id, without name.
    """

    talk: Literal["offered", "not_on_plan", "not_allowed"] = "offered"
    tells_redactions: bool = True
    replays_redacted: bool = False
    parts_seconds: bool = False
    keeps_removed_phone: bool = False
    lists_erased_users: bool = True
