"""What the bot does: one folder per feature."""
