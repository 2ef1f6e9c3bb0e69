"""Processes, clocks and connections."""
