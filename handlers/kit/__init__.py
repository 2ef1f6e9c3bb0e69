"""What features share: requests from Slack, refusals, Block Kit, text, dates and notices."""
