"""Exports: what a member may see, as files for spreadsheets."""
