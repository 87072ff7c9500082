"""What holds for a while: a pattern, and the constraints that keep it. No table of its own."""
