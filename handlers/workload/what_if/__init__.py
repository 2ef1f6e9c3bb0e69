"""What if an agency left: who could take over what, for facilitators only."""
