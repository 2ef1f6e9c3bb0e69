"""Warnings about people and agencies that carry too much, with suggestions of who could help."""
