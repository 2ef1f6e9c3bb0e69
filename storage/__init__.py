"""What the bot remembers: tables, queries and migrations. Knows no Slack."""
