"""Freshdesk: its API, read into plain entities."""

from connector.freshdesk.auth import ApiKey
from connector.freshdesk.streams import Freshdesk

__all__ = ["ApiKey", "Freshdesk"]
