"""Organisations, persons and system users, and the roles they hold for each other."""
