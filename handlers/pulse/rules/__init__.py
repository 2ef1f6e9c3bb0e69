"""Pure rules of the pulse."""
