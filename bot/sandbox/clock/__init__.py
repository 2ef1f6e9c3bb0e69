"""Advancing story time while the app keeps up."""
