"""Warnings: who carries too much, and who could help."""
