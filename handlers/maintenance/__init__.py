"""Maintenance: old data is deleted, and commands that can be read in several ways wait for an answer."""
