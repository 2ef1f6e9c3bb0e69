"""Processes, the scheduler, connections and the clock."""
