"""The home tab: what is waiting for a person, and what comes next."""
