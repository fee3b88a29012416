"""Words: cleaning, redacting, splitting and encoding them, and searching the vectors."""
