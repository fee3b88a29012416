"""Connects helpdesks to the memory: syncs, serves and commands."""
