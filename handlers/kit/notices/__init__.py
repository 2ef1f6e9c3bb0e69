"""What the bot tells people on its own, in their open hours, together and once."""
