"""What a command cannot do, said in one line."""

from __future__ import annotations


class Complaint(Exception):
    """A command was used wrongly, or cannot be done; the message says what and what to do."""
