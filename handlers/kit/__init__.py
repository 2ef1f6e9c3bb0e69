"""The furniture that features share."""
