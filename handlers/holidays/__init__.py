"""Days on which an agency is closed."""
