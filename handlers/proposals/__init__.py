"""Proposals: positions of agencies become a decision that explains itself."""
