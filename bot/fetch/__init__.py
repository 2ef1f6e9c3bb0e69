"""Fetching calendars and files."""
