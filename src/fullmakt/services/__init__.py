"""Agencies' services that accept the tokens and ask for decisions."""
