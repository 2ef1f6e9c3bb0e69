"""Block Kit as Slack takes it: every shape and limit as a table, and what people may fill in."""
