"""The state of one sandbox, on which everything else works."""
