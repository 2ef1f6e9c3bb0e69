"""A workspace and an app described in a TOML file."""
