"""Read tables from files: pure functions on bytes and text."""
