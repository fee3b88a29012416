"""How the head of personal context was fitted; not part of the wheel."""
