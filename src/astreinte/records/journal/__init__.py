"""The journal: entries that are only added, sealed in order, delivered to who reacts, verified by anybody."""
