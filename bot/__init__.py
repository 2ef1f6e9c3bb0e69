"""What runs: configuration, wiring, processes, delivery, the sandbox."""
