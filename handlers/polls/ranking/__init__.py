"""Ranked choice: the count, and the sentence that explains it."""
