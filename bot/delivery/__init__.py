"""Delivery of messages, home tabs and files to Slack."""
