"""The home tab: what awaits a person."""
