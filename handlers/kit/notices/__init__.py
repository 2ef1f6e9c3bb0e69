"""Notices: messages that the bot sends people on its own, outside their quiet hours, combined and only once."""
