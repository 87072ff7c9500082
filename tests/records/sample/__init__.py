"""A room made for tests: rows of every kind that validity and journal keep, with events and effects."""
