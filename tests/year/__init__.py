"""A year of a consortium in minutes: `make year`.

The real bot runs in a process of its own against the sandbox. People join, answer, vote, go away and leave; calls
fail, and the process is killed. What was due is derived from what people did, never from the bot's tables, and
compared with what the sandbox received.
"""
