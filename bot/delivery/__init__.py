"""Delivery to Slack."""
