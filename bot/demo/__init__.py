"""The demo: the sandbox with a story."""
