"""How fast the bot is, compared with the best that the machine could do: `make bench` prints a table."""
