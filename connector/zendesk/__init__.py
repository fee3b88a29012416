"""Zendesk: its API, read into plain entities."""

from connector.zendesk.auth import AccessToken, ApiToken, ClientCredentials, Credentials
from connector.zendesk.streams import Zendesk

__all__ = ["AccessToken", "ApiToken", "ClientCredentials", "Credentials", "Zendesk"]
