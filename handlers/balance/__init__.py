"""What a person or an agency carries, as numbers."""
