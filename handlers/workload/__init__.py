"""Roles, contributions, and warnings where somebody carries too much."""
