"""Zendesk's public API as a simulated helpdesk serves it, with the traps real accounts have."""
