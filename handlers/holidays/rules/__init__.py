"""Pure rules of closed days."""
