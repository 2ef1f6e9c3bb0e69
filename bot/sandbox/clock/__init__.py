"""Turning story time forward while the app keeps up."""
