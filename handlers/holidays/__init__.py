"""Days when an agency is closed."""
