"""How fast the bot is, beside what the machine could do at best: `make bench` prints a table."""
