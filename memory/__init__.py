"""A memory of customers: the record, what is remembered of it, and the brief."""
