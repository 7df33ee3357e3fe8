"""Bytes → model. One module a format family; each reports all faults of a file at once."""
