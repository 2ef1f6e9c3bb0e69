"""Reasons with which Slack refuses a message for its channel."""

NOT_IN_CHANNEL = frozenset({"not_in_channel", "channel_not_found"})
CLOSED = NOT_IN_CHANNEL | {"is_archived", "is_inactive"}
"""Reasons that hold for every message to the same channel, and end when the channel is opened to the bot again."""
