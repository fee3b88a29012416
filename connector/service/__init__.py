"""The HTTP service (design: section 5.5)."""
