"""Rules of closed days: calendar files, recurring events, and typed ranges of days."""
