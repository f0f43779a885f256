"""The only floor that issues tokens."""
