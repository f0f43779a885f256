"""Schema changes, in order, for both engines."""
