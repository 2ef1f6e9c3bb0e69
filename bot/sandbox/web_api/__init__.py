"""Slack's Web API as the sandbox serves it."""
