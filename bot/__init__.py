"""The running program: configuration, wiring, processes, delivery, the sandbox."""
