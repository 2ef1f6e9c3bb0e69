"""A year of a consortium in minutes: `make year`.

The real bot, in a process of its own, lives in the sandbox; people join, answer, vote, go away and leave; calls
fail and the process is killed. What was due is worked out from what people did, never from the bot's tables, and
compared with what the sandbox received.
"""
