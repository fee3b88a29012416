"""Backfill and sync, the same for every helpdesk."""
