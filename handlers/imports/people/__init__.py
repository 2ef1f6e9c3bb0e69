"""Agencies and people of an import."""
