"""What a person or an agency carries, in hours."""
