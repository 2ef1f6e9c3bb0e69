"""Rules for suggesting who could take which task."""
