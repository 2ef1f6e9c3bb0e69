"""Who carries what: pure functions on plain values."""
