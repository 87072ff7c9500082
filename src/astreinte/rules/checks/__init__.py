"""Judgement on what probes see: levels, attempts and recoveries, freshness, thresholds."""
