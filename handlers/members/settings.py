"""Settings, and the import of agencies and people."""

_LIMITS = (("quorum", 1, 100), ("open_days", 1, 90), ("talk_days", 0, 60))
