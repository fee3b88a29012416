"""Rings: what phone systems tell of calls, who they ring, and how the agent hears of it."""
