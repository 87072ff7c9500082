"""A contract's text, read without being changed: its clauses, its flaws, its numbers, what a version changes."""
