"""Facts from a server, by whichever door they come."""
