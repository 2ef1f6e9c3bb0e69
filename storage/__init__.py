"""The database: tables, queries, and migrations. Knows nothing of Slack's API."""
