"""Maintenance: old data is deleted."""
