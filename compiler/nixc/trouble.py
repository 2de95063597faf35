"""What goes wrong around nixc rather than in a workflow."""

from __future__ import annotations


class Trouble(Exception):
    """A file that cannot be read or written, a tool that is missing: exit status 2.

    The message says what and why, for users.
    """
