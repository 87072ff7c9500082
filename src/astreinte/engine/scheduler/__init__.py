"""When each check is attempted: pace, phase, lanes, and how late we are ourselves."""
