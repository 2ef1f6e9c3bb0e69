"""Minutes: writing, correcting and accepting them."""
