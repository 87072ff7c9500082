"""`python -m astreinte.doors.cli` is the command `astreinte`."""

from astreinte.doors.cli import main

if __name__ == "__main__":
    main()
