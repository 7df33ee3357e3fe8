"""A page of very many rows: its data in columns, its words, its picture."""
