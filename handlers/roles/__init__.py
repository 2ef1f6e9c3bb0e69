"""Roles that people hold, with hours and terms."""
