"""Import tables of people, tasks, and contributions: preview first, then confirm, then undo within a day."""
