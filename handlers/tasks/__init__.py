"""Tasks: who does what, and by when."""
