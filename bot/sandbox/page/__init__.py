"""The web page: what people see in this Slack, and what they do in it."""
