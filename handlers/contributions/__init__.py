"""Contributions: what agencies give and gain."""
