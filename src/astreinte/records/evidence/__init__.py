"""Files by content, and what they prove: kept once, read only when they still are what was kept."""
