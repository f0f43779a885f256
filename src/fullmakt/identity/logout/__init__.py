"""Leaving the portal after an answer: the log-in ends, and the browser goes back to the vendor."""
