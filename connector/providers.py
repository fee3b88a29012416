"""The helpdesks there is a connector for."""

from __future__ import annotations

from enum import StrEnum


class Provider(StrEnum):
    """A helpdesk, as the command line and the names of accounts call it."""

    ZENDESK = "zendesk"
    FRESHDESK = "freshdesk"
