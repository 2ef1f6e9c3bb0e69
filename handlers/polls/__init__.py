"""Polls: a question with options, in six kinds."""
