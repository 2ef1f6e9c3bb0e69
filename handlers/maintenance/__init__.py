"""Maintenance: what nobody needs any more is deleted."""
