"""The pulse: short anonymous surveys about how the consortium works together."""
