"""Managed servers for tests: `make-managed-host.sh` makes a Debian of its own namespaces."""
