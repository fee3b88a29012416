"""Answers from the record: who is this, what is there to remember, what did they say."""
