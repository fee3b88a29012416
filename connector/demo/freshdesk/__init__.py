"""A simulated Freshdesk: the parts of its REST API version 2 that a memory of callers reads."""
