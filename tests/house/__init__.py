"""The shape of the code, in figures: `make house`. It judges nothing and enforces nothing."""
