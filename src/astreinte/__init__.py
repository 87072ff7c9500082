"""Astreinte runs a managed-hosting contract and proves how it was kept."""

__version__ = "0.1.0"
