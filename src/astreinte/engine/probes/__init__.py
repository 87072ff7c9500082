"""Probes: each tries once and says what it saw."""
